import { afterEach, expect, it, vi } from 'vitest';
import { easypostSandboxProductionKey } from '../sandbox/easypost/index.ts';
import { signatures } from '../sandbox/easypost/webhooks.ts';
import type { ImportStep } from '../src/backfill.ts';
import { providers } from '../src/carriers/registry.ts';
import { hashKey, type TenantConfig } from '../src/config.ts';
import { askOwner } from '../src/ledger/owner.ts';
import { fromBought } from '../src/carriers/easypost/sold.ts';
import { toCustoms } from '../src/carriers/easypost/customs.ts';
import { box, openHouse, receiver, sender, type House } from './support/house.ts';

vi.setConfig({ testTimeout: 60_000 });
const afterwards: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of afterwards.splice(0).reverse()) await step();
});
const day = 86_400_000;
const key = easypostSandboxProductionKey;
const secret = 'a secret between two';
const call = async (method: string, url: string, body?: object) => {
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  return (await answer.json());
};
function tenantsOf(baseUrl: string): TenantConfig[] {
  const provider = providers.find(({ id }) => id === 'easypost')!;
  const account = {
    id: 'easypost',
    provider,
    name: 'EasyPost',
    environment: 'PRODUCTION' as const,
    baseUrl,
    credentials: provider.credentials.parse({ apiKey: key, webhookSecret: secret }),
    options: provider.options.parse({}),
    quota: {},
  };
  return [
    { id: 'acme', name: 'Acme', apiKeyHashes: [hashKey('acme-key')], accounts: [account], single: true },
  ];
}
async function open(): Promise<House> {
  const house = await openHouse({ tenants: ({ providers }) => tenantsOf(providers.easypost.url) });
  afterwards.push(() => house.close());
  return house;
}
const phone = { phone: '2025550100' };
async function quote(house: House, more: object = {}) {
  const input = { from: { ...sender, ...phone }, to: { ...receiver, ...phone }, parcels: [box], ...more };
  const { data } = await house.ask(
    'query ($input: RatesInput!) { rates(input: $input) { rates { id carrier price { amount } service { code providerCode } } failures { message } } }',
    { input },
    'acme-key',
  );
  return data.rates;
}
const fields =
  'id status trackingNumber carrier service { code } price { amount } refund { status amount { amount } } charges { name amount { amount } } failure { code message hint } history { event detail }';
async function buy(house: House, rateId: string, idempotencyKey: string) {
  const { data, errors } = await house.ask(
    `mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { ${fields} } failure { code message } userErrors { code message } } }`,
    { input: { rateId, idempotencyKey } },
    'acme-key',
  );
  expect(errors).toBeUndefined();
  return data.shipmentPurchase;
}
const list = async (house: House) =>
  (await house.ask(`{ shipments(first: 50) { nodes { ${fields} } } }`, {}, 'acme-key')).data.shipments.nodes;
async function imported(house: House) {
  house.clock.advance(1000);
  const wish = { since: house.clock.now() - 30 * day, until: house.clock.now() };
  const out: ImportStep[] = [];
  for (;;) {
    const step = (await askOwner(house.folder, 'import', wish))!.answer as ImportStep;
    if (step.done) return out;
    out.push(step);
    if (step.fault) return out;
  }
}
const show = (name: string, what: unknown) => console.log(`## ${name}\n${JSON.stringify(what, null, 1)}`);

