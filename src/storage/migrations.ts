import { sql, type Kysely } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';

/** Forward only: a migration and its name never change once they have run anywhere. */
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
  '003-several-parcels-errands-history': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .alterTable('shipments')
        .addColumn('is_return', 'boolean', (column) => column.notNull().defaultTo(false))
        .addColumn('ship_date', 'text')
        .addColumn('price_limit', 'jsonb')
        .addColumn('undoing', 'boolean', (column) => column.notNull().defaultTo(false))
        .addColumn('worker', 'text')
        .addColumn('tries', 'integer', (column) => column.notNull().defaultTo(0))
        .addColumn('retry_at', 'timestamptz')
        .addColumn('blanked_at', 'timestamptz(3)')
        .execute();
      await db.schema
        .alterTable('parcels')
        .addColumn('state', 'text', (column) => column.notNull().defaultTo('INTENDED'))
        .addColumn('sent_at', 'timestamptz')
        .addColumn('quotable', 'jsonb')
        .addColumn('reference', 'text')
        .addColumn('refund_due_at', 'timestamptz')
        .execute();
      // A request prepared before states were stored may have been sent.
      await sql`update parcels set quotable = price, state = case
        when refund->>'voided' = 'true' then 'VOIDED'
        when tracking_number is not null then 'SOLD'
        when attempt is not null then 'SENT'
        else 'INTENDED' end`.execute(db);
      await sql`create index parcels_refund_due on parcels (refund_due_at) where refund_due_at is not null`.execute(
        db,
      );
      await db.schema
        .createTable('errands')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('tenant_id', 'text', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('idempotency_key', 'text', (column) => column.notNull())
        .addColumn('input_hash', 'text', (column) => column.notNull())
        .addColumn('account_id', 'text', (column) => column.notNull())
        .addColumn('provider', 'text', (column) => column.notNull())
        .addColumn('environment', 'text', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('asked', 'jsonb', (column) => column.notNull())
        .addColumn('attempt', 'text')
        .addColumn('request', 'jsonb')
        .addColumn('sent_at', 'timestamptz')
        .addColumn('result', 'jsonb')
        .addColumn('document', 'bytea')
        .addColumn('failure', 'jsonb')
        .addColumn('worker', 'text')
        .addColumn('leased_until', 'timestamptz')
        .addColumn('tries', 'integer', (column) => column.notNull().defaultTo(0))
        .addColumn('retry_at', 'timestamptz')
        .addColumn('blanked_at', 'timestamptz(3)')
        .addColumn('created_at', 'timestamptz(3)', (column) => column.notNull().defaultTo(sql`now()`))
        .addUniqueConstraint('errands_once_a_key', ['tenant_id', 'kind', 'idempotency_key'])
        .execute();
      await sql`create index errands_unsettled on errands (status) where status in ('OPEN', 'UNCERTAIN')`.execute(
        db,
      );
      await db.schema
        .createTable('history')
        .addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity())
        .addColumn('at', 'timestamptz(3)', (column) => column.notNull().defaultTo(sql`clock_timestamp()`))
        .addColumn('tenant_id', 'text', (column) => column.notNull())
        .addColumn('subject_id', 'text', (column) => column.notNull())
        .addColumn('event', 'text', (column) => column.notNull())
        .addColumn('account_id', 'text', (column) => column.notNull())
        .addColumn('actor', 'text')
        .addColumn('request_id', 'text')
        .addColumn('detail', 'text')
        .execute();
      await db.schema.createIndex('history_of').on('history').columns(['subject_id', 'id']).execute();
      // Keeps every connection from changing what has happened.
      await sql`create function history_stands() returns trigger language plpgsql as
        $$ begin raise exception 'history is only ever added to'; end $$`.execute(db);
      await sql`create trigger history_stands before update or delete or truncate on history
        for each statement execute function history_stands()`.execute(db);
    },
  },
  '004-imports': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('imports')
        .addColumn('tenant_id', 'text', (column) => column.notNull())
        .addColumn('account_id', 'text', (column) => column.notNull())
        .addColumn('state', 'jsonb', (column) => column.notNull())
        .addPrimaryKeyConstraint('imports_pkey', ['tenant_id', 'account_id'])
        .execute();
    },
  },
  '005-forms': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('forms')
        .addColumn('shipment_id', 'text', (column) => column.notNull())
        .addColumn('position', 'integer', (column) => column.notNull())
        .addColumn('number', 'integer', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('format', 'text', (column) => column.notNull())
        .addColumn('source', 'text')
        .addColumn('data', 'bytea')
        .addPrimaryKeyConstraint('forms_pkey', ['shipment_id', 'position', 'number'])
        .addForeignKeyConstraint(
          'forms_of_parcels',
          ['shipment_id', 'position'],
          'parcels',
          ['shipment_id', 'position'],
          (constraint) => constraint.onDelete('cascade'),
        )
        .execute();
    },
  },
  '006-standard-names': {
    async up(db: Kysely<unknown>) {
      for (const statement of standardNames) await sql.raw(statement).execute(db);
    },
  },
  '007-tracker-versions-webhooks': {
    async up(db: Kysely<unknown>) {
      for (const statement of webhookTables) await sql.raw(statement).execute(db);
    },
  },
  '008-unknown-prices': {
    async up(db: Kysely<unknown>) {
      await sql`alter table shipments alter column quoted_price drop not null`.execute(db);
    },
  },
  '009-token-refusals': {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('tokens').addColumn('replaced_at', 'timestamptz').execute();
    },
  },
  '010-reprints': {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('parcels').addColumn('reprint_format', 'text').execute();
      await db.schema
        .createTable('reprints')
        .addColumn('shipment_id', 'text', (column) => column.notNull())
        .addColumn('position', 'integer', (column) => column.notNull())
        .addColumn('format', 'text', (column) => column.notNull())
        .addColumn('data', 'bytea', (column) => column.notNull())
        .addPrimaryKeyConstraint('reprints_pkey', ['shipment_id', 'position', 'format'])
        .addForeignKeyConstraint(
          'reprints_parcels',
          ['shipment_id', 'position'],
          'parcels',
          ['shipment_id', 'position'],
          (constraint) => constraint.onDelete('cascade'),
        )
        .execute();
    },
  },
  '011-rate-quotes': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('rate_quotes')
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('offers', 'jsonb', (column) => column.notNull())
        .addColumn('as_of', 'timestamptz(3)', (column) => column.notNull())
        .addColumn('expires_at', 'timestamptz(3)', (column) => column.notNull())
        .execute();
      await db.schema.createIndex('rate_quotes_as_of').on('rate_quotes').column('as_of').execute();
    },
  },
  '012-usage': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('usage')
        .addColumn('tenant_id', 'text', (column) => column.notNull())
        .addColumn('account_id', 'text', (column) => column.notNull())
        .addColumn('hour', 'timestamptz(0)', (column) => column.notNull())
        .addColumn('api', 'text', (column) => column.notNull())
        .addColumn('operation', 'text', (column) => column.notNull())
        .addColumn('client', 'text', (column) => column.notNull())
        .addColumn('calls', 'integer', (column) => column.notNull())
        .addColumn('failed', 'integer', (column) => column.notNull())
        .addColumn('joined', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('usage_pkey', [
          'tenant_id',
          'account_id',
          'hour',
          'api',
          'operation',
          'client',
        ])
        .execute();
    },
  },
  '013-watches': {
    async up(db: Kysely<unknown>) {
      for (const statement of watchTables) await sql.raw(statement).execute(db);
    },
  },
  '014-callers': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .alterTable('shipments')
        .addColumn('spender', 'text')
        .addColumn('spent_on', 'text')
        .execute();
      await sql`create index shipments_spender on shipments (tenant_id, spender, spent_on) where spender is not null`.execute(
        db,
      );
      await sql`create table api_keys (
        id text primary key, tenant_id text not null, hash text not null unique, prefix text not null,
        previous_hash text unique, previous_until timestamptz(3), permissions jsonb not null, spend_limit jsonb,
        expires_at timestamptz(3), last_used_at timestamptz(3), created_at timestamptz(3) not null default now())`.execute(
        db,
      );
      await sql`create index api_keys_tenant on api_keys (tenant_id)`.execute(db);
    },
  },
  '015-rate-cards': {
    async up(db: Kysely<unknown>) {
      for (const statement of rateCardTables) await sql.raw(statement).execute(db);
    },
  },
  '016-label-documents': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('label_documents')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('content', 'jsonb', (column) => column.notNull())
        .addColumn('expires_at', 'timestamptz(3)', (column) => column.notNull())
        .execute();
    },
  },
  '017-tenants': {
    async up(db: Kysely<unknown>) {
      await sql`create table tenants (
        id text primary key, name text not null, data_key text not null,
        created_at timestamptz(3) not null default now(), deleted_at timestamptz(3))`.execute(db);
      await sql`create table provider_accounts (
        tenant_id text not null references tenants (id), id text not null, provider text not null,
        environment text not null, options jsonb not null, credentials text, version integer not null,
        removed_at timestamptz(3), primary key (tenant_id, id))`.execute(db);
      // Their credentials are to be erased.
      await sql`create index provider_accounts_removed on provider_accounts (removed_at)
        where removed_at is not null and credentials is not null`.execute(db);
    },
  },
  '018-indexes': {
    async up(db: Kysely<unknown>) {
      for (const statement of indexes) await sql.raw(statement).execute(db);
    },
  },
};

