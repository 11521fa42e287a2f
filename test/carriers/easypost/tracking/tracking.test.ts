import { describe, expect, it } from 'vitest';

import {
  fromTracker,
  trackerSchema,
  type Tracker,
} from '../../../../src/carriers/easypost/tracking/tracking.ts';
import { ProviderError } from '../../../../src/domain/errors.ts';
import { call, fetchFrom, openAdapter, resultOf } from '../open-adapter.ts';

describe('tracking by EasyPost', () => {
  it('creates a tracker once, and refreshes known trackers in one call', async () => {
    const { adapter, emulator } = await openAdapter();
    const numbers = ['EZ1000000001', 'EZ2000000002', 'EZ3000000003', 'EZ4000000004'];
    const first = await adapter.track!(numbers.map((trackingNumber) => ({ trackingNumber })), call); // prettier-ignore
    expect(emulator.calls.length).toBe(4);
    const known = first.map((tracking, index) => ({
      trackingNumber: numbers[index]!,
      reference: (tracking as { reference: string }).reference,
    }));
    expect(await adapter.track!(known, call)).toEqual(first);
    expect(emulator.calls.length).toBe(5);
    expect(emulator.calls.at(-1)).toMatchObject({ method: 'POST', path: '/v2/trackers/batch' });
  });

  it('creates a tracker again where it was deleted at EasyPost', async () => {
    const { adapter, emulator } = await openAdapter();
    const numbers = ['EZ1000000001', 'EZ2000000002', 'EZ4000000004'];
    const first = (await adapter.track!(numbers.map((trackingNumber) => ({ trackingNumber })), call)).map(resultOf); // prettier-ignore
    await fetchFrom(emulator, `/trackers/${first[0]!.reference}`, 'DELETE');
    const before = emulator.calls.length;
    const known = first.map(({ reference }, index) => ({ trackingNumber: numbers[index]!, reference }));
    const again = (await adapter.track!(known, call)).map(resultOf);
    expect(again.slice(1)).toEqual(first.slice(1));
    expect(again[0]!.status).toBe('PRE_TRANSIT');
    expect(again[0]!.reference).not.toBe(first[0]!.reference);
    const calls = emulator.calls.slice(before).map(({ method, path }) => `${method} ${path}`);
    expect(calls).toEqual(['POST /v2/trackers/batch', `GET /v2/trackers/${first[0]!.reference}`, 'POST /v2/trackers']); // prettier-ignore
  });

  it('returns the carrier that EasyPost detects from the number', async () => {
    const { adapter } = await openAdapter();
    expect(await adapter.track!([{ trackingNumber: 'EZ4000000004' }], call)).toMatchObject([
      { carrier: 'USPS', status: 'DELIVERED', signedBy: 'John Tester' },
    ]);
  });
});

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
    ['in_transit', 'a_future_detail', 'IN_TRANSIT'],
    ['out_for_delivery', 'out_for_delivery', 'OUT_FOR_DELIVERY'],
    ['delivered', 'arrived_at_destination', 'DELIVERED'],
    ['available_for_pickup', null, 'AVAILABLE_FOR_PICKUP'],
    ['return_to_sender', 'return', 'RETURNING'],
    ['failure', 'failure', 'EXCEPTION'],
    ['cancelled', 'cancelled', 'CANCELLED'],
    ['a_future_status', null, 'UNKNOWN'],
  ])('with status %s and detail %s is %s', (status, status_detail, expected) => {
    expect(fromTracker(tracker({ status, status_detail })).status).toBe(expected);
    expect(fromTracker(detail({ status, status_detail })).events[0]!.status).toBe(expected);
  });

  it('has events at an instant where their time has a zone, and at a local time otherwise', () => {
    const event = (datetime: string | null) => fromTracker(detail({ datetime })).events[0]!;
    expect(event('2025-03-07T16:46:21Z')).toMatchObject({ occurredAt: '2025-03-07T16:46:21Z' });
    expect(event('2025-03-07T16:46:21-05:00')).toMatchObject({ occurredAt: '2025-03-07T16:46:21-05:00' });
    expect(event('2025-03-07T16:46:21')).toMatchObject({ occurredAtLocal: '2025-03-07T16:46:21' });
    expect(event('2025-03-07T16:46:21').occurredAt).toBeUndefined();
    expect(event(null)).not.toHaveProperty('occurredAtLocal');
  });

  it('has an estimated time where one is given, and otherwise a day, preferably the local one', () => {
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

  it('has a signer, unless the name is empty', () => {
    expect(fromTracker(tracker({ signed_by: 'John Tester' })).signedBy).toBe('John Tester');
    expect(fromTracker(tracker({ signed_by: '' })).signedBy).toBeUndefined();
  });

  it('has the time of its last change in UTC, unless the time is invalid', () => {
    const changed = (updated_at: string | null) => fromTracker(tracker({ updated_at })).changedAt;
    expect(changed('2025-03-07T16:46:21Z')).toBe('2025-03-07T16:46:21.000Z');
    expect(changed('2025-03-07T17:46:21+01:00')).toBe('2025-03-07T16:46:21.000Z');
    expect(changed('soon')).toBeUndefined();
    expect(changed(null)).toBeUndefined();
  });

  it('says when EasyPost last updated its own record', () => {
    expect(fromTracker(tracker({ updated_at: '2025-03-07T08:46:21Z' })).sourceUpdatedAt).toBe(
      '2025-03-07T08:46:21.000Z',
    );
    expect(fromTracker(tracker({ updated_at: null })).sourceUpdatedAt).toBeUndefined();
  });

  it('leaves out what is unreadable of an event, and keeps the others', () => {
    const tracking_details = [
      'no event',
      { message: 'First', datetime: '12:56 pm' },
      { message: 'Second', carrier_code: 7 },
    ];
    const { events } = fromTracker(trackerSchema.parse({ ...tracker(), tracking_details }));
    expect(events).toMatchObject([{ description: 'Second' }, { description: 'First' }]);
    expect(events[1]!.occurredAt).toBeUndefined();
  });

  it('fails with the reason where EasyPost can’t track the number', () => {
    const untrackable = tracker({
      status: 'error',
      tracking_details: [{ message: 'only test codes are valid' }],
    });
    expect(() => fromTracker(untrackable)).toThrow(ProviderError);
    expect(() => fromTracker(untrackable)).toThrow(/only test codes are valid/);
  });
});
