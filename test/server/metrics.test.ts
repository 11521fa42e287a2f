import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { box, openTestServer, receiver, sender, type TestServer } from '../support/test-server.ts';

const ratesQuery = `query ($input: RatesInput!) { rates(input: $input) { rates { id service { code } } } }`;
const purchaseMutation = `mutation ($input: ShipmentPurchaseInput!) {
  shipmentPurchase(input: $input) { shipment { id status } failure { code } } }`;

describe('what is counted at /metrics', () => {
  let house: TestServer;
  beforeAll(async () => void (house = await openTestServer()));
  afterAll(() => house.close());

  const page = async () => (await fetch(`${house.url}/metrics`)).text();
  /** One sample's value, by its name and its labels in any order. */
  const sample = async (name: string, labels: Record<string, string>): Promise<number | undefined> => {
    const line = (await page()).split('\n').find((each) => {
      const [, own, rest] = /^(\w+)(?:\{(.*)\})? /.exec(each) ?? [];
      return own === name && Object.entries(labels).every(([label, value]) => rest!.includes(`${label}="${value}"`)); // prettier-ignore
    });
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };
  const rateId = async () => {
    const input = { from: sender, to: receiver, parcels: [box], accountIds: ['usps'] };
    const { data } = await house.ask(ratesQuery, { input });
    return data.rates.rates.find((each: any) => each.service.code === 'PRIORITY_MAIL').id;
  };
  const buy = async (input: object) =>
    (await house.ask(purchaseMutation, { input })).data.shipmentPurchase.shipment.status;

  it('is text that Prometheus reads, with how the process does', async () => {
    const response = await fetch(`${house.url}/metrics`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=/);
    expect(await response.text()).toMatch(/^process_resident_memory_bytes \d+$/m);
  });

  it('is every call to a provider, by product and by what came, as the provider counts them', async () => {
    const before = house.sandbox.usps.calls.length;
    expect(await buy({ idempotencyKey: 'counted', rateId: await rateId() })).toBe('PURCHASED');
    house.sandbox.usps.spoil({ path: /\/tracking/, times: 2, answer: { status: 503, body: '' } });
    await house.ask('{ trackers(numbers: [{ trackingNumber: "9434611206217011894085" }]) { status } }');
    const lines = (await page()).split('\n').filter((line) => line.startsWith('parcelgraph_provider_call_seconds_count')); // prettier-ignore
    const counted = lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    expect(counted).toBe(house.sandbox.usps.calls.length - before);
    const usps = { provider: 'usps', api: 'tracking', outcome: '503' };
    expect(await sample('parcelgraph_provider_call_seconds_count', usps)).toBe(2);
  });

  it('is every operation, by its type and the code of its failure', async () => {
    const wrong = { operation: 'query', error: 'UNAUTHENTICATED' };
    await house.ask('{ shipments(first: 1) { nodes { id } } }', undefined, 'no such key');
    expect(await sample('parcelgraph_operation_seconds_count', wrong)).toBe(1);
    expect(await sample('parcelgraph_operation_seconds_count', { operation: 'mutation', error: '' })).toBe(1);
    await house.ask('{ nothing of this kind');
    expect(await sample('parcelgraph_operation_seconds_count', { operation: 'none' })).toBe(1);
  });

  it('is what nobody knows the end of, until it is found out', async () => {
    const uncertain = { kind: 'shipmentPurchase' };
    expect(await sample('parcelgraph_uncertain', uncertain)).toBe(0);
    house.sandbox.usps.spoil({ method: 'POST', path: /\/label$/, times: 1, drop: 'after' });
    const lost = { idempotencyKey: 'lost', rateId: await rateId() };
    expect(await buy(lost)).toBe('UNCERTAIN');
    expect(await sample('parcelgraph_uncertain', uncertain)).toBe(1);
    expect(await sample('parcelgraph_uncertain', { kind: 'manifestCreate' })).toBe(0);
    expect(await buy(lost)).toBe('PURCHASED');
    expect(await sample('parcelgraph_uncertain', uncertain)).toBe(0);
  });

  it('names no key, account, address or number', async () => {
    const text = await page();
    for (const word of ['sandbox', 'Sally', 'Rita', 'Townsend', '94107', '9434611206217011894085']) {
      expect(text).not.toContain(word);
    }
  });
});
