import type { Caller } from '../../accounts/account.ts';
import type { Context } from '../../auth/context.ts';
import { InputError } from '../../domain/errors.ts';

/** Returns a tenant that was created at run time. Throws an `InputError` at the field where there is none. */
export function requireLedgerTenant(id: string, field: string, { accounts }: Context): Caller {
  const path = ['input', field];
  const caller = accounts.caller(id);
  if (caller === undefined)
    throw new InputError([{ code: 'NOT_FOUND', field: path, message: 'is no tenant of this server' }]);
  if (caller.tenant.createdAt === undefined) {
    const message = 'is a tenant of the configuration, and is changed there';
    throw new InputError([{ code: 'NOT_ALLOWED', field: path, message }]);
  }
  return caller;
}
