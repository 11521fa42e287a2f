import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { easypostSandboxKey } from '../../sandbox/easypost/index.ts';
import { signatures } from '../../sandbox/easypost/webhooks/signatures.ts';
import { providers } from '../../src/carriers/registry.ts';
import { toApiKeyConfig } from '../../src/config/api-key.ts';
import { type TenantConfig } from '../../src/config/tenants.ts';
import { runWebhookAction, type WebhookReport } from '../../src/admin/webhook-registration.ts';
import type { Caller } from '../../src/accounts/account.ts';
import { createSealer } from '../../src/domain/seal.ts';
import { sendCommand } from '../../src/admin/command-client.ts';
import { box, openTestServer, receiver, sender, type TestServer } from '../support/test-server.ts';

// A test starts a process, which takes long on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const secret = 'a secret between two';
const trackerQuery = 'query ($number: String!) { tracker(trackingNumber: $number) { status asOf stale account { id } failure { code } } }'; // prettier-ignore

/** Two tenants with accounts at the sandbox's EasyPost: the single one of the environment, and one with two accounts. */
function tenantsOf(easypostUrl: string): TenantConfig[] {
  const provider = providers.find(({ id }) => id === 'easypost')!;
  const account = (id: string, credentials: object) => ({
    id,
    provider,
    name: id,
    environment: 'TEST' as const,
    baseUrl: easypostUrl,
    credentials: provider.credentials.parse({ apiKey: easypostSandboxKey, ...credentials }),
    options: provider.options.parse({}),
    quota: {},
  });
  const tenant = (id: string, accounts: TenantConfig['accounts'], single?: true): TenantConfig => ({
    id,
    name: id,
    apiKeys: [toApiKeyConfig(`${id}-key`)],
    accounts,
    single,
  });
  return [
    tenant('default', [account('easypost', { webhookSecret: secret })], true),
    tenant('acme', [account('with', { webhookSecret: secret }), account('without', {})]),
  ];
}

