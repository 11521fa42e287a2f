import { rmSync } from 'node:fs';

import { sql } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';
import { afterEach, describe, expect, it } from 'vitest';

import { openDatabase, type Database, type Storage as Place } from '../../src/storage/database.ts';
import { migrationProvider } from '../../src/storage/migrations.ts';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshDatabase, storages, type Storage } from '../support/test-server.ts';

const afterwards: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of afterwards.splice(0).reverse()) await step();
});

/** A database in which nothing is yet. */
async function empty(storage: Storage): Promise<Place> {
  if (storage === 'server') {
    const { url, drop } = await freshDatabase();
    afterwards.push(drop);
    return { url };
  }
  const folder = mkdtempSync(join(tmpdir(), 'parcelgraph-'));
  afterwards.push(() => rmSync(folder, { recursive: true, force: true }));
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
  it('one that fails in the middle leaves no trace, and the next start goes on', async () => {
    const place = await empty(storage);
    const broken: Migration = {
      async up(db) {
        await db.schema.createTable('half').addColumn('id', 'text').execute();
        await sql`insert into half values ('a')`.execute(db);
        throw new Error('in the middle');
      },
    };
    await expect(openDatabase(place, { migrations: and({ '900-broken': broken }) })).rejects.toThrow('in the middle'); // prettier-ignore
    const { db, close } = await openDatabase(place);
    expect(await tables(db)).not.toContain('half');
    expect(await ran(db)).toEqual(Object.keys(await migrationProvider.getMigrations()));
    expect(await db.selectFrom('shipments').select('id').execute()).toEqual([]);
    await close();
  });

  it('rows that 002 left in every state are what they were', async () => {
    const place = await empty(storage);
    const old = await openDatabase(place, { migrations: upTo('002') });
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

    const { db, close } = await openDatabase(place);
    const rows = await db
      .selectFrom('shipments')
      .innerJoin('parcels', 'shipment_id', 'id')
      .select([
        'id',
        'status',
        'state',
        'quotable',
        'price',
        'undoing',
        'is_return',
        'worker',
        'tracking_number',
      ])
      .orderBy('attempt')
      .execute();
    const states = Object.fromEntries(rows.map(({ id, status, state }) => [id, `${status} ${state}`]));
    expect(states).toEqual({
      asked: 'PURCHASING INTENDED',
      sent: 'PURCHASING SENT',
      unknown: 'UNCERTAIN SENT',
      failed: 'FAILED SENT',
      bought: 'PURCHASED SOLD',
      'asked-back': 'PURCHASED SOLD',
      void: 'VOIDED VOIDED',
    });
    for (const row of rows) {
      expect(row.quotable, row.id).toEqual(row.price);
      expect(row).toMatchObject({ undoing: false, is_return: false, worker: null });
    }
    await close();
  });

  it('history is only ever added to', async () => {
    const { db, close } = await openDatabase(await empty(storage));
    await sql`insert into history (tenant_id, subject_id, event, account_id) values ('a', 's', 'ASKED', 'u')`.execute(db); // prettier-ignore
    for (const change of ['update history set event = event', 'delete from history', 'truncate history']) {
      await expect(sql.raw(change).execute(db)).rejects.toThrow('history is only ever added to');
    }
    await close();
  });
});

describe.runIf(process.env.DATABASE_URL)('migrations of a server that many open', () => {
  // Without DATABASE_URL there is none.
  it('run once, whoever is first', async () => {
    const place = await empty('server');
    const opened = await Promise.all(Array.from({ length: 4 }, () => openDatabase(place)));
    expect(await ran(opened[0]!.db)).toEqual(Object.keys(await migrationProvider.getMigrations()));
    for (const { db } of opened) expect(await db.selectFrom('history').selectAll().execute()).toEqual([]);
    await Promise.all(opened.map(({ close }) => close()));
  });
});
