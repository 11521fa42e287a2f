import { sql, type Kysely } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';

/** Forward only; a name never changes once it has run anywhere. */
const migrations: Record<string, Migration> = {
  '001-shipments-trackers-tokens-quotas': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('shipments')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('tenant_id', 'text', (column) => column.notNull())
        .addColumn('idempotency_key', 'text', (column) => column.notNull())
        .addColumn('input_hash', 'text', (column) => column.notNull())
        .addColumn('rate_hash', 'text', (column) => column.notNull())
        .addColumn('account_id', 'text', (column) => column.notNull())
        .addColumn('provider', 'text', (column) => column.notNull())
        .addColumn('environment', 'text', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('carrier', 'text', (column) => column.notNull())
        .addColumn('service', 'jsonb', (column) => column.notNull())
        .addColumn('sender', 'jsonb', (column) => column.notNull())
        .addColumn('recipient', 'jsonb', (column) => column.notNull())
        .addColumn('quoted_price', 'jsonb', (column) => column.notNull())
        .addColumn('reference', 'text')
        .addColumn('failure', 'jsonb')
        .addColumn('leased_until', 'timestamptz')
        .addColumn('created_at', 'timestamptz(3)', (column) => column.notNull().defaultTo(sql`now()`))
        .addUniqueConstraint('shipments_once_a_key', ['tenant_id', 'idempotency_key'])
        .execute();
      // A rate buys once, unless what was tried with it certainly failed.
      await sql`create unique index shipments_once_a_rate on shipments (tenant_id, rate_hash) where status <> 'FAILED'`.execute(
        db,
      );
      await db.schema
        .createIndex('shipments_newest_first')
        .on('shipments')
        .columns(['tenant_id', 'created_at desc', 'id desc'])
        .execute();
      await sql`create index shipments_unsettled on shipments (status) where status in ('PURCHASING', 'UNCERTAIN')`.execute(
        db,
      );
      await db.schema
        .createTable('parcels')
        .addColumn('shipment_id', 'text', (column) => column.notNull().references('shipments.id'))
        .addColumn('position', 'integer', (column) => column.notNull())
        .addColumn('parcel', 'jsonb', (column) => column.notNull())
        .addColumn('attempt', 'text')
        .addColumn('request', 'jsonb')
        .addColumn('price', 'jsonb')
        .addColumn('charges', 'jsonb')
        .addColumn('tracking_number', 'text')
        .addColumn('label_format', 'text', (column) => column.notNull())
        .addColumn('label_source', 'text')
        .addColumn('label', 'bytea')
        .addPrimaryKeyConstraint('parcels_pkey', ['shipment_id', 'position'])
        .execute();
      await db.schema.createIndex('parcels_by_number').on('parcels').column('tracking_number').execute();
      await db.schema
        .createTable('trackers')
        .addColumn('tenant_id', 'text', (column) => column.notNull())
        .addColumn('tracking_number', 'text', (column) => column.notNull())
        .addColumn('carrier', 'text', (column) => column.notNull())
        .addColumn('account_id', 'text', (column) => column.notNull())
        .addColumn('state', 'jsonb', (column) => column.notNull())
        .addColumn('as_of', 'timestamptz', (column) => column.notNull())
        .addPrimaryKeyConstraint('trackers_pkey', ['tenant_id', 'tracking_number', 'carrier'])
        .execute();
      await db.schema
        .createTable('tokens')
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('token', 'text')
        .addColumn('leased_until', 'timestamptz')
        .execute();
      await db.schema
        .createTable('quotas')
        .addColumn('key', 'text', (column) => column.notNull())
        .addColumn('api', 'text', (column) => column.notNull())
        .addColumn('calls', 'jsonb', (column) => column.notNull())
        .addPrimaryKeyConstraint('quotas_pkey', ['key', 'api'])
        .execute();
    },
  },
  '002-refunds': {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('parcels').addColumn('refund', 'jsonb').execute();
    },
  },
};

export const migrationProvider: MigrationProvider = { getMigrations: async () => migrations };
