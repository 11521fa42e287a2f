import { describe, expect, test } from 'vitest';
import { easypostSandboxKey, easypostSandboxProductionKey } from '../../../sandbox/easypost/index.ts';
import { basic, buy, call, clock, day, minute, restart, second, setUpEasyPost } from './easypost-api.ts';

setUpEasyPost();

describe('a tracker', () => {
  const track = (tracking_code: string, carrier?: string, key = easypostSandboxKey) =>
    call('POST', '/v2/trackers', { tracker: { tracking_code, carrier } }, basic(key));

  test('of a test code has fixed events, oldest first', async () => {
    const expected: Record<string, [status: string, events: number]> = {
      EZ1000000001: ['pre_transit', 2],
      EZ2000000002: ['in_transit', 6],
      EZ3000000003: ['out_for_delivery', 7],
      EZ4000000004: ['delivered', 8],
      EZ5000000005: ['return_to_sender', 8],
      EZ6000000006: ['failure', 4],
      EZ7000000007: ['unknown', 1],
    };
    for (const [code, [status, events]] of Object.entries(expected)) {
      const { status: http, body } = await track(code);
      expect([http, body.status, body.tracking_details.length]).toEqual([201, status, events]);
      const times = body.tracking_details.map(({ datetime }) => datetime);
      expect(times).toEqual([...times].sort());
    }
    const delivered = (await track('EZ4000000004')).body;
    expect(delivered).toMatchObject({
      signed_by: 'John Tester',
      weight: 17.6,
      est_delivery_date: '2025-03-07T16:46:17Z',
    });
    expect(delivered.tracking_details[0]!.datetime).toBe('2025-02-07T16:46:17Z');
  });

  test('is returned again for three months, after which the code has a new one', async () => {
    const first = await track('EZ1000000001');
    clock.advance(60 * day);
    const again = await track('EZ1000000001', 'USPS');
    expect([first.status, again.status, again.body.id]).toEqual([201, 200, first.body.id]);
    clock.advance(40 * day);
    const later = await track('EZ1000000001');
    expect([later.status, later.body.id === first.body.id]).toEqual([201, false]);
  });

  test('is an error for any other code in test mode', async () => {
    const { status, body } = await track('9400100208303109500706', 'USPS');
    expect([status, body.status]).toEqual([201, 'unknown']);
    const { body: read } = await call('GET', `/v2/trackers/${body.id}`);
    expect(read).toMatchObject({
      status: 'error',
      status_detail: null,
      tracking_details: [{ source: 'ProcessingError', status: 'error' }],
    });
  });

  test('of a fresh UPS or FedEx label is the same under the name of the carrier, and pre-transit', async () => {
    for (const [service, carrier] of [
      ['Ground', 'UPS'],
      ['FEDEX_GROUND', 'FedEx'],
    ] as const) {
      const label = (await buy(service)).body;
      const { status, body } = await track(label.tracking_code, carrier);
      expect([status, body.id, body.status]).toEqual([200, label.tracker.id, 'pre_transit']);
    }
  });

  test('of a purchased label passes the recorded events in minutes, dated a month before', async () => {
    const { body } = await buy();
    const read = async () => (await call('GET', `/v2/trackers/${body.tracker.id}`)).body;
    const seen: unknown[] = [];
    for (let index = 0; index < 5; index++) {
      const { status, tracking_details } = await read();
      seen.push([status, tracking_details.length]);
      clock.advance(minute);
    }
    expect(seen).toEqual([
      ['pre_transit', 2],
      ['in_transit', 6],
      ['out_for_delivery', 7],
      ['delivered', 8],
      ['delivered', 8],
    ]);
    const arrived = await read();
    expect(arrived).toMatchObject({
      status_detail: 'arrived_at_destination',
      signed_by: 'John Tester',
      updated_at: '2025-03-07T16:49:17Z',
      carrier_detail: { initial_delivery_attempt: '2025-02-10T06:40:17Z' },
    });
    expect(arrived.public_url).toBe(
      `https://track.easypost.com/${Buffer.from(`v1:${arrived.id}`).toString('base64')}`,
    );
    expect((await call('GET', `/v2/shipments/${body.id}`)).body.status).toBe('delivered');
    const again = await track(body.tracking_code);
    expect([again.status, again.body.id]).toEqual([200, arrived.id]);
  });

  test('is sent along at a chosen speed, and its events have the times at which they were seen', async () => {
    await restart({ pace: 'lifelike', speed: 1440 });
    const { body } = await buy();
    const bought = clock.now();
    const read = async () => (await call('GET', `/v2/trackers/${body.tracker.id}`)).body;
    expect((await read()).status).toBe('pre_transit');
    clock.advance(2 * minute);
    expect((await read()).status).toBe('in_transit');
    clock.advance(minute);
    const delivered = await read();
    expect(delivered.status).toBe('delivered');
    for (const { datetime } of delivered.tracking_details) {
      const time = Date.parse(datetime);
      expect(time).toBeGreaterThanOrEqual(bought - second);
      expect(time).toBeLessThanOrEqual(clock.now());
    }
  });

  test('at the pace `lifelike` takes days, and its events keep their dates', async () => {
    await restart({ pace: 'lifelike' });
    const { body } = await buy('NextDayAir');
    const read = async () => (await call('GET', `/v2/trackers/${body.tracker.id}`)).body;
    expect(await read()).toMatchObject({ status: 'pre_transit', carrier: 'UPSDAP' });
    clock.advance(day);
    const inTransit = await read();
    expect(inTransit.status).toBe('in_transit');
    clock.advance(2 * day);
    const arrived = await read();
    expect(arrived.status).toBe('delivered');
    expect(arrived.tracking_details.slice(0, 3)).toEqual(inTransit.tracking_details);
    expect(arrived.tracking_details[0]!.datetime).toBe('2025-03-07T16:46:17Z');
  });

  test('in production mode has no test codes and no events before the carrier responds', async () => {
    const testCode = await track('EZ1000000001', undefined, easypostSandboxProductionKey);
    expect([testCode.status, testCode.body.error.code]).toEqual([422, 'TRACKER.INVALID_TEST_CODE']);
    const upsCode = await track('1Z5A00B10300000015', undefined, easypostSandboxProductionKey);
    expect(upsCode.body).toMatchObject({ mode: 'production', carrier: 'UPS', status: 'unknown' });
    const unknown = await track('what is this', undefined, easypostSandboxProductionKey);
    expect([unknown.status, unknown.body.error.code]).toEqual([422, 'TRACKER.NO_CARRIER_FOR_CODE']);
  });

  test('is found in a batch and by filters, and can be deleted', async () => {
    const first = (await track('EZ1000000001')).body;
    const second = (await track('EZ2000000002')).body;
    const batch = await call('POST', '/v2/trackers/batch', {
      tracking_codes: ['EZ2000000002', 'EZ3000000003'],
    });
    expect(batch.body).toMatchObject({ trackers: [{ id: second.id }], has_more: false });
    const ids = async (query: string) =>
      (await call('GET', `/v2/trackers?${query}`)).body.trackers.map(({ id }) => id);
    expect(await ids('tracking_code=EZ1000000001')).toEqual([first.id]);
    expect(await ids('carrier=UPS')).toEqual([]);
    expect(await ids('tracking_codes[]=EZ1000000001&tracking_codes[]=EZ2000000002')).toEqual([
      second.id,
      first.id,
    ]);
    expect((await call('DELETE', `/v2/trackers/${first.id}`)).body).toEqual({ success: true });
    expect((await call('GET', `/v2/trackers/${first.id}`)).status).toBe(404);
    expect((await track('EZ1000000001')).status).toBe(201);
  });

  test('is refused without a code and for an unknown carrier', async () => {
    const withoutCode = await call('POST', '/v2/trackers', { tracker: { carrier: 'USPS' } });
    expect(withoutCode.body.error).toMatchObject({
      code: 'PARAMETER.REQUIRED',
      errors: [{ field: 'tracking_code' }],
    });
    expect((await track('123', 'Pigeon')).body.error.code).toBe('TRACKER.UNSUPPORTED_CARRIER');
  });
});
