import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openDatabase, type Database } from '../../src/storage/database.ts';
import { DataDirectoryInUse } from '../../src/storage/ledger-folder.ts';
import { exportLedger, importLedger, countOtherProcesses } from '../../src/storage/transfer.ts';
import { freshDatabase, ledgerFolder, storages, type Storage } from '../support/test-server.ts';
import { openLedgerTestServer } from '../support/ledger-server.ts';

const ignoreProgress = () => {};
const cleanups: (() => unknown)[] = [];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parcelgraph-export-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const step of cleanups.splice(0).reverse()) await step();
});

async function open(storage: Storage): Promise<Database> {
  const server = storage === 'server' ? await freshDatabase() : undefined;
  const target = server ? { url: server.url } : { folder: ledgerFolder() };
  if (server) cleanups.push(server.drop);
  else cleanups.push(() => rmSync(target.folder!, { recursive: true, force: true }));
  const { db, close } = await openDatabase(target);
  cleanups.push(close);
  return db;
}

const table = sql.table;
const names = [
  'shipments',
  'parcels',
  'forms',
  'history',
  'trackers',
  'imports',
  'operations',
  'quotas',
] as const;
/** Reads every row as the text that the database writes, to the microsecond and the byte. */
const rowsOf = async (db: Database) => {
  await sql`set timezone to 'UTC'`.execute(db);
  const all: Record<string, unknown[]> = {};
  for (const name of names) {
    const { rows } = await sql<{
      row: string;
    }>`select r::text as row from ${table(name)} r order by 1`.execute(db);
    all[name] = rows.map(({ row }) => row);
  }
  return all;
};

/** Inserts rows with values that are easily lost: bytes, microseconds, exact numbers, quotes, nulls. */
async function fill(db: Database): Promise<void> {
  await sql`insert into shipments (id, tenant_id, idempotency_key, input_hash, rate_hash, account_id, provider,
    environment, status, carrier, service, sender, recipient, quoted_price, leased_until, created_at)
    select 'shp_' || n, 'acme', 'key ' || n || ${'"\n\\'}::text, 'h', n::text, 'usps', 'usps', 'TEST', 'PURCHASED', 'USPS',
    '{"a": 1.10}', ${'{"name": "Zoë ✓\u2028"}'}::jsonb, '{}', '{"amount": "7.40"}', '2026-01-02 03:04:05.123456+00',
    '2026-01-02 03:04:05.123+02' from generate_series(1, 250) n`.execute(db);
  const label = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 256));
  await sql`insert into parcels (shipment_id, position, parcel, label_format, state, label, request)
    select id, 0, '{}', 'PDF', 'PURCHASED', case when id < 'shp_2' then ${label}::bytea end, '{"n": 12345678901234567890.5}'
    from shipments`.execute(db);
  await sql`insert into forms values ('shp_1', 0, 0, 'Commercial invoice', 'PDF', null, ${label})`.execute(
    db,
  );
  await sql`insert into history (tenant_id, subject_id, event, account_id, detail)
    select 'acme', 'shp_' || (n % 7), 'SENT', 'usps', n::text from generate_series(1, 130) n`.execute(db);
  await sql`insert into trackers values ('acme', '9400', 'USPS', 'usps', '{"events": []}', now())`.execute(
    db,
  );
  await sql`insert into operations (id, tenant_id, kind, idempotency_key, input_hash, account_id, provider, environment,
    status, input, document) values ('man_1', 'acme', 'MANIFEST', 'k', 'h', 'usps', 'usps', 'TEST', 'DONE', '{}',
    ${label})`.execute(db);
  await sql`insert into imports values ('acme', 'easypost', '{}')`.execute(db);
  await sql`insert into quotas values ('k', 'labels', '{"slices": []}')`.execute(db);
  await sql`insert into tokens values ('k', 'sealed', null)`.execute(db);
}

const directions = storages.flatMap((from) => storages.map((to) => [from, to] as const));
describe.each(directions)('moving the ledger from %s to %s', (from, to) => {
  it('loses no data', async () => {
    const [source, target] = [await open(from), await open(to)];
    const file = join(folder, 'ledger.jsonl');
    await fill(source);
    const seen: number[] = [];
    const counts = await exportLedger(source, file, (_, rows, of) => seen.push(rows / of));
    expect(counts).toMatchObject({ shipments: 250, parcels: 250, history: 130, operations: 1, trackers: 1 });
    expect(counts).not.toHaveProperty('tokens');
    expect([seen.length, seen.at(-1)]).toEqual([635, 1]);
    expect(statSync(file).mode & 0o777).toBe(0o600);

    expect(await importLedger(target, file, ignoreProgress)).toEqual(counts);
    expect(await rowsOf(target)).toEqual(await rowsOf(source));
    const secondFile = join(folder, 'again.jsonl');
    await exportLedger(target, secondFile, ignoreProgress);
    expect(readFileSync(secondFile, 'utf8')).toBe(readFileSync(file, 'utf8'));

    // New rows continue the sequence of ids.
    await sql`insert into history (tenant_id, subject_id, event, account_id) values ('acme', 's', 'ASKED', 'u')`.execute(target); // prettier-ignore
    const last = await target.selectFrom('history').select(['id', 'event']).orderBy('id', 'desc').limit(1).executeTakeFirst(); // prettier-ignore
    expect(last).toMatchObject({ id: to === 'server' ? '131' : expect.anything(), event: 'ASKED' });
    expect(Number(last!.id)).toBe(131);
  });
});

