import type { Logger } from 'pino';

import type { TenantConfig } from '../config/tenants.ts';
import { InputError } from '../domain/errors.ts';
import { textsWithin } from '../domain/redaction.ts';
import type { AccountInput, LedgerAccount, LedgerTenant } from '../domain/tenant.ts';
import { readAccountInput } from './account-input.ts';
import type { OpenAccount } from './open-account.ts';
import type { Accounts, AccountState } from './open-accounts.ts';

/** Where tenants are kept that were created at run time. */
export interface TenantSource {
  /** Returns all tenants, or one. */
  read(id?: string): Promise<readonly LedgerTenant[]>;
}

export interface LedgerTenantOptions {
  readonly source: TenantSource;
  readonly accounts: Accounts;
  readonly configured: readonly TenantConfig[];
  readonly log: Logger;
  /** Receives the credentials that the log must not show. */
  readonly addSecrets?: (secrets: Iterable<string>) => void;
}

/** The tenants that were created at run time, beside those of the configuration. */
export interface LedgerTenants {
  /** Tells whether a tenant is one of the configuration, which alone changes it. */
  isConfigured(tenantId: string): boolean;
  /** Validates an account, and opens it beside those in use. Throws an `InputError`. */
  openAccount(tenantId: string, input: AccountInput): OpenAccount;
  /** Opens and closes accounts as the ledger says; all, or those of one tenant. */
  refresh(tenantId?: string): Promise<void>;
}

export function createLedgerTenants({
  source,
  accounts,
  configured,
  log,
  addSecrets = () => {},
}: LedgerTenantOptions): LedgerTenants {
  const configuredIds = new Set(configured.map(({ id }) => id));
  const configuredAccounts = configured.flatMap((tenant) => tenant.accounts);
  const readAccount = (input: AccountInput) => {
    const config = readAccountInput(input, configuredAccounts);
    addSecrets(textsWithin(input.credentials));
    return config;
  };

  const configure = (tenantId: string, account: LedgerAccount) => {
    const fields = { tenant: tenantId, account: account.id };
    if (account.credentials === undefined) {
      log.error(fields, 'the credentials of an account cannot be decrypted: set the secret that they were encrypted with as PARCELGRAPH_SECRET_PREVIOUS'); // prettier-ignore
      return undefined;
    }
    try {
      return readAccount(account);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      log.error({ ...fields, reason: error.message }, 'an account cannot be opened: set it again');
      return undefined;
    }
  };
  const toState = (tenantId: string, account: LedgerAccount): AccountState => ({
    id: account.id,
    version: account.version,
    isListed: !account.isRemoved,
    configure: () => configure(tenantId, account),
  });
  const load = async (tenantId?: string): Promise<void> => {
    for (const { id, name, createdAt, isDeleted, accounts: own } of await source.read(tenantId)) {
      if (!configuredIds.has(id)) {
        const states = own.map((account) => toState(id, account));
        accounts.set({ tenant: { id, name, createdAt }, mayCall: !isDeleted, accounts: states });
      } else if (!isDeleted) {
        log.error({ tenant: id }, 'a tenant of the configuration has the id of one that was created at run time, which cannot call'); // prettier-ignore
      }
    }
  };
  let last = Promise.resolve();
  return {
    isConfigured: (tenantId) => configuredIds.has(tenantId),
    openAccount: (tenantId, input) => accounts.open(tenantId, readAccount(input)),
    refresh(tenantId) {
      // One after the other, so that what was read earlier does not replace what was read later.
      const loaded = last.then(() => load(tenantId));
      last = loaded.catch(() => {});
      return loaded;
    },
  };
}
