import { afterAll, beforeAll, expect, test } from 'vitest';

import { createEasyPost, type EasyPost } from '../../src/carriers/easypost/client.ts';
import { createWebhookApi } from '../../src/carriers/easypost/tracking/webhooks.ts';
import { InvalidSignature } from '../../src/carriers/webhooks.ts';
import { openConnections } from '../../src/transport/http.ts';
import {
  call,
  contractClock,
  describeContract,
  openEasyPost,
  readContract,
  startReplay,
  type Loose,
  type Opened,
  type Replay,
} from './shared.ts';

const sample = (name: string) => readContract(`easypost/samples/webhook.event.${name}`);
const headersOf = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

describeContract('a webhook that EasyPost really sent', () => {
  const body = () => Buffer.from(sample('tracker-updated.body.json'));
  const first = () => JSON.parse(sample('tracker-updated.signature-v1.json'));
  const read = (
    secret: string,
    headers: Record<string, string>,
    path = '/',
    now = Date.parse('2024-08-02T19:30:00Z'),
  ) =>
    // prettier-ignore
    createWebhookApi({} as EasyPost, secret, 'PRODUCTION').read({ method: 'POST', path, headers, body: body() }, now);

  test('is believed and read', () => {
    const { secret, signature_header, raw_body_bytes } = first();
    expect(body()).toHaveLength(raw_body_bytes);
    const { trackings, type } = read(secret, headersOf(signature_header));
    const { result } = JSON.parse(body().toString());
    expect(type).toBe('tracker.updated');
    expect(trackings[0]!.parcel).toEqual({ trackingNumber: '1', carrier: 'FedEx' });
    expect(trackings[0]!.tracking).toMatchObject({
      status: 'IN_TRANSIT',
      reference: 'trk_1',
      changedAt: '2024-08-02T19:26:51.000Z',
      // Midnight in UTC is a day, and no hour of it.
      estimatedDelivery: undefined,
      estimatedDeliveryDate: '2024-08-05',
    });
    expect(trackings[0]!.tracking.events.map(({ occurredAt }) => occurredAt)).toEqual(
      result.tracking_details.map((each: Loose) => each.datetime).reverse(),
    );
  });

  test('is refused in each way that EasyPost lists', () => {
    const { secret, signature_header, negative_cases } = first();
    for (const wrong of negative_cases) {
      const headers = wrong.header_missing ? {} : { ...signature_header, ...(wrong['X-Hmac-Signature'] && wrong) }; // prettier-ignore
      expect(() => read(wrong.secret ?? secret, headersOf(headers))).toThrow(InvalidSignature);
    }
    expect(negative_cases).toHaveLength(3);
  });

  test('is believed by the second signature as its rule is published', () => {
    const { secret, headers } = JSON.parse(sample('tracker-updated.signature-v2.derived.json'));
    const at = Date.parse(headers['X-Timestamp']);
    expect(read(secret, headersOf(headers), '/easypost', at).trackings).toHaveLength(1);
    expect(() => read(secret, headersOf(headers), '/easypost', at + 301_000)).toThrow(InvalidSignature);
  });
});

