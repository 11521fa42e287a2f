import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  defaultMaxAge,
  eventId,
  hasArrived,
  parcelNumber,
  parseTrackerId,
  trackerId,
  validateTrackingNumber,
  type ParcelNumber,
  type TrackingEvent,
} from '../../src/domain/tracking.ts';

const numbers = fc.string({ unit: fc.constantFrom(...'ABCXYZ0123456789'), minLength: 4, maxLength: 40 });
const carriers = fc.option(fc.constantFrom('USPS', 'UPS', 'DHL eCommerce', 'La Poste'), { nil: undefined });

describe('a tracking number', () => {
  it('is normalised to upper case, without spaces and hyphens', () => {
    expect(parcelNumber(' 9400 1112-0255 5842 3326 69\n')).toEqual({
      trackingNumber: '9400111202555842332669',
      carrier: 'USPS',
    });
    expect(parcelNumber('1z5r89390357567127')).toEqual({
      trackingNumber: '1Z5R89390357567127',
      carrier: 'UPS',
    });
  });

  it('identifies the same parcel whatever its spacing', () => {
    fc.assert(
      fc.property(numbers, fc.infiniteStream(fc.constantFrom('', ' ', '-', '\t')), (number, gaps) => {
        const typed = [...number].map((character) => character.toLowerCase() + gaps.next().value).join('');
        expect(parcelNumber(typed)).toEqual(parcelNumber(number));
      }),
    );
  });

  it('has the carrier that is named, whatever its format', () => {
    expect(parcelNumber('9400111202555842332669', 'FedEx').carrier).toBe('FedEx');
    expect(parcelNumber('1Z5R89390357567127', '').carrier).toBe('UPS');
  });

  it('of an unknown format has no carrier', () => {
    expect(parcelNumber('EZ1000000001')).toEqual({ trackingNumber: 'EZ1000000001', carrier: undefined });
  });

  it('has 4 to 40 letters and digits', () => {
    const errorsOf = (trackingNumber: string) =>
      validateTrackingNumber(trackingNumber, ['input']).map(({ code, field }) => [code, ...field]);
    expect(errorsOf('9400 1118 9922 3197 4284 90')).toEqual([]);
    for (const invalid of ['EZ1', '1'.repeat(41), "1234'; --", '']) {
      expect(errorsOf(invalid)).toEqual([['INVALID', 'input']]);
    }
  });
});

describe('the id of a tracker', () => {
  it('is parsed to the parcel that it identifies', () => {
    fc.assert(
      fc.property(numbers, carriers, (trackingNumber, carrier) => {
        const id = trackerId({ trackingNumber, carrier });
        expect(id).toMatch(/^trk_[A-Za-z0-9_-]+$/);
        expect(parseTrackerId(id)).toEqual({ trackingNumber, carrier });
      }),
    );
  });

  it('that is invalid identifies no parcel', () => {
    for (const id of [
      '',
      'trk_',
      'shp_VVNQUzo5NDAw',
      'trk_VVNQUw',
      `trk_${Buffer.from('USPS:no!').toString('base64url')}`,
      `trk_${Buffer.from('US\0PS:9400').toString('base64url')}`,
      `trk_${Buffer.from(`${'x'.repeat(41)}:9400`).toString('base64url')}`,
    ]) {
      expect(parseTrackerId(id), id).toBeUndefined();
    }
  });
});

describe('the id of an event', () => {
  const parcel = { trackingNumber: '9400111202555842332669', carrier: 'USPS' };
  const event: TrackingEvent = {
    status: 'DELIVERED',
    description: 'Delivered, Front Door/Porch',
    occurredAtLocal: '2026-11-20T07:31:00',
    carrierCode: '01',
    location: { city: 'SAN FRANCISCO', postalCode: '94107' },
  };

  it('is stable', () => {
    expect(eventId(parcel, event)).toBe('evt_gkC6uVFqPgxJuz6jAtAiVh');
  });

  it('depends on the content of the event, not on its status', () => {
    expect(eventId(parcel, { ...event, status: 'UNKNOWN' })).toBe(eventId(parcel, event));
    const others: [object, TrackingEvent][] = [
      [{ ...parcel, trackingNumber: '9400111202555842332668' }, event],
      [{ ...parcel, carrier: undefined }, event],
      [parcel, { ...event, occurredAtLocal: '2026-11-20T07:32:00' }],
      [parcel, { ...event, carrierCode: '02' }],
      [parcel, { ...event, description: 'Delivered' }],
      [parcel, { ...event, location: { city: 'OAKLAND' } }],
      [parcel, { status: 'DELIVERED', description: '' }],
    ];
    const ids = others.map(([parcel, event]) => eventId(parcel as ParcelNumber, event));
    expect(new Set([eventId(parcel, event), ...ids]).size).toBe(others.length + 1);
  });
});

it('the last state of a parcel that has arrived stays current', () => {
  for (const status of ['DELIVERED', 'RETURNED', 'CANCELLED'] as const) {
    expect(hasArrived(status)).toBe(true);
    expect(defaultMaxAge(status)).toBe(Number.POSITIVE_INFINITY);
  }
  expect(defaultMaxAge('IN_TRANSIT')).toBe(900);
  expect(hasArrived('AVAILABLE_FOR_PICKUP')).toBe(false);
});
