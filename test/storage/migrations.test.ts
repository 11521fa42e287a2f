import { rmSync } from 'node:fs';

import { sql } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';
import { afterEach, describe, expect, it } from 'vitest';

import { userMessage } from '../../src/cli/run.ts';
import { openDatabase, type Database, type DatabaseLocation } from '../../src/storage/database.ts';
import { NewerLedger } from '../../src/storage/newer-ledger.ts';
import { createSealer } from '../../src/domain/seal.ts';
import { createTenants } from '../../src/storage/records/tenants.ts';
import { createRecords } from '../../src/storage/storage.ts';
import { migrationProvider } from '../../src/storage/migrations.ts';
import { freshDatabase, ledgerFolder, storages, type Storage } from '../support/test-server.ts';

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

/** Creates an empty database. */
async function empty(storage: Storage): Promise<DatabaseLocation> {
  if (storage === 'server') {
    const { url, drop } = await freshDatabase();
    cleanup.push(drop);
    return { url };
  }
  const folder = ledgerFolder();
  cleanup.push(() => rmSync(folder, { recursive: true, force: true }));
  // Faster than creating another database.
  const { db, close } = await openDatabase({ folder });
  await sql`drop schema public cascade`.execute(db);
  await sql`create schema public`.execute(db);
  await close();
  return { folder };
}

const upTo = (last: string): MigrationProvider => ({
  getMigrations: async () =>
    Object.fromEntries(
      Object.entries(await migrationProvider.getMigrations()).filter(([name]) => name.slice(0, 3) <= last),
    ),
});
const and = (more: Record<string, Migration>): MigrationProvider => ({
  getMigrations: async () => ({ ...(await migrationProvider.getMigrations()), ...more }),
});

const tables = async (db: Database) => (await db.introspection.getTables()).map(({ name }) => name).sort();
const ran = async (db: Database) =>
  (await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)).rows.map(({ name }) => name); // prettier-ignore

