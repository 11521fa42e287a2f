import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { uspsTrackingNumber } from '../../sandbox/usps/index.ts';
import { toApiKeyConfig } from '../../src/config/api-key.ts';
import { askWith } from '../support/ask-with.ts';
import { findService } from '../support/purchases.ts';
import { box, openTestServer, receiver, sender, type TestServer } from '../support/test-server.ts';

const on = { 'x-parcelgraph-provider-calls': 'true' };
const trackers = `query ($numbers: [TrackingNumberInput!]!) { trackers(numbers: $numbers) { status } }`;
describe('the provider calls of an operation', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openTestServer({
      quota: 60,
      tenants: (sandbox) => [
        sandbox.tenant,
        { ...sandbox.tenant, id: 'telling', apiKeys: [toApiKeyConfig('telling-key')], providerCalls: true },
      ],
    });
  });
  afterAll(() => server.close());

  /** Numbers of parcels that USPS knows. */
  const numbers = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => {
      const trackingNumber = uspsTrackingNumber(1_000 + from + index);
      server.sandbox.usps.parcel({ trackingNumber });
      return { trackingNumber };
    });
  const ask = (query: string, variables: object, headers: Record<string, string> = on, key?: string) =>
    askWith(server.url, headers, query, variables, key);
  const callsOf = ({ extensions }: any, account: string, api: string) =>
    extensions.providerCalls.calls.find((count: any) => count.account === account && count.api === api);

  it('are told by account and API product, with the quota that is left', async () => {
    const before = server.sandbox.usps.calls.length;
    const response = await ask(trackers, { numbers: numbers(40) });
    expect(callsOf(response, 'usps', 'tracking')).toEqual({
      account: 'usps',
      api: 'tracking',
      calls: 2,
      joined: 0,
      fromLedger: 0,
      quota: { limit: 60, remaining: 58, resetsAt: expect.stringMatching(/^2026-11-18T19:/) },
    });
    expect(callsOf(response, 'usps', 'oauth')).toMatchObject({ calls: 1, quota: { remaining: 59 } });
    expect(server.sandbox.usps.calls.length - before).toBe(3);
  });

  it('include a call that is sent again, and no question that the ledger answers', async () => {
    const again = await ask(trackers, { numbers: numbers(42) });
    expect(callsOf(again, 'usps', 'tracking')).toMatchObject({ calls: 1, fromLedger: 40 });
    server.sandbox.usps.injectFault({ path: /\/tracking/, times: 1, response: { status: 503, body: '' } });
    const repeated = await ask(trackers, { numbers: numbers(1, 100) });
    expect(callsOf(repeated, 'usps', 'tracking')).toMatchObject({ calls: 2 });
  });

  it('are joined where another request asks the same question at the moment', async () => {
    const same = { numbers: numbers(3, 200) };
    const responses = await Promise.all([ask(trackers, same), ask(trackers, same)]);
    const counts = responses.map((response) => callsOf(response, 'usps', 'tracking'));
    expect(counts.map(({ calls }) => calls).sort()).toEqual([0, 1]);
    expect(counts.map(({ joined }) => joined).sort()).toEqual([0, 3]);
  });

  it('are told with the money that a purchase and its cancellation moved, once', async () => {
    const input = { from: sender, to: receiver, parcels: [box], accountIds: ['usps'] };
    const quoted = await ask('query ($input: RatesInput!) { rates(input: $input) { rates { id service { code } price { amount } } } }', { input }); // prettier-ignore
    const rate = findService(quoted.data.rates.rates, 'PRIORITY_MAIL');
    const purchase = () =>
      ask(
        `mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { id } } }`,
        {
          input: { idempotencyKey: 'once', rateId: rate.id },
        },
      );
    const charge = [{ account: 'usps', amount: rate.price.amount, currencyCode: 'USD' }];
    const bought = await purchase();
    expect(bought.extensions.providerCalls.charges).toEqual(charge);
    expect((await purchase()).extensions.providerCalls).toEqual({ calls: [], charges: [], refunds: [] });
    const { id } = bought.data.shipmentPurchase.shipment;
    const voided = await ask('mutation ($id: ID!) { shipmentVoid(input: { id: $id }) { failure { code } } }', { id }); // prettier-ignore
    expect(voided.extensions.providerCalls).toMatchObject({ charges: [], refunds: charge });
  });

  it('are told only where the request or the setting of its tenant asks for it', async () => {
    const query = '{ providerAccounts { id } }';
    expect((await ask(query, {}, {})).extensions).toBeUndefined();
    expect((await ask(query, {}, {}, 'telling-key')).extensions.providerCalls.calls).toEqual([]);
    const off = { 'x-parcelgraph-provider-calls': 'false' };
    expect((await ask(query, {}, off, 'telling-key')).extensions).toBeUndefined();
  });

  it('are none where the header has a value that cannot be read', async () => {
    const before = server.sandbox.usps.calls.length;
    const wrong = { 'x-parcelgraph-provider-calls': 'yes' };
    const { status, errors } = await ask(trackers, { numbers: numbers(1, 300) }, wrong);
    expect([status, errors]).toMatchObject([
      400,
      [{ extensions: { code: 'BAD_REQUEST', header: 'x-parcelgraph-provider-calls' } }],
    ]);
    expect(server.sandbox.usps.calls.length).toBe(before);
  });

  const usageQuery = 'query ($since: DateTime!) { providerAccounts { id usage(since: $since) { api operation client calls failed joined } } }'; // prettier-ignore
  const usageOf = async (account: string, since: string, key?: string) => {
    const { data } = await ask(usageQuery, { since }, {}, key);
    return data.providerAccounts.find(({ id }: any) => id === account).usage;
  };

  it('are added up by hour, for the operation and the client that caused them', async () => {
    server.clock.advance(60 * 60_000);
    const since = new Date(server.clock.now()).toISOString();
    const client = { 'apollographql-client-name': 'storefront', 'apollographql-client-version': '2.1' };
    const named = trackers.replace('query', 'query Parcels');
    await ask(named, { numbers: numbers(36, 400) }, client);
    server.sandbox.usps.injectFault({ path: /\/tracking/, times: 1, response: { status: 503, body: '' } });
    await ask(named, { numbers: numbers(1, 500) }, client);
    await ask(trackers, { numbers: numbers(1, 600) });
    const counted = { api: 'tracking', joined: 0 };
    const expected = [
      { ...counted, operation: 'Parcels', client: 'storefront 2.1', calls: 4, failed: 1 },
      { ...counted, operation: null, client: null, calls: 1, failed: 0 },
    ];
    expect(await usageOf('usps', since)).toEqual(expected);
    server.clock.advance(60 * 60_000);
    await ask(trackers, { numbers: numbers(1, 700) });
    expect(await usageOf('usps', new Date(server.clock.now()).toISOString())).toMatchObject([{ calls: 1 }]);
    expect(await usageOf('usps', since)).toMatchObject([{ calls: 4 }, { calls: 2 }]);
    expect(await usageOf('usps', since, 'telling-key')).toEqual([]);
    const page = await (await fetch(`${server.url}/metrics`)).text();
    expect(page).toContain('parcelgraph_provider_calls_total{tenant="sandbox",account="usps",api="tracking",operation="Parcels",client="storefront 2.1"} 4'); // prettier-ignore
  });

  it('keep their sums when the server restarts', async () => {
    const since = '2026-11-18T00:00:00Z';
    const before = await usageOf('usps', since);
    await ask(trackers, { numbers: numbers(1, 800) }, { 'apollographql-client-name': 'late' });
    await server.restart();
    const late = { api: 'tracking', operation: null, client: 'late', calls: 1, failed: 0, joined: 0 };
    expect(await usageOf('usps', since)).toEqual(expect.arrayContaining([...before, late]));
  });
});