describe('webhooks', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openTestServer({ tenants: ({ providers }) => tenantsOf(providers.easypost.url) });
  });
  afterAll(() => server.close());

  const single = '/webhooks/easypost/easypost';
  const ask = async (number: string, key = 'default-key') =>
    (await server.ask(trackerQuery, { number }, key)).data.tracker;
  const tracker = (trackingNumber: string, more: object = {}) => ({
    id: `trk_${trackingNumber}`,
    tracking_code: trackingNumber,
    carrier: 'USPS',
    status: 'in_transit',
    updated_at: new Date(server.clock.now()).toISOString(),
    tracking_details: [],
    ...more,
  });
  const post = (path: string, body: string, headers: Record<string, string>) =>
    fetch(server.url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body }); // prettier-ignore
  const deliver = (
    result: object,
    { path = single, by = secret, created = server.clock.now(), description = 'tracker.updated' } = {},
  ) => {
    const body = JSON.stringify({ description, mode: 'test', created_at: new Date(created).toISOString(), result }); // prettier-ignore
    return post(path, body, signatures(by, server.clock.now(), path, body));
  };
  const minute = 60_000;

  const purchase = async (idempotencyKey: string) => {
    const input = { from: sender, to: receiver, parcels: [box] };
    const { rates } = (await server.ask('query ($input: RatesInput!) { rates(input: $input) { rates { id carrier } } }', { input }, 'default-key')).data.rates; // prettier-ignore
    const rateId = rates.find(({ carrier }: { carrier: string }) => carrier === 'USPS').id;
    const response = await server.ask('mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { id trackingNumber } } }', { input: { idempotencyKey, rateId } }, 'default-key'); // prettier-ignore
    return response.data.shipmentPurchase.shipment as { id: string; trackingNumber: string };
  };

  it('cause a refund to be checked at once rather than within six hours', async () => {
    const shipment = await purchase('refund');
    const voided = await server.ask('mutation ($id: ID!) { shipmentVoid(input: { id: $id }) { shipment { refund { status } } } }', { id: shipment.id }, 'default-key'); // prettier-ignore
    expect(voided.data.shipmentVoid.shipment.refund.status).toBe('REQUESTED');
    const reads = () => server.sandbox.easypost.count('GET', /\/shipments\/shp_\w+$/);
    const before = reads();
    const refund = { tracking_code: shipment.trackingNumber, status: 'refunded' };
    expect((await deliver(refund, { description: 'refund.successful' })).status).toBe(200);
    await expect.poll(reads, { timeout: 20_000 }).toBe(before + 1);
  });

  it('report that a label was voided in the dashboard of EasyPost', async () => {
    const { easypost } = server.sandbox;
    const { id, trackingNumber } = await purchase('voided there');
    const easypostRequest = (method: string, path: string) =>
      fetch(`${easypost.url}/v2${path}`, { method, headers: { authorization: `Bearer ${easypostSandboxKey}` } }).then((answer) => answer.json() as any); // prettier-ignore
    const purchased = (await easypostRequest('GET', '/shipments')).shipments[0];
    expect(purchased.tracking_code).toBe(trackingNumber);
    await easypostRequest('POST', `/shipments/${purchased.id}/refund`);
    server.clock.advance(16 * 24 * 60 * minute);
    const refund = { tracking_code: trackingNumber, status: 'refunded' };
    expect((await deliver(refund, { description: 'refund.successful' })).status).toBe(200);
    const now = async () =>
      (await server.ask('query ($id: ID!) { shipment(id: $id) { status refund { status amount { amount } } label { url } } }', { id }, 'default-key')).data.shipment; // prettier-ignore
    await expect.poll(now, { timeout: 20_000 }).toEqual({
      status: 'VOIDED',
      refund: { status: 'REFUNDED', amount: { amount: purchased.selected_rate.rate } },
      label: null,
    });
  });

  it('update a tracker once they are registered, without a call to the provider', async () => {
    const { easypost } = server.sandbox;
    const [registered] = (await sendCommand(server.folder, 'webhook register'))!.result as WebhookReport[];
    expect(registered).toMatchObject({ tenant: 'default', done: 'registered', url: server.url + single });
    const sandboxed = (path: string, body: object) =>
      fetch(easypost.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${easypostSandboxKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }).then((answer) => answer.json() as any);
    const place = { name: 'Ann', street1: '388 Townsend St', city: 'San Francisco', state: 'CA', zip: '94107', country: 'US' }; // prettier-ignore
    const shipment = await sandboxed('/v2/shipments', { shipment: { to_address: place, from_address: place, parcel: { weight: box.weight.value } } }); // prettier-ignore
    const rate = shipment.rates.find((each: any) => each.carrier === 'USPS');
    const { tracking_code: number } = await sandboxed(`/v2/shipments/${shipment.id}/buy`, { rate: { id: rate.id } }); // prettier-ignore

    await easypost.deliver();
    const before = easypost.calls.length;
    expect(await ask(number)).toMatchObject({
      status: 'PRE_TRANSIT',
      stale: false,
      account: { id: 'easypost' },
    });
    server.clock.advance(2 * 24 * 60 * minute);
    await easypost.deliver();
    expect(await ask(number)).toMatchObject({
      status: 'IN_TRANSIT',
      stale: false,
      failure: null,
      asOf: new Date(server.clock.now()).toISOString(),
    });
    server.clock.advance(24 * 60 * minute);
    await easypost.deliver();
    expect(await ask(number)).toMatchObject({ status: 'DELIVERED', stale: false });
    expect(easypost.calls.slice(before)).toEqual([]);
  });

  it('are acknowledged after they are stored, and have no further effect when repeated', async () => {
    const old = tracker('EZREPEATED1', { status: 'in_transit' });
    expect((await deliver(old)).status).toBe(200);
    server.clock.advance(minute);
    expect((await deliver(tracker('EZREPEATED1', { status: 'delivered' }))).status).toBe(200);
    expect((await ask('EZREPEATED1')).status).toBe('DELIVERED');
    // Unordered, at least once: neither the old one nor the old one told anew takes the parcel back.
    server.clock.advance(minute);
    expect((await deliver(old)).status).toBe(200);
    expect((await deliver(old, { created: server.clock.now() - 2 * minute })).status).toBe(200);
    expect((await ask('EZREPEATED1')).status).toBe('DELIVERED');
  });

  it('are accepted at the endpoint of their own account only', async () => {
    const reports = (await sendCommand(server.folder, 'webhook list'))!.result as WebhookReport[];
    expect(reports.map(({ tenant, account }) => `${tenant} ${account}`)).toEqual(['default easypost', 'acme with']); // prettier-ignore
    const path = new URL(reports[1]!.url).pathname;
    expect(path).toMatch(/^\/webhooks\/easypost\/[\w-]{32}$/);
    expect((await deliver(tracker('EZACME0001'), { path })).status).toBe(200);
    const before = server.sandbox.easypost.calls.length;
    expect(await ask('EZACME0001', 'acme-key')).toMatchObject({ status: 'IN_TRANSIT', account: { id: 'with' } }); // prettier-ignore
    expect(server.sandbox.easypost.calls.length).toBe(before);
    // What was signed for one address is no use at the other.
    const body = '{"description":"tracker.updated"}';
    const stolen = signatures(secret, server.clock.now(), single, body);
    expect((await post(path, body, stolen)).status).toBe(401);
  });

  it('without a valid signature are rejected, and change nothing', async () => {
    expect((await deliver(tracker('EZFORGED01'), { by: 'another' })).status).toBe(401);
    expect((await post(single, '{}', {})).status).toBe(401);
    expect((await post(single, '', {})).status).toBe(401);
    expect((await ask('EZFORGED01')).status).toBe('UNKNOWN');
  });

  it('receive the same response at an unknown endpoint and at an account without a secret', async () => {
    const answers = await Promise.all(
      ['/webhooks/easypost/nobody', '/webhooks/nobody/easypost', '/webhooks/easypost/without', '/webhooks/usps/usps', '/webhooks/easypost/with', '/webhooks/easypost/constructor'].map(async (path) => {
        const answer = await deliver(tracker('EZNOBODY01'), { path });
        return [answer.status, await answer.text()];
      }),
    ); // prettier-ignore
    expect(new Set(answers.map(String))).toEqual(new Set(['404,{"error":"there is no such endpoint"}']));
  });

  it('that are signed but cannot be parsed are acknowledged, so that they are not sent again', async () => {
    expect((await deliver({ id: 7 })).status).toBe(200);
    expect(server.log.join('\n')).toContain('webhook could not be parsed');
  });

  it('are read up to 1 MiB, whatever their content type', async () => {
    const large = JSON.stringify({ description: 'batch.created', created_at: null, filler: 'x'.repeat(1024 * 1024) }); // prettier-ignore
    expect((await post(single, large, signatures(secret, server.clock.now(), single, large))).status).toBe(
      413,
    );
    const body = JSON.stringify({ description: 'batch.created', result: {} });
    const headers = { ...signatures(secret, server.clock.now(), single, body), 'content-type': 'text/plain' };
    expect((await post(single, body, headers)).status).toBe(200);
  });

  it('cause no address and no secret to be logged', async () => {
    const details = [{ message: 'Left at Elm Street', status: 'in_transit', tracking_location: { city: 'Springfield' } }]; // prettier-ignore
    await deliver(tracker('EZQUIET001', { tracking_details: details }));
    const log = server.log.join('\n');
    expect(log).toContain('webhook accepted');
    for (const word of ['Springfield', 'Elm', secret, 'EZQUIET001', 'hmac']) expect(log).not.toContain(word);
  });

  it('are renewed when registered again, and end when removed', async () => {
    const { easypost } = server.sandbox;
    const done = async (action: string) =>
      ((await sendCommand(server.folder, `webhook ${action}`))!.result as WebhookReport[]).map(
        (each) => each.done,
      );
    expect(await done('register')).toEqual(['renewed', 'renewed']);
    expect(easypost.calls.slice(-1)).toMatchObject([{ method: 'PATCH', status: 201 }]);
    const [listed] = (await sendCommand(server.folder, 'webhook list'))!.result as WebhookReport[];
    expect(listed!.webhooks).toContainEqual({ url: server.url + single, active: true });
    expect(await done('remove')).toEqual(['removed', 'removed']);
    expect(await done('remove')).toEqual(['was not registered', 'was not registered']);
  });

  it('are registered by a command through the running server', async () => {
    const child = spawn(
      process.execPath,
      ['--import', './src/compile-cache.mjs', 'src/cli/webhook.ts', 'register'],
      {
        cwd: new URL('../../', import.meta.url),
        env: { PATH: process.env.PATH, DATA_DIR: server.folder },
      },
    );
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(errors).toBe('');
    expect(output).toContain(`✓ registered: ${server.url}${single}`);
    expect(output).not.toContain(secret);
  });
});

