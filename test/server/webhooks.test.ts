import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { easypostSandboxKey } from '../../sandbox/easypost/index.ts';
import { signatures } from '../../sandbox/easypost/tracking/webhooks.ts';
import { providers } from '../../src/carriers/registry.ts';
import { hashKey, type TenantConfig } from '../../src/config/config.ts';
import { runWebhookAction, type WebhookReport } from '../../src/admin/webhook-registration.ts';
import type { Caller } from '../../src/accounts/account.ts';
import { createSealer } from '../../src/domain/seal.ts';
import { callRunningServer } from '../../src/storage/data-directory-lock.ts';
import { box, openTestServer, receiver, sender, type TestServer } from '../support/test-server.ts';

// A process is started here, on machines that do other things too.
vi.setConfig({ testTimeout: 120_000 });

const secret = 'a secret between two';
const trackerQuery = 'query ($number: String!) { tracker(trackingNumber: $number) { status asOf stale account { id } failure { code } } }'; // prettier-ignore

/** The sandbox's EasyPost, behind two tenants: the one of the environment, and one of a file with two accounts. */
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
    apiKeyHashes: [hashKey(`${id}-key`)],
    accounts,
    single,
  });
  return [
    tenant('default', [account('easypost', { webhookSecret: secret })], true),
    tenant('acme', [account('with', { webhookSecret: secret }), account('without', {})]),
  ];
}

