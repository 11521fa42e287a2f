import { createHmac } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { uspsSandboxClient, uspsTrackingNumber } from '../../sandbox/usps/index.ts';
import { sendCommand } from '../../src/admin/command-client.ts';
import { usps } from '../../src/carriers/usps/index.ts';
import { toApiKeyConfig } from '../../src/config/api-key.ts';
import type { TenantConfig } from '../../src/config/tenants.ts';
import { uspsCredentials } from '../support/adapters.ts';
import { openTestServer, storages, type TestServer } from '../support/test-server.ts';

const webhookSecret = 'a secret of thirty-two letters..';
const path = '/webhooks/usps/usps';

/** The single tenant, whose account at the sandbox's USPS has a webhook secret. */
const tenant = (baseUrl: string): TenantConfig => ({
  id: 'default',
  name: 'Default',
  apiKeys: [toApiKeyConfig('key')],
  single: true,
  accounts: [
    {
      id: 'usps',
      provider: usps,
      name: 'USPS',
      environment: 'TEST',
      baseUrl,
      credentials: uspsCredentials(uspsSandboxClient, { webhookSecret }),
      options: usps.options.parse({}),
      quota: {},
    },
  ],
});

describe.each(storages)('pushes of USPS with the %s ledger', (storage) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openTestServer({ storage, tenants: ({ providers }) => [tenant(providers.usps.url)] });
  });
  afterAll(() => server.close());

  const number = (serial: number) => uspsTrackingNumber(800 + serial);
  const detail = (trackingNumber: string, time: string, eventCode: string, statusCategory: string) => ({
    trackingNumber,
    status: statusCategory,
    statusCategory,
    trackingEvents: [{ eventType: statusCategory, eventTimestamp: `2026-11-18T${time}`, GMTOffset: '-06:00', eventCode, eventCity: 'CHICAGO', eventState: 'IL' }],
  }); // prettier-ignore
  const envelope = (payload: object, timestamp = new Date(server.clock.now()).toISOString()) =>
    JSON.stringify({ subscriptionId: 's', subscriptionType: 'TRACKING', timestamp, payload: JSON.stringify(payload), links: [] }); // prettier-ignore
  const sign = (body: string, by = webhookSecret) => {
    const { timestamp, payload } = JSON.parse(body);
    return createHmac('sha256', by).update(timestamp + payload).digest('base64'); // prettier-ignore
  };
  const post = (body: string, headers: Record<string, string> = { 'x-hmac': sign(body) }) =>
    fetch(server.url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body }); // prettier-ignore
  const tracker = async (trackingNumber: string) =>
    (await server.ask(`{ tracker(trackingNumber: "${trackingNumber}", maxAgeSeconds: 100000) { status asOf events { description } } }`, {}, 'key')).data.tracker; // prettier-ignore
  const calls = () => server.sandbox.usps.count('POST', /tracking$/);

  it('are answered once they are stored, and a query then costs no call', async () => {
    const body = envelope(detail(number(1), '09:00:00', 'OF', 'Out for Delivery'));
    expect((await post(body)).status).toBe(200);
    expect(await tracker(number(1))).toMatchObject({ status: 'OUT_FOR_DELIVERY', events: [{}] });
    expect(calls()).toBe(0);
  });

  it('are accepted under the older name of the header, and refused without a valid signature', async () => {
    const body = envelope(detail(number(2), '09:00:00', '01', 'Delivered'));
    for (const headers of [
      {},
      { 'x-hmac': 'no' },
      { 'x-hmac': sign(body, 'another secret of 32 characters!') },
    ])
      expect((await post(body, headers as Record<string, string>)).status).toBe(401);
    expect((await post('not JSON', { 'x-hmac': 'no' })).status).toBe(401);
    expect((await post(body, { 'hmac-header': sign(body) })).status).toBe(200);
    expect((await tracker(number(2))).status).toBe('DELIVERED');
  });

  it('are applied once, however often they arrive, and never set a parcel back', async () => {
    const early = envelope(detail(number(3), '08:00:00', '10', 'Moving Through Network'));
    const late = envelope(detail(number(3), '10:00:00', '01', 'Delivered'));
    for (const body of [late, early, late, early]) expect((await post(body)).status).toBe(200);
    const { status, events } = await tracker(number(3));
    expect(status).toBe('DELIVERED');
    expect(events).toHaveLength(2);
  });

  it('of one scan add its event', async () => {
    await post(envelope(detail(number(4), '08:00:00', '03', 'Accepted')));
    const scan = { trackingNumber: number(4), eventType: 'Out for Delivery', eventCode: 'OF', eventTimestamp: '2026-11-18T09:30:00', GMTOffset: '-06:00' }; // prettier-ignore
    await post(envelope(scan));
    expect(await tracker(number(4))).toMatchObject({ status: 'OUT_FOR_DELIVERY', events: [{}, {}] });
  });

  it('that ask whether somebody listens are answered', async () => {
    const answer = await post(JSON.stringify({ challenge: 'abc' }), {});
    expect([answer.status, await answer.json()]).toEqual([200, { challenge: 'abc' }]);
  });

  it('that cannot be read are acknowledged, and keep none of the later ones', async () => {
    expect((await post(envelope({ nothing: 'of a parcel' }))).status).toBe(200);
    expect(server.log.join('\n')).toContain('webhook could not be parsed');
    await post(envelope(detail(number(5), '09:00:00', 'OF', 'Out for Delivery')));
    expect((await tracker(number(5))).status).toBe('OUT_FOR_DELIVERY');
  });

  it('are applied after a restart where the process ended before, and again on request', async () => {
    await server.restart(async (db) => {
      await db.deleteFrom('trackers').execute();
      await db.updateTable('received_webhooks').set({ applied_at: null }).execute();
    });
    await expect.poll(async () => (await server.ask(`{ trackers(numbers: [{ trackingNumber: "${number(1)}" }], maxAgeSeconds: 100000) { status } }`, {}, 'key')).data.trackers[0].status, { timeout: 10_000 }).toBe('OUT_FOR_DELIVERY'); // prettier-ignore
    if (storage === 'server') return;
    const answer = await sendCommand(server.folder, 'webhook replay', { since: 0 });
    expect((answer!.result as { replayed: number }).replayed).toBeGreaterThanOrEqual(8);
    expect(await tracker(number(3))).toMatchObject({ status: 'DELIVERED', events: [{}, {}] });
  });
});