it('G tracker deleted at EasyPost', async () => {
  const house = await open();
  const { easypost } = house.sandbox;
  const ask = async () =>
    (
      await house.ask(
        '{ trackers(numbers: [{trackingNumber: "PARCEL0001", carrier: "USPS"}, {trackingNumber: "PARCEL0002", carrier: "USPS"}]) { status stale failure { code message } asOf } }',
        {},
        'acme-key',
      )
    ).data.trackers;
  await ask();
  const { trackers } = await call('GET', `${easypost.url}/v2/trackers`);
  for (const t of trackers) await call('DELETE', `${easypost.url}/v2/trackers/${t.id}`);
  house.clock.advance(3 * 3600_000);
  const first = await ask();
  house.clock.advance(10 * day);
  expect((first as any[]).map(({ stale, failure }) => [stale, failure.code])).toEqual([
    [false, 'NOT_FOUND'],
    [false, 'NOT_FOUND'],
  ]);
  show('G', [
    first,
    await ask(),
    easypost.calls.slice(-8).map(({ method, path, status }) => `${method} ${path} ${status}`),
  ]);
});
it('H refunded in the dashboard, told by a webhook', async () => {
  const house = await open();
  const { easypost } = house.sandbox;
  const { rates } = await quote(house);
  const { shipment } = await buy(
    house,
    rates.find((r: any) => r.service.code === 'PRIORITY_MAIL').id,
    'ours',
  );
  const sold = (await call('GET', `${easypost.url}/v2/shipments`)).shipments[0];
  await call('POST', `${easypost.url}/v2/shipments/${sold.id}/refund`);
  house.clock.advance(16 * day);
  const path = '/webhooks/easypost/easypost';
  const body = JSON.stringify({
    description: 'refund.successful',
    mode: 'production',
    created_at: new Date(house.clock.now()).toISOString(),
    result: { tracking_code: shipment.trackingNumber, status: 'refunded' },
  });
  const told = await fetch(house.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signatures(secret, house.clock.now(), path, body) },
    body,
  });
  await expect.poll(async () => (await list(house))[0].status, { timeout: 20_000 }).toBe('VOIDED');
  show('H', [
    told.status,
    await list(house),
    (await call('GET', `${easypost.url}/v2/shipments/${sold.id}`)).refund_status,
  ]);
});
it('M refunded in the dashboard, told by an import', async () => {
  const house = await open();
  const { easypost } = house.sandbox;
  const { rates } = await quote(house);
  await buy(house, rates.find((r: any) => r.service.code === 'PRIORITY_MAIL').id, 'ours');
  const sold = (await call('GET', `${easypost.url}/v2/shipments`)).shipments[0];
  await call('POST', `${easypost.url}/v2/shipments/${sold.id}/refund`);
  house.clock.advance(16 * day);
  await imported(house);
  await expect.poll(async () => (await list(house))[0].status, { timeout: 20_000 }).toBe('VOIDED');
});
it('I customs of 3000 dollars', () => {
  const customs = {
    contents: 'MERCHANDISE',
    items: [
      {
        description: 'Watch',
        quantity: 1,
        totalValue: { amount: '3000', currencyCode: 'USD' },
        totalWeight: { value: 3, unit: 'OUNCE' },
        hsTariffNumber: '9101.11',
        originCountry: 'US',
      },
    ],
  } as any;
  expect(() => toCustoms(customs, sender as any)).toThrow('filed');
});
it('J refund amount of an insured one', async () => {
  const house = await open();
  const { easypost } = house.sandbox;
  const { rates } = await quote(house, {
    options: { insuredValue: { amount: '100.00', currencyCode: 'USD' } },
  });
  const { shipment } = await buy(
    house,
    rates.find((r: any) => r.service.code === 'PRIORITY_MAIL').id,
    'ours',
  );
  const give = async () =>
    (
      await house.ask(
        `mutation ($id: ID!) { shipmentVoid(input: { id: $id }) { shipment { ${fields} } failure { message } } }`,
        { id: shipment.id },
        'acme-key',
      )
    ).data.shipmentVoid;
  await give();
  house.clock.advance(16 * day);
  const sold = (await call('GET', `${easypost.url}/v2/shipments`)).shipments[0];
  expect((await give()).shipment.refund).toEqual({ status: 'REFUNDED', amount: { amount: '10.19' } });
});
it('L import whose cursor row is gone', async () => {
  const house = await open();
  const { easypost } = house.sandbox;
  for (let n = 0; n < 120; n++)
    await call('POST', `${easypost.url}/v2/trackers`, {
      tracker: { tracking_code: `PARCEL${String(n).padStart(4, '0')}`, carrier: 'USPS' },
    });
  house.clock.advance(1000);
  const wish = { since: house.clock.now() - 30 * day, until: house.clock.now() };
  for (let n = 0; n < 2; n++) await askOwner(house.folder, 'import', wish);
  const { trackers } = await call('GET', `${easypost.url}/v2/trackers?page_size=100`);
  await call('DELETE', `${easypost.url}/v2/trackers/${trackers.at(-1).id}`);
  const rest = await imported(house);
  expect(rest.every(({ fault }) => fault === undefined)).toBe(true);
  expect(rest.at(-1)!.share).toBe(1);
});

it('N a label whose postage the carrier bills', () => {
  const rate = { id: 'rate_1', carrier: 'UPS', service: 'Ground', rate: '19.29', currency: 'USD' };
  const fees = [{ type: 'LabelFee', amount: '0.08000' }];
  const sold = fromBought(
    {
      id: 'shp_1',
      tracking_code: '1Z',
      selected_rate: rate,
      postage_label: { label_url: 'https://easypost-files.s3.amazonaws.com/a.png' },
      fees,
    },
    'PNG',
  );
  expect(sold.price.amount).toBe('19.37');
  expect(sold.charges.map(({ name }) => name)).toEqual(['Postage', 'Label']);
});
