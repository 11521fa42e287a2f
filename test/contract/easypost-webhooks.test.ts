import { afterAll, beforeAll, expect, test } from 'vitest';

import { createClient, type EasyPostClient } from '../../src/carriers/easypost/client.ts';
import { createWebhookApi } from '../../src/carriers/easypost/tracking/webhooks.ts';
import { InvalidSignature } from '../../src/carriers/webhooks.ts';
import { readWebhook } from '../support/read-webhook.ts';
import { openConnections } from '../../src/transport/http.ts';
import { readRecorded } from './easypost-recordings.ts';
import {
  call,
  contractClock,
  describeContract,
  readContract,
  startReplay,
  type Loose,
  type Replay,
} from './shared.ts';

const sample = (name: string) => readContract(`easypost/samples/webhook.event.${name}`);
const headersOf = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

describeContract('a recorded webhook of EasyPost', () => {
  const body = () => Buffer.from(sample('tracker-updated.body.json'));
  const first = () => JSON.parse(sample('tracker-updated.signature-v1.json'));
  const read = (
    secret: string,
    headers: Record<string, string>,
    path = '/',
    now = Date.parse('2024-08-02T19:30:00Z'),
  ) =>
    // prettier-ignore
    readWebhook(createWebhookApi({} as EasyPostClient, secret, 'PRODUCTION'), { method: 'POST', path, headers, body: body() }, now);

  test('is verified and read', () => {
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
      // Midnight in UTC stands for a day without a time.
      estimatedDelivery: undefined,
      estimatedDeliveryDate: '2024-08-05',
    });
    expect(trackings[0]!.tracking.events.map(({ occurredAt }) => occurredAt)).toEqual(
      result.tracking_details.map((detail: Loose) => detail.datetime).reverse(),
    );
  });

  test('is rejected in each negative case that EasyPost lists', () => {
    const { secret, signature_header, negative_cases } = first();
    for (const negative of negative_cases) {
      const headers = negative.header_missing ? {} : { ...signature_header, ...(negative['X-Hmac-Signature'] && negative) }; // prettier-ignore
      expect(() => read(negative.secret ?? secret, headersOf(headers))).toThrow(InvalidSignature);
    }
    expect(negative_cases).toHaveLength(3);
  });

  test('is verified by the second signature, as its rule is published', () => {
    const { secret, headers } = JSON.parse(sample('tracker-updated.signature-v2.derived.json'));
    const at = Date.parse(headers['X-Timestamp']);
    expect(read(secret, headersOf(headers), '/easypost', at).trackings).toHaveLength(1);
    expect(() => read(secret, headersOf(headers), '/easypost', at + 301_000)).toThrow(InvalidSignature);
  });
});

describeContract('recorded webhook registrations of EasyPost', () => {
  let replay: Replay;
  const connections = openConnections();
  beforeAll(async () => {
    replay = await startReplay();
  });
  afterAll(async () => {
    await connections.close();
    await replay.close();
  });
  const replayResponse = (method: string, path: string | RegExp, name: string, body?: unknown) => {
    const { response } = readRecorded(name);
    replay.when(method, path, { status: response.status, body: body ?? response.body });
  };
  const requests = () => replay.requests.map(({ method, path }) => `${method} ${path}`);

  test('are created, listed, updated and deleted with the recorded bodies', async () => {
    const { request, response } = readRecorded('webhook.create');
    const { url, webhook_secret: secret } = request.body.webhook;
    const webhooks = createWebhookApi(
      createClient(replay.url, 'EZTKtest', connections.send, contractClock()),
      secret,
      'TEST',
    );
    replayResponse('GET', '/v2/webhooks', 'webhook.list');
    replayResponse('POST', '/v2/webhooks', 'webhook.create');
    expect(await webhooks.registration!.register(url, call)).toBe('registered');
    expect(JSON.parse(replay.requests.at(-1)!.body)).toEqual({ webhook: { url, webhook_secret: secret } });

    replayResponse('GET', '/v2/webhooks', 'webhook.list', { webhooks: [response.body] });
    replayResponse('PATCH', /^\/v2\/webhooks\//, 'webhook.update');
    replayResponse('DELETE', /^\/v2\/webhooks\//, 'webhook.delete');
    expect(await webhooks.registration!.list(call)).toEqual([{ url: 'http://example.com/', active: true }]);
    expect(await webhooks.registration!.register(url, call)).toBe('renewed');
    expect(JSON.parse(replay.requests.at(-1)!.body)).toEqual({ webhook_secret: readRecorded('webhook.update').request.body.webhook_secret }); // prettier-ignore
    expect(await webhooks.registration!.remove(url, call)).toBe(1);
    expect(requests().slice(-1)).toEqual([`DELETE /v2/webhooks/${response.body.id}`]);
  });

  test('are rejected without a URL, as recorded', async () => {
    replayResponse('GET', '/v2/webhooks', 'webhook.list');
    replayResponse('POST', '/v2/webhooks', 'webhook.create.error-url-required');
    const webhooks = createWebhookApi(createClient(replay.url, 'EZTKtest', connections.send, contractClock()), 'x', 'TEST'); // prettier-ignore
    await expect(webhooks.registration!.register('http://example.com', call)).rejects.toMatchObject({ code: 'REJECTED', providerCode: 'WEBHOOK.INVALID_PARAMS' }); // prettier-ignore
  });
});
