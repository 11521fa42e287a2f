import { describe, expect, it } from 'vitest';

import { uspsSandboxClient, uspsSandboxNumbers, uspsTrackingNumber } from '../../../sandbox/usps/index.ts';
import { trackingEvents as publishedEvents } from '../../../src/carriers/usps/tracking/status-codes.ts';
import { ProviderError } from '../../../src/domain/errors.ts';
import type { Tracking, TrackingStatus } from '../../../src/domain/tracking.ts';
import { call, openForTest, registerParcels } from './support.ts';

const tracking = /\/tracking\//;

describe('USPS tracking calls', () => {
  it('track up to 35 numbers each', async () => {
    const { adapter, emulator } = await openForTest();
    const outcomes = await adapter.track!(registerParcels(emulator, 71), call);
    expect(outcomes.filter((outcome) => outcome instanceof ProviderError)).toEqual([]);
    expect(emulator.count('POST', tracking)).toBe(3);
  });

  it.each(['gateway-fault', 'client-invalid', 'not-found'] as const)(
    'track one number each for a day where the app lacks v3r2, which USPS refuses as %s',
    async (withoutV3r2) => {
      const { adapter, emulator, clock } = await openForTest({
        client: { tracking: 'v3' },
        switches: { withoutV3r2 },
      });
      const numbers = registerParcels(emulator, 3);
      for (const expected of [1, 1]) {
        const outcomes = await adapter.track!(numbers, call);
        expect(outcomes.map((outcome) => 'events' in outcome)).toEqual([true, true, true]);
        expect(emulator.count('POST', tracking)).toBe(expected);
      }
      expect(emulator.count('GET', tracking)).toBe(6);
      clock.advance(24 * 60 * 60 * 1000 + 1);
      await adapter.track!(numbers, call);
      expect(emulator.count('POST', tracking)).toBe(2);
    },
  );

  it('use only the product that the account is set to', async () => {
    const single = await openForTest({ options: { tracking: 'v3' } });
    await single.adapter.track!(registerParcels(single.emulator, 2), call);
    expect(single.emulator.count('POST', tracking)).toBe(0);

    const batch = await openForTest({ options: { tracking: 'v3r2' }, client: { tracking: 'v3' } });
    const outcomes = await batch.adapter.track!(registerParcels(batch.emulator, 2), call);
    expect(outcomes).toMatchObject([{ code: 'SCOPE_MISSING' }, { code: 'SCOPE_MISSING' }]);
    expect(batch.emulator.count('GET', tracking)).toBe(0);
  });

  it('are repeated for the requested numbers alone when a watched number fails the batch', async () => {
    const { adapter, emulator } = await openForTest({ switches: { foreignInBatch: 'batch' } });
    const [requested] = registerParcels(emulator, 1);
    const outcomes = await adapter.track!(
      [{ trackingNumber: uspsSandboxNumbers.otherMailer, watched: true }, requested!],
      call,
    );
    expect(outcomes).toMatchObject([{ code: 'ACCOUNT_NOT_AUTHORIZED' }, { status: 'ACCEPTED' }]);
    expect(emulator.count('POST', tracking)).toBe(2);
  });

  it('separate numbers of the account’s own MID from others when another mailer’s number fails the batch', async () => {
    const { adapter, emulator } = await openForTest({ switches: { foreignInBatch: 'batch' } });
    const own = registerParcels(emulator, 30);
    const foreign = { trackingNumber: uspsSandboxNumbers.otherMailer };
    const outcomes = await adapter.track!([...own.slice(0, 10), foreign, ...own.slice(10)], call);
    const codes = outcomes.map((outcome) =>
      outcome instanceof ProviderError ? outcome.code : outcome.status,
    );
    expect(codes).toEqual([...Array(10).fill('ACCEPTED'), 'ACCOUNT_NOT_AUTHORIZED', ...Array(20).fill('ACCEPTED')]); // prettier-ignore
    expect(emulator.count('POST', tracking)).toBe(3);
  });

  it('single out a number for which USPS refuses its batch, by at most 12 further calls', async () => {
    const other = '906543210';
    const { adapter, emulator } = await openForTest({
      switches: { foreignInBatch: 'batch' },
      client: { mids: [uspsSandboxClient.mid, other] },
    });
    const allowed = registerParcels(emulator, 34, other);
    const foreign = { trackingNumber: uspsSandboxNumbers.otherMailer };
    const outcomes = await adapter.track!([...allowed.slice(0, 20), foreign, ...allowed.slice(20)], call);
    const failed = outcomes.flatMap((each, index) =>
      each instanceof ProviderError ? [[index, each.code]] : [],
    );
    expect(failed).toEqual([[20, 'ACCOUNT_NOT_AUTHORIZED']]);
    expect(emulator.count('POST', tracking)).toBeLessThanOrEqual(13);

    const before = emulator.count('POST', tracking);
    const all = await adapter.track!(Array(35).fill(foreign), call);
    expect(all.every((each) => each instanceof ProviderError)).toBe(true);
    expect(emulator.count('POST', tracking) - before).toBeLessThanOrEqual(13);
  });
});

