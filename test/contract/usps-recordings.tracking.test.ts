import { describe, expect, test } from 'vitest';

import type { Tracking } from '../../src/domain/tracking.ts';
import { call, describeContract, failure, good, type Loose } from './shared.ts'; // prettier-ignore
import { open, otherSample, paths, replay, requestsTo, samplesLike, useReplay } from './usps-replay.ts'; // prettier-ignore

/** Samples that no operation of the adapter uses, each with its reason. `x.*` excuses all of a kind. */
const excused = {
  'tracking.v3.notifications.request.json': 'no operation of ours: USPS is asked, and mails nobody',
  'tracking.v3.summary.legacy-shape.*': 'details are asked for always, since a summary has no status',
};

const { samples, sampleOf } = samplesLike(/^tracking/, excused);

describeContract('the USPS adapter with recorded and printed tracking responses', () => {
  useReplay(samples);

  describe('tracking', () => {
    const details = {
      accepted: 'tracking.v3.detail.accepted.response.json',
      delivered: 'tracking.v3.detail.delivered-parcel-locker.response.json',
      moving: 'tracking.v3.detail.moving-through-network.response.json',
    };
    /** The same details in the format of the batch product (contract, 8.2): in a list, with renamed and nested fields. */
    const asBatch = (detail: Loose) => {
      const { destinationZIP, expectedDeliveryTimeStamp: expected, trackingEvents, ...rest } = detail;
      const events = trackingEvents.map(({ eventZIP, ...event }: Loose) => ({
        ...event,
        eventZIPCode: eventZIP,
      }));
      return {
        ...rest,
        destinationZIPCode: destinationZIP,
        ...(expected ? { deliveryDateExpectation: { expectedDeliveryDate: expected.slice(0, 10) } } : {}),
        trackingEvents: events,
      };
    };
    /** Tracks by both products and expects equal results. */
    const trackBoth = async (name: string): Promise<Tracking> => {
      const detail = sampleOf(name);
      replay.when('GET', paths.track, { body: detail });
      replay.when('POST', paths.batch, { body: [asBatch(detail)] });
      const ask = async (tracking: 'v3' | 'v3r2') =>
        good((await open({ tracking }).carrier.track([{ trackingNumber: detail.trackingNumber }], call))[0]);
      const [one, other] = [await ask('v3'), await ask('v3r2')];
      expect(other).toEqual(one);
      return one;
    };
    const instant = (at: string | undefined) => at && new Date(at).toISOString();

    test('of a delivered parcel has its status and its events with locations, newest first', async () => {
      const found = await trackBoth(details.delivered);
      expect(found).toMatchObject({
        status: 'DELIVERED',
        statusText: 'Delivered, Parcel Locker',
        carrier: 'USPS',
      });
      expect(found.estimatedDeliveryDate).toBeUndefined();
      expect(found.events).toHaveLength(12);
      expect(found.events[0]).toMatchObject({
        status: 'DELIVERED',
        occurredAtLocal: '2024-11-22T13:58:00',
        carrierCode: '01',
        location: { city: 'HERNANDO', state: 'FL', postalCode: '34442', country: 'US' },
      });
      expect(found.events.map((event) => event.status)).toEqual([
        'DELIVERED', 'OUT_FOR_DELIVERY', 'IN_TRANSIT', 'IN_TRANSIT', 'IN_TRANSIT', 'IN_TRANSIT', 'IN_TRANSIT', 'IN_TRANSIT', 'IN_TRANSIT', 'IN_TRANSIT', 'ACCEPTED', 'PRE_TRANSIT',
      ]); // prettier-ignore
      expect(found.events[3]!.location).toEqual({ city: 'JACKSONVILLE FL DISTRIBUTION CENTER', state: undefined, postalCode: undefined, country: 'US' }); // prettier-ignore
      expect(found.events[4]!.location).toBeUndefined();
    });

    test('computes the UTC time of an event whose printed one is a day off', async () => {
      const found = await trackBoth(details.moving);
      const printed = sampleOf(details.moving).trackingEvents as Loose[];
      expect(found).toMatchObject({ status: 'IN_TRANSIT', estimatedDeliveryDate: '2024-11-29' });
      expect(found.events.map((event) => instant(event.occurredAt))).toEqual([
        '2024-11-26T07:44:00.000Z',
        '2024-11-26T00:31:00.000Z',
        '2024-11-26T00:26:00.000Z',
        undefined,
      ]);
      expect(printed[1].GMTTimestamp).toBe('2024-11-25T00:31:21Z');
      expect(found.events[3]).toMatchObject({
        status: 'PRE_TRANSIT',
        occurredAtLocal: '2024-11-23T00:00:00',
      });
      // Events are sorted only by the computed UTC times.
      const order = found.events.flatMap((event) => (event.occurredAt ? [Date.parse(event.occurredAt)] : []));
      expect(order).toEqual(order.toSorted((a, b) => b - a));
    });

    test('does not read a local time with a Z as UTC', async () => {
      const found = await trackBoth(details.accepted);
      expect(found).toMatchObject({ status: 'ACCEPTED', statusText: 'USPS in possession of item' });
      expect(found.events).toHaveLength(1);
      expect(found.events[0]).toMatchObject({
        occurredAtLocal: '2023-08-02T07:31:00',
        location: { city: 'RICHMOND' },
      });
      expect(found.events[0]!.occurredAt).toBeUndefined();
    });

    test('requests details as in the guide', async () => {
      const printed = sampleOf('tracking.v3.detail.accepted.request.json');
      replay.when('GET', paths.track, { body: sampleOf(details.accepted) });
      await open({ tracking: 'v3' }).carrier.track([{ trackingNumber: '9400109104250532908587' }], call);
      const [asked] = requestsTo(paths.track);
      expect(asked).toMatchObject({ method: printed.method, query: printed.query });
      expect(asked!.path).toBe(printed.path.replace('{Tracking Number}', '9400109104250532908587'));
    });

    test('of a number without events is NOT_FOUND, with a message without markup', async () => {
      const body = sampleOf('tracking.v3.error.not-yet-available.response.json');
      replay.when('GET', paths.track, { status: 400, body });
      replay.when('POST', paths.batch, { status: 400, body });
      for (const tracking of ['v3', 'v3r2'] as const) {
        const [found] = await open({ tracking }).carrier.track(
          [{ trackingNumber: '9400109104250532908587' }],
          call,
        );
        const error = await failure(found);
        expect(error).toMatchObject({ code: 'NOT_FOUND', providerCode: '150001', retryable: true });
        expect(error.message).not.toMatch(/[<>&]|reg;/);
        expect(error.hint).toContain('scan');
      }
    });

    test.each([
      ['error.401.client-not-approved.response.json', 'SCOPE_MISSING'],
      ['error.401.insufficient-scope.response.json', 'SCOPE_MISSING'],
    ])('of an app with the error of %s fails as SCOPE_MISSING', async (name, code) => {
      replay.when('GET', paths.track, { status: 401, body: otherSample(name) });
      const usps = open({ tracking: 'v3' });
      usps.clock.advance(120_000);
      const [found] = await usps.carrier.track([{ trackingNumber: '9400109104250532908587' }], call);
      expect(await failure(found)).toMatchObject({ code, refused: true });
      expect(requestsTo(paths.token)).toHaveLength(1);
    });
  });

  test('every sample is used or excused with a reason', () => samples.expectAll());
});
