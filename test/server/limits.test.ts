import { createHash } from 'node:crypto';

import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { uspsTrackingNumber } from '../../sandbox/usps/index.ts';
import { toApiKeyConfig } from '../../src/config/api-key.ts';
import type { TenantConfig } from '../../src/config/tenants.ts';
import { createRequestLimits } from '../../src/server/request-limits.ts';
import { box, openTestServer, receiver, sender, type TestServer } from '../support/test-server.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const registered = 'query Accounts { providerAccounts { id } }';

/** Tenants that differ by their limits, each with its own key. */
const limits: Record<string, Partial<TenantConfig>> = {
  free: {},
  slow: { limits: { requestsPerMinute: 3 } },
  narrow: { limits: { concurrentRequests: 1 } },
  strict: { persistedOperations: { documents: new Map([[sha256(registered), registered]]), required: true } },
  lenient: {
    persistedOperations: { documents: new Map([[sha256(registered), registered]]), required: false },
  },
};

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer({
    quota: 10_000,
    tenants: ({ tenant }) =>
      Object.entries(limits).map(([id, settings]) => ({
        ...tenant,
        ...settings,
        id,
        name: id,
        apiKeys: [toApiKeyConfig(id)],
      })),
  });
});
afterAll(() => server.close());

const post = (key: string, body: object, signal?: AbortSignal) =>
  fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
    signal,
  });
const providerCalls = () => server.sandbox.usps.calls.length + server.sandbox.easypost.calls.length;

