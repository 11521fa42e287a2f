import { describe, expect, test } from 'vitest';
import {
  uspsSandboxClient as client,
  uspsSandboxNumbers as numbers,
  uspsTrackingNumber,
  type UspsSandbox,
} from '../../../sandbox/usps/index.ts';
import { bearerToken, clock, hour, json, send, start, track, useUspsSandbox } from './requests.ts';

useUspsSandbox();

describe('POST /tracking/v3r2/tracking', () => {
  test('responds in the order of the request, and with 207 and failed items when some numbers are unknown', async () => {
    const usps = await start();
    const headers = await bearerToken(usps);
    const good = await track(usps, headers, [numbers.delivered, numbers.inTransit]);
    expect(good.status).toBe(200);
    expect(good.body.map((each: { trackingNumber: string }) => each.trackingNumber)).toEqual([
      numbers.delivered,
      numbers.inTransit,
    ]);
    const mixed = await track(usps, headers, [numbers.unknown, numbers.delivered]);
    expect(mixed.status).toBe(207);
    expect(mixed.body[0]).toEqual({
      statusCode: '404',
      error: {
        message: expect.stringMatching(/^Tracking is not available for this item\. This may be because/),
      },
    });
    expect(mixed.body[1].statusCategory).toBe('Delivered');
    expect((await track(usps, headers, [numbers.unknown, numbers.noUpdate])).status).toBe(207);
  });

  test('responds to a single unknown number with 404', async () => {
    const usps = await start();
    const { status, body } = await track(usps, await bearerToken(usps), [numbers.unknown]);
    expect(status).toBe(404);
    expect(body.error.message).toMatch(/^Tracking is not available for this item\./);
  });

  test('accepts at most 35 numbers, and no other fields in an item', async () => {
    const usps = await start();
    const headers = await bearerToken(usps);
    const many = Array.from({ length: 36 }, (_, index) => uspsTrackingNumber(100 + index));
    for (const trackingNumber of many) usps.parcel({ trackingNumber });
    expect((await track(usps, headers, many.slice(0, 35))).status).toBe(200);
    expect((await track(usps, headers, many)).body.error.message).toContain('Array is too long');
    const extra = json([{ trackingNumber: numbers.delivered, includeVeriPoint: true }], headers);
    expect((await send(usps, 'POST', '/tracking/v3r2/tracking', extra)).status).toBe(400);
  });

  test('does not return the parcels of other mailers', async () => {
    const usps = await start();
    const headers = await bearerToken(usps);
    const alone = await track(usps, headers, [numbers.otherMailer]);
    expect([alone.status, alone.body.error.message]).toEqual([
      403,
      expect.stringContaining('not authorized'),
    ]);
    const beside = await track(usps, headers, [numbers.otherMailer, numbers.delivered]);
    expect([beside.status, beside.body[0].statusCode]).toEqual([207, '403']);
    usps.switches.foreignInBatch = 'batch';
    expect((await track(usps, headers, [numbers.otherMailer, numbers.delivered])).status).toBe(403);
  });

  test('responds to apps with only v3 with one of three errors', async () => {
    const usps = await start({ clients: [{ ...client, tracking: 'v3' }] });
    const headers = await bearerToken(usps);
    const refused = await track(usps, headers, [numbers.delivered]);
    expect([refused.status, refused.body.error.message]).toEqual([
      401,
      'The client application identifier is invalid.',
    ]);
    usps.switches.withoutV3r2 = 'gateway-fault';
    expect((await track(usps, headers, [numbers.delivered])).body.fault.detail.errorcode).toBe(
      'steps.raisefault.RaiseFault',
    );
    usps.switches.withoutV3r2 = 'not-found';
    const missing = await track(usps, headers, [numbers.delivered]);
    expect(missing.status).toBe(404);
    expect(missing.text).not.toContain('Tracking is not available');
  });

  test('returns a parcel in transit as the clock advances', async () => {
    const usps = await start();
    const trackingNumber = uspsTrackingNumber(77);
    usps.parcel({ trackingNumber, destinationZIP: '53207', destinationCity: 'MILWAUKEE' });
    const seen: string[] = [];
    for (let i = 0; i < 80; i++) {
      const [detail] = (await track(usps, await bearerToken(usps), [trackingNumber])).body;
      if (seen.at(-1) !== detail.statusCategory) seen.push(detail.statusCategory);
      clock.advance(hour);
    }
    expect(seen).toEqual([
      'Accepted',
      'Moving Through Network',
      'In Transit',
      'Moving Through Network',
      'Out for Delivery',
      'Delivered',
    ]);
    const [detail] = (await track(usps, await bearerToken(usps), [trackingNumber])).body;
    const cities = detail.trackingEvents.map((each: { eventCity: string | null }) => each.eventCity);
    expect(cities).toContain('MILWAUKEE WI DISTRIBUTION CENTER');
    expect(cities).toContain(null);
    usps.scan(trackingNumber, '09');
    expect((await track(usps, await bearerToken(usps), [trackingNumber])).body[0].statusCategory).toBe(
      'Return to Sender',
    );
  });

  test('responds as recorded: booleans as text, HTML, and a UTC time with the local date', async () => {
    const usps = await start();
    const trackingNumber = uspsTrackingNumber(78);
    usps.parcel({ trackingNumber, originZIP: '53151', accepted: Date.parse('2026-05-28T00:26:14Z') });
    const headers = await bearerToken(usps);
    const detailOf = async () => (await track(usps, headers, [trackingNumber])).body[0];
    const recorded = await detailOf();
    expect(recorded.emailEnabled).toBe('true');
    expect(recorded.mailClass).toBe('USPS Ground Advantage<SUP>&#153;</SUP>');
    expect(recorded.trackingEvents.at(-1)).toMatchObject({
      eventTimestamp: '2026-05-27T19:26:00',
      GMTTimestamp: '2026-05-27T00:26:14Z',
      GMTOffset: '-05:00',
      eventZIPCode: '53151',
    });
    usps.switches.documentMode = true;
    const documented = await detailOf();
    expect(documented.emailEnabled).toBe(true);
    expect(documented.trackingEvents.at(-1).GMTTimestamp).toBe('2026-05-28T00:26:14Z');
  });
});

