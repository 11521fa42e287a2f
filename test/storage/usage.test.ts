import { afterEach, expect, describe, it } from 'vitest';

import { openDatabase } from '../../src/storage/database.ts';
import { createUsageStore } from '../../src/storage/usage.ts';
import { freshDatabase, ledgerFolder, storages } from '../support/test-server.ts';

const hour = Date.parse('2026-11-18T18:00:00Z');
const call = { tenantId: 'acme', accountId: 'usps', api: 'tracking', calls: 1 };

describe.each(storages)('the usage of accounts in the %s ledger', (storage) => {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  const open = async () => {
    const server = storage === 'server' ? await freshDatabase() : undefined;
    if (server) cleanups.push(server.drop);
    const { db, close } = await openDatabase(server ?? { folder: ledgerFolder() });
    cleanups.push(close);
    return db;
  };

  it('adds what several processes count, and keeps the hours apart until they are deleted', async () => {
    const db = await open();
    const stores = [createUsageStore(db), createUsageStore(db)] as const;
    const [first, second] = stores;
    for (const store of stores) {
      store.add({ ...call, operation: 'Parcels', at: hour + 1 });
      store.add({ ...call, operation: 'Parcels', at: hour + 3_599_999, failed: 1 });
      store.add({ ...call, at: hour + 3_600_000 });
    }
    await Promise.all(stores.map((store) => store.flush()));
    const parcels = {
      api: 'tracking',
      operation: 'Parcels',
      client: undefined,
      calls: 4,
      failed: 2,
      joined: 0,
    };
    const unnamed = { ...parcels, operation: undefined, calls: 2, failed: 0 };
    expect(await first.since('acme', 'usps', new Date(hour + 1_000))).toEqual([parcels, unnamed]);
    expect(await second.since('acme', 'usps', new Date(hour + 3_600_000))).toEqual([unnamed]);
    expect(await second.since('globex', 'usps', new Date(hour))).toEqual([]);
    const hourly = { tenantId: 'acme', accountId: 'usps', api: 'tracking' };
    expect(await first.byHour(new Date(hour + 1_000))).toEqual([
      { ...hourly, hour: new Date(hour), calls: 4, failed: 2 },
      { ...hourly, hour: new Date(hour + 3_600_000), calls: 2, failed: 0 },
    ]);
    await first.deleteBefore(new Date(hour + 3_600_000));
    expect(await first.since('acme', 'usps', new Date(hour))).toEqual([unnamed]);
  });

  it('keeps what could not be written for the next time', async () => {
    const db = await open();
    const store = createUsageStore(db);
    await db.schema.alterTable('usage').renameTo('hidden').execute();
    store.add({ ...call, at: hour });
    await expect(store.flush()).rejects.toThrow('usage');
    await db.schema.alterTable('hidden').renameTo('usage').execute();
    store.add({ ...call, at: hour });
    expect(await store.since('acme', 'usps', new Date(hour))).toMatchObject([{ calls: 2 }]);
  });
});
