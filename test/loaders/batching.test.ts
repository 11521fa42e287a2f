import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { uspsTrackingNumber } from '../../sandbox/usps/index.ts';
import { box, openTestServer, receiver, sender, type TestServer } from '../support/test-server.ts';

const trackers = /* GraphQL */ `
  query ($numbers: [TrackingNumberInput!]!) {
    trackers(numbers: $numbers, maxAgeSeconds: 0) {
      trackingNumber
      status
      failure {
        code
      }
    }
  }
`;
const tracking = /\/tracking\//;
const options = /\/options\/search$/;

describe('provider calls', () => {
  let server: TestServer;
  beforeAll(async () => void (server = await openTestServer()));
  afterAll(() => server.close());

  const numbers = (count: number, from: number) =>
    Array.from({ length: count }, (_, index) => {
      const trackingNumber = uspsTrackingNumber(from + index);
      server.sandbox.usps.parcel({ trackingNumber });
      return { trackingNumber };
    });
  const countCalls = async (pattern: RegExp, work: () => Promise<unknown>, method = 'POST') => {
    const before = server.sandbox.usps.count(method, pattern);
    await work();
    return server.sandbox.usps.count(method, pattern) - before;
  };

  it('batch the 70 tracking numbers of one operation into 2', async () => {
    const calls = await countCalls(tracking, async () => {
      const { data } = await server.ask(trackers, { numbers: numbers(70, 1_000) });
      expect(data.trackers).toHaveLength(70);
      expect(data.trackers.every((tracker: { status: string }) => tracker.status === 'ACCEPTED')).toBe(true);
    });
    expect(calls).toBe(2);
  });

  it('of EasyPost quote only the requested carriers, whose rates can be purchased as any others', async () => {
    const { easypost } = server.sandbox;
    const quote = async (carriers?: readonly string[]) => {
      const input = { from: sender, to: receiver, parcels: [box], accountIds: ['easypost'], carriers };
      const query =
        'query ($input: RatesInput!) { rates(input: $input) { rates { id carrier service { code } } failures { message } } }';
      return (await server.ask(query, { input })).data.rates;
    };
    expect((await quote()).failures).toHaveLength(1);
    const some = await quote(['usps', 'FEDEX']);
    expect(new Set(some.rates.map((each: any) => each.carrier))).toEqual(new Set(['USPS', 'FedEx']));
    expect(some.failures).toEqual([]);
    await quote(['UPS']);
    const count = (path: RegExp) => easypost.calls.filter((each) => path.test(each.path)).length;
    expect([count(/\/carrier_accounts$/), count(/\/shipments$/)]).toEqual([1, 3]);
    const rateId = some.rates.find((each: any) => each.service.code === 'PRIORITY_MAIL').id;
    const mutation =
      'mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { status } } }';
    const { data } = await server.ask(mutation, { input: { idempotencyKey: 'some carriers', rateId } });
    expect(data.shipmentPurchase.shipment).toEqual({ status: 'PURCHASED' });
    expect([count(/\/carrier_accounts$/), count(/\/shipments$/)]).toEqual([1, 3]);
  });

  it('track a number that occurs 50 times in an operation once', async () => {
    const [number] = numbers(1, 2_000);
    const calls = await countCalls(tracking, async () => {
      const { data } = await server.ask(trackers, { numbers: Array.from({ length: 50 }, () => number) });
      expect(data.trackers).toHaveLength(50);
    });
    expect(calls).toBe(1);
  });

  it('batch the numbers of several fields of an operation', async () => {
    const all = numbers(20, 3_000);
    const fields = all.map(({ trackingNumber }, index) => `t${index}: tracker(trackingNumber: "${trackingNumber}", maxAgeSeconds: 0) { status }`); // prettier-ignore
    expect(await countCalls(tracking, () => server.ask(`{ ${fields.join(' ')} }`))).toBe(1);
  });

  it('are shared by concurrent operations that track the same number', async () => {
    const [number] = numbers(1, 4_000);
    const stop = server.sandbox.usps.injectFault({ path: tracking, delayMs: 100 });
    const calls = await countCalls(tracking, () =>
      Promise.all(Array.from({ length: 20 }, () => server.ask(trackers, { numbers: [number] }))),
    );
    stop();
    expect(calls).toBe(1);
  });

  it('for one number each of 140 operations at once are the fewest possible', async () => {
    const count = 140;
    const all = numbers(count, 20_000);
    const calls = await countCalls(tracking, async () => {
      const answers = await Promise.all(all.map((number) => server.ask(trackers, { numbers: [number] })));
      expect(answers.map(({ data }) => data.trackers[0].trackingNumber)).toEqual(
        all.map(({ trackingNumber }) => trackingNumber),
      );
      expect(new Set(answers.map(({ data }) => data.trackers[0].status))).toEqual(new Set(['ACCEPTED']));
    });
    expect(calls).toBe(4);
  });

  it('quote the same rates twice in an operation once', async () => {
    const input = { from: sender, to: receiver, parcels: [box] };
    const query = `query ($input: RatesInput!) { a: rates(input: $input) { rates { price { amount } } } b: rates(input: $input) { rates { price { amount } } } }`;
    const easypost = server.sandbox.easypost.count('POST', /\/shipments$/);
    const calls = await countCalls(options, async () => {
      const { data } = await server.ask(query, { input });
      expect(data.a).toEqual(data.b);
      expect(data.a.rates.length).toBeGreaterThan(5);
    });
    expect(calls).toBe(1);
    expect(server.sandbox.easypost.count('POST', /\/shipments$/)).toBe(easypost + 1);
  });

  it('are not made to an account that sells none of the requested carriers, which is a failure', async () => {
    const input = { from: sender, to: receiver, parcels: [box], carriers: ['FedEx'] };
    const query = `query ($input: RatesInput!) { rates(input: $input) { rates { carrier } failures { code message account { id } } } }`;
    const easypost = server.sandbox.easypost.count('POST', /\/shipments$/);
    const calls = await countCalls(/(?:)/, async () => {
      const { data } = await server.ask(query, { input });
      expect(new Set(data.rates.rates.map(({ carrier }: any) => carrier))).toEqual(new Set(['FedEx']));
      expect(data.rates.failures).toContainEqual({
        code: 'REJECTED',
        message: expect.stringContaining('has no rates of FedEx'),
        account: { id: 'usps' },
      });
    });
    expect(calls).toBe(0);
    expect(server.sandbox.easypost.count('POST', /\/shipments$/)).toBe(easypost + 1);
  });

  it('that return no rates of the requested carriers are a failure too', async () => {
    const input = {
      from: sender,
      to: receiver,
      parcels: [box],
      carriers: ['Canada Post'],
      accountIds: ['easypost'],
    };
    const { data } = await server.ask(
      'query ($input: RatesInput!) { rates(input: $input) { rates { carrier } failures { message } } }',
      { input },
    );
    expect(data.rates.rates).toEqual([]);
    expect(data.rates.failures).toContainEqual({
      message: expect.stringContaining('has no rates of Canada Post'),
    });
  });

  it('verify an address that occurs ten times in an operation once', async () => {
    const calls = await countCalls(
      /\/addresses\/v3\/address$/,
      () =>
        server.ask('query ($a: [AddressInput!]!) { addressVerifications(addresses: $a) { status } }', {
          a: Array.from({ length: 10 }, () => receiver),
        }),
      'GET',
    );
    expect(calls).toBe(1);
  });

  it('are not repeated while the tracker is fresh, and never after delivery', async () => {
    const [number] = numbers(1, 5_000);
    const query = `query ($n: String!, $age: Int) { tracker(trackingNumber: $n, maxAgeSeconds: $age) { status stale asOf } }`;
    const ask = (age?: number) =>
      countCalls(tracking, () => server.ask(query, { n: number!.trackingNumber, age }));
    expect(await ask()).toBe(1);
    expect(await ask()).toBe(0);
    server.clock.advance(901_000);
    expect(await ask()).toBe(1);
    expect(await ask(0)).toBe(0);
    server.clock.advance(1_000);
    expect(await ask(0)).toBe(1);
    server.clock.advance(10 * 24 * 60 * 60 * 1000);
    expect(await ask()).toBe(1);
    server.clock.advance(100 * 24 * 60 * 60 * 1000);
    expect(await ask()).toBe(0);
  });

  it('that fail leave the last known state, marked stale with the failure', async () => {
    const [number] = numbers(1, 6_000);
    const query = `query ($n: String!) { tracker(trackingNumber: $n, maxAgeSeconds: 0) { status stale asOf failure { code retryable account { id } } } }`;
    const ask = async () => (await server.ask(query, { n: number!.trackingNumber })).data.tracker;
    const known = await ask();
    expect(known).toMatchObject({ status: 'ACCEPTED', stale: false, failure: null });
    server.clock.advance(60_000);
    const stop = server.sandbox.usps.injectFault({ path: tracking, response: { status: 503, body: '' } });
    expect(await ask()).toEqual({
      ...known,
      stale: true,
      failure: { code: 'UNAVAILABLE', retryable: true, account: { id: 'usps' } },
    });
    stop();
  });
});