describe('GET /tracking/v3/tracking/{trackingNumber}', () => {
  const get = (
    usps: UspsSandbox,
    headers: Record<string, string>,
    number: string,
    query = '?expand=DETAIL',
  ) => send(usps, 'GET', `/tracking/v3/tracking/${number}${query}`, { headers });

  test('has the field names of v3, and sentences in a summary', async () => {
    const usps = await start({ clients: [{ ...client, tracking: 'v3' }] });
    const headers = await bearerToken(usps);
    const detail = await get(usps, headers, numbers.inTransit);
    expect(detail.body).toHaveProperty('destinationZIP');
    expect(detail.body).toHaveProperty('expectedDeliveryTimeStamp');
    expect(detail.body.trackingEvents[0]).toHaveProperty('eventZIP');
    expect(detail.body.trackingEvents[0].additionalProp).toBeNull();
    const summary = await get(usps, headers, numbers.inTransit, '');
    expect(Object.keys(summary.body)).toEqual(['trackingNumber', 'expectedDeliveryDate', 'eventSummaries']);
  });

  test('responds to a number without events with 400 and a code, and to that of another mailer with 403', async () => {
    const usps = await start();
    const headers = await bearerToken(usps);
    const codeOf = async (number: string) => (await get(usps, headers, number)).body.error.errors[0].code;
    expect(await codeOf(numbers.noUpdate)).toBe('150001');
    expect(await codeOf(numbers.unknown)).toBe('150002');
    expect((await get(usps, headers, numbers.otherMailer)).status).toBe(403);
    expect((await get(usps, headers, numbers.delivered, '?expand=detail')).status).toBe(400);
  });
});