const watchTables = [
  'alter table shipments add column is_watched boolean not null default false',
  `create table watches (
    tenant_id text not null, tracking_number text not null, carrier text not null, account_id text not null,
    due_at timestamptz(3) not null, changed_at timestamptz(3) not null, leased_until timestamptz,
    primary key (tenant_id, tracking_number, carrier))`,
  'create index watches_due_at on watches (tenant_id, account_id, due_at)',
  `create table received_webhooks (
    tenant_id text not null, account_id text not null, digest text not null,
    position bigint generated always as identity, body bytea not null, received_at timestamptz(3) not null,
    applied_at timestamptz(3), leased_until timestamptz, primary key (tenant_id, account_id, digest))`,
  `create index received_webhooks_open on received_webhooks (tenant_id, account_id, position)
    where applied_at is null`,
];

/** For statements that read all rows of a table, or of a tenant, before. */
const indexes = [
  'create index parcels_reference on parcels (reference) where tracking_number is null',
  // By a hash, since an imported reference may be longer than a row of an index.
  'create index shipments_reference on shipments (tenant_id, hashtextextended(reference, 0)) where reference is not null',
  'create index shipments_status on shipments (tenant_id, status, created_at desc, id desc)',
  'create index operations_created_at on operations (tenant_id, kind, created_at desc, id desc)',
  `create index operations_shipment_ids on operations using gin ((input->'shipmentIds'))`,
  'create index usage_hour on usage (hour)',
];