describe('the cost of an operation', () => {
  const execute = async (query: string, variables: object = {}) => server.ask(query, variables, 'free');
  const numbers = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ trackingNumber: uspsTrackingNumber(index) }));
  const state = `id trackingNumber carrier status statusText estimatedDelivery estimatedDeliveryDate
    events { occurredAt occurredAtLocal description location { city state postalCode country } } account { id name }
    failure { code message hint account { id } } shipment { id status price { amount } label { url } }`;

  it('allows a thousand trackers with all that is known of them', async () => {
    const query = `query ($n: [TrackingNumberInput!]!) { trackers(numbers: $n) { ${state} } }`;
    const { errors } = await execute(query, { n: numbers(1000).map(() => ({ trackingNumber: 'none' })) });
    expect(errors).toBeUndefined();
  });

  it('allows a thousand entities of a supergraph', async () => {
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Shipment { id status carrier trackingNumber
      price { amount currencyCode } label { url format } parcels { status trackingNumber } tracker { status events { description } } } } }`;
    const r = Array.from({ length: 1000 }, (_, index) => ({ __typename: 'Shipment', id: `shp_${index}` }));
    const { errors } = await execute(query, { r });
    expect(errors).toBeUndefined();
  });

  it('allows introspection', async () => {
    const { errors } = await execute(getIntrospectionQuery());
    expect(errors).toBeUndefined();
  });

  it('allows fifty quotes at once', async () => {
    const quotes = Array.from({ length: 50 }, (_, index) => `q${index}: rates(input: $input) { failures { code } rates { id carrier service { code name } price { amount } account { id } } }`); // prettier-ignore
    const input = { from: sender, to: receiver, parcels: [box], accountIds: ['none'] };
    const { errors } = await execute(`query ($input: RatesInput!) { ${quotes.join(' ')} }`, { input });
    expect(errors?.map(({ extensions }) => extensions.code)).not.toContain('OPERATION_TOO_COSTLY');
  });

  it.each([
    [
      'quotes',
      `{ ${Array.from(
        { length: 100 },
        (_, i) =>
          `q${i}: rates(input: { from: { country: US }, to: { country: US }, parcels: [] }) { rates { id } }`,
      )
        .join(' ')
        .replaceAll('US', '"US"')} }`,
      {},
    ],
    [
      'purchases',
      `mutation { ${Array.from({ length: 150 }, (_, i) => `b${i}: shipmentPurchase(input: { idempotencyKey: "k${i}", rateId: "r" }) { shipment { id } }`).join(' ')} }`,
      {},
    ],
    [
      'pages within pages',
      `{ ${['a', 'b', 'c'].map((alias) => `${alias}: shipments(first: 100) { nodes { tracker { shipment { parcels { tracker { events { location { city } } shipment { parcels { tracker { events { location { city } } } } } } } } } } }`).join(' ')} }`,
      {},
    ],
    ['a size from a variable', 'query ($n: Int) { shipments(first: $n) { nodes { id } } }', { n: 1_000_000 }],
    [
      'items of a list argument',
      `query ($n: [TrackingNumberInput!]!) { ${Array.from({ length: 10 }, (_, i) => `t${i}: trackers(numbers: $n) { id }`).join(' ')} }`,
      { n: numbers(1000) },
    ],
    [
      'introspection again and again',
      `{ ${Array.from({ length: 60 }, (_, i) => `s${i}: __schema { types { fields { args { type { ofType { ofType { name } } } } type { ofType { name } } } } }`).join(' ')} }`,
      {},
    ],
  ])('refuses too many: %s', async (_, query, variables) => {
    const calls = providerCalls();
    const { errors, data } = await execute(query, variables);
    expect(errors).toEqual([
      {
        message: expect.stringMatching(/^the operation costs \d+, and 250000 is allowed$/),
        extensions: {
          code: 'OPERATION_TOO_COSTLY',
          cost: expect.any(Number),
          maxCost: 250_000,
          hint: expect.stringContaining('@cost'),
        },
      },
    ]);
    expect([data, providerCalls()]).toEqual([undefined, calls]);
  });
});

describe('the requests of a tenant', () => {
  it('are refused above its rate, with the seconds to wait, until the minute is over', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    try {
      const ask = () => post('slow', { query: registered });
      expect((await Promise.all([ask(), ask(), ask()])).map(({ status }) => status)).toEqual([200, 200, 200]);
      const refused = await ask();
      expect(refused.status).toBe(429);
      expect(refused.headers.get('retry-after')).toBe('60');
      expect(await refused.json()).toEqual({
        errors: [
          {
            message: 'this tenant may send 3 requests in a minute',
            extensions: {
              code: 'TOO_MANY_REQUESTS',
              hint: expect.stringContaining('after `retryAfterSeconds`'),
              retryable: true,
              retryAfterSeconds: 60,
              limit: 'requestsPerMinute',
              allowed: 3,
            },
          },
        ],
      });
      expect((await post('free', { query: registered })).status).toBe(200);
      vi.setSystemTime(Date.now() + 60_001);
      expect((await ask()).status).toBe(200);
    } finally {
      vi.useRealTimers();
    }
    const lines = server.log.map((line) => JSON.parse(line)).filter(({ status }) => status === 429);
    expect(lines).toMatchObject([{ tenant: 'slow', errors: ['TOO_MANY_REQUESTS'], outcome: 'rejected' }]);
  });

  it('are refused while as many as allowed are under way, and admitted once one has ended', async () => {
    const ask = (parcel: number) =>
      `{ tracker(trackingNumber: "${uspsTrackingNumber(parcel)}", accountId: "usps") { status } }`;
    // For the token, whose renewal outlasts a caller who has left.
    await post('narrow', { query: ask(76) });
    const stop = server.sandbox.usps.injectFault({ hang: true });
    const calls = server.sandbox.usps.calls.length;
    const query = ask(77);
    const caller = new AbortController();
    const first = post('narrow', { query }, caller.signal);
    await vi.waitFor(() => expect(server.sandbox.usps.calls.length).toBe(calls + 1));
    const second = await post('narrow', { query: registered });
    const { extensions } = (await second.json()).errors[0];
    expect([second.status, extensions]).toMatchObject([
      429,
      { code: 'TOO_MANY_REQUESTS', limit: 'concurrentRequests', allowed: 1 },
    ]);
    caller.abort();
    await expect(first).rejects.toThrow(/abort/i);
    stop();
    await vi.waitFor(async () => expect((await post('narrow', { query: registered })).status).toBe(200));
  });
});

describe('requests without a valid key', () => {
  it('are refused above a thousand a minute from one address, and from no other', async () => {
    const { admit } = createRequestLimits();
    for (let count = 0; count < 1000; count += 1) await admit(undefined, '192.0.2.1');
    const refused = expect.objectContaining({
      extensions: expect.objectContaining({ code: 'TOO_MANY_REQUESTS', allowed: 1000 }),
    });
    await expect(admit(undefined, '192.0.2.1')).rejects.toEqual(refused);
    await expect(admit(undefined, '192.0.2.2')).resolves.toBeTypeOf('function');
  });
});

describe('a persisted operation', () => {
  const extensions = { persistedQuery: { version: 1, sha256Hash: sha256(registered) } };

  it.each(['strict', 'lenient'])('of tenant %s is executed by its hash alone', async (key) => {
    const { data } = await (await post(key, { extensions })).json();
    expect(data.providerAccounts).toHaveLength(3);
  });

  it('is required where the tenant says so: another document is refused before it is executed', async () => {
    for (const query of [
      '{ providerAccounts { id } }',
      '{ __schema { queryType { name } } }',
      `${registered} `,
    ]) {
      const response = await post('strict', { query });
      expect(response.status).toBe(403);
      const { errors, data } = await response.json();
      expect(errors).toMatchObject([
        { extensions: { code: 'PERSISTED_OPERATION_REQUIRED', hint: expect.stringContaining('manifest') } },
      ]);
      expect(data).toBeUndefined();
    }
    expect((await post('strict', { query: registered })).status).toBe(200);
    expect(
      (await (await post('lenient', { query: '{ providerAccounts { name } }' })).json()).errors,
    ).toBeUndefined();
  });

  it('may be registered automatically by a tenant that may send any', async () => {
    const query = '{ providerAccounts { provider } }';
    const apq = { persistedQuery: { version: 1, sha256Hash: sha256(query) } };
    const unknown = await (await post('free', { extensions: apq })).json();
    expect(unknown.errors[0].extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
    await post('free', { query, extensions: apq });
    const { data } = await (await post('free', { extensions: apq })).json();
    expect(data.providerAccounts).toHaveLength(3);
    const strict = await (await post('strict', { extensions: apq })).json();
    expect(strict.data).toBeUndefined();
    expect(strict.errors[0].extensions.code).toBe('PERSISTED_OPERATION_REQUIRED');
  });
});
