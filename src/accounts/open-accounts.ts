import type { ProviderAdapter } from '../carriers/adapter.ts';
import type { AccountConfig } from '../config/account.ts';
import type { TenantConfig } from '../config/tenants.ts';
import type { Caller, Tenant } from './account.ts';
import { openAccount, type AccountDependencies, type OpenAccount } from './open-account.ts';

/** The tenants and their open accounts. They change while the server runs: ask for them at the time of use. */
export interface Accounts {
  /** Returns the tenants that may call: the same list as before where nothing has changed. */
  callers(): readonly Caller[];
  /** Returns a tenant; undefined if there is none that may call. */
  caller(tenantId: string): Caller | undefined;
  /** Returns an account's adapter; undefined if the account is not open. */
  adapterOf(tenantId: string, accountId: string): ProviderAdapter | undefined;
  /** Opens the accounts of a tenant that are new or have another version, and closes those that it has no longer. */
  set(state: TenantState): void;
  /** Opens an account that is not one of the tenant's, to try it. */
  open(tenantId: string, config: AccountConfig): OpenAccount;
  close(): Promise<void>;
}

/** A tenant, and the accounts that are open for it. */
export interface TenantState {
  readonly tenant: Tenant;
  /** False for a tenant that was deleted. Default: true. */
  readonly mayCall?: boolean;
  readonly accounts: readonly AccountState[];
}

export interface AccountState {
  readonly id: string;
  /** Changes with every change of the account. Default: it never changes. */
  readonly version?: number;
  /** Returns what this version is opened with; undefined where it can't be opened, and the version before stays open. */
  configure(): AccountConfig | undefined;
  /** False for an account that was removed, and is open for work that it has begun. Default: true. */
  readonly isListed?: boolean;
}

interface VersionedAccount extends OpenAccount {
  readonly version: number | undefined;
}

/** Opens every account of the tenants. */
export function openAccounts(tenants: readonly TenantConfig[], services: AccountDependencies): Accounts {
  const opened = new Map<string, ReadonlyMap<string, VersionedAccount>>();
  const callers = new Map<string, Caller>();
  let listed: readonly Caller[] | undefined;
  const ending = new AbortController();
  const dependencies = { ...services, ending: ending.signal };
  const closing = new Set<Promise<void>>();
  const close = (account: OpenAccount) => {
    const closed: Promise<void> = account.close().finally(() => closing.delete(closed));
    closing.add(closed);
  };
  const set = ({ tenant, mayCall = true, accounts }: TenantState) => {
    const before = opened.get(tenant.id);
    const after = openState({ tenant, accounts }, before, dependencies);
    const listedIds = new Set(accounts.filter(({ isListed }) => isListed !== false).map(({ id }) => id));
    opened.set(tenant.id, after);
    callers.delete(tenant.id);
    listed = undefined;
    if (mayCall) {
      const own = [...after.values()].map(({ account }) => account).filter(({ id }) => listedIds.has(id));
      callers.set(tenant.id, { tenant, accounts: own });
    }
    for (const [id, account] of before ?? []) if (after.get(id) !== account) close(account);
  };
  for (const { apiKeys: _, accounts, ...tenant } of tenants)
    set({ tenant, accounts: accounts.map((config) => ({ id: config.id, configure: () => config })) });
  return {
    callers: () => (listed ??= [...callers.values()]),
    caller: (tenantId) => callers.get(tenantId),
    adapterOf: (tenantId, accountId) => opened.get(tenantId)?.get(accountId)?.account.adapter,
    set,
    open: (tenantId, config) => openAccount(tenantId, config, dependencies),
    async close() {
      ending.abort(new Error('the process ends'));
      for (const accounts of opened.values()) for (const account of accounts.values()) close(account);
      await Promise.all(closing);
    },
  };
}

/** Returns the open accounts of a tenant: those whose version has not changed as they are, the others opened again. */
function openState(
  { tenant, accounts }: TenantState,
  before: ReadonlyMap<string, VersionedAccount> | undefined,
  dependencies: AccountDependencies,
): ReadonlyMap<string, VersionedAccount> {
  const after = new Map<string, VersionedAccount>();
  for (const { id, version, configure } of accounts) {
    const present = before?.get(id);
    const isOpen = present !== undefined && present.version === version;
    const config = isOpen ? undefined : configure();
    const account = config ? { ...openAccount(tenant.id, config, dependencies), version } : present;
    if (account) after.set(id, account);
  }
  return after;
}