describe.each(storages)('an import into the %s ledger', (storage) => {
  it('is rejected where the file is truncated, altered or not an export, without importing anything', async () => {
    const source = await open('embedded');
    const target = await open(storage);
    await fill(source);
    const file = join(folder, 'ledger.jsonl');
    await exportLedger(source, file, ignoreProgress);
    const lines = readFileSync(file, 'utf8').split('\n');
    const invalid: [string, RegExp][] = [
      [lines.slice(0, 300).join('\n'), /truncated/],
      [lines.filter((_, index) => index !== 5).join('\n'), /altered/],
      [lines.join('\n').replace('"account_id": "usps"', '"account_id": "upss"'), /altered/],
      [lines.slice(1).join('\n'), /not an export of a ledger/],
      ['hello', /not an export of a ledger/],
      ['', /truncated/],
    ];
    for (const [content, reason] of invalid) {
      writeFileSync(file, content);
      await expect(importLedger(target, file, ignoreProgress)).rejects.toThrow(reason);
    }
    const other = lines[0]!.replace(/"schema":"[^"]*"/, '"schema":"001-of-old"');
    const { createHash } = await import('node:crypto');
    const sha256 = createHash('sha256').update(`${other}\n`).digest('hex');
    writeFileSync(file, `${other}\n${JSON.stringify({ counts: {}, sha256 })}\n`);
    await expect(importLedger(target, file, ignoreProgress)).rejects.toThrow(/tables of 001-of-old/);
    for (const rows of Object.values(await rowsOf(target))) expect(rows).toEqual([]);
  });

  it('is rejected where the ledger is not empty, without changing it', async () => {
    const source = await open('embedded');
    const target = await open(storage);
    await fill(source);
    const file = join(folder, 'ledger.jsonl');
    await exportLedger(source, file, ignoreProgress);
    await sql`insert into trackers values ('acme', '1', 'USPS', 'usps', '{"events": []}', now())`.execute(
      target,
    );
    const before = await rowsOf(target);
    await expect(importLedger(target, file, ignoreProgress)).rejects.toThrow(
      'the ledger is not empty (1 in trackers)',
    );
    expect(await rowsOf(target)).toEqual(before);
  });

  it('that fails midway imports nothing', async () => {
    const source = await open('embedded');
    const target = await open(storage);
    await fill(source);
    const file = join(folder, 'ledger.jsonl');
    await exportLedger(source, file, ignoreProgress);
    // The last table but one refuses its rows.
    await sql`alter table quotas add constraint never check (false)`.execute(target);
    await expect(importLedger(target, file, ignoreProgress)).rejects.toThrow('never');
    for (const rows of Object.values(await rowsOf(target))) expect(rows).toEqual([]);
  });
});

it('an export does not overwrite a file', async () => {
  const file = join(folder, 'there.jsonl');
  writeFileSync(file, 'mine');
  await expect(exportLedger(await open('embedded'), file, ignoreProgress)).rejects.toThrow('EEXIST');
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

describe.each(storages)('a purchase that is moved from the embedded to the %s ledger', (storage) => {
  it('is found by its idempotency key, with its label', async () => {
    const app = await openLedgerTestServer('embedded');
    cleanups.push(app.close);
    const rateId = await app.rate('usps');
    const { shipment } = (await app.buy('order-1', rateId)).data.shipmentPurchase;
    const label = await (await fetch(shipment.label.url)).bytes();
    // No other process can open the ledger of a running server.
    await expect(app.within(async () => {})).rejects.toThrow(DataDirectoryInUse);
    await app.stop();
    const file = join(folder, 'ledger.jsonl');
    await app.within((db) => exportLedger(db, file, ignoreProgress));

    const server = storage === 'server' ? await freshDatabase() : undefined;
    if (server) cleanups.push(server.drop);
    const newStorage = server ? { url: server.url } : { folder: ledgerFolder() };
    const opened = await openDatabase(newStorage);
    await importLedger(opened.db, file, ignoreProgress);
    await opened.close();

    const moved = await openLedgerTestServer(storage, { storage: newStorage, folder: app.folder });
    cleanups.push(moved.stop);
    const again = (await moved.buy('order-1', rateId)).data.shipmentPurchase.shipment;
    expect({ ...again, label: null, parcels: null }).toEqual({ ...shipment, label: null, parcels: null });
    expect(Buffer.from(await (await fetch(again.label.url)).bytes())).toEqual(Buffer.from(label));
    expect(moved.sandbox.usps.charges()).toHaveLength(1);
    if (server) {
      const other = await openDatabase(newStorage);
      expect(await countOtherProcesses(other.db)).toBe(1);
      await moved.stop();
      // The database removes a closed connection after a moment.
      await expect.poll(() => countOtherProcesses(other.db)).toBe(0);
      await other.close();
    }
  });
});
