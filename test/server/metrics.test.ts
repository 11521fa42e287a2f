import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { box, openTestServer, receiver, sender, type TestServer } from '../support/test-server.ts';

const ratesQuery = `query ($input: RatesInput!) { rates(input: $input) { rates { id service { code } } } }`;
const purchaseMutation = `mutation ($input: ShipmentPurchaseInput!) {
  shipmentPurchase(input: $input) { shipment { id status } failure { code } } }`;

describe('/metrics', () => {
  let server: TestServer;
  beforeAll(async () => void (server = await openTestServer()));
  afterAll(() => server.close());

  const page = async () => (await fetch(`${server.url}/metrics`)).text();
  /** The value of a sample, by its name and its labels in any order. */
  const sample = async (name: string, labels: Record<string, string>): Promise<number | undefined> => {
    const line = (await page()).split('\n').find((each) => {
      const [, own, rest] = /^(\w+)(?:\{(.*)\})? /.exec(each) ?? [];
      return own === name && Object.entries(labels).every(([label, value]) => rest!.includes(`${label}="${value}"`)); // prettier-ignore
    });
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };
  const rateId = async () => {
    const input = { from: sender, to: receiver, parcels: [box], accountIds: ['usps'] };
    const { data } = await server.ask(ratesQuery, { input });
    return data.rates.rates.find((each: any) => each.service.code === 'PRIORITY_MAIL').id;
  };
  const buy = async (input: object) =>
    (await server.ask(purchaseMutation, { input })).data.shipmentPurchase.shipment.status;

  it('is in the text format of Prometheus, with the metrics of the process', async () => {
    const response = await fetch(`${server.url}/metrics`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=/);
    expect(await response.text()).toMatch(/^process_resident_memory_bytes \d+$/m);
  });

  it('counts every call to a provider by product and outcome, as the provider counts them', async () => {
    const before = server.sandbox.usps.calls.length;
    expect(await buy({ idempotencyKey: 'counted', rateId: await rateId() })).toBe('PURCHASED');
    server.sandbox.usps.injectFault({ path: /\/tracking/, times: 2, response: { status: 503, body: '' } });
    await server.ask('{ trackers(numbers: [{ trackingNumber: "9434611206217011894085" }]) { status } }');
    const lines = (await page()).split('\n').filter((line) => line.startsWith('parcelgraph_provider_call_seconds_count')); // prettier-ignore
    const counted = lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    expect(counted).toBe(server.sandbox.usps.calls.length - before);
    const usps = { provider: 'usps', api: 'tracking', outcome: '503' };
    expect(await sample('parcelgraph_provider_call_seconds_count', usps)).toBe(2);
  });

  it('counts every operation by its type and the code of its first error', async () => {
    const unauthenticated = { operation: 'query', error: 'UNAUTHENTICATED' };
    await server.ask('{ shipments(first: 1) { nodes { id } } }', undefined, 'no such key');
    expect(await sample('parcelgraph_operation_seconds_count', unauthenticated)).toBe(1);
    expect(await sample('parcelgraph_operation_seconds_count', { operation: 'mutation', error: '' })).toBe(1);
    await server.ask('{ nothing of this kind');
    expect(await sample('parcelgraph_operation_seconds_count', { operation: 'none' })).toBe(1);
  });

  it('counts purchases of unknown outcome until they are resolved', async () => {
    const uncertain = { kind: 'shipmentPurchase' };
    expect(await sample('parcelgraph_uncertain', uncertain)).toBe(0);
    server.sandbox.usps.injectFault({ method: 'POST', path: /\/label$/, times: 1, drop: 'after' });
    const lost = { idempotencyKey: 'lost', rateId: await rateId() };
    expect(await buy(lost)).toBe('UNCERTAIN');
    expect(await sample('parcelgraph_uncertain', uncertain)).toBe(1);
    expect(await sample('parcelgraph_uncertain', { kind: 'manifestCreate' })).toBe(0);
    expect(await buy(lost)).toBe('PURCHASED');
    expect(await sample('parcelgraph_uncertain', uncertain)).toBe(0);
  });

  it('names no person, address or tracking number', async () => {
    const text = await page();
    for (const word of ['Sally', 'Rita', 'Townsend', '94107', '9434611206217011894085']) {
      expect(text).not.toContain(word);
    }
  });
});
