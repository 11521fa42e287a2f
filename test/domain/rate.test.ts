import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { money } from '../../src/domain/money.ts';
import { compareOffers, dateAt, offerKey, rateErrors, type Offer } from '../../src/domain/rate.ts';
import type { Parcel } from '../../src/domain/parcel.ts';
import { box, receiver, sender } from '../support/house.ts';

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

describe('the date at the sender’s place', () => {
  const at = (postalCode: string, time: string, country = 'US') =>
    dateAt({ country, postalCode }, Date.parse(time));
  /** ZIP codes, and the hour of UTC at which their day begins, in winter and in summer. */
  const places: [place: string, zip: string, winter: number, summer: number][] = [
    ['Boston', '02108', 5, 4],
    ['San Juan', '00901', 4, 4],
    ['Chicago', '60601', 6, 5],
    ['Dallas', '75201', 6, 5],
    ['Nashville', '37201', 6, 5],
    ['Denver', '80202', 7, 6],
    ['Phoenix', '85001', 7, 7],
    ['Las Vegas', '89101', 8, 7],
    ['San Francisco', '94107', 8, 7],
    ['Anchorage', '99501', 9, 8],
    ['Honolulu', '96813', 10, 10],
  ];

  for (const [place, zip, winter, summer] of places) {
    it(`turns at midnight in ${place}`, () => {
      const hour = (hours: number) => String(hours).padStart(2, '0');
      expect(at(zip, `2026-11-18T${hour(winter - 1)}:59:59Z`)).toBe('2026-11-17');
      expect(at(zip, `2026-11-18T${hour(winter)}:00:00Z`)).toBe('2026-11-18');
      expect(at(zip, `2026-07-04T${hour(summer - 1)}:59:59Z`)).toBe('2026-07-03');
      expect(at(zip, `2026-07-04T${hour(summer)}:00:00Z`)).toBe('2026-07-04');
    });
  }

  it('is ahead of all of the others on Guam', () => {
    expect(at('96910', '2026-11-17T13:59:59Z')).toBe('2026-11-17');
    expect(at('96910', '2026-11-17T14:00:00Z')).toBe('2026-11-18');
  });

  it('is that of UTC outside the US', () => {
    expect(at('10115', '2026-11-17T23:59:59Z', 'DE')).toBe('2026-11-17');
    expect(at('10115', '2026-11-18T00:00:00Z', 'DE')).toBe('2026-11-18');
  });

  it('is a date, whatever the address and the time', () => {
    fc.assert(
      fc.property(
        fc.option(fc.string()),
        fc.date({ noInvalidDate: true, min: new Date('1970-01-02'), max: new Date('9999-01-01') }),
        (zip, time) => {
          const date = dateAt({ country: 'US', postalCode: zip }, time.getTime());
          expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
          expect(Math.abs(Date.parse(date) - time.getTime())).toBeLessThan(2 * 86_400_000);
        },
      ),
    );
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
    ticket: {},
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
