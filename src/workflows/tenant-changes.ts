import { diagnoseAccount } from '../accounts/diagnostics.ts';
import type { LedgerTenants } from '../accounts/ledger-tenants.ts';
import type { Accounts } from '../accounts/open-accounts.ts';
import type { Diagnostic } from '../carriers/adapter.ts';
import type { Clock } from '../domain/clock.ts';
import { InputError, type UserErrorCode } from '../domain/errors.ts';
import type { AccountInput, LedgerTenant } from '../domain/tenant.ts';
import { UnknownDataKey, type Tenants } from '../storage/records/tenants.ts';
import type { Watches } from '../storage/watches.ts';
import { reassignWatches } from './reassign-watches.ts';

/** Changes of tenants and their accounts at run time. Each has taken effect in this process when it resolves. */
export interface TenantChanges {
  /** Throws an `InputError` where the id belongs to another tenant. */
  create(tenant: Pick<LedgerTenant, 'id' | 'name'>): Promise<void>;
  /** Purchases and refunds under way are completed with the tenant's accounts. */
  delete(tenantId: string): Promise<void>;
  /** Checks an account at its provider, and adds or replaces it unless a check failed. Throws an `InputError`. */
  setAccount(tenantId: string, account: AccountInput): Promise<AccountChange>;
  /** Purchases and refunds under way are completed with the account. Its watched parcels are left to the others. */
  removeAccount(tenantId: string, accountId: string): Promise<void>;
}

export interface AccountChange {
  /** False where a check failed: the account is as it was. */
  readonly isSet: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

export interface TenantDependencies {
  readonly tenants: Tenants;
  readonly watches: Pick<Watches, 'claim' | 'postpone'>;
  readonly accounts: Pick<Accounts, 'caller'>;
  readonly ledgerTenants: LedgerTenants;
  readonly clock: Clock;
}

export function createTenantChanges(
  dependencies: TenantDependencies,
): TenantChanges & { readonly planned: TenantChanges } {
  const { tenants, accounts, ledgerTenants, clock } = dependencies;
  return {
    planned: createPlannedTenantChanges(dependencies),
    async create(tenant) {
      const isTaken = ledgerTenants.isConfigured(tenant.id) || !(await tenants.create(tenant));
      if (isTaken) throw refusal('NOT_ALLOWED', 'id', 'is the id of another tenant, which may be deleted: choose a new one'); // prettier-ignore
      await ledgerTenants.refresh(tenant.id);
    },
    async delete(tenantId) {
      await tenants.delete(tenantId, clock.now());
      await ledgerTenants.refresh(tenantId);
    },
    async setAccount(tenantId, account) {
      const diagnostics = await diagnose(dependencies, tenantId, account);
      const isSet = diagnostics.every(({ status }) => status !== 'failed');
      if (isSet) {
        await save(tenants, tenantId, account);
        await ledgerTenants.refresh(tenantId);
      }
      return { isSet, diagnostics };
    },
    async removeAccount(tenantId, accountId) {
      await tenants.removeAccount(tenantId, accountId, clock.now());
      await ledgerTenants.refresh(tenantId);
      const caller = accounts.caller(tenantId);
      if (caller) await reassignWatches(dependencies, caller, accountId);
    },
  };
}

/** Creates the changes of a `CallPlan`: the checks of an account are planned, and nothing is written. */
const createPlannedTenantChanges = (dependencies: TenantDependencies): TenantChanges => ({
  create: async () => {},
  delete: async () => {},
  async setAccount(tenantId, account) {
    await diagnose(dependencies, tenantId, account);
    return { isSet: false, diagnostics: [] };
  },
  removeAccount: async () => {},
});

/** Checks an account at its provider, beside the one that is in use. */
async function diagnose(
  { tenants, ledgerTenants }: TenantDependencies,
  tenantId: string,
  account: AccountInput,
): Promise<readonly Diagnostic[]> {
  const present = await tenants.findAccount(tenantId, account.id);
  for (const name of ['provider', 'environment'] as const) {
    if (present && present[name] !== account[name])
      throw refusal('NOT_ALLOWED', name, `is ${present[name]} for this account, with which its purchases are completed: choose another id`); // prettier-ignore
  }
  const candidate = ledgerTenants.openAccount(tenantId, account);
  try {
    return await diagnoseAccount(candidate.account);
  } finally {
    await candidate.close();
  }
}

async function save(tenants: Tenants, tenantId: string, account: AccountInput): Promise<void> {
  try {
    const isSaved = await tenants.setAccount(tenantId, account);
    if (!isSaved) throw refusal('NOT_ALLOWED', 'id', 'was changed by another request meanwhile: send it again'); // prettier-ignore
  } catch (error) {
    if (!(error instanceof UnknownDataKey)) throw error;
    throw refusal('NOT_ALLOWED', 'tenantId', 'has credentials that this server cannot decrypt: it needs the former PARCELGRAPH_SECRET as PARCELGRAPH_SECRET_PREVIOUS'); // prettier-ignore
  }
}

const refusal = (code: UserErrorCode, field: string, message: string) =>
  new InputError([{ code, field: ['input', field], message }]);
