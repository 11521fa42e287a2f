import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from 'graphql-ws';

import { openClient, subscribe, type Subscriber } from '../../support/subscriber.ts';
import { openTestServer, storages, type TestServer } from '../../support/test-server.ts';

const updates = `subscription ($numbers: [TrackingNumberInput!]!, $after: String) {
  trackerUpdated(numbers: $numbers, after: $after) { trackingNumber carrier status cursor events { description } failure { code } }
}`;

describe.each(storages)('trackerUpdated, on the %s ledger', (storage) => {
  let server: TestServer;
  let client: Client;
  const open: Subscriber[] = [];
  let count = 0;
  beforeAll(async () => {
    server = await openTestServer({ storage });
    client = openClient(server.url);
  });
  afterEach(async () => {
    for (const subscriber of open.splice(0)) await subscriber.end();
  });
  afterAll(async () => {
    await client.dispose();
    await server.close();
  });

  /** Registers a parcel at the emulated USPS; returns its number. */
  const newParcel = () => {
    count += 1;
    const trackingNumber = `92001903456789${String(10_000_000 + count)}`.slice(0, 22);
    server.sandbox.usps.parcel({ trackingNumber, accepted: undefined });
    return trackingNumber;
  };
  const follow = (numbers: readonly string[], after?: string) => {
    const input = numbers.map((trackingNumber) => ({ trackingNumber, carrier: 'USPS' }));
    const subscriber = subscribe(client, updates, { numbers: input, after });
    open.push(subscriber);
    return subscriber;
  };
  const nextOf = async (subscriber: Subscriber) => (await subscriber.next()).data.trackerUpdated;
  /** Asks the provider for the parcel's present state, as any caller may. */
  const refresh = async (trackingNumber: string) => {
    const { data, errors } = await server.ask(
      'query ($trackingNumber: String!) { tracker(trackingNumber: $trackingNumber, carrier: "USPS", maxAgeSeconds: 0) { status cursor } }',
      { trackingNumber },
    );
    expect(errors).toBeUndefined();
    return data.tracker;
  };
  const scan = async (trackingNumber: string, code: 'OF' | '01' | '03' | '07') => {
    server.clock.advance(60_000);
    server.sandbox.usps.scan(trackingNumber, code);
    return refresh(trackingNumber);
  };

  it('sends the present state, then each change that somebody notices', async () => {
    const number = newParcel();
    await refresh(number);
    const subscriber = follow([number]);
    expect(await nextOf(subscriber)).toMatchObject({ trackingNumber: number, status: 'PRE_TRANSIT' });
    await scan(number, '03');
    expect(await nextOf(subscriber)).toMatchObject({ status: 'ACCEPTED' });
    // A question that finds nothing new is no change.
    await refresh(number);
    await scan(number, 'OF');
    expect(await nextOf(subscriber)).toMatchObject({ status: 'OUT_FOR_DELIVERY' });
  });

  it('ends with UNAUTHENTICATED once its API key is deleted', async () => {
    const input = { tenantId: 'sandbox', permissions: ['TRACKING_READ'] };
    const created = await server.ask('mutation ($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { key apiKey { id } } }', { input }); // prettier-ignore
    const { key, apiKey } = created.data.apiKeyCreate;
    const number = newParcel();
    await refresh(number);
    const partner = openClient(server.url, key);
    const subscriber = subscribe(partner, updates, {
      numbers: [{ trackingNumber: number, carrier: 'USPS' }],
    });
    expect(await nextOf(subscriber)).toMatchObject({ status: 'PRE_TRANSIT' });
    await server.ask('mutation ($input: ApiKeyDeleteInput!) { apiKeyDelete(input: $input) { userErrors { message } } }', { input: { id: apiKey.id } }); // prettier-ignore
    await scan(number, '03');
    const { errors } = await subscriber.next();
    expect(errors).toMatchObject([{ message: expect.stringMatching(/not valid here/) }]);
    expect(errors![0]!.extensions).toEqual({ code: 'UNAUTHENTICATED' });
    await expect(subscriber.next()).rejects.toThrow('the subscription has ended');
    await partner.dispose();
  });

  it('resumes after a cursor with what was missed, and nothing twice', async () => {
    const [one, other] = [newParcel(), newParcel()];
    await refresh(one);
    await refresh(other);
    const first = follow([one, other]);
    await nextOf(first);
    const { cursor } = await nextOf(first);
    await first.end();
    await scan(one, '03');
    await scan(one, 'OF');

    const resumed = follow([one, other], cursor);
    const missed = await nextOf(resumed);
    expect(missed).toMatchObject({ trackingNumber: one, status: 'OUT_FOR_DELIVERY' });
    expect(missed.events).toHaveLength(3);
    await scan(other, '03');
    expect(await nextOf(resumed)).toMatchObject({ trackingNumber: other, status: 'ACCEPTED' });
    await resumed.end();
    const current = await refresh(other);
    const upToDate = follow([one, other], current.cursor);
    await scan(one, '01');
    expect(await nextOf(upToDate)).toMatchObject({ trackingNumber: one, status: 'DELIVERED' });
  });

  it('has the same cursor in a query and in a subscription, and another for each state', async () => {
    const number = newParcel();
    const { cursor } = await refresh(number);
    expect(await refresh(number)).toMatchObject({ cursor });
    expect(await nextOf(follow([number]))).toMatchObject({ cursor });
    expect((await scan(number, '03')).cursor).not.toBe(cursor);
  });

  it('resumes after a restart of the server', async () => {
    const number = newParcel();
    const { cursor } = await refresh(number);
    await client.dispose();
    await server.restart();
    client = openClient(server.url);
    const resumed = follow([number], cursor);
    await scan(number, '03');
    expect(await nextOf(resumed)).toMatchObject({ status: 'ACCEPTED' });
  });

  it('asks once for a parcel that nobody asked for before, and for no other', async () => {
    const [known, unknown] = [newParcel(), newParcel()];
    await refresh(known);
    const calls = () => server.sandbox.usps.count('POST', /tracking\/v3r2/);
    const before = calls();
    const statesOf = async (subscriber: Subscriber) => {
      const states = await subscriber.until(
        ({ trackerUpdated }) => trackerUpdated.trackingNumber === unknown,
      );
      return states.map(({ trackerUpdated }) => trackerUpdated.status);
    };
    expect(await statesOf(follow([known, unknown]))).toEqual(['PRE_TRANSIT', 'PRE_TRANSIT']);
    const others = Array.from({ length: 20 }, () => follow([known, unknown]));
    for (const subscriber of others)
      expect(await statesOf(subscriber)).toEqual(['PRE_TRANSIT', 'PRE_TRANSIT']);
    expect(calls()).toBe(before + 1);
  });

  it('sends the failure of a number that no account knows', async () => {
    const states = follow(['9200190345678999999990']);
    expect(await nextOf(states)).toMatchObject({ status: 'UNKNOWN', failure: { code: 'NOT_FOUND' } });
  });

  it.each([
    ['no number', { numbers: [] }, ['numbers']],
    ['more than 1,000 numbers', { numbers: Array.from({ length: 1001 }, (_, index) => ({ trackingNumber: `EZ${index}0000` })) }, ['numbers']], // prettier-ignore
    ['a number that is none', { numbers: [{ trackingNumber: '?' }] }, ['numbers', '0', 'trackingNumber']],
    ['an account of somebody else', { numbers: [{ trackingNumber: 'EZ4000000004', accountId: 'nobody' }] }, ['numbers', '0', 'accountId']], // prettier-ignore
    [
      'a cursor that is none',
      { numbers: [{ trackingNumber: 'EZ4000000004' }], after: 'yesterday' },
      ['after'],
    ],
  ])('refuses %s by its path', async (_, variables, field) => {
    const refused = subscribe(client, updates, variables);
    await expect(refused.next()).rejects.toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }]);
  });

  it('refuses the cursor of another parcel', async () => {
    const [one, other] = [newParcel(), newParcel()];
    const { cursor } = await refresh(one);
    await refresh(other);
    await expect(follow([other], cursor).next()).rejects.toMatchObject([
      {
        message: expect.stringMatching(/not the cursor of one of these parcels/),
        extensions: { field: ['after'] },
      },
    ]);
  });
});