describe('USPS tracking responses', () => {
  const trackingNumber = uspsTrackingNumber(7_000);
  const trackDetail = async (detail: object) => {
    const { adapter, emulator } = await openForTest({ options: { tracking: 'v3r2' } });
    emulator.injectFault({ path: tracking, response: { status: 200, body: [detail] } });
    const [outcome] = await adapter.track!([{ trackingNumber }], call);
    if (outcome instanceof ProviderError) throw outcome;
    return outcome as Tracking;
  };
  const event = {
    eventType: 'Arrived',
    eventCode: '10',
    eventTimestamp: '2024-11-25T18:31:00',
    eventCity: null,
    eventState: null,
  };

  it('distinguish a number without data from another mailer’s number', async () => {
    const { adapter } = await openForTest();
    const outcomes = await adapter.track!(
      [
        { trackingNumber: uspsSandboxNumbers.noUpdate },
        { trackingNumber: uspsSandboxNumbers.otherMailer },
        { trackingNumber: uspsSandboxNumbers.delivered },
      ],
      call,
    );
    expect(outcomes).toMatchObject([
      { code: 'NOT_FOUND' },
      { code: 'ACCOUNT_NOT_AUTHORIZED' },
      { status: 'DELIVERED' },
    ]);
  });

  it('name the recipient who signed', async () => {
    const { adapter, emulator } = await openForTest();
    const [signed, unsigned] = registerParcels(emulator, 2);
    emulator.scan(signed!.trackingNumber, '01', { name: 'R RECEIVER' });
    emulator.scan(unsigned!.trackingNumber, '01');
    expect(await adapter.track!([signed!, unsigned!], call)).toMatchObject([
      { status: 'DELIVERED', signedBy: 'R RECEIVER' },
      { status: 'DELIVERED', signedBy: undefined },
    ]);
  });

  it('give instants computed from local time and offset, since GMTTimestamp is a day off across midnight', async () => {
    const { adapter, emulator } = await openForTest();
    const trackingNumber = uspsTrackingNumber(77);
    emulator.parcel({ trackingNumber });
    emulator.scan(trackingNumber, '10', { at: Date.parse('2026-11-18T02:31:00Z') });
    const [outcome] = await adapter.track!([{ trackingNumber }], call);
    expect(outcome).toMatchObject({ events: [{ occurredAt: expect.any(String) }] });
    const { events } = outcome as unknown as { events: { occurredAt: string; occurredAtLocal: string }[] };
    expect(new Date(events[0]!.occurredAt).toISOString()).toBe('2026-11-18T02:31:00.000Z');
    expect(events[0]!.occurredAtLocal.slice(0, 10)).toBe('2026-11-17');
  });

  it('may have either spelling of the ZIP code, and nested or flat dates, of which the predicted one comes first', async () => {
    for (const zip of [{ eventZIP: '80002' }, { eventZIPCode: '80002' }]) {
      expect((await trackDetail({ trackingEvents: [{ ...event, ...zip }] })).events[0]!.location).toMatchObject({ postalCode: '80002' }); // prettier-ignore
    }
    const date = async (detail: object) => (await trackDetail(detail)).estimatedDeliveryDate;
    expect(await date({ expectedDeliveryTimeStamp: '2024-11-29T00:00:00' })).toBe('2024-11-29');
    expect(await date({ deliveryDateExpectation: { expectedDeliveryDate: '2024-11-29', predictedDeliveryDate: '2024-11-28' } })).toBe('2024-11-28'); // prettier-ignore
    expect(await date({ deliveryDateExpectation: { guaranteedDeliveryDate: '2024-11-30' } })).toBe(
      '2024-11-30',
    );
    expect(await date({ guaranteedDeliveryDate: '2024-11-30' })).toBe('2024-11-30');
  });

  it('give no instant without an offset', async () => {
    const wrongDay = { ...event, GMTOffset: '-06:00', GMTTimestamp: '2024-11-25T00:31:21Z' };
    const [first, second, third] = (
      await trackDetail({
        trackingEvents: [
          wrongDay,
          { ...event, GMTOffset: '-360' },
          { ...event, eventTimestamp: '2024-11-25T18:31:00Z' },
        ],
      })
    ).events;
    expect(new Date(first!.occurredAt!).toISOString()).toBe('2024-11-26T00:31:00.000Z');
    expect(new Date(second!.occurredAt!).toISOString()).toBe('2024-11-26T00:31:00.000Z');
    // The guide writes local time with a Z.
    expect(third).toMatchObject({ occurredAtLocal: '2024-11-25T18:31:00', occurredAt: undefined });
  });

  it('take the status from the newest event code, else from the category, else UNKNOWN', async () => {
    const status = async (detail: object) => (await trackDetail(detail)).status;
    expect(await status({ statusCategory: 'Alert', trackingEvents: [{ ...event, eventCode: '01' }] })).toBe(
      'DELIVERED',
    );
    expect(await status({ statusCategory: 'Alert', trackingEvents: [{ ...event, eventCode: 'Q9' }] })).toBe(
      'EXCEPTION',
    );
    expect(await status({ statusCategory: 'Teleported', trackingEvents: [] })).toBe('UNKNOWN');
  });

  it.each([
    ['an empty body', ''],
    ['null', 'null'],
    ['a page of HTML', '<html><body>Welcome</body></html>'],
  ])('that are %s fail each number, and not the call', async (_, body) => {
    for (const product of ['v3', 'v3r2'] as const) {
      const { adapter, emulator } = await openForTest({ options: { tracking: product } });
      emulator.injectFault({ path: tracking, times: 2, response: { status: 200, body } });
      expect(await adapter.track!(registerParcels(emulator, 2), call)).toMatchObject([
        { code: 'UNREADABLE' },
        { code: 'UNREADABLE' },
      ]);
    }
  });

  it('that fail in one batch leave the numbers of the others', async () => {
    const { adapter, emulator } = await openForTest();
    emulator.injectFault({ path: tracking, times: 1, response: { status: 200, body: 'null' } });
    const outcomes = await adapter.track!(registerParcels(emulator, 36), call);
    const readable = outcomes.filter((each) => !(each instanceof ProviderError)).length;
    expect([1, 35]).toContain(readable);
  });

  it('are read one by one: an item or an event that can’t be read takes no other with it', async () => {
    const { adapter, emulator } = await openForTest();
    const numbers = registerParcels(emulator, 2);
    const trackingEvents = [event, null, 'Arrived', { eventCode: 7, eventType: {}, eventTimestamp: 12 }];
    const body = [{ ...numbers[0], statusCategory: 7, trackingEvents }, 'no item'];
    emulator.injectFault({ path: tracking, response: { status: 200, body } });
    expect(await adapter.track!(numbers, call)).toMatchObject([
      { events: [{ status: 'IN_TRANSIT' }, { status: 'UNKNOWN', occurredAtLocal: undefined }] },
      { code: 'UNREADABLE' },
    ]);
  });

  it('may have "" for every date, and times that are none', async () => {
    const dates = { predictedDeliveryDate: '', expectedDeliveryDate: '', guaranteedDeliveryDate: '' };
    const window = { predictedDeliveryWindowStartTime: '9:00 am', predictedDeliveryWindowEndTime: '' };
    const detail = await trackDetail({
      expectedDeliveryDate: '',
      deliveryDateExpectation: { ...dates, ...window },
      trackingEvents: [{ ...event, GMTOffset: '-05:00', eventTimestamp: '12:56 pm', eventCity: '' }],
    });
    expect(detail).toMatchObject({
      estimatedDeliveryDate: undefined,
      deliveryWindowStart: undefined,
      events: [{ occurredAt: undefined, occurredAtLocal: undefined, location: undefined }],
    });
    const fallsThrough = { ...dates, guaranteedDeliveryDate: '2026-11-30' };
    expect(await trackDetail({ deliveryDateExpectation: fallsThrough })).toMatchObject({
      estimatedDeliveryDate: '2026-11-30',
    });
  });

  it.each([
    ['150001', '12: A status update is not yet available on your package.', true],
    ['150006', 'A status update not yet available on your package.', true],
    ['150010', '9: Another shipper -', false],
  ])('with %s say by their words whether the number may be known later', async (code, detail, retryable) => {
    const body = { apiVersion: '/tracking/v3r2', error: { code: '404', message: 'Not Found', errors: [{ code, detail }] } }; // prettier-ignore
    for (const product of ['v3', 'v3r2', 'auto'] as const) {
      const { adapter, emulator } = await openForTest({ options: { tracking: product } });
      emulator.injectFault({ path: tracking, response: { status: 404, body } });
      expect(await adapter.track!([{ trackingNumber }], call)).toMatchObject([
        {
          code: 'NOT_FOUND',
          retryable,
          providerCode: code,
          hint: expect.stringContaining(retryable ? 'first scan' : 'another carrier'),
        },
      ]);
      expect(emulator.calls.filter(({ path }) => tracking.test(path))).toHaveLength(1);
    }
  });

  it('have a status for every published event code, as its words say, of the event and of the parcel', async () => {
    const words: [RegExp, TrackingStatus][] = [
      [/^return to sender/, 'RETURNING'],
      [/^(notice left|delivery attempted)/, 'DELIVERY_ATTEMPTED'],
      [/^(delivered|picked up by agent)$/, 'DELIVERED'],
      [/pickup/, 'AVAILABLE_FOR_PICKUP'],
      [/^out for delivery$/, 'OUT_FOR_DELIVERY'],
      [/label created|manifest acknowledged|awaiting item/, 'PRE_TRANSIT'],
      [/refused|undeliverable|dead letter|recalled|not updated/, 'EXCEPTION'],
      [/shipping partner|destination facility/, 'IN_TRANSIT'],
      [/^(accepted|picked up)/, 'ACCEPTED'],
      [/./, 'IN_TRANSIT'],
    ];
    const codes = Object.entries(publishedEvents);
    const { events } = await trackDetail({
      trackingEvents: codes.map(([eventCode]) => ({ ...event, eventType: null, eventCode })),
    });
    const found = events.map(({ carrierCode, description, status }) => ({
      carrierCode,
      description,
      status,
    }));
    const expected = codes.map(([carrierCode, [, description]]) => ({
      carrierCode,
      description,
      status: words.find(([pattern]) => pattern.test(description.toLowerCase()))![1],
    }));
    expect(found).toEqual(expected);
    expect((await trackDetail({ trackingEvents: [{ ...event, eventCode: '16' }] })).status).toBe('AVAILABLE_FOR_PICKUP'); // prettier-ignore
  });

  it('give the newest event the status of the parcel where its code is new', async () => {
    const newest = { ...event, eventType: 'Teleported', eventCode: 'Q9' };
    expect(await trackDetail({ statusCategory: 'Alert', trackingEvents: [newest, newest] })).toMatchObject({
      status: 'EXCEPTION',
      events: [{ status: 'EXCEPTION' }, { status: 'UNKNOWN' }],
    });
  });

  it('are matched by number, else by position', async () => {
    const { adapter, emulator } = await openForTest();
    const other = uspsTrackingNumber(7_001);
    const body = [
      { trackingNumber: other, trackingEvents: [{ ...event, eventCode: '01' }] },
      { trackingNumber, trackingEvents: [event] },
      { trackingEvents: [{ ...event, eventCode: 'OF' }] },
    ];
    emulator.injectFault({ path: /tracking/, response: { status: 200, body } });
    const numbers = [
      { trackingNumber },
      { trackingNumber: other },
      { trackingNumber: uspsTrackingNumber(7_002) },
    ];
    expect(await adapter.track!(numbers, call)).toMatchObject([
      { status: 'IN_TRANSIT' },
      { status: 'DELIVERED' },
      { status: 'OUT_FOR_DELIVERY' },
    ]);
  });

  it.each(['v3', 'v3r2'] as const)(
    'of %s for another mailer’s parcel tell which account can track it',
    async (product) => {
      const { adapter } = await openForTest({ options: { tracking: product } });
      expect(await adapter.track!([{ trackingNumber: uspsSandboxNumbers.otherMailer }], call)).toMatchObject([
        { code: 'ACCOUNT_NOT_AUTHORIZED', hint: expect.stringContaining('MID'), refused: true },
      ]);
      expect(await adapter.track!([{ trackingNumber: uspsSandboxNumbers.unknown }], call)).toMatchObject([
        { code: 'NOT_FOUND', hint: expect.stringContaining('first scan'), retryable: true },
      ]);
    },
  );

  it('may hold error items in a 207, with any of their fields missing', async () => {
    const { adapter, emulator } = await openForTest();
    const numbers = Array.from({ length: 6 }, (_, index) => ({
      trackingNumber: uspsTrackingNumber(6_000 + index),
    }));
    const body = [
      { statusCode: '404', error: { message: 'Tracking is not available for this item. Or other reasons.' } },
      { statusCode: '404', error: { message: 'An unknown message.' } },
      { error: { message: '' } },
      { statusCode: '403', error: { message: 'The requested MID is not authorized to access /tracking/' } },
      { statusCode: 400, error: { code: '400', message: 'Bad Request', errors: [{ code: '150010', detail: '9: Another shipper -' }] } },
      { trackingNumber: numbers[5]!.trackingNumber, statusCode: '503', error: { message: 'Later' } },
    ]; // prettier-ignore
    emulator.injectFault({ method: 'POST', path: /tracking/, response: { status: 207, body } });
    const outcomes = await adapter.track!(numbers, call);
    expect(outcomes).toMatchObject([
      { code: 'NOT_FOUND', hint: expect.stringContaining('first scan') },
      { code: 'NOT_FOUND', hint: expect.stringContaining('first scan'), retryable: false },
      { code: 'NOT_FOUND' },
      { code: 'ACCOUNT_NOT_AUTHORIZED', hint: expect.stringContaining('MID') },
      { code: 'NOT_FOUND', providerCode: '150010', hint: expect.stringContaining('another carrier') },
      { code: 'UNAVAILABLE', retryable: true },
    ]);
  });
});
