import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore, type Store } from '../../../sandbox/store.ts';
import {
  type Body,
  buy,
  call,
  clock,
  day,
  easypost,
  minute,
  restart,
  setUpEasyPost,
} from './easypost-api.ts';

setUpEasyPost();

describe('a webhook', () => {
  let server: Server;
  let received: { headers: IncomingHttpHeaders; text: string }[];
  let status: number;
  let url: string;

  beforeEach(async () => {
    received = [];
    status = 200;
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      received.push({ headers: request.headers, text: Buffer.concat(chunks).toString() });
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/easypost`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const subscribe = (webhook_secret?: string) =>
    call('POST', '/v2/webhooks', { webhook: { url, webhook_secret } });
  const events = () => received.map(({ text }) => JSON.parse(text) as { description: string; result: Body });

  test('receives an event for each change of a tracker, signed over the raw body', async () => {
    await subscribe('s\u00e9cret');
    const { body } = await buy();
    await easypost.deliver();
    clock.advance(3 * minute);
    await easypost.deliver();
    expect(events().map(({ description, result }) => [description, result.status])).toEqual([
      ['tracker.created', 'unknown'],
      ['tracker.updated', 'pre_transit'],
      ['tracker.updated', 'delivered'],
    ]);
    const { headers, text } = received[0]!;
    const key = 's\u00e9cret'.normalize('NFKD');
    const sign = (message: string) =>
      `hmac-sha256-hex=${createHmac('sha256', key).update(message).digest('hex')}`;
    expect(headers['x-hmac-signature']).toBe(sign(text));
    expect(headers['x-hmac-signature-v2']).toBe(
      sign(`${String(headers['x-timestamp'])}POST/easypost${text}`),
    );
    expect(events()[0]!.result.id).toBe(body.tracker.id);
    const [latest] = (await call('GET', '/v2/events')).body.events;
    expect(latest).toMatchObject({ description: 'tracker.updated', status: 'completed' });
    expect((await call('GET', `/v2/events/${latest!.id}`)).body).not.toHaveProperty('result');
  });

  test('receives unsigned events without a secret', async () => {
    await subscribe();
    await buy();
    await easypost.deliver();
    expect(received[0]!.headers).not.toHaveProperty('x-hmac-signature');
  });

  test('is retried six times, then disabled until an update enables it', async () => {
    const { body } = await subscribe('secret');
    status = 500;
    await buy();
    for (let index = 0; index < 10; index++) {
      await easypost.deliver();
      clock.advance(day);
    }
    expect(events().filter(({ description }) => description === 'tracker.created')).toHaveLength(7);
    expect((await call('GET', '/v2/webhooks')).body.webhooks[0]!.disabled_at).not.toBeNull();
    const enabled = await call('PATCH', `/v2/webhooks/${body.id}`, { webhook_secret: 'other' });
    expect([enabled.status, (await call('GET', '/v2/webhooks')).body.webhooks[0]!.disabled_at]).toEqual([
      201,
      null,
    ]);
  });
});

test('changes that the store refuses, as on a full disk, are reported once it takes them', async () => {
  const store = openStore();
  let isFull = false;
  let refused = 0;
  const put: Store['put'] = (...document) => {
    if (!isFull) return store.put(...document);
    refused += 1;
    throw new Error('no space left on device');
  };
  await restart({ store: { ...store, put }, deliverEvery: 5 });
  await buy();
  isFull = true;
  clock.advance(3 * minute);
  await expect.poll(() => refused).toBeGreaterThan(1);
  const reported = async () =>
    (await call('GET', '/v2/events')).body.events.filter((event) => event.description === 'tracker.updated').length; // prettier-ignore
  const before = await reported();
  isFull = false;
  await expect.poll(reported).toBe(before + 1);
});
