import { describe, expect, it } from 'vitest';

import { ProviderError } from '../../../src/domain/errors.ts';
import { fromTracker, type Tracker } from '../../../src/carriers/easypost/tracking/tracking.ts';

const tracker = (more: Partial<Tracker> = {}): Tracker => ({
  id: 'trk_1',
  tracking_code: 'EZ2000000002',
  status: 'in_transit',
  ...more,
});
const detail = (more: object) => tracker({ tracking_details: [more] });

describe('a tracker of EasyPost', () => {
  it.each([
    ['unknown', null, 'UNKNOWN'],
    ['pre_transit', 'label_created', 'PRE_TRANSIT'],
    ['pre_transit', 'status_update', 'PRE_TRANSIT'],
    ['in_transit', null, 'IN_TRANSIT'],
    ['in_transit', 'status_update', 'IN_TRANSIT'],
    ['in_transit', 'arrived_at_facility', 'IN_TRANSIT'],
    ['in_transit', 'received_at_origin_facility', 'ACCEPTED'],
    ['in_transit', 'weather_delay', 'IN_TRANSIT'],
    ['in_transit', 'arrived_at_pickup_location', 'AVAILABLE_FOR_PICKUP'],
    ['in_transit', 'delivery_exception', 'EXCEPTION'],
    ['in_transit', 'lost', 'EXCEPTION'],
    ['in_transit', 'return', 'RETURNING'],
    ['in_transit', 'a word of tomorrow', 'IN_TRANSIT'],
    ['out_for_delivery', 'out_for_delivery', 'OUT_FOR_DELIVERY'],
    ['delivered', 'arrived_at_destination', 'DELIVERED'],
    ['available_for_pickup', null, 'AVAILABLE_FOR_PICKUP'],
    ['return_to_sender', 'return', 'RETURNING'],
    ['failure', 'failure', 'EXCEPTION'],
    ['cancelled', 'cancelled', 'CANCELLED'],
    ['a status of tomorrow', null, 'UNKNOWN'],
  ])('that is %s, in detail %s, is %s', (status, status_detail, ours) => {
    expect(fromTracker(tracker({ status, status_detail })).status).toBe(ours);
    expect(fromTracker(detail({ status, status_detail })).events[0]!.status).toBe(ours);
  });

  it('keeps a time with its zone, and one without a zone as that of the place', () => {
    const event = (datetime: string | null) => fromTracker(detail({ datetime })).events[0]!;
    expect(event('2025-03-07T16:46:21Z')).toMatchObject({ occurredAt: '2025-03-07T16:46:21Z' });
    expect(event('2025-03-07T16:46:21-05:00')).toMatchObject({ occurredAt: '2025-03-07T16:46:21-05:00' });
    expect(event('2025-03-07T16:46:21')).toMatchObject({ occurredAtLocal: '2025-03-07T16:46:21' });
    expect(event('2025-03-07T16:46:21').occurredAt).toBeUndefined();
    expect(event(null)).not.toHaveProperty('occurredAtLocal');
  });

  it('is expected at an hour where it tells one, else on a day, best on that of the place', () => {
    const estimate = (est_delivery_date: string | null, local: string | null = null) => {
      const carrier_detail = { est_delivery_date_local: local };
      const { estimatedDelivery, estimatedDeliveryDate } = fromTracker(tracker({ est_delivery_date, carrier_detail })); // prettier-ignore
      return [estimatedDelivery, estimatedDeliveryDate];
    };
    expect(estimate('2024-08-05T00:00:00Z')).toEqual([undefined, '2024-08-05']);
    expect(estimate('2024-08-05T19:30:00Z')).toEqual(['2024-08-05T19:30:00Z', '2024-08-05']);
    expect(estimate('2024-08-06T01:00:00Z', '2024-08-05')).toEqual(['2024-08-06T01:00:00Z', '2024-08-05']);
    expect(estimate(null)).toEqual([undefined, undefined]);
  });

  it('tells who signed, and nothing by an empty text', () => {
    expect(fromTracker(tracker({ signed_by: 'John Tester' })).signedBy).toBe('John Tester');
    expect(fromTracker(tracker({ signed_by: '' })).signedBy).toBeUndefined();
  });

  it('tells when it changed, in one form, and nothing by what is no time', () => {
    const changed = (updated_at: string | null) => fromTracker(tracker({ updated_at })).changedAt;
    expect(changed('2025-03-07T16:46:21Z')).toBe('2025-03-07T16:46:21.000Z');
    expect(changed('2025-03-07T17:46:21+01:00')).toBe('2025-03-07T16:46:21.000Z');
    expect(changed('soon')).toBeUndefined();
    expect(changed(null)).toBeUndefined();
  });

  it('that can not be followed is a failure with its reason', () => {
    const broken = tracker({ status: 'error', tracking_details: [{ message: 'only test codes are valid' }] });
    expect(() => fromTracker(broken)).toThrow(ProviderError);
    expect(() => fromTracker(broken)).toThrow(/only test codes are valid/);
  });
});
