import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { money } from '../../src/domain/money.ts';
import { compareOffers, offerKey, validateRateRequest, type Offer } from '../../src/domain/rate.ts';
import type { Parcel } from '../../src/domain/parcel.ts';
import { box, receiver, sender } from '../support/test-server.ts';

const parcel = box as Parcel;
const today = '2026-11-18';
const errorsOf = (change: Partial<Parameters<typeof validateRateRequest>[0]>) =>
  validateRateRequest({ from: sender, to: receiver, parcels: [parcel], ...change }, today, ['input']).map(
    ({ code, field }) => `${code} ${field.join('.')}`,
  );

describe('a request for rates', () => {
  it('needs two addresses and a parcel, shipped today or later', () => {
    expect(errorsOf({})).toEqual([]);
    expect(errorsOf({ shipDate: today })).toEqual([]);
    expect(errorsOf({ shipDate: '2027-01-01' })).toEqual([]);
  });

  it('is rejected for a date in the past, with today’s date at the sender’s address', () => {
    expect(errorsOf({ shipDate: '2026-11-17' })).toEqual(['INVALID input.shipDate']);
    const [error] = validateRateRequest(
      { from: sender, to: receiver, parcels: [parcel], shipDate: '2026-11-17' },
      today,
      [],
    );
    expect(error!.message).toBe("is in the past; today is 2026-11-18 at the sender's address");
  });

  it('has 1 to 30 parcels', () => {
    expect(errorsOf({ parcels: [] })).toEqual(['REQUIRED input.parcels']);
    expect(errorsOf({ parcels: Array<Parcel>(30).fill(parcel) })).toEqual([]);
    expect(errorsOf({ parcels: Array<Parcel>(31).fill(parcel) })).toEqual(['TOO_MANY input.parcels']);
  });

  it('gets all errors at once, each with its path', () => {
    const weightless: Parcel = { weight: { value: 0, unit: 'GRAM' } };
    expect(
      errorsOf({
        from: { country: 'US' },
        to: { ...receiver, postalCode: '9' },
        parcels: [parcel, weightless],
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

  it('are ordered by price, then by days with unknown ones last, then by code', () => {
    const offers = [
      offer('9', 'C', 3),
      offer('9', 'B'),
      offer('10', 'A', 1),
      offer('9', 'D', 2),
      offer('9', 'A'),
    ];
    const order = offers.sort(compareOffers).map(({ service, price }) => `${service.code} ${price.amount}`);
    expect(order).toEqual(['D 9.00', 'C 9.00', 'A 9.00', 'B 9.00', 'A 10.00']);
  });

  it('have the same order whatever order the provider sent', () => {
    const lists = fc.uniqueArray(
      fc.tuple(
        fc.constantFrom('9', '9.5', '10'),
        fc.constantFrom('A', 'B', 'C', 'D', 'E'),
        fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      ),
      { selector: ([, code]) => code },
    );
    fc.assert(
      fc.property(
        lists.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([given, shuffled]) => {
          const sorted = (list: typeof given) => list.map((parts) => offer(...parts)).sort(compareOffers);
          expect(sorted(shuffled)).toEqual(sorted(given));
        },
      ),
    );
  });

  it('are identified by account, carrier, service and packaging, not by price', () => {
    expect(offerKey('usps', offer('9', 'A'))).toBe(offerKey('usps', offer('10', 'A', 3)));
    expect(offerKey('usps', offer('9', 'A'))).not.toBe(offerKey('usps', offer('9', 'B')));
    expect(offerKey('usps', offer('9', 'A'))).not.toBe(offerKey('usps-2', offer('9', 'A')));
    expect(offerKey('usps', offer('9', 'A'))).not.toBe(
      offerKey('usps', offer('9', 'A'), 'SMALL_FLAT_RATE_BOX'),
    );
  });
});
