import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';

import { systemClock } from '../../sandbox/clock.ts';
import { openStore } from '../../sandbox/store.ts';
import { startUsps, uspsSandboxClient } from '../../sandbox/usps/index.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { ownParcels } from '../support/polling.ts';
import { ask, freshDatabase, ledgerFolder, storages } from '../support/test-server.ts';
import { startServer, type Server } from '../workflows/purchases/server.ts';

const parcels = ownParcels(35 * 24, 20_000);
const apiKey = 'a-key-of-the-test';
const tracking = /\/tracking$/;

/** Watches the parcels, due now, and adds an endpoint that is sent each change; nobody listens there. */
async function prepare(db: Database): Promise<void> {
  const now = new Date();
  const times = { due_at: now, changed_at: now };
  const rows = parcels.map(({ trackingNumber }) => ({ tenant_id: 'default', tracking_number: trackingNumber, carrier: 'USPS', account_id: 'usps', ...times })); // prettier-ignore
  await db.insertInto('watches').values(rows).execute();
  const endpoint = { id: 'whe_1', tenant_id: 'default', url: 'https://127.0.0.1:1/', secret: 'none' };
  await db
    .insertInto('webhook_endpoints')
    .values({ ...endpoint, events: JSON.stringify(['TRACKER_UPDATED']) })
    .execute();
}

/** Counts parcels that were not polled yet, trackers, their events, their versions, and the changes that were sent. */
async function countAll(db: Database) {
  const { rows } = await sql<Record<string, number>>`select
    (select count(*)::integer from watches where due_at <= now()) as due,
    (select count(*)::integer from trackers) as trackers,
    (select coalesce(sum(jsonb_array_length(state->'events')), 0)::integer from trackers) as events,
    (select count(distinct version)::integer from trackers) as versions,
    (select count(*)::integer from webhook_deliveries) as changes`.execute(db);
  return rows[0]!;
}

/** Counts the parcels that no provider was asked for yet. The question itself asks none. */
async function countUnknown(url: string): Promise<number> {
  const query = `mutation ($numbers: [TrackingNumberInput!]!) { trackerWatch(input: { numbers: $numbers }) { trackers { asOf } } }`;
  const { data } = await ask<any>(url, query, { numbers: parcels }, apiKey);
  return data.trackerWatch.trackers.filter(({ asOf }: { asOf: string | null }) => asOf === null).length;
}

describe.each(storages)('a server that is killed while it polls on the %s ledger', (storage) => {
  it('loses no event after its restart, and sends none twice', { timeout: 120_000 }, async () => {
    const folder = ledgerFolder();
    const settings = mkdtempSync(join(tmpdir(), 'parcelgraph-kills-'));
    const database = storage === 'server' ? await freshDatabase() : undefined;
    const location = database ?? { folder };
    const emulator = await startUsps({ clock: systemClock, store: openStore(), quota: 1_000_000 });
    for (const { trackingNumber } of parcels) emulator.parcel({ trackingNumber });
    const { id: clientId, secret: clientSecret } = uspsSandboxClient;
    const account = { id: 'usps', provider: 'usps', baseUrl: emulator.url, quota: { default: 1_000_000 }, credentials: { clientId, clientSecret } }; // prettier-ignore
    const tenants = join(settings, 'tenants.json');
    writeFileSync(tenants, JSON.stringify({ tenants: [{ id: 'default', apiKeys: [apiKey], accounts: [account] }] })); // prettier-ignore
    const env = {
      DATA_DIR: database ? settings : folder,
      ...(database && { DATABASE_URL: database.url }),
      PARCELGRAPH_TENANTS: tenants,
      PARCELGRAPH_SECRET: 'a secret of more than thirty-two characters',
    };
    const withLedger = async <T>(work: (db: Database) => Promise<T>): Promise<T> => {
      const { db, close } = await openDatabase(location);
      return work(db).finally(close);
    };
    const servers: (Server | undefined)[] = [];
    const start = async () => {
      const count = database ? 2 : 1;
      servers.push(...(await Promise.all(Array.from({ length: count }, () => startServer(env)))));
    };
    const stop = async (signal: 'SIGKILL' | 'SIGTERM') => {
      for (const server of servers.splice(0)) await server?.kill(signal);
    };
    try {
      await withLedger(prepare);
      await start();
      // Some answers are stored, others are under way.
      await expect.poll(() => emulator.count('POST', tracking), { timeout: 30_000, interval: 5 }).toBeGreaterThan(20); // prettier-ignore
      await stop('SIGKILL');
      // Two minutes later.
      await withLedger((db) => db.updateTable('watches').set({ leased_until: null }).execute());
      const before = emulator.count('POST', tracking);
      await start();
      await expect.poll(() => countUnknown(servers[0]!.url), { timeout: 30_000 }).toBe(0);
      await stop('SIGTERM');
      const counts = await withLedger(countAll);
      const each = parcels.length;
      // Each parcel has two events: its label, and its acceptance.
      expect(counts).toEqual({ due: 0, trackers: each, events: 2 * each, versions: each, changes: each });
      expect(emulator.count('POST', tracking)).toBeLessThanOrEqual(before + 24);
    } finally {
      await stop('SIGKILL');
      await emulator.close();
      await database?.drop();
      rmSync(folder, { recursive: true, force: true });
      rmSync(settings, { recursive: true, force: true });
    }
  });
});
