import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { learn } from '../../src/domain/rate-card.ts';
import type { Offer } from '../../src/domain/rate.ts';
import { createSealer } from '../../src/domain/seal.ts';
import { createRateCardStore, type RateCardStore } from '../../src/storage/rate-cards.ts';
import { storages } from '../support/test-server.ts';
import { openReplicas, type Replicas } from '../workflows/replicas.ts';

const asOf = Date.parse('2026-11-18T18:00:00.123Z');
const minute = 60_000;
const offers = [{ carrier: 'USPS', price: { amount: '7.40', currencyCode: 'USD' } } as Offer];
const keyOf = (account: string, place = '94107') => ({
  account,
  route: `20260 ${place}`,
  places: place,
  parcel: '2 lb',
  weight: '1.5',
});

describe.each(storages)('rate cards in the %s ledger', (storage) => {
  let ledger: Replicas;
  let store: RateCardStore;
  let others: RateCardStore;
  beforeAll(async () => {
    ledger = await openReplicas(storage);
    const sealer = createSealer('a secret of more than thirty-two characters');
    const stores = ledger.databases.map((db) => createRateCardStore(db, sealer));
    [store, others] = stores as [RateCardStore, RateCardStore];
  });
  afterAll(() => ledger.close());

  const answer = (to: RateCardStore, account: string, place = '94107', change: object = {}) =>
    to.update({ ...keyOf(account, place), zone: '05' }, (entries) =>
      learn(entries, {
        shipDate: '2026-11-18',
        asOf,
        holdsUntil: asOf + 600 * minute,
        checkAt: asOf + 10 * minute,
        zone: '05',
        offers,
        ...change,
      }),
    );

  it('are learned by all replicas together', async () => {
    await Promise.all(
      ['1', '2', '3', '4'].map((place, index) => answer(index % 2 ? store : others, 'a', place)),
    );
    expect((await others.read(keyOf('a', '4'))).card).toMatchObject({ agreements: 3, asOf });
    expect((await store.read(keyOf('a', '4'))).price).toMatchObject({ value: offers });
    expect((await store.read(keyOf('b', '4'))).card).toBeUndefined();
  });

  it('give a spot check that is due to one of those who ask for it', async () => {
    await answer(store, 'c');
    const take = (at: number) =>
      Promise.all([store, others].map((one) => one.takeCheck('c', at, at + minute)));
    expect(await take(asOf + 10 * minute - 1)).toEqual([false, false]);
    expect((await take(asOf + 10 * minute)).filter(Boolean)).toHaveLength(1);
    expect(await store.takeCheck('c', asOf + 10 * minute + 1, 0)).toBe(false);
  });

  it('lose all prices but the contradicted one, of one account alone', async () => {
    for (const account of ['d', 'e']) for (const place of ['1', '2']) await answer(store, account, place);
    await answer(store, 'd', '2', { offers: [] });
    expect((await store.read(keyOf('d', '2'))).price).toMatchObject({ value: undefined, confirmedBy: [] });
    expect((await store.read(keyOf('e', '1'))).price).toMatchObject({ value: offers });
  });

  it('hold no place, and are deleted by age and number', async () => {
    for (const place of ['94107', '94108']) await answer(store, 'f', place, { asOf: asOf + minute });
    const db = ledger.databases[0];
    const { rows } = await sql<{ row: string }>`select to_jsonb(z)::text as row from rate_card_zones z
      union all select to_jsonb(p)::text from rate_card_prices p`.execute(db);
    expect(rows.filter(({ row }) => /20260|94107/.test(row))).toEqual([]);
    await store.prune(asOf + 1);
    expect((await store.read(keyOf('a', '4'))).card).toBeUndefined();
    expect((await store.read(keyOf('f'))).zone).toBeDefined();
    await store.prune(0, 1);
    const left = await sql<{ count: number }>`select count(*)::int as count from rate_card_zones`.execute(db);
    expect(left.rows).toEqual([{ count: 1 }]);
  });
});
