import { sql, type Selectable } from 'kysely';

import { createDataKey, openDataKey } from '../../domain/data-key.ts';
import type { Sealer } from '../../domain/seal.ts';
import type { AccountIdentity, AccountInput, LedgerAccount, LedgerTenant } from '../../domain/tenant.ts';
import type { Database } from '../database.ts';
import type { ProviderAccountTable, TenantTable, Transaction } from '../tables.ts';

/** Notified with the id of a tenant whenever it or one of its accounts has changed. */
export const tenantChannel = 'parcelgraph_tenants';

/** The tenants and provider accounts that were created at run time. The credentials are encrypted by a key a tenant. */
export interface Tenants {
  /** Returns the tenants by id, deleted ones included; all, or one. */
  read(id?: string): Promise<readonly LedgerTenant[]>;
  /** Returns an account, removed or not. */
  findAccount(tenantId: string, id: string): Promise<AccountIdentity | undefined>;
  /** Returns false where the id belongs to a tenant, which may be deleted. */
  create(tenant: Pick<LedgerTenant, 'id' | 'name'>): Promise<boolean>;
  /** Deletes a tenant: its keys expire, its accounts are removed, and nothing is watched for it or sent to it any more. */
  delete(id: string, now: number): Promise<void>;
  /**
   * Adds an account, or replaces its options and credentials. Returns false, and changes nothing, where the tenant does not
   * exist, or the account exists with another provider or environment. Throws `UnknownDataKey`.
   */
  setAccount(tenantId: string, account: AccountInput): Promise<boolean>;
  /** Removes an account. Its credentials are kept until `eraseCredentials` erases them. */
  removeAccount(tenantId: string, id: string, now: number): Promise<void>;
  /** Erases the credentials of accounts that were removed before a time and have no work under way. Returns how many. */
  eraseCredentials(removedBefore: number): Promise<number>;
}

/** The data key of a tenant was sealed with a secret that this process does not have. */
export class UnknownDataKey extends Error {
  override readonly name = 'UnknownDataKey';

  constructor() {
    super('the data key of this tenant cannot be opened');
  }
}

export function createTenants(db: Database, sealer: Sealer): Tenants {
  return {
    read: (id) => readTenants(db, sealer, id),
    findAccount: (tenantId, id) => accountOf(db, tenantId, id).executeTakeFirst(),
    create: ({ id, name }) =>
      db.transaction().execute(async (transaction) => {
        const created = await transaction
          .insertInto('tenants')
          .values({ id, name, data_key: createDataKey(sealer, id) })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .returning('id')
          .executeTakeFirst();
        if (created) await notify(transaction, id);
        return created !== undefined;
      }),
    delete: (id, now) => db.transaction().execute((transaction) => deleteTenant(transaction, id, now)),
    setAccount: (tenantId, account) =>
      db.transaction().execute((transaction) => setAccount(transaction, sealer, tenantId, account)),
    removeAccount: (tenantId, id, now) =>
      db.transaction().execute(async (transaction) => {
        await removeAccounts(transaction, tenantId, now, id);
        await notify(transaction, tenantId);
      }),
    eraseCredentials: (removedBefore) =>
      db.transaction().execute((transaction) => eraseCredentials(transaction, removedBefore)),
  };
}

async function readTenants(db: Database, sealer: Sealer, id?: string): Promise<readonly LedgerTenant[]> {
  let query = db
    .selectFrom('tenants')
    .leftJoin('provider_accounts', (join) =>
      join.onRef('tenant_id', '=', 'tenants.id').on('credentials', 'is not', null),
    )
    .selectAll('provider_accounts')
    .select(['tenants.id as tenant', 'tenants.name', 'data_key', 'created_at', 'deleted_at'])
    .orderBy('tenants.id')
    .orderBy('provider_accounts.id');
  if (id !== undefined) query = query.where('tenants.id', '=', id);
  const byTenant = Map.groupBy(await query.execute(), ({ tenant }) => tenant);
  return [...byTenant].map(([tenantId, rows]) => {
    const { name, data_key, created_at, deleted_at } = rows[0]!;
    const dataKey = openDataKey(sealer, tenantId, data_key);
    // A tenant without accounts has one row, without an account.
    const own = rows.filter((row) => row.id !== null) as unknown as readonly AccountRow[];
    const accounts = own.map((row) => toAccount(row, dataKey));
    return { id: tenantId, name, createdAt: created_at, isDeleted: deleted_at !== null, accounts };
  });
}

