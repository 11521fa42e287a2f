import { describe, expect, it } from 'vitest';

import { packageLocations, validatePickup, type PickupInput } from '../../src/domain/pickup.ts';
import { receiver, sender } from '../support/test-server.ts';

const now = Date.parse('2026-11-18T18:00:00Z');
const pickup: PickupInput = { address: sender, date: '2026-11-19', shipmentIds: ['a'] };
const errorsOf = (more: Partial<PickupInput>, at = now) =>
  validatePickup({ ...pickup, ...more }, at, ['input']).map(
    ({ code, field }) => `${code} ${field.join('.')}`,
  );

describe('a pickup', () => {
  it('requires an address, a date and shipments', () => {
    expect(errorsOf({})).toEqual([]);
    expect(errorsOf({ readyFrom: null, readyUntil: null, packageLocation: null, instructions: null, maxPrice: null })).toEqual([]); // prettier-ignore
  });

  it('has a date from today to a year ahead, in the time zone of the address', () => {
    expect(errorsOf({ date: '2026-11-18' })).toEqual([]);
    expect(errorsOf({ date: '2026-11-17' })).toEqual(['INVALID input.date']);
    expect(errorsOf({ date: '2027-11-18' })).toEqual([]);
    expect(errorsOf({ date: '2027-11-19' })).toEqual(['INVALID input.date']);
    // At this time it is 1:00 in Washington and 22:00 in San Francisco.
    const late = Date.parse('2026-11-19T06:00:00Z');
    expect(errorsOf({ date: '2026-11-18' }, late)).toEqual(['INVALID input.date']);
    expect(errorsOf({ date: '2026-11-18', address: receiver }, late)).toEqual([]);
  });

  it('requires a complete address', () => {
    expect(errorsOf({ address: { country: 'US' } })).toEqual([
      'REQUIRED input.address.postalCode',
      'REQUIRED input.address.name',
      'REQUIRED input.address.street1',
      'REQUIRED input.address.city',
      'REQUIRED input.address.state',
    ]);
    expect(errorsOf({ address: { ...sender, name: null, company: 'Acme' } })).toEqual([]);
  });

  it('has a package location, with instructions where it is OTHER', () => {
    for (const packageLocation of packageLocations) {
      expect(errorsOf({ packageLocation, instructions: 'behind the fence' })).toEqual([]);
    }
    expect(errorsOf({ packageLocation: 'ROOF' })).toEqual(['INVALID input.packageLocation']);
    expect(errorsOf({ packageLocation: 'OTHER' })).toEqual(['REQUIRED input.instructions']);
    expect(errorsOf({ packageLocation: 'OTHER', instructions: ' ' })).toEqual([
      'REQUIRED input.instructions',
    ]);
    expect(errorsOf({ instructions: 'x'.repeat(255) })).toEqual([]);
    expect(errorsOf({ instructions: 'x'.repeat(256) })).toEqual(['INVALID input.instructions']);
  });

  it('has times on its own date, in order', () => {
    const hours = (readyFrom: string | null, readyUntil: string | null) =>
      errorsOf({ readyFrom, readyUntil });
    expect(hours('2026-11-19T09:00:00', '2026-11-19T17:00:00')).toEqual([]);
    expect(hours('2026-11-19T09:00:00', null)).toEqual([]);
    expect(hours('2026-11-19T17:00:00', '2026-11-19T09:00:00')).toEqual(['INVALID input.readyUntil']);
    expect(hours('2026-11-19T09:00:00', '2026-11-19T09:00:00')).toEqual(['INVALID input.readyUntil']);
    expect(hours('2026-11-20T09:00:00', null)).toEqual(['INVALID input.readyFrom']);
    expect(hours('2026-11-19T09:00:00', '2026-11-20T09:00:00')).toEqual(['INVALID input.readyUntil']);
  });

  it('has a maximum price of zero or more', () => {
    expect(errorsOf({ maxPrice: { amount: '0', currencyCode: 'USD' } })).toEqual([]);
    expect(errorsOf({ maxPrice: { amount: '-1', currencyCode: 'USD' } })).toEqual([
      'INVALID input.maxPrice.amount',
    ]);
  });
});