describe('webhooks', () => {
  let house: TestServer;
  beforeAll(async () => {
    house = await openTestServer({ tenants: ({ providers }) => tenantsOf(providers.easypost.url) });
  });
  afterAll(() => house.close());

  const single = '/webhooks/easypost/easypost';
  const ask = async (number: string, key = 'default-key') =>
    (await house.ask(trackerQuery, { number }, key)).data.tracker;
  const tracker = (trackingNumber: string, more: object = {}) => ({
    id: `trk_${trackingNumber}`,
    tracking_code: trackingNumber,
    carrier: 'USPS',
    status: 'in_transit',
    updated_at: new Date(house.clock.now()).toISOString(),
    tracking_details: [],
    ...more,
  });
  const post = (path: string, body: string, headers: Record<string, string>) =>
    fetch(house.url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body }); // prettier-ignore
  const deliver = (
    result: object,
    { path = single, by = secret, created = house.clock.now(), description = 'tracker.updated' } = {},
  ) => {
    const body = JSON.stringify({ description, mode: 'test', created_at: new Date(created).toISOString(), result }); // prettier-ignore
    return post(path, body, signatures(by, house.clock.now(), path, body));
  };
  const minute = 60_000;

  const bought = async (idempotencyKey: string) => {
    const input = { from: sender, to: receiver, parcels: [box] };
    const { rates } = (await house.ask('query ($input: RatesInput!) { rates(input: $input) { rates { id carrier } } }', { input }, 'default-key')).data.rates; // prettier-ignore
    const rateId = rates.find(({ carrier }: { carrier: string }) => carrier === 'USPS').id;
    const purchase = await house.ask('mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { id trackingNumber } } }', { input: { idempotencyKey, rateId } }, 'default-key'); // prettier-ignore
    return purchase.data.shipmentPurchase.shipment as { id: string; trackingNumber: string };
  };

  it('have a refund asked about at once, which is asked about every six hours otherwise', async () => {
    const shipment = await bought('refund');
    const given = await house.ask('mutation ($id: ID!) { shipmentVoid(input: { id: $id }) { shipment { refund { status } } } }', { id: shipment.id }, 'default-key'); // prettier-ignore
    expect(given.data.shipmentVoid.shipment.refund.status).toBe('REQUESTED');
    const reads = () => house.sandbox.easypost.count('GET', /\/shipments\/shp_\w+$/);
    const before = reads();
    const refund = { tracking_code: shipment.trackingNumber, status: 'refunded' };
    expect((await deliver(refund, { description: 'refund.successful' })).status).toBe(200);
    await expect.poll(reads, { timeout: 20_000 }).toBe(before + 1);
  });

  it('tell that a label was given back in EasyPost’s dashboard', async () => {
    const { easypost } = house.sandbox;
    const { id, trackingNumber } = await bought('given back there');
    const there = (method: string, path: string) =>
      fetch(`${easypost.url}/v2${path}`, { method, headers: { authorization: `Bearer ${easypostSandboxKey}` } }).then((answer) => answer.json() as any); // prettier-ignore
    const sold = (await there('GET', '/shipments')).shipments[0];
    expect(sold.tracking_code).toBe(trackingNumber);
    await there('POST', `/shipments/${sold.id}/refund`);
    house.clock.advance(16 * 24 * 60 * minute);
    const refund = { tracking_code: trackingNumber, status: 'refunded' };
    expect((await deliver(refund, { description: 'refund.successful' })).status).toBe(200);
    const now = async () =>
      (await house.ask('query ($id: ID!) { shipment(id: $id) { status refund { status amount { amount } } label { url } } }', { id }, 'default-key')).data.shipment; // prettier-ignore
    await expect.poll(now, { timeout: 20_000 }).toEqual({
      status: 'VOIDED',
      refund: { status: 'REFUNDED', amount: { amount: sold.selected_rate.rate } },
      label: null,
    });
  });

  it('change a tracker once it is registered, with no call of ours', async () => {
    const { easypost } = house.sandbox;
    const [registered] = (await callRunningServer(house.folder, 'webhook register'))!
      .answer as WebhookReport[];
    expect(registered).toMatchObject({ tenant: 'default', done: 'registered', url: house.url + single });
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
    house.clock.advance(2 * 24 * 60 * minute);
    await easypost.deliver();
    expect(await ask(number)).toMatchObject({
      status: 'IN_TRANSIT',
      stale: false,
      failure: null,
      asOf: new Date(house.clock.now()).toISOString(),
    });
    house.clock.advance(24 * 60 * minute);
    await easypost.deliver();
    expect(await ask(number)).toMatchObject({ status: 'DELIVERED', stale: false });
    expect(easypost.calls.slice(before)).toEqual([]);
  });

  it('are answered by 2xx once the ledger has them, and are harmless when repeated', async () => {
    const old = tracker('EZREPEATED1', { status: 'in_transit' });
    expect((await deliver(old)).status).toBe(200);
    house.clock.advance(minute);
    expect((await deliver(tracker('EZREPEATED1', { status: 'delivered' }))).status).toBe(200);
    expect((await ask('EZREPEATED1')).status).toBe('DELIVERED');
    // Unordered, at least once: neither the old one nor the old one told anew takes the parcel back.
    house.clock.advance(minute);
    expect((await deliver(old)).status).toBe(200);
    expect((await deliver(old, { created: house.clock.now() - 2 * minute })).status).toBe(200);
    expect((await ask('EZREPEATED1')).status).toBe('DELIVERED');
  });

  it('are each taken by their own account alone', async () => {
    const reports = (await callRunningServer(house.folder, 'webhook list'))!.answer as WebhookReport[];
    expect(reports.map(({ tenant, account }) => `${tenant} ${account}`)).toEqual(['default easypost', 'acme with']); // prettier-ignore
    const path = new URL(reports[1]!.url).pathname;
    expect(path).toMatch(/^\/webhooks\/easypost\/[\w-]{32}$/);
    expect((await deliver(tracker('EZACME0001'), { path })).status).toBe(200);
    const before = house.sandbox.easypost.calls.length;
    expect(await ask('EZACME0001', 'acme-key')).toMatchObject({ status: 'IN_TRANSIT', account: { id: 'with' } }); // prettier-ignore
    expect(house.sandbox.easypost.calls.length).toBe(before);
    // What was signed for one address is no use at the other.
    const body = '{"description":"tracker.updated"}';
    const stolen = signatures(secret, house.clock.now(), single, body);
    expect((await post(path, body, stolen)).status).toBe(401);
  });

  it('without the right signature are refused, and change nothing', async () => {
    expect((await deliver(tracker('EZFORGED01'), { by: 'another' })).status).toBe(401);
    expect((await post(single, '{}', {})).status).toBe(401);
    expect((await post(single, '', {})).status).toBe(401);
    expect((await ask('EZFORGED01')).status).toBe('UNKNOWN');
  });

  it('for nobody, and for an account without a secret, are told the same', async () => {
    const answers = await Promise.all(
      ['/webhooks/easypost/nobody', '/webhooks/nobody/easypost', '/webhooks/easypost/without', '/webhooks/usps/usps', '/webhooks/easypost/with', '/webhooks/easypost/constructor'].map(async (path) => {
        const answer = await deliver(tracker('EZNOBODY01'), { path });
        return [answer.status, await answer.text()];
      }),
    ); // prettier-ignore
    expect(new Set(answers.map(String))).toEqual(new Set(['404,{"error":"there is no such endpoint"}']));
  });

  it('that are genuine and can not be read are taken, so that they are not sent for ever', async () => {
    expect((await deliver({ id: 7 })).status).toBe(200);
    expect(house.log.join('\n')).toContain('a webhook can not be read');
  });

  it('are read up to a megabyte, whatever they call themselves', async () => {
    const large = JSON.stringify({ description: 'batch.created', created_at: null, filler: 'x'.repeat(1024 * 1024) }); // prettier-ignore
    expect((await post(single, large, signatures(secret, house.clock.now(), single, large))).status).toBe(
      413,
    );
    const body = JSON.stringify({ description: 'batch.created', result: {} });
    const headers = { ...signatures(secret, house.clock.now(), single, body), 'content-type': 'text/plain' };
    expect((await post(single, body, headers)).status).toBe(200);
  });

  it('leave no address and no secret in the log', async () => {
    const details = [{ message: 'Left at Elm Street', status: 'in_transit', tracking_location: { city: 'Springfield' } }]; // prettier-ignore
    await deliver(tracker('EZQUIET001', { tracking_details: details }));
    const log = house.log.join('\n');
    expect(log).toContain('a webhook was taken');
    for (const word of ['Springfield', 'Elm', secret, 'EZQUIET001', 'hmac']) expect(log).not.toContain(word);
  });

  it('are renewed when they are registered again, and end when they are removed', async () => {
    const { easypost } = house.sandbox;
    const done = async (action: string) =>
      ((await callRunningServer(house.folder, `webhook ${action}`))!.answer as WebhookReport[]).map(
        (each) => each.done,
      );
    expect(await done('register')).toEqual(['renewed', 'renewed']);
    expect(easypost.calls.slice(-1)).toMatchObject([{ method: 'PATCH', status: 201 }]);
    const [listed] = (await callRunningServer(house.folder, 'webhook list'))!.answer as WebhookReport[];
    expect(listed!.webhooks).toContainEqual({ url: house.url + single, active: true });
    expect(await done('remove')).toEqual(['removed', 'removed']);
    expect(await done('remove')).toEqual(['was not registered', 'was not registered']);
  });

  it('are registered by a command that asks the running server', async () => {
    const child = spawn(process.execPath, ['src/cli/webhook.ts', 'register'], {
      cwd: new URL('../../', import.meta.url),
      env: { PATH: process.env.PATH, DATA_DIR: house.folder },
    });
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(errors).toBe('');
    expect(output).toContain(`✓ registered: ${house.url}${single}`);
    expect(output).not.toContain(secret);
  });
});