async function setAccount(
  transaction: Transaction,
  sealer: Sealer,
  tenantId: string,
  { id, provider, environment, options, credentials }: AccountInput,
): Promise<boolean> {
  const tenant = await lockTenant(transaction, tenantId);
  if (tenant === undefined) return false;
  const dataKey = openDataKey(sealer, tenantId, tenant.data_key);
  if (dataKey === undefined) throw new UnknownDataKey();
  const present = await accountOf(transaction, tenantId, id).executeTakeFirst();
  if (present && (present.provider !== provider || present.environment !== environment)) return false;
  const version = (present?.version ?? 0) + 1;
  const values = {
    options: JSON.stringify(options),
    credentials: dataKey.encrypt(bindingOf(tenantId, id, version), credentials),
    version,
    removed_at: null,
  };
  await transaction
    .insertInto('provider_accounts')
    .values({ tenant_id: tenantId, id, provider, environment, ...values })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doUpdateSet(values))
    .execute();
  await notify(transaction, tenantId);
  return true;
}

type AccountRow = Selectable<ProviderAccountTable>;

/** Credentials can't be moved to another tenant, account or version. */
const bindingOf = (tenantId: string, id: string, version: number) => JSON.stringify([tenantId, id, version]);

const toAccount = (
  { tenant_id, id, provider, environment, options, credentials, version, removed_at }: AccountRow,
  dataKey: ReturnType<typeof openDataKey>,
): LedgerAccount => ({
  ...{ id, provider, environment, options, version },
  credentials: dataKey?.decrypt(bindingOf(tenant_id, id, version), credentials!),
  isRemoved: removed_at !== null,
});

const accountOf = (db: Database | Transaction, tenantId: string, id: string) =>
  db
    .selectFrom('provider_accounts')
    .select(['provider', 'environment', 'version'])
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id);

/** Keeps other changes of the tenant waiting until the transaction ends. */
const lockTenant = (
  transaction: Transaction,
  id: string,
): Promise<Pick<Selectable<TenantTable>, 'data_key'> | undefined> =>
  transaction
    .selectFrom('tenants')
    .select('data_key')
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();

const notify = (transaction: Transaction, tenantId: string) =>
  sql`select pg_notify(${tenantChannel}, ${tenantId})`.execute(transaction);

async function removeAccounts(transaction: Transaction, tenantId: string, now: number, id?: string) {
  let update = transaction
    .updateTable('provider_accounts')
    .set({ removed_at: new Date(now) })
    .where('tenant_id', '=', tenantId)
    .where('removed_at', 'is', null);
  if (id !== undefined) update = update.where('id', '=', id);
  await update.execute();
}

async function deleteTenant(transaction: Transaction, id: string, now: number): Promise<void> {
  if ((await lockTenant(transaction, id)) === undefined) return;
  const at = new Date(now);
  await transaction.updateTable('tenants').set({ deleted_at: at }).where('id', '=', id).execute();
  await removeAccounts(transaction, id, now);
  await sql`update api_keys set expires_at = least(expires_at, ${at}) where tenant_id = ${id}`.execute(
    transaction,
  );
  await transaction.deleteFrom('watches').where('tenant_id', '=', id).execute();
  await transaction.deleteFrom('webhook_endpoints').where('tenant_id', '=', id).execute();
  await notify(transaction, id);
}

async function eraseCredentials(transaction: Transaction, removedBefore: number): Promise<number> {
  const { rows } = await sql<{ tenant_id: string }>`update provider_accounts as a set credentials = null
    where removed_at <= ${new Date(removedBefore)} and credentials is not null
      and not exists (select from shipments where status in ('PURCHASING', 'UNCERTAIN')
        and tenant_id = a.tenant_id and account_id = a.id)
      and not exists (select from parcels join shipments on shipments.id = shipment_id
        where refund_due_at is not null and tenant_id = a.tenant_id and account_id = a.id)
      and not exists (select from operations where status in ('PENDING', 'UNCERTAIN')
        and tenant_id = a.tenant_id and account_id = a.id)
      and not exists (select from received_webhooks where applied_at is null
        and tenant_id = a.tenant_id and account_id = a.id)
    returning tenant_id`.execute(transaction);
  for (const tenantId of new Set(rows.map(({ tenant_id }) => tenant_id))) await notify(transaction, tenantId);
  return rows.length;
}
