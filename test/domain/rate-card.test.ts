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
const seen = (place: string, change: Partial<CardObservation> = {}): CardObservation => ({
  shipDate,
  asOf: 0,
  holdsUntil: 600 * minute,
  checkAt: 10 * minute,
  zone: '05',
  offers: offers('7.40'),
  places: place,
  request: `${place} 2 lb`,
  ...change,
});

/** The entries after answers, one after the other. */
const after = (...answers: readonly CardObservation[]) =>
  answers.reduce<CardEntries & { dropped?: boolean }>(
    (entries, answer) => learn(entries, answer) ?? entries,
    {},
  );

const confirmed = after(seen('a'), seen('b'), seen('c'), seen('d'));

describe('a rate card', () => {
  it('has an offer that two requests confirm, after three answers that agree with it', () => {
    const answers = [seen('a'), seen('b'), seen('c'), seen('d')];
    const known = [1, 2, 3, 4].map((count) =>
      confirmedOffers(after(...answers.slice(0, count)), shipDate, 0),
    );
    expect(known).toEqual([undefined, undefined, undefined, offers('7.40')]);
  });

  it('learns nothing of others from a request that is repeated', () => {
    expect(
      confirmedOffers(after(...Array.from({ length: 9 }, () => seen('a'))), shipDate, 0),
    ).toBeUndefined();
  });

  it('holds for one ship date, until prices may change', () => {
    expect(confirmedOffers(confirmed, '2026-11-19', 0)).toBeUndefined();
    expect(confirmedOffers(confirmed, shipDate, 600 * minute - 1)).toBeDefined();
    expect(confirmedOffers(confirmed, shipDate, 600 * minute)).toBeUndefined();
  });

  it('waits for three answers of the next day, and ignores those of the day before', () => {
    const next = { shipDate: '2026-11-19', asOf: 700 * minute, holdsUntil: 2000 * minute };
    const answers = [seen('a', next), seen('b', next), seen('c', next)];
    const days = [1, 2, 3].map((count) => answers.slice(0, count).reduce((entries, each) => learn(entries, each)!, confirmed)); // prettier-ignore
    expect(days.map((entries) => confirmedOffers(entries, next.shipDate, next.asOf) !== undefined)).toEqual([false, false, true]); // prettier-ignore
    expect(learn(days[2]!, seen('d', { asOf: 701 * minute }))).toBeUndefined();
  });

  it.each([
    ['another price', { offers: offers('7.50') }],
    ['a newer price list', { pricesSince: '2026-11-18' }],
    ['another zone of a confirmed route', { zone: '06' }],
  ])('is dropped by %s', (_, change) => {
    const dated = { ...confirmed, card: { ...confirmed.card!, pricesSince: '2026-01-18' } };
    // The price is looked up in the zone of the answer.
    const entries = 'zone' in change ? { ...dated, price: undefined } : dated;
    const changed = learn(entries, seen('e', change))!;
    expect(changed.dropped).toBe(true);
    expect(changed.card.agreements).toBe(0);
    expect(confirmedOffers(changed, shipDate, 0)).toBeUndefined();
  });

  it('never uses a zone or a price again for which answers differ', () => {
    const { price } = learn(confirmed, seen('e', { offers: offers('7.50') }))!;
    expect(price).toEqual({ confirmedBy: [] });
    expect(learn({ ...confirmed, price }, seen('f'))!.price).toEqual(price);
    const unconfirmed = after(seen('a'));
    const { zone, dropped } = learn({ ...unconfirmed, price: undefined }, seen('b', { zone: '06' }))!;
    // A route that was not used yet has misled nobody.
    expect({ zone, dropped }).toEqual({ zone: { confirmedBy: [] }, dropped: false });
  });
});
