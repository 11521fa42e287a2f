import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Database } from '../../src/storage/database.ts';
import { leaseExpiry } from '../../src/storage/leases.ts';
import { claimPurchase } from '../../src/storage/purchases/claim.ts';
import { storages } from '../support/test-server.ts';
import { intentOf } from '../workflows/purchases/intent.ts';
import { openReplicas, type Replicas } from '../workflows/replicas.ts';

const lease = { worker: 'worker', leased_until: leaseExpiry };

/** A database on which `meanwhile` runs between a transaction's failure and what is done about it. */
const interruptedOnce = (db: Database, meanwhile: () => Promise<unknown>): Database => {
  let pending: (() => Promise<unknown>) | undefined = meanwhile;
  const interrupt = async (error: unknown) => {
    await pending?.();
    pending = undefined;
    throw error;
  };
  const transaction: Database['transaction'] = () => {
    const builder = db.transaction();
    const execute: typeof builder.execute = (work) => builder.execute(work).catch(interrupt);
    return Object.assign(Object.create(builder), { execute });
  };
  return new Proxy(db, {
    get: (target, name) => {
      if (name === 'transaction') return transaction;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
};

describe.each(storages)('claims of purchases in the %s ledger', (storage) => {
  let ledger: Replicas;
  let db: Database;
  beforeAll(async () => {
    ledger = await openReplicas(storage);
    db = ledger.databases[0]!;
  });
  afterAll(() => ledger.close());

  it('refuse a rate that another key bought, and name its shipment', async () => {
    const first = await claimPurchase(db, lease, intentOf('used', 1));
    await expect(claimPurchase(db, lease, intentOf('used', 1))).rejects.toMatchObject({
      errors: [{ code: 'RATE_USED', message: expect.stringContaining(first!.id) as string }],
    });
  });

  it('have the rate whose purchase fails while it refuses them', async () => {
    const first = await claimPurchase(db, lease, intentOf('raced', 1));
    const fail = () =>
      db.updateTable('shipments').set({ status: 'FAILED' }).where('id', '=', first!.id).execute();
    const second = await claimPurchase(interruptedOnce(db, fail), lease, intentOf('raced', 1));
    expect(second).toMatchObject({ rate_hash: 'raced', status: 'PURCHASING' });
    expect(second!.id).not.toBe(first!.id);
  });
});