describe('an address for webhooks', () => {
  const sealer = (secret: string, previous?: string) => createSealer(secret.repeat(32), previous?.repeat(32));

  it('stays the same, tells nothing, and outlives a change of the secret by one', () => {
    const [now] = sealer('a').names('webhook', '["acme","easypost"]');
    expect(sealer('a').names('webhook', '["acme","easypost"]')).toEqual([now]);
    expect(sealer('b', 'a').names('webhook', '["acme","easypost"]')[1]).toBe(now);
    const others = [sealer('b').names('webhook', '["acme","easypost"]'), sealer('a').names('webhook', '["acme","other"]'), sealer('a').names('label', '["acme","easypost"]')]; // prettier-ignore
    expect(new Set([now, ...others.flat()]).size).toBe(4);
  });

  it('on this machine is not given to a provider elsewhere', async () => {
    const register = vi.fn();
    const account = { id: 'easypost', provider: 'easypost', host: { name: 'api.easypost.com' }, adapter: { webhooks: { register } } }; // prettier-ignore
    const callers = [{ tenant: { id: 'default', name: 'Default', single: true }, accounts: [account] }] as unknown as Caller[]; // prettier-ignore
    for (const url of ['http://127.0.0.1:4000', 'http://localhost:4000', 'http://[::1]:4000']) {
      const [report] = await runWebhookAction('register', callers, sealer('a'), url);
      expect(report!.fault).toMatch(/this machine's own name.*Set PUBLIC_URL/);
    }
    expect(register).not.toHaveBeenCalled();
    await runWebhookAction('register', callers, sealer('a'), 'https://ship.example');
    expect(register).toHaveBeenCalledWith(
      'https://ship.example/webhooks/easypost/easypost',
      expect.anything(),
    );
  });
});
