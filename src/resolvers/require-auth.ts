import type { Account, Caller } from '../accounts/account.ts';
import type { Context } from '../auth/context.ts';
import { throwIfInvalid } from '../domain/errors.ts';
import { unauthenticated } from './errors.ts';

/** Whoever asks for more than introspection. */
export function requireCaller(context: Context): Caller {
  if (context.caller === undefined) throw unauthenticated();
  return context.caller;
}

/** One of the caller's own accounts; anybody else's does not exist. */
export function requireAccount(caller: Caller, id: string, path: readonly string[]): Account {
  const account = caller.accounts.find((each) => each.id === id);
  const own = caller.accounts.map((each) => each.id).join(', ');
  if (account === undefined) {
    throwIfInvalid([
      { code: 'NOT_FOUND', field: path, message: `is no account of yours; those are ${own || 'none'}` },
    ]);
  }
  return account!;
}

/** The account by its alias, or what is left to say of one that is gone. */
export function accountOrRemoved(
  context: Context,
  id: string,
  gone: { readonly provider: string; readonly environment: string },
): Account {
  const account = context.caller?.accounts.find((each) => each.id === id);
  return (
    account ?? {
      id,
      provider: gone.provider,
      name: id,
      environment: gone.environment as Account['environment'],
      active: false,
      operations: [],
      adapter: {},
    }
  );
}
