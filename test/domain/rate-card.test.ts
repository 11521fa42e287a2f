import { describe, expect, it } from 'vitest';

import {
  confirmedOffers,
  learn,
  type CardEntries,
  type CardObservation,
} from '../../src/domain/rate-card.ts';
import type { Offer } from '../../src/domain/rate.ts';

const minute = 60_000;
const shipDate = '2026-11-18';
const offers = (amount: string) => [{ price: { amount, currencyCode: 'USD' } } as Offer];
/** An answer of a place, for a parcel of a weight. */
interface Answer extends Partial<CardObservation> {
  readonly places: string;
  readonly weight?: string;
}

const learnFrom = (entries: Partial<CardEntries>, { places, weight = '1.5', ...change }: Answer) => {
  const seen = {
    shipDate,
    asOf: 0,
    holdsUntil: 600 * minute,
    checkAt: 10 * minute,
    zone: '05',
    offers: offers('7.40'),
  };
  return learn({ ...entries, places, weight }, { ...seen, ...change });
};

/** The entries after answers, one after the other. */
const after = (answers: readonly Answer[], from: Partial<CardEntries> = {}) =>
  answers.reduce<Partial<CardEntries>>((entries, answer) => learnFrom(entries, answer) ?? entries, from);

/** Whether the entries have an offer for a place and a weight. */
const has = (entries: Partial<CardEntries>, places = 'a', weight = '1.5', day = shipDate, now = 0) =>
  confirmedOffers({ ...entries, places, weight }, day, now) !== undefined;

const four = ['a', 'b', 'c', 'd'].map((places) => ({ places }));
const confirmed = after(four);

describe('a rate card', () => {
  it('has an offer once three answers have agreed with the first', () => {
    expect([1, 2, 3, 4].map((count) => has(after(four.slice(0, count))))).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it('has it for the place and the weight of an answer, and for others once two of them agree', () => {
    const sameQuestion = after(Array.from({ length: 9 }, () => ({ places: 'a' })));
    expect([has(sameQuestion), has(sameQuestion, 'b'), has(sameQuestion, 'a', '1.6')]).toEqual([
      true,
      false,
      false,
    ]);
    expect([has(confirmed, 'e'), has(confirmed, 'e', '1.6')]).toEqual([true, false]);
    expect(has(after([{ places: 'a', weight: '1.9' }], confirmed), 'e', '1.6')).toBe(true);
  });

  it('holds for one ship date, until prices may change', () => {
    expect(has(confirmed, 'a', '1.5', '2026-11-19')).toBe(false);
    expect(has(confirmed, 'a', '1.5', shipDate, 600 * minute - 1)).toBe(true);
    expect(has(confirmed, 'a', '1.5', shipDate, 600 * minute)).toBe(false);
  });

  it('waits for three answers of the next day, and ignores those of the day before', () => {
    const next = { shipDate: '2026-11-19', asOf: 700 * minute, holdsUntil: 2000 * minute };
    const answers = four.map((answer) => ({ ...answer, ...next }));
    const known = [1, 2, 3].map((count) =>
      has(after(answers.slice(0, count), confirmed), 'e', '1.5', next.shipDate, next.asOf),
    );
    expect(known).toEqual([false, false, true]);
    expect(learnFrom(after(answers, confirmed), { places: 'd' })).toBeUndefined();
  });

  const tomorrow = { asOf: 700 * minute, holdsUntil: 2000 * minute };
  it.each([
    ['a price that changed overnight', { ...tomorrow, offers: offers('7.50') }, '7.50', [false, true]],
    ['a price that differs on one day', { offers: offers('7.50') }, undefined, [false, true]],
    ['a newer price list', { pricesSince: '2026-11-18', offers: offers('7.50') }, '7.50', [false, true]],
  ])('forgets its prices by %s', (_, change, amount, dropped) => {
    const dated = { ...confirmed, card: { ...confirmed.card!, pricesSince: '2026-01-18' } };
    const changed = learnFrom(dated, { places: 'e', ...change })!;
    expect([changed.dropsZones, changed.dropsPrices]).toEqual(dropped);
    expect(changed.card.agreements).toBe(0);
    // Two prices on one day were never one: the entry is not used again.
    expect(changed.price.value).toEqual(amount && offers(amount));
    const { price } = learnFrom({ ...dated, price: changed.price }, { places: 'f', ...change })!;
    expect(price.value).toEqual(changed.price.value);
  });

  it('forgets its zones by another zone of a confirmed route, which is not used again', () => {
    const changed = learnFrom({ ...confirmed, price: undefined }, { places: 'e', zone: '06' })!;
    expect([changed.dropsZones, changed.dropsPrices]).toEqual([true, false]);
    expect(changed.zone).toEqual({ confirmedBy: [] });
    expect(changed.card.agreements).toBe(0);
    expect(learnFrom(changed, { places: 'f' })!.zone).toEqual({ confirmedBy: [] });
  });

  it('has misled nobody by a route that one place alone has confirmed', () => {
    const changed = learnFrom({ ...after(four.slice(0, 1)), price: undefined }, { places: 'b', zone: '06' })!;
    expect([changed.dropsZones, changed.zone]).toEqual([false, { confirmedBy: [] }]);
  });
});
