import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  maxShipments,
  shareOrigin,
  manifestErrors,
  packageLocations,
  pickupErrors,
  totalWeight,
  type PickupInput,
} from '../../src/domain/handover.ts';
import { weightIn, type WeightUnit } from '../../src/domain/measure.ts';
import { receiver, sender } from '../support/test-server.ts';

const now = Date.parse('2026-11-18T18:00:00Z');
const wishes: PickupInput = { address: sender, date: '2026-11-19', shipmentIds: ['a'] };
const faults = (more: Partial<PickupInput>, at = now) =>
  pickupErrors({ ...wishes, ...more }, at, ['input']).map(({ code, field }) => `${code} ${field.join('.')}`);

describe('a pickup', () => {
  it('wants an address, a day and shipments, and nothing else', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ readyFrom: null, readyUntil: null, packageLocation: null, instructions: null, maxPrice: null })).toEqual([]); // prettier-ignore
  });

  it('is today or within a year, by the calendar of the place', () => {
    expect(faults({ date: '2026-11-18' })).toEqual([]);
    expect(faults({ date: '2026-11-17' })).toEqual(['INVALID input.date']);
    expect(faults({ date: '2027-11-18' })).toEqual([]);
    expect(faults({ date: '2027-11-19' })).toEqual(['INVALID input.date']);
    // Three in the morning in Washington is midnight in San Francisco.
    const late = Date.parse('2026-11-19T06:00:00Z');
    expect(faults({ date: '2026-11-18' }, late)).toEqual(['INVALID input.date']);
    expect(faults({ date: '2026-11-18', address: receiver }, late)).toEqual([]);
  });

  it('happens where somebody can be found', () => {
    expect(faults({ address: { country: 'US' } })).toEqual([
      'REQUIRED input.address.postalCode',
      'REQUIRED input.address.name',
      'REQUIRED input.address.street1',
      'REQUIRED input.address.city',
      'REQUIRED input.address.state',
    ]);
    expect(faults({ address: { ...sender, name: null, company: 'Acme' } })).toEqual([]);
  });

  it('knows where the parcels lie', () => {
    for (const packageLocation of packageLocations) {
      expect(faults({ packageLocation, instructions: 'behind the fence' })).toEqual([]);
    }
    expect(faults({ packageLocation: 'ROOF' })).toEqual(['INVALID input.packageLocation']);
    expect(faults({ packageLocation: 'OTHER' })).toEqual(['REQUIRED input.instructions']);
    expect(faults({ packageLocation: 'OTHER', instructions: ' ' })).toEqual(['REQUIRED input.instructions']);
    expect(faults({ instructions: 'x'.repeat(255) })).toEqual([]);
    expect(faults({ instructions: 'x'.repeat(256) })).toEqual(['INVALID input.instructions']);
  });

  it('has hours of its own day, the first before the last', () => {
    const hours = (readyFrom: string | null, readyUntil: string | null) => faults({ readyFrom, readyUntil });
    expect(hours('2026-11-19T09:00:00', '2026-11-19T17:00:00')).toEqual([]);
    expect(hours('2026-11-19T09:00:00', null)).toEqual([]);
    expect(hours('2026-11-19T17:00:00', '2026-11-19T09:00:00')).toEqual(['INVALID input.readyUntil']);
    expect(hours('2026-11-19T09:00:00', '2026-11-19T09:00:00')).toEqual(['INVALID input.readyUntil']);
    expect(hours('2026-11-20T09:00:00', null)).toEqual(['INVALID input.readyFrom']);
    expect(hours('2026-11-19T09:00:00', '2026-11-20T09:00:00')).toEqual(['INVALID input.readyUntil']);
  });

  it('may cost nothing or more', () => {
    expect(faults({ maxPrice: { amount: '0', currencyCode: 'USD' } })).toEqual([]);
    expect(faults({ maxPrice: { amount: '-1', currencyCode: 'USD' } })).toEqual([
      'INVALID input.maxPrice.amount',
    ]);
  });
});

describe('a list of shipments', () => {
  const listed = (shipmentIds: string[]) =>
    manifestErrors({ shipmentIds }, ['input']).map(({ code, field }) => `${code} ${field.join('.')}`);
  const many = (count: number) => Array.from({ length: count }, (_, index) => `shipment ${index}`);

  it('has one to a thousand, each once', () => {
    expect(listed(many(1))).toEqual([]);
    expect(listed(many(maxShipments))).toEqual([]);
    expect(listed([])).toEqual(['REQUIRED input.shipmentIds']);
    expect(listed(many(maxShipments + 1))).toEqual(['TOO_MANY input.shipmentIds']);
    expect(listed(['a', 'b', 'a'])).toEqual(['INVALID input.shipmentIds.2']);
    expect(faults({ shipmentIds: [] })).toEqual(['REQUIRED input.shipmentIds']);
  });
});

describe('parcels that are handed over together', () => {
  it('leave from one place, whoever is named there', () => {
    const shouted = { ...sender, name: 'Sam', city: 'WASHINGTON', street2: null, postalCode: '20260-0004' };
    expect(shareOrigin([{ from: sender }, { from: shouted }])).toBe(true);
    expect(shareOrigin([{ from: sender }, { from: { ...sender, street2: 'Floor 2' } }])).toBe(false);
    expect(shareOrigin([{ from: sender }, { from: receiver }])).toBe(false);
  });

  it('are never declared lighter than they are, nor by a whole unit heavier', () => {
    const unit = fc.constantFrom<WeightUnit>('GRAM', 'KILOGRAM', 'OUNCE', 'POUND');
    const weight = fc.record({ value: fc.integer({ min: 1, max: 70_000 }).map((each) => each / 1000), unit });
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 40 }), (weights) => {
        const together = totalWeight(weights.map((each) => ({ weight: each })), 'POUND'); // prettier-ignore
        // In a unit so small that its rounding is far below the step of a parcel.
        const exact = weights.reduce((total, each) => total + weightIn(each, 'POUND', '0.00000001'), 0);
        expect(Number.isInteger(together)).toBe(true);
        expect(together).toBeGreaterThanOrEqual(exact - 1e-6);
        expect(together).toBeLessThan(exact + 1 + weights.length * 0.0001);
      }),
    );
    expect(totalWeight([{ weight: { value: 1.1, unit: 'POUND' } }, { weight: { value: 1.9, unit: 'POUND' } }], 'POUND')).toBe(3); // prettier-ignore
  });
});
