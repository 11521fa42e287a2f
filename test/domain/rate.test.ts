import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { money } from '../../src/domain/money.ts';
import { compareOffers, offerKey, rateErrors, type Offer } from '../../src/domain/rate.ts';
import type { Parcel } from '../../src/domain/parcel.ts';
import { box, receiver, sender } from '../support/test-server.ts';

const parcel = box as Parcel;
const today = '2026-11-18';
const faults = (change: Partial<Parameters<typeof rateErrors>[0]>) =>
  rateErrors({ from: sender, to: receiver, parcels: [parcel], ...change }, today, ['input']).map(
    ({ code, field }) => `${code} ${field.join('.')}`,
  );

describe('a question about rates', () => {
  it('is fine with two addresses and a parcel, shipped today or later', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ shipDate: today })).toEqual([]);
    expect(faults({ shipDate: '2027-01-01' })).toEqual([]);
  });

  it('is refused for a day that is over at the sender’s place, which is named', () => {
    expect(faults({ shipDate: '2026-11-17' })).toEqual(['INVALID input.shipDate']);
    const [error] = rateErrors(
      { from: sender, to: receiver, parcels: [parcel], shipDate: '2026-11-17' },
      today,
      [],
    );
    expect(error!.message).toBe('is in the past; at the sender’s place it is 2026-11-18'.replace('’', "'"));
  });

  it('takes 1 to 30 parcels', () => {
    expect(faults({ parcels: [] })).toEqual(['REQUIRED input.parcels']);
    expect(faults({ parcels: Array<Parcel>(30).fill(parcel) })).toEqual([]);
    expect(faults({ parcels: Array<Parcel>(31).fill(parcel) })).toEqual(['TOO_MANY input.parcels']);
  });

  it('hears of everything that is wrong at once, each by its path', () => {
    const heavy: Parcel = { weight: { value: 0, unit: 'GRAM' } };
    expect(
      faults({
        from: { country: 'US' },
        to: { ...receiver, postalCode: '9' },
        parcels: [parcel, heavy],
        shipDate: '2020-01-01',
      }),
    ).toEqual([
      'REQUIRED input.from.postalCode',
      'INVALID input.to.postalCode',
      'INVALID input.parcels.1.weight.value',
      'INVALID input.shipDate',
    ]);
  });
});

describe('offers', () => {
  const offer = (price: string, code: string, estimatedDays?: number): Offer => ({
    carrier: 'USPS',
    service: { code, name: code },
    price: money(price),
    charges: [],
    estimatedDays,
    guaranteed: false,
    providerRef: {},
  });

  it('come cheapest first, then soonest, then by name; one that says no days comes after those that do', () => {
    const sorted = [
      offer('9', 'C', 3),
      offer('9', 'B'),
      offer('10', 'A', 1),
      offer('9', 'D', 2),
      offer('9', 'A'),
    ];
    const order = sorted.sort(compareOffers).map((each) => `${each.service.code} ${each.price.amount}`);
    expect(order).toEqual(['D 9.00', 'C 9.00', 'A 9.00', 'B 9.00', 'A 10.00']);
  });

  it('come in the same order, in whatever order the provider gave them', () => {
    const some = fc.uniqueArray(
      fc.tuple(
        fc.constantFrom('9', '9.5', '10'),
        fc.constantFrom('A', 'B', 'C', 'D', 'E'),
        fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      ),
      { selector: ([, code]) => code },
    );
    fc.assert(
      fc.property(
        some.chain((each) =>
          fc.tuple(fc.constant(each), fc.shuffledSubarray(each, { minLength: each.length })),
        ),
        ([given, shuffled]) => {
          const sorted = (list: typeof given) => list.map((each) => offer(...each)).sort(compareOffers);
          expect(sorted(shuffled)).toEqual(sorted(given));
        },
      ),
    );
  });

  it('are known again in a new quote by account, carrier and service, not by price', () => {
    expect(offerKey('usps', offer('9', 'A'))).toBe(offerKey('usps', offer('10', 'A', 3)));
    expect(offerKey('usps', offer('9', 'A'))).not.toBe(offerKey('usps', offer('9', 'B')));
    expect(offerKey('usps', offer('9', 'A'))).not.toBe(offerKey('usps-2', offer('9', 'A')));
    expect(offerKey('usps', offer('9', 'A'))).not.toBe(
      offerKey('usps', offer('9', 'A'), 'SMALL_FLAT_RATE_BOX'),
    );
  });
});
