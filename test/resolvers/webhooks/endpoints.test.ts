import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { setUpPurchases } from '../../support/purchases.ts';
import { storages } from '../../support/test-server.ts';

/** A receiver on loopback that keeps what it gets. `answer` is the status of its answers, by request. */
async function openReceiver() {
  const received: { headers: IncomingHttpHeaders; body: string; data: any; type: string }[] = [];
  let answer: (id: string) => number = () => 204;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { data, type } = JSON.parse(body) as { data: object; type: string };
    received.push({ headers: request.headers, body, data, type });
    const status = answer(String(request.headers['webhook-id']));
    response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answerWith: (next: typeof answer) => void (answer = next),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

const endpointFields = 'endpoint { id url events active deliveries { totalCount nodes { id event status attempts lastStatusCode lastError nextAttemptAt } } } secret userErrors { code field message }'; // prettier-ignore
const deliveryFields =
  'delivery { id event status attempts lastStatusCode lastError } userErrors { code field }';

describe.each(storages)('webhook endpoints, on the %s ledger', (storage) => {
  const shop = setUpPurchases(storage);
  let receiver: Awaited<ReturnType<typeof openReceiver>>;
  beforeEach(async () => void (receiver = await openReceiver()));
  afterEach(async () => {
    for (const { id } of await list()) await run('Delete', { id });
    await receiver.close();
  });

  const run = async (name: string, input: object, key?: string) => {
    const type = `WebhookEndpoint${name === 'Create' ? 'Create' : ''}Input`;
    const fields = name === 'Test' ? deliveryFields : endpointFields;
    const { data, errors } = await shop.server.ask(`mutation ($input: ${type}!) { result: webhookEndpoint${name}(input: $input) { ${fields} } }`, { input }, key); // prettier-ignore
    expect(errors).toBeUndefined();
    return data.result;
  };
  const redeliver = async (deliveryId: string, key?: string) =>
    (await shop.server.ask(`mutation ($input: WebhookRedeliverInput!) { result: webhookRedeliver(input: $input) { ${deliveryFields} } }`, { input: { deliveryId } }, key)).data.result; // prettier-ignore
  const list = async (failedOnly = false, key?: string) =>
    (await shop.server.ask(`query ($failedOnly: Boolean) { webhookEndpoints { id active deliveries(failedOnly: $failedOnly) { totalCount nodes { id event status attempts lastStatusCode lastError nextAttemptAt } } } }`, { failedOnly }, key)).data.webhookEndpoints; // prettier-ignore
  const create = (events: string[], url = receiver.url) => run('Create', { url, events });
  const types = () => receiver.received.map(({ type }) => type);

  it('receive purchases, voids, refunds and tracking, signed as Standard Webhooks defines it', async () => {
    const { secret } = await create([
      'SHIPMENT_PURCHASED',
      'SHIPMENT_VOIDED',
      'REFUND_UPDATED',
      'TRACKER_UPDATED',
    ]);
    const { id, trackingNumber } = await shop.buyLabel('usps');
    await shop.voidShipment(id);
    await shop.server.ask('{ tracker(trackingNumber: "EZ4000000004") { status } }');
    await expect.poll(() => types().toSorted(), { timeout: 10_000 }).toEqual(['refund.updated', 'shipment.purchased', 'shipment.voided', 'tracker.updated', 'tracker.updated']); // prettier-ignore
    // In the order of the changes of the shipment.
    expect(types().filter((type) => type !== 'tracker.updated')).toEqual(['shipment.purchased', 'refund.updated', 'shipment.voided']); // prettier-ignore
    for (const { body, headers } of receiver.received) {
      // `verify` of the library would compare the time with the machine's clock.
      const at = new Date(Number(headers['webhook-timestamp']) * 1000);
      const signature = new Webhook(secret).sign(String(headers['webhook-id']), at, body);
      expect(headers['webhook-signature']).toBe(signature);
    }
    const purchased = receiver.received.find(({ type }) => type === 'shipment.purchased');
    expect(purchased!.data).toMatchObject({ id, status: 'PURCHASED', parcels: [{ trackingNumber }] });
    const tracker = receiver.received.find(({ data }) => data.trackingNumber === 'EZ4000000004')!;
    expect(tracker.data).toMatchObject({ trackingNumber: 'EZ4000000004', status: 'DELIVERED' });
    expect(receiver.received.map(({ body }) => body).join()).not.toMatch(/Rita|Sally|Townsend/);
  });

  it('receive nothing where nothing has changed, and only the events that they name', async () => {
    await create(['TRACKER_UPDATED']);
    // The answer about the purchase asks for its tracker.
    await shop.buyLabel('usps');
    for (let count = 0; count < 3; count += 1) {
      await shop.server.ask('{ tracker(trackingNumber: "EZ2000000002", maxAgeSeconds: 0) { status } }');
    }
    const [endpoint] = await list();
    expect(endpoint.deliveries.nodes.map(({ event }: any) => event)).toEqual([
      'TRACKER_UPDATED',
      'TRACKER_UPDATED',
    ]);
  });

  it('are sent to again, longer and longer apart, in the order of the subject, and for a day', async () => {
    const { endpoint } = await create(['SHIPMENT_PURCHASED', 'REFUND_UPDATED']);
    const other = await create(['TRACKER_UPDATED']);
    const deliveries = async (failedOnly?: boolean) =>
      (await list(failedOnly)).find(({ id }: any) => id === endpoint.id).deliveries.nodes;
    /** Sending a test sends all that is due, unless the server's own job does so at the moment. */
    const sendDue = (read: () => Promise<unknown>) =>
      expect.poll(async () => {
        await run('Test', { id: other.endpoint.id });
        return read();
      });
    receiver.answerWith(() => 503);
    const { id } = await shop.buyLabel('usps');
    await shop.voidShipment(id);
    for (const [attempts, seconds] of [5, 300, 1_800, 7_200, 18_000, 28_800, 28_800].entries()) {
      await sendDue(() => deliveries(true)).toMatchObject([{ event: 'SHIPMENT_PURCHASED', status: 'RETRYING', attempts: attempts + 1 }]); // prettier-ignore
      shop.server.clock.advance(seconds * 1000);
    }
    // The second event of the shipment waits for the first one.
    expect(types()).not.toContain('refund.updated');
    await sendDue(async () => (await deliveries(true)).at(-1)).toMatchObject({ event: 'SHIPMENT_PURCHASED', status: 'DEAD', attempts: 8, lastStatusCode: 503, lastError: 'status 503', nextAttemptAt: null }); // prettier-ignore
    receiver.answerWith(() => 200);
    shop.server.clock.advance(5_000);
    await sendDue(async () => (await deliveries())[0]).toMatchObject({ event: 'REFUND_UPDATED', status: 'DELIVERED' }); // prettier-ignore
    const dead = (await deliveries(true)).at(-1);
    expect(await redeliver(dead.id)).toMatchObject({ delivery: { id: dead.id, status: 'DELIVERED', attempts: 1, lastStatusCode: 200 }, userErrors: [] }); // prettier-ignore
    const ids = receiver.received.filter(({ type }) => type === 'shipment.purchased').map(({ headers }) => headers['webhook-id']); // prettier-ignore
    expect([ids.length, new Set(ids).size]).toEqual([9, 1]);
  });

  it('sign with the previous secret too for a day after a rotation', async () => {
    const { endpoint, secret } = await create(['TRACKER_UPDATED']);
    const rotated = await run('Rotate', { id: endpoint.id });
    expect(rotated.secret).not.toBe(secret);
    const signatures = async () => {
      expect((await run('Test', { id: endpoint.id })).delivery).toMatchObject({
        status: 'DELIVERED',
        lastStatusCode: 204,
      });
      const { headers, body } = receiver.received.at(-1)!;
      const at = new Date(Number(headers['webhook-timestamp']) * 1000);
      const sign = (key: string) => new Webhook(key).sign(String(headers['webhook-id']), at, body);
      return { sent: headers['webhook-signature'], by: { old: sign(secret), new: sign(rotated.secret) } };
    };
    const during = await signatures();
    expect(during.sent).toBe(`${during.by.new} ${during.by.old}`);
    shop.server.clock.advance(24 * 60 * 60 * 1000);
    const after = await signatures();
    expect(after.sent).toBe(after.by.new);
    expect(receiver.received.at(-1)!.data).toEqual({ test: true });
  });

  it('that redirect are not followed, and those that are gone are not sent to any more', async () => {
    const { endpoint } = await create(['TRACKER_UPDATED']);
    receiver.answerWith(() => 302);
    expect((await run('Test', { id: endpoint.id })).delivery).toMatchObject({ status: 'RETRYING', lastStatusCode: 302, lastError: 'redirects are not followed' }); // prettier-ignore
    receiver.answerWith(() => 410);
    expect((await run('Test', { id: endpoint.id })).delivery).toMatchObject({
      status: 'DEAD',
      lastStatusCode: 410,
    });
    expect(await list()).toMatchObject([{ active: false }]);
    expect(receiver.received).toHaveLength(2);
  });

  it.each([
    ['http://example.com/', 'must begin with https://'],
    ['https://10.0.0.7/', 'resolves to a private address; use a public host'],
    ['https://[fe80::1]/', 'resolves to a private address; use a public host'],
    ['https://169.254.169.254/latest/meta-data', 'resolves to a private address; use a public host'],
    ['https://no-such-host.invalid/', 'has a host that is not found; check its spelling'],
    ['https://user:password@127.0.0.1/', 'has no user and password; verify the signature instead'],
  ])('are refused at %s', async (url, message) => {
    expect(await create(['TRACKER_UPDATED'], url)).toEqual({ endpoint: null, secret: null, userErrors: [{ code: 'INVALID', field: ['input', 'url'], message }] }); // prettier-ignore
  });

  it('are of one tenant, at most twenty, and name an event', async () => {
    expect((await create([])).userErrors).toMatchObject([{ code: 'REQUIRED', field: ['input', 'events'] }]);
    const { endpoint } = await create(['TRACKER_UPDATED']);
    const { delivery } = await run('Test', { id: endpoint.id });
    expect(await list(false, 'other-key')).toEqual([]);
    for (const name of ['Rotate', 'Delete', 'Test']) {
      expect((await run(name, { id: endpoint.id }, 'other-key')).userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'id'] }]); // prettier-ignore
    }
    expect((await redeliver(delivery.id, 'other-key')).userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'deliveryId'] }]); // prettier-ignore
    for (let count = 1; count < 20; count += 1) await create(['TRACKER_UPDATED']);
    expect((await create(['TRACKER_UPDATED'])).userErrors).toMatchObject([{ code: 'TOO_MANY' }]);
  });
});
