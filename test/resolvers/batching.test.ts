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

describe('the fewest calls', () => {
  let house: TestServer;
  beforeAll(async () => void (house = await openTestServer()));
  afterAll(() => house.close());

  const numbers = (count: number, from: number) =>
    Array.from({ length: count }, (_, index) => {
      const trackingNumber = uspsTrackingNumber(from + index);
      house.sandbox.usps.parcel({ trackingNumber });
      return { trackingNumber };
    });
  const counted = async (pattern: RegExp, ask: () => Promise<unknown>, method = 'POST') => {
    const before = house.sandbox.usps.count(method, pattern);
    await ask();
    return house.sandbox.usps.count(method, pattern) - before;
  };

  it('70 distinct numbers of one operation are 2 calls', async () => {
    const calls = await counted(tracking, async () => {
      const { data } = await house.ask(trackers, { numbers: numbers(70, 1_000) });
      expect(data.trackers).toHaveLength(70);
      expect(data.trackers.every((tracker: { status: string }) => tracker.status === 'ACCEPTED')).toBe(true);
    });
    expect(calls).toBe(2);
  });

  it('prices of some carriers ask nobody else at EasyPost, and are bought as any others', async () => {
    const { easypost } = house.sandbox;
    const quote = async (carriers?: readonly string[]) => {
      const input = { from: sender, to: receiver, parcels: [box], accountIds: ['easypost'], carriers };
      const query =
        'query ($input: RatesInput!) { rates(input: $input) { rates { id carrier service { code } } failures { message } } }';
      return (await house.ask(query, { input })).data.rates;
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
    const { data } = await house.ask(mutation, { input: { idempotencyKey: 'some carriers', rateId } });
    expect(data.shipmentPurchase.shipment).toEqual({ status: 'PURCHASED' });
    expect([count(/\/carrier_accounts$/), count(/\/shipments$/)]).toEqual([1, 3]);
  });

  it('the same number 50 times is one', async () => {
    const [number] = numbers(1, 2_000);
    const calls = await counted(tracking, async () => {
      const { data } = await house.ask(trackers, { numbers: Array.from({ length: 50 }, () => number) });
      expect(data.trackers).toHaveLength(50);
    });
    expect(calls).toBe(1);
  });

  it('numbers of several fields of one operation go in one call', async () => {
    const all = numbers(20, 3_000);
    const fields = all.map(({ trackingNumber }, index) => `t${index}: tracker(trackingNumber: "${trackingNumber}", maxAgeSeconds: 0) { status }`); // prettier-ignore
    expect(await counted(tracking, () => house.ask(`{ ${fields.join(' ')} }`))).toBe(1);
  });

  it('the same number asked by many at once is asked once', async () => {
    const [number] = numbers(1, 4_000);
    const stop = house.sandbox.usps.spoil({ path: tracking, delayMs: 100 });
    const calls = await counted(tracking, () =>
      Promise.all(Array.from({ length: 20 }, () => house.ask(trackers, { numbers: [number] }))),
    );
    stop();
    expect(calls).toBe(1);
  });

  it('the same rate question twice is asked once', async () => {
    const input = { from: sender, to: receiver, parcels: [box] };
    const query = `query ($input: RatesInput!) { a: rates(input: $input) { rates { price { amount } } } b: rates(input: $input) { rates { price { amount } } } }`;
    const easypost = house.sandbox.easypost.count('POST', /\/shipments$/);
    const calls = await counted(options, async () => {
      const { data } = await house.ask(query, { input });
      expect(data.a).toEqual(data.b);
      expect(data.a.rates.length).toBeGreaterThan(5);
    });
    expect(calls).toBe(1);
    expect(house.sandbox.easypost.count('POST', /\/shipments$/)).toBe(easypost + 1);
  });

  it('who sells no carrier that is wanted is not asked, and says so', async () => {
    const input = { from: sender, to: receiver, parcels: [box], carriers: ['FedEx'] };
    const query = `query ($input: RatesInput!) { rates(input: $input) { rates { carrier } failures { code message account { id } } } }`;
    const easypost = house.sandbox.easypost.count('POST', /\/shipments$/);
    const calls = await counted(/(?:)/, async () => {
      const { data } = await house.ask(query, { input });
      expect(new Set(data.rates.rates.map(({ carrier }: any) => carrier))).toEqual(new Set(['FedEx']));
      expect(data.rates.failures).toContainEqual({
        code: 'REJECTED',
        message: expect.stringContaining('offers nothing of FedEx'),
        account: { id: 'usps' },
      });
    });
    expect(calls).toBe(0);
    expect(house.sandbox.easypost.count('POST', /\/shipments$/)).toBe(easypost + 1);
  });

  it('who was asked and offers none of the wanted carriers says so too', async () => {
    const input = {
      from: sender,
      to: receiver,
      parcels: [box],
      carriers: ['Canada Post'],
      accountIds: ['easypost'],
    };
    const { data } = await house.ask(
      'query ($input: RatesInput!) { rates(input: $input) { rates { carrier } failures { message } } }',
      { input },
    );
    expect(data.rates.rates).toEqual([]);
    expect(data.rates.failures).toContainEqual({
      message: expect.stringContaining('offers nothing of Canada Post'),
    });
  });

  it('the same address ten times is verified once', async () => {
    const calls = await counted(
      /\/addresses\/v3\/address$/,
      () =>
        house.ask('query ($a: [AddressInput!]!) { addressVerifications(addresses: $a) { status } }', {
          a: Array.from({ length: 10 }, () => receiver),
        }),
      'GET',
    );
    expect(calls).toBe(1);
  });

  it('what is known and fresh is not asked again, and what has arrived never', async () => {
    const [number] = numbers(1, 5_000);
    const query = `query ($n: String!, $age: Int) { tracker(trackingNumber: $n, maxAgeSeconds: $age) { status stale asOf } }`;
    const ask = (age?: number) =>
      counted(tracking, () => house.ask(query, { n: number!.trackingNumber, age }));
    expect(await ask()).toBe(1);
    expect(await ask()).toBe(0);
    house.clock.advance(901_000);
    expect(await ask()).toBe(1);
    expect(await ask(0)).toBe(0);
    house.clock.advance(1_000);
    expect(await ask(0)).toBe(1);
    house.clock.advance(10 * 24 * 60 * 60 * 1000);
    expect(await ask()).toBe(1);
    house.clock.advance(100 * 24 * 60 * 60 * 1000);
    expect(await ask()).toBe(0);
  });

  it('an outage shows the last known state, stale and with its reason', async () => {
    const [number] = numbers(1, 6_000);
    const query = `query ($n: String!) { tracker(trackingNumber: $n, maxAgeSeconds: 0) { status stale asOf failure { code retryable account { id } } } }`;
    const ask = async () => (await house.ask(query, { n: number!.trackingNumber })).data.tracker;
    const known = await ask();
    expect(known).toMatchObject({ status: 'ACCEPTED', stale: false, failure: null });
    house.clock.advance(60_000);
    const stop = house.sandbox.usps.spoil({ path: tracking, answer: { status: 503, body: '' } });
    expect(await ask()).toEqual({
      ...known,
      stale: true,
      failure: { code: 'UNAVAILABLE', retryable: true, account: { id: 'usps' } },
    });
    stop();
  });
});

describe('a quota of its real size', () => {
  it('is shown as it goes, and ends before USPS has to say so', async () => {
    const house = await openTestServer({ quota: 60 });
    const addresses = Array.from({ length: 70 }, (_, index) => ({ ...receiver, street1: `${index + 100} Main St`, street2: null })); // prettier-ignore
    const query = `query ($addresses: [AddressInput!]!) {
      addressVerifications(addresses: $addresses, accountId: "usps") { status failures { code hint retryAfterSeconds } }
    }`;
    const { data, errors } = await house.ask(query, { addresses });
    expect(errors).toBeUndefined();
    const failed = data.addressVerifications.flatMap((each: { failures: unknown[] }) => each.failures);
    expect(failed).toHaveLength(10);
    expect(failed[0]).toMatchObject({ code: 'QUOTA_EXHAUSTED', retryAfterSeconds: expect.any(Number) });
    expect(house.sandbox.usps.count('GET', /\/addresses\//)).toBe(60);
    expect(house.sandbox.usps.calls.filter((call) => call.status === 429)).toEqual([]);

    const accounts = await house.ask('{ providerAccounts { id quotas { api limit remaining resetsAt } } }');
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
    await house.close();
  });
});