describe('a quota of 60 calls an hour', () => {
  it('is shown as it is used, and stops calls before USPS rejects them', async () => {
    const server = await openTestServer({ quota: 60 });
    const addresses = Array.from({ length: 70 }, (_, index) => ({ ...receiver, street1: `${index + 100} Main St`, street2: null })); // prettier-ignore
    const query = `query ($addresses: [AddressInput!]!) {
      addressVerifications(addresses: $addresses, accountId: "usps") { status failures { code hint retryAfterSeconds } }
    }`;
    const { data, errors } = await server.ask(query, { addresses });
    expect(errors).toBeUndefined();
    const failed = data.addressVerifications.flatMap((each: { failures: unknown[] }) => each.failures);
    expect(failed).toHaveLength(10);
    expect(failed[0]).toMatchObject({ code: 'QUOTA_EXHAUSTED', retryAfterSeconds: expect.any(Number) });
    expect(server.sandbox.usps.count('GET', /\/addresses\//)).toBe(60);
    expect(server.sandbox.usps.calls.filter((call) => call.status === 429)).toEqual([]);

    const accounts = await server.ask('{ providerAccounts { id quotas { api limit remaining resetsAt } } }');
    const usps = accounts.data.providerAccounts[0];
    expect(usps.quotas).toContainEqual({
      api: 'addresses',
      limit: 60,
      remaining: 0,
      resetsAt: expect.any(String),
    });
    expect(usps.quotas).toContainEqual({
      api: 'oauth',
      limit: 60,
      remaining: 59,
      resetsAt: expect.any(String),
    });
    await server.close();
  });
});
