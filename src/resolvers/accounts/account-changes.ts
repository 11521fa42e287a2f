import type { Account } from '../../accounts/account.ts';
import { diagnoseAccount } from '../../accounts/diagnostics.ts';
import { accountOrRemoved, findAccount, requireAccount } from '../../accounts/select-account.ts';
import type { Context } from '../../auth/context.ts';
import type { Diagnostic } from '../../carriers/adapter.ts';
import { InputError } from '../../domain/errors.ts';
import type { AccountInput } from '../../domain/tenant.ts';
import type {
  DiagnosticStatus,
  ProviderAccountRemoveInput,
  ProviderAccountSetInput,
  Resolvers,
} from '../../generated/resolvers-types.ts';
import { withUserErrors } from '../errors.ts';
import { requireCaller } from '../require-caller.ts';
import { requireLedgerTenant } from '../tenants/require-tenant.ts';

/** A check, and the account that was checked; without one for credentials that are not in use. */
export interface AccountDiagnostic {
  readonly account?: Account;
  readonly diagnostic: Diagnostic;
}

export const accountChangeResolvers: Resolvers = {
  Query: {
    async accountDiagnostics(_, { accountId }, context) {
      const caller = requireCaller(context);
      const accounts = accountId ? [requireAccount(caller, accountId, ['accountId'])] : caller.accounts;
      const checked = await Promise.all(
        accounts.map(async (account) => withAccount(account, await diagnoseAccount(account))),
      );
      return checked.flat();
    },
  },
  Mutation: {
    providerAccountSet: (_, { input }, context) => change(() => set(input, context)),
    providerAccountRemove: (_, { input }, context) => change(() => remove(input, context)),
  },
  Diagnostic: {
    account: ({ account }) => account ?? null,
    check: ({ diagnostic }) => diagnostic.check,
    status: ({ diagnostic }) => diagnostic.status.toUpperCase() as DiagnosticStatus,
    message: ({ diagnostic }) => diagnostic.message,
    hint: ({ diagnostic }) => diagnostic.hint ?? null,
  },
};

/** Runs a change; a payload without checks has none. */
const change = async <Payload>(mutate: () => Promise<Payload>) => ({
  diagnostics: [],
  ...(await withUserErrors(mutate)),
});

const withAccount = (account: Account | undefined, diagnostics: readonly Diagnostic[]): AccountDiagnostic[] =>
  diagnostics.map((diagnostic) => ({ account, diagnostic }));

async function set({ tenantId, ...input }: ProviderAccountSetInput, context: Context) {
  requireLedgerTenant(tenantId, 'tenantId', context);
  const options = requireObject(input.options ?? {}, 'options');
  const credentials = requireObject(input.credentials, 'credentials');
  const account: AccountInput = { ...input, options, credentials };
  const { isSet, diagnostics } = await context.tenantChanges.setAccount(tenantId, account);
  const present = isSet ? findAccount(context.accounts.caller(tenantId), input.id) : undefined;
  return { account: present, diagnostics: withAccount(present, diagnostics), userErrors: [] };
}

function requireObject(value: unknown, name: string): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new InputError([{ code: 'INVALID', field: ['input', name], message: 'must be an object' }]);
}

async function remove({ tenantId, id }: ProviderAccountRemoveInput, context: Context) {
  const caller = requireLedgerTenant(tenantId, 'tenantId', context);
  const account = findAccount(caller, id);
  if (account === undefined)
    throw new InputError([
      { code: 'NOT_FOUND', field: ['input', 'id'], message: 'is no account of the tenant' },
    ]);
  await context.tenantChanges.removeAccount(tenantId, id);
  return { account: accountOrRemoved(context.accounts.caller(tenantId), id, account), userErrors: [] };
}