const rateCardTables = [
  `create table rate_cards (
    account text primary key, ship_date text not null, prices_since text, agreements integer not null,
    as_of timestamptz(3) not null, holds_until timestamptz(3) not null, check_at timestamptz(3) not null)`,
  `create table rate_card_zones (
    account text not null, route text not null, zone text, confirmed_by jsonb not null,
    as_of timestamptz(3) not null, primary key (account, route))`,
  'create index rate_card_zones_as_of on rate_card_zones (as_of)',
  `create table rate_card_prices (
    account text not null, zone text not null, parcel text not null, offers jsonb, confirmed_by jsonb not null,
    holds_until timestamptz(3) not null, as_of timestamptz(3) not null, primary key (account, zone, parcel))`,
  'create index rate_card_prices_as_of on rate_card_prices (as_of)',
];

const webhookTables = [
  'alter table trackers add column version bigint not null default 0',
  'create index trackers_version on trackers (tenant_id, version)',
  `create table webhook_endpoints (
    id text primary key, tenant_id text not null, url text not null, events jsonb not null,
    secret text not null, previous_secret text, previous_until timestamptz,
    active boolean not null default true, created_at timestamptz(3) not null default now())`,
  'create index webhook_endpoints_tenant_id on webhook_endpoints (tenant_id)',
  `create table webhook_deliveries (
    id text primary key, position bigint generated always as identity,
    endpoint_id text not null references webhook_endpoints (id) on delete cascade, tenant_id text not null,
    event text not null, subject text not null, payload text not null, status text not null,
    attempts integer not null default 0, last_status_code integer, last_error text,
    next_attempt_at timestamptz, leased_until timestamptz, created_at timestamptz(3) not null default now())`,
  'create index webhook_deliveries_endpoint_id on webhook_deliveries (endpoint_id, created_at, id)',
  `create index webhook_deliveries_open on webhook_deliveries (endpoint_id, subject, position)
    where status in ('PENDING', 'RETRYING')`,
];

/** Renames tables, columns, indexes and stored values to the terms that the code uses since. */
const standardNames = [
  'alter table errands rename to operations',
  'alter table operations rename column asked to input',
  'alter table operations rename column attempt to attempt_id',
  'alter table operations rename column tries to attempts',
  'alter table operations rename column blanked_at to redacted_at',
  'alter table operations rename constraint errands_pkey to operations_pkey',
  'alter table operations rename constraint errands_once_a_key to operations_idempotency_key',
  'drop index errands_unsettled',
  `create index operations_open on operations (status) where status in ('PENDING', 'UNCERTAIN')`,
  `update operations set status = 'PENDING' where status = 'OPEN'`,
  `update operations set kind = case kind when 'pickupSchedule' then 'PICKUP' when 'manifestCreate' then 'MANIFEST'
    when 'mailJobCreate' then 'MAIL_JOB' else kind end`,
  `update operations set result = result - 'ticket' || jsonb_build_object('providerRef', result->'ticket')
    where jsonb_typeof(result) = 'object' and result ? 'ticket'`,

  'alter table shipments rename column price_limit to max_price',
  'alter table shipments rename column undoing to compensating',
  'alter table shipments rename column tries to attempts',
  'alter table shipments rename column blanked_at to redacted_at',
  'alter table shipments rename constraint shipments_once_a_key to shipments_idempotency_key',
  'alter index shipments_once_a_rate rename to shipments_rate_hash',
  'alter index shipments_newest_first rename to shipments_created_at',
  'alter index shipments_unsettled rename to shipments_open',

  'alter table parcels rename column attempt to attempt_id',
  'alter table parcels rename column quotable to quoted_amount',
  `alter table parcels alter column state set default 'PENDING'`,
  'alter index parcels_by_number rename to parcels_tracking_number',
  `update parcels set state = case state when 'SOLD' then 'PURCHASED' else 'PENDING' end
    where state in ('SOLD', 'INTENDED')`,

  'alter table forms rename constraint forms_of_parcels to forms_parcels',

  'alter index history_of rename to history_subject_id',
  'drop trigger history_stands on history',
  'drop function history_stands()',
  `create function history_append_only() returns trigger language plpgsql as
    $$ begin raise exception 'history is append-only'; end $$`,
  `create trigger history_append_only before update or delete or truncate on history
    for each statement execute function history_append_only()`,
];

export const migrationProvider: MigrationProvider = { getMigrations: async () => migrations };