describe.each(storages)('migrations of the %s ledger', (storage) => {
  it('rolls back a migration that fails, and runs it at the next start', async () => {
    const location = await empty(storage);
    const broken: Migration = {
      async up(db) {
        await db.schema.createTable('half').addColumn('id', 'text').execute();
        await sql`insert into half values ('a')`.execute(db);
        throw new Error('in the middle');
      },
    };
    await expect(openDatabase(location, { migrations: and({ '900-broken': broken }) })).rejects.toThrow('in the middle'); // prettier-ignore
    const { db, close } = await openDatabase(location);
    expect(await tables(db)).not.toContain('half');
    expect(await ran(db)).toEqual(Object.keys(await migrationProvider.getMigrations()));
    expect(await db.selectFrom('shipments').select('id').execute()).toEqual([]);
    await close();
  });

  it('leaves a ledger of a later version as it is, and says in one sentence what to start', async () => {
    const location = await empty(storage);
    const later: Migration = { up: (db) => db.schema.createTable('later').addColumn('id', 'text').execute() };
    const migrated = await openDatabase(location, { migrations: and({ '900-later': later }) });
    await migrated.close();
    const error = await openDatabase(location).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NewerLedger);
    // What `npm start` and the commands print before they exit with 1.
    expect(userMessage(error)).toMatch(/^A later version of Parcelgraph has changed the ledger \(migration 900-later\)[^\n]+: start that version[^\n]+\.$/); // prettier-ignore
    const again = await openDatabase(location, { migrations: and({ '900-later': later }) });
    expect(await tables(again.db)).toContain('later');
    await again.close();
  });

  it('keeps the state of every row of version 002', async () => {
    const location = await empty(storage);
    const old = await openDatabase(location, { migrations: upTo('002') });
    const insert = async (id: string, status: string, parcel: string) => {
      await sql`insert into shipments (id, tenant_id, idempotency_key, input_hash, rate_hash, account_id, provider,
        environment, status, carrier, service, sender, recipient, quoted_price) values (${id}, 'acme', ${id}, 'h',
        ${id}, 'usps', 'usps', 'TEST', ${status}, 'USPS', '{}', '{"name":"Ann"}', '{}',
        '{"amount":"7.40","currencyCode":"USD"}')`.execute(old.db);
      await sql.raw(`insert into parcels (shipment_id, position, parcel, label_format, attempt, request, price, tracking_number, refund)
        values ('${id}', 0, '{}', 'PDF', ${parcel})`).execute(old.db); // prettier-ignore
    };
    const price = `'{"amount":"7.40","currencyCode":"USD"}'`;
    await insert('asked', 'PURCHASING', 'null, null, null, null, null');
    await insert('sent', 'PURCHASING', `'a1', '{"body":"x"}', null, null, null`);
    await insert('unknown', 'UNCERTAIN', `'a2', '{"body":"x"}', null, null, null`);
    await insert('failed', 'FAILED', `'a3', '{"body":"x"}', null, null, null`);
    await insert('bought', 'PURCHASED', `'a4', '{"body":"x"}', ${price}, '9400', null`);
    await insert('asked-back', 'PURCHASED', `'a5', '{"body":"x"}', ${price}, '9401', '{"status":"REQUESTED","voided":false}'`); // prettier-ignore
    await insert(
      'void',
      'VOIDED',
      `'a6', '{"body":"x"}', ${price}, '9402', '{"status":"REFUNDED","voided":true}'`,
    );
    await old.close();

    const { db, close } = await openDatabase(location);
    const rows = await db
      .selectFrom('shipments')
      .innerJoin('parcels', 'shipment_id', 'id')
      .select([
        'id',
        'status',
        'state',
        'quoted_amount',
        'price',
        'compensating',
        'is_return',
        'worker',
        'tracking_number',
      ])
      .orderBy('attempt_id')
      .execute();
    const states = Object.fromEntries(rows.map(({ id, status, state }) => [id, `${status} ${state}`]));
    expect(states).toEqual({
      asked: 'PURCHASING PENDING',
      sent: 'PURCHASING SENT',
      unknown: 'UNCERTAIN SENT',
      failed: 'FAILED SENT',
      bought: 'PURCHASED PURCHASED',
      'asked-back': 'PURCHASED PURCHASED',
      void: 'VOIDED VOIDED',
    });
    for (const row of rows) {
      expect(row.quoted_amount, row.id).toEqual(row.price);
      expect(row).toMatchObject({ compensating: false, is_return: false, worker: null });
    }
    await close();
  });

  it('keeps the data of version 005 under the names of version 006, its tokens and prices', async () => {
    const location = await empty(storage);
    const old = await openDatabase(location, { migrations: upTo('005') });
    const run = (statement: string) => sql.raw(statement).execute(old.db);
    const money = `'{"amount":"7.40","currencyCode":"USD"}'`;
    await run(`insert into shipments (id, tenant_id, idempotency_key, input_hash, rate_hash, account_id, provider,
      environment, status, carrier, service, sender, recipient, quoted_price, price_limit, undoing, tries, blanked_at)
      select id, 'acme', id, 'h', id, 'usps', 'usps', 'TEST', status, 'USPS', '{}', '{}', '{}', ${money}, ${money},
        undoing, tries, blanked_at from (values ('pending', 'PURCHASING', false, 0, null),
        ('bought', 'PURCHASED', false, 0, timestamptz '2026-01-01'), ('unknown', 'UNCERTAIN', true, 3, null))
        as old (id, status, undoing, tries, blanked_at)`);
    // A key that was retried before its label arrived: its hash is followed by a blank and the attempt.
    await run(
      `update shipments set rate_hash = 'bought a2', idempotency_key = 'bought a2' where id = 'unknown'`,
    );
    await run(`insert into parcels (shipment_id, position, parcel, label_format, state, attempt, quotable)
      values ('pending', 0, '{}', 'PDF', default, null, null), ('bought', 0, '{}', 'PDF', 'SOLD', 'a1', ${money}),
        ('unknown', 0, '{}', 'PDF', 'SENT', 'a2', null), ('unknown', 1, '{}', 'PDF', 'REFUSED', 'a3', null)`);
    await run(`insert into errands (id, tenant_id, kind, idempotency_key, input_hash, account_id, provider, environment,
      status, asked, attempt, tries, result)
      select id, 'acme', kind, 'key', 'h', 'usps', 'usps', 'TEST', status, '{"shipmentIds":["bought"]}', 'a', 2, result::jsonb
        from (values ('pck', 'pickupSchedule', 'OPEN', null),
        ('man', 'manifestCreate', 'DONE', '{"reference":"r","ticket":{"scanForm":"sf_1"}}'),
        ('job', 'mailJobCreate', 'UNCERTAIN', '{"id":"j"}')) as old (id, kind, status, result)`);
    await run(`insert into errands (id, tenant_id, kind, idempotency_key, input_hash, account_id, provider, environment,
      status, asked, result) values ('by-hand', 'acme', 'pickupSchedule', 'key 2', 'h', 'usps', 'usps', 'TEST', 'DONE',
      '{}', '{"date":"2026-11-20","ticket":null}')`);
    await run(
      `insert into history (tenant_id, subject_id, event, account_id) values ('acme', 'bought', 'BOUGHT', 'usps')`,
    );
    await run(`insert into tokens (key, token) values ('k', 'sealed')`);
    await old.close();

    const { db, close } = await openDatabase(location);
    const tokens = await db.selectFrom('tokens').selectAll().execute();
    expect(tokens).toEqual([{ key: 'k', token: 'sealed', leased_until: null, replaced_at: null }]);
    await db.updateTable('shipments').set({ quoted_price: null }).where('id', '=', 'pending').execute();
    const { shipments, purchases, operations } = createRecords(db);
    const found = await shipments.byIds('acme', ['pending', 'bought', 'unknown']);
    expect(found.map((shipment) => shipment!.parcels.map(({ state }) => state))).toEqual([
      ['PENDING'],
      ['PURCHASED'],
      ['SENT', 'REFUSED'],
    ]);
    const amount = { amount: '7.40', currencyCode: 'USD' };
    expect(found.map((shipment) => shipment!.quoted_price)).toEqual([null, amount, amount]);
    expect(found[1]).toMatchObject({ max_price: amount, compensating: false, attempts: 0 });
    expect(found[1]!.redacted_at?.getTime()).toBe(Date.parse('2026-01-01T00:00:00Z'));
    expect(found[1]!.parcels).toMatchObject([{ label_format: 'PDF', reprint_format: null }]);
    expect(found[2]).toMatchObject({ rate_hash: 'bought a2', compensating: true, attempts: 3 });
    expect(await purchases.parcels('bought')).toMatchObject([{ attempt_id: 'a1', quoted_amount: amount }]);
    const rows = await db.selectFrom('operations').selectAll().orderBy('id').execute();
    expect(rows.map(({ id, kind, status, result }) => [id, kind, status, result])).toEqual([
      ['by-hand', 'PICKUP', 'DONE', { date: '2026-11-20', providerRef: null }],
      ['job', 'MAIL_JOB', 'UNCERTAIN', { id: 'j' }],
      ['man', 'MANIFEST', 'DONE', { reference: 'r', providerRef: { scanForm: 'sf_1' } }],
      ['pck', 'PICKUP', 'PENDING', null],
    ]);
    expect(rows.at(-1)).toMatchObject({ input: { shipmentIds: ['bought'] }, attempt_id: 'a', attempts: 2 });
    const key = { tenantId: 'acme', kind: 'PICKUP', idempotencyKey: 'key', inputHash: 'h' } as const;
    expect(await operations.find(key)).toMatchObject({ id: 'pck' });
    expect(await operations.onManifests('acme', ['bought'])).toEqual([{ id: 'bought', operation: 'man' }]);
    expect(await db.selectFrom('history').select('event').execute()).toEqual([{ event: 'BOUGHT' }]);
    await expect(sql`delete from history`.execute(db)).rejects.toThrow('history is append-only');
    await close();
  });

  it('keeps the shipments of version 013, without spenders, and takes tenants, accounts and keys', async () => {
    const location = await empty(storage);
    const old = await openDatabase(location, { migrations: upTo('013') });
    await sql`insert into shipments (id, tenant_id, idempotency_key, input_hash, rate_hash, account_id, provider,
      environment, status, carrier, service, sender, recipient) values ('shp', 'acme', 'k', 'h', 'r', 'usps', 'usps', 'TEST',
      'PURCHASED', 'USPS', '{}', '{}', '{}')`.execute(old.db);
    await old.close();

    const { db, close } = await openDatabase(location);
    const kept = await db.selectFrom('shipments').select(['id', 'spender', 'spent_on']).execute();
    expect(kept).toEqual([{ id: 'shp', spender: null, spent_on: null }]);
    const { apiKeys } = createRecords(db);
    await apiKeys.create({
      id: 'key',
      tenantId: 'acme',
      hash: 'h',
      prefix: 'p',
      permissions: ['rates:read'],
    });
    expect(await apiKeys.grantOf('h')).toMatchObject({ tenantId: 'acme', permissions: ['rates:read'] });
    const tenants = createTenants(db, createSealer('a secret of more than thirty-two characters'));
    await tenants.create({ id: 'acme', name: 'Acme' });
    const account = { id: 'usps', provider: 'usps', environment: 'TEST', options: {}, credentials: { a: 1 } };
    expect(await tenants.setAccount('acme', account)).toBe(true);
    expect(await tenants.read()).toMatchObject([{ id: 'acme', accounts: [{ ...account, version: 1 }] }]);
    await close();
  });

  it('makes the history append-only', async () => {
    const { db, close } = await openDatabase(await empty(storage));
    await sql`insert into history (tenant_id, subject_id, event, account_id) values ('a', 's', 'ASKED', 'u')`.execute(db); // prettier-ignore
    for (const change of ['update history set event = event', 'delete from history', 'truncate history']) {
      await expect(sql.raw(change).execute(db)).rejects.toThrow('history is append-only');
    }
    await close();
  });
});

describe.runIf(process.env.DATABASE_URL)(
  'migrations of a database that several processes open at once',
  () => {
    it('run once', async () => {
      const location = await empty('server');
      const opened = await Promise.all(Array.from({ length: 4 }, () => openDatabase(location)));
      expect(await ran(opened[0]!.db)).toEqual(Object.keys(await migrationProvider.getMigrations()));
      for (const { db } of opened) expect(await db.selectFrom('history').selectAll().execute()).toEqual([]);
      await Promise.all(opened.map(({ close }) => close()));
    });
  },
);