describe('the URL of a webhook', () => {
  const sealer = (secret: string, previous?: string) => createSealer(secret.repeat(32), previous?.repeat(32));

  it('is stable, reveals nothing, and stays valid after one change of the secret', () => {
    const [now] = sealer('a').deriveNames('webhook', '["acme","easypost"]');
    expect(sealer('a').deriveNames('webhook', '["acme","easypost"]')).toEqual([now]);
    expect(sealer('b', 'a').deriveNames('webhook', '["acme","easypost"]')[1]).toBe(now);
    const others = [sealer('b').deriveNames('webhook', '["acme","easypost"]'), sealer('a').deriveNames('webhook', '["acme","other"]'), sealer('a').deriveNames('label', '["acme","easypost"]')]; // prettier-ignore
    expect(new Set([now, ...others.flat()]).size).toBe(4);
  });

  it('is not registered at a remote provider if it leads to this machine', async () => {
    const register = vi.fn();
    const account = { id: 'easypost', provider: 'easypost', host: { name: 'api.easypost.com' }, adapter: { webhooks: { registration: { register } } } }; // prettier-ignore
    const callers = [{ tenant: { id: 'default', name: 'Default', single: true }, accounts: [account] }] as unknown as Caller[]; // prettier-ignore
    for (const url of ['http://127.0.0.1:4000', 'http://localhost:4000', 'http://[::1]:4000']) {
      const [report] = await runWebhookAction('register', callers, sealer('a'), url);
      expect(report!.fault).toMatch(/is a loopback address.*Set PUBLIC_URL/);
    }
    expect(register).not.toHaveBeenCalled();
    await runWebhookAction('register', callers, sealer('a'), 'https://ship.example');
    expect(register).toHaveBeenCalledWith(
      'https://ship.example/webhooks/easypost/easypost',
      expect.anything(),
    );
  });
});