describeContract('what EasyPost recorded of webhooks and lists', () => {
  let replay: Replay;
  let opened: Opened;
  const connections = openConnections();
  beforeAll(async () => {
    replay = await startReplay();
    opened = openEasyPost(replay.url);
  });
  afterAll(async () => {
    await opened.close();
    await connections.close();
    await replay.close();
  });
  const recorded = (name: string) => {
    const part = (which: string) => JSON.parse(readContract(`easypost/samples/${name}.${which}.json`));
    const [request, response] = [part('request'), part('response')];
    return { request, response };
  };
  const answer = (method: string, path: string | RegExp, name: string, body?: unknown) => {
    const { response } = recorded(name);
    replay.when(method, path, { status: response.status, body: body ?? response.body });
  };
  const asked = () => replay.asked.map(({ method, path }) => `${method} ${path}`);

  test('a webhook is made, found again, changed and taken away with the bodies that were recorded', async () => {
    const { request, response } = recorded('webhook.create');
    const { url, webhook_secret: secret } = request.body.webhook;
    const desk = createWebhookApi(
      createEasyPost(replay.url, 'EZTKtest', connections.send, contractClock()),
      secret,
      'TEST',
    );
    answer('GET', '/v2/webhooks', 'webhook.list');
    answer('POST', '/v2/webhooks', 'webhook.create');
    expect(await desk.register(url, call)).toBe('registered');
    expect(JSON.parse(replay.asked.at(-1)!.body)).toEqual({ webhook: { url, webhook_secret: secret } });

    answer('GET', '/v2/webhooks', 'webhook.list', { webhooks: [response.body] });
    answer('PATCH', /^\/v2\/webhooks\//, 'webhook.update');
    answer('DELETE', /^\/v2\/webhooks\//, 'webhook.delete');
    expect(await desk.list(call)).toEqual([{ url: 'http://example.com/', active: true }]);
    expect(await desk.register(url, call)).toBe('renewed');
    expect(JSON.parse(replay.asked.at(-1)!.body)).toEqual({ webhook_secret: recorded('webhook.update').request.body.webhook_secret }); // prettier-ignore
    expect(await desk.remove(url, call)).toBe(1);
    expect(asked().slice(-1)).toEqual([`DELETE /v2/webhooks/${response.body.id}`]);
  });

  test('a webhook without an address is refused as it was recorded', async () => {
    answer('GET', '/v2/webhooks', 'webhook.list');
    answer('POST', '/v2/webhooks', 'webhook.create.error-url-required');
    const desk = createWebhookApi(createEasyPost(replay.url, 'EZTKtest', connections.send, contractClock()), 'x', 'TEST'); // prettier-ignore
    await expect(desk.register('http://example.com', call)).rejects.toMatchObject({ code: 'REJECTED', providerCode: 'WEBHOOK.INVALID_PARAMS' }); // prettier-ignore
  });

  test('shipments and trackers are listed page by page, each parcel by its tracker', async () => {
    replay.reset();
    const pages: Record<string, string[]> = {
      '/v2/shipments': ['shipment.list', 'shipment.list.next-page'],
      '/v2/trackers': ['tracker.list', 'tracker.list.next-page'],
    };
    const expected: string[] = [];
    for (const [path, names] of Object.entries(pages)) {
      const bodies = names.map((name) => recorded(name).response.body);
      for (const body of bodies) {
        const rows = body.trackers ?? body.shipments.map((each: Loose) => each.tracker).filter(Boolean);
        expected.push(...rows.map((each: Loose) => each.tracking_code));
      }
      let turn = 0;
      replay.when('GET', path, () => {
        const body = bodies[turn++]!;
        return { body: { ...body, has_more: turn < bodies.length } };
      });
    }
    const to = Date.parse('2025-03-07T00:00:00Z');
    const found: string[] = [];
    const shipments: Loose[] = [];
    let next: string | undefined;
    do {
      const page = await opened.carrier.listExternal({ from: to - 86_400_000, to }, next, call);
      found.push(...page.trackings.map(({ parcel }) => parcel.trackingNumber));
      shipments.push(...page.shipments);
      next = page.next;
    } while (next !== undefined);
    expect(found).toEqual(expected);
    expect(found.length).toBeGreaterThan(10);
    const rows = ['shipment.list', 'shipment.list.next-page'].flatMap((name) => recorded(name).response.body.shipments); // prettier-ignore
    expect(shipments.map(({ reference }) => reference)).toEqual(rows.map(({ id }: Loose) => id));
    for (const [
      index,
      { tracking_code, created_at, postage_label, selected_rate, parcel, refund_status },
    ] of rows.entries()) {
      expect(shipments[index]).toMatchObject({
        createdAt: Date.parse(created_at),
        carrier: 'USPS',
        service: { code: 'USPS_GROUND_ADVANTAGE', providerCode: selected_rate.service },
        from: { name: 'Elizabeth Swan', postalCode: '90277', country: 'US' },
        parcel: { weight: { value: parcel.weight, unit: 'OUNCE' } },
        isReturn: false,
        // Recorded by day, in California.
        shipDate: created_at.slice(0, 10),
        purchased: {
          trackingNumber: tracking_code,
          price: { amount: selected_rate.rate, currencyCode: 'USD' },
          label: { format: 'PNG', source: postage_label.label_url },
        },
        refund: refund_status ? { status: 'REQUESTED', voided: false } : undefined,
      });
    }
    expect(asked()).toEqual([
      'GET /v2/shipments',
      'GET /v2/shipments',
      'GET /v2/trackers',
      'GET /v2/trackers',
    ]);
    const shipment = recorded('shipment.list').response.body.shipments.at(-1);
    const tracker = recorded('tracker.list').response.body.trackers.at(-1);
    expect(replay.asked[1]!.query).toMatchObject({ page_size: '100', before_id: shipment.id });
    expect(replay.asked[3]!.query).toMatchObject({ page_size: '100', before_id: tracker.id });
  });
});
