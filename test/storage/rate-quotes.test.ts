import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Offer } from '../../src/domain/rate.ts';
import { createSealer } from '../../src/domain/seal.ts';
import { createRateQuoteStore, type RateQuoteStore } from '../../src/storage/rate-quotes.ts';
import { storages } from '../support/test-server.ts';
import { openReplicas, type Replicas } from '../workflows/replicas.ts';

const pricedAt = Date.parse('2026-11-18T18:00:00.123Z');
const lifetimeMs = 60_000;
const offer = (amount: string) => ({ carrier: 'USPS', price: { amount, currencyCode: 'USD' } }) as Offer;
const quote = (factors: string, amount: string, asOf = pricedAt) => ({
  factors,
  offers: [offer(amount)],
  asOf,
  expiresAt: asOf + lifetimeMs,
});

describe.each(storages)('shared quotes in the %s ledger', (storage) => {
  let ledger: Replicas;
  let store: RateQuoteStore;
  let others: RateQuoteStore;
  beforeAll(async () => {
    ledger = await openReplicas(storage);
    const sealer = createSealer('a secret of more than thirty-two characters');
    [store, others] = ledger.databases.map((db) => createRateQuoteStore(db, sealer)) as [
      RateQuoteStore,
      RateQuoteStore,
    ];
  });
  afterAll(() => ledger.close());
  beforeEach(async () => void (await store.prune(pricedAt + 10 * lifetimeMs)));

  const read = async (factors: string, now = pricedAt) => (await others.read([factors], now)).get(factors);

  it('are read by every replica, until they expire', async () => {
    await store.save([quote('a', '7.40'), quote('b', '8.00')]);
    expect(await others.read(['a', 'b', 'c'], pricedAt)).toEqual(
      new Map([
        ['a', { offers: [offer('7.40')], failures: [], asOf: pricedAt }],
        ['b', { offers: [offer('8.00')], failures: [], asOf: pricedAt }],
      ]),
    );
    expect(await read('a', pricedAt + lifetimeMs - 1)).toBeDefined();
    expect(await read('a', pricedAt + lifetimeMs)).toBeUndefined();
  });

  it('are replaced by newer ones only', async () => {
    await store.save([quote('a', '7.40')]);
    await others.save([quote('a', '7.90', pricedAt + 1)]);
    await store.save([quote('a', '7.40', pricedAt)]);
    expect(await read('a')).toMatchObject({ offers: [offer('7.90')], asOf: pricedAt + 1 });
  });

  it('are deleted once they have expired, and the oldest beyond the most that are kept', async () => {
    const quotes = Array.from({ length: 10 }, (_, index) => quote(`q${index}`, '7.40', pricedAt + index));
    await store.save(quotes);
    expect(await store.prune(pricedAt + lifetimeMs + 1)).toBe(2);
    expect(await store.prune(pricedAt, 3)).toBe(5);
    const left = await store.read(quotes.map(({ factors }) => factors), pricedAt); // prettier-ignore
    expect([...left.keys()].sort()).toEqual(['q7', 'q8', 'q9']);
    expect(await store.prune(pricedAt, 3)).toBe(0);
  });
});
