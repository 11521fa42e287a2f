import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { toApiKeyConfig } from '../../src/config/api-key.ts';
import { ProviderError } from '../../src/domain/errors.ts';
import { createRecentCalls } from '../../src/server/console/recent-calls.ts';
import { openTestServer, testClock, type TestServer } from '../support/test-server.ts';

describe('/console/data', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openTestServer({
      tenants: ({ tenant }) => [
        { ...tenant, id: 'acme', apiKeys: [toApiKeyConfig('key-of-acme')] },
        { ...tenant, id: 'globex', apiKeys: [toApiKeyConfig({ key: 'key-of-admin', permissions: ['admin'] })] }, // prettier-ignore
      ],
    });
  });
  afterAll(() => server.close());

  const read = async (key?: string) => {
    const headers: HeadersInit = key ? { authorization: `Bearer ${key}` } : {};
    const response = await fetch(`${server.url}/console/data`, { headers });
    return { status: response.status, cache: response.headers.get('cache-control'), body: (await response.json()) }; // prettier-ignore
  };

  it.each([
    ['without a key', undefined, 401, 'UNAUTHENTICATED'],
    ['with a key of nobody', 'key-of-nobody', 401, 'UNAUTHENTICATED'],
    ['with a key that lacks the permission', 'key-of-acme', 403, 'FORBIDDEN'],
  ])('is refused %s, in the form of GraphQL errors', async (_, key, status, code) => {
    const refused = await read(key);
    expect(refused.status).toBe(status);
    expect(refused.body).toEqual({
      errors: [{ message: expect.any(String), extensions: expect.objectContaining({ code }) }],
    });
    expect(refused.body.errors[0].extensions).not.toHaveProperty('http');
  });

  it('has the accounts of all tenants, with the expiry of their credentials and their calls', async () => {
    await server.ask('{ tracker(trackingNumber: "9200190345678900000025") { status } }', {}, 'key-of-acme');
    await server.ask('{ mailJobs(first: 1) { nodes { id } } }', {}, 'key-of-acme');
    const { status, cache, body } = await read('key-of-admin');
    expect([status, cache]).toEqual([200, 'no-store']);
    const of = (tenant: string, id: string) =>
      body.accounts.find((each: any) => each.tenant === tenant && each.account === id);
    const now = server.clock.now();
    const hour = new Date(now - (now % 3_600_000)).toISOString();
    expect(of('acme', 'usps')).toMatchObject({
      expiries: { token: new Date(now + 28_799_000).toISOString() },
      hours: expect.arrayContaining([{ at: hour, api: 'tracking', calls: 1, failed: 0 }]),
    });
    expect(of('acme', 'easypost').expiries).toBeUndefined();
    expect(Date.parse(of('acme', 'easypost-connect').expiries.certificate)).toBeGreaterThan(now);
    expect(of('globex', 'usps')).toEqual({ tenant: 'globex', account: 'usps', expiries: {}, hours: [] });
    expect(JSON.stringify(body)).not.toMatch(/eyJ|BEGIN|9200190345678900000025/);
  });

  it('agrees with the usage that `tenants` reads of each account', async () => {
    const since = new Date(server.clock.now()).toISOString();
    const query = `{ tenants { id accounts { id usage(since: "${since}") { api calls } } } }`;
    const { data } = await server.ask(query, {}, 'key-of-admin');
    const usage = (tenant: string) => data.tenants.find(({ id }: any) => id === tenant).accounts[0].usage;
    expect(usage('acme')).toContainEqual({ api: 'tracking', calls: 1 });
    expect(usage('globex')).toEqual([]);
  });
});

describe('the recent calls of a process', () => {
  const account = { tenant: 'acme', id: 'usps', provider: 'usps' };

  it('have their median and 95th percentile by minute, for an hour', () => {
    const clock = testClock('2026-11-18T18:00:00Z');
    const recent = createRecentCalls(clock);
    const call = (milliseconds: number) => recent.onCall(account, { api: 'tracking', outcome: '200', milliseconds }); // prettier-ignore
    for (let milliseconds = 1; milliseconds <= 100; milliseconds++) call(milliseconds);
    clock.advance(60_000);
    call(0.2);
    expect(recent.latency()).toEqual([
      {
        provider: 'usps',
        ...{ calls: 101, p50: 50, p95: 95 },
        minutes: [
          { at: '2026-11-18T18:00:00.000Z', calls: 100, p50: 50, p95: 95 },
          { at: '2026-11-18T18:01:00.000Z', calls: 1, p50: 1, p95: 1 },
        ],
      },
    ]);
    clock.advance(59 * 60_000);
    expect(recent.latency()).toMatchObject([{ calls: 1 }]);
    clock.advance(60_000);
    expect(recent.latency()).toEqual([]);
  });

  it('have their failures, latest first, equal ones once, and at most 50', () => {
    const clock = testClock('2026-11-18T18:00:00Z');
    const recent = createRecentCalls(clock);
    const words = 'no such street: 388 Townsend St';
    const refused = new ProviderError('REJECTED', `USPS refused the request: ${words}`, {
      providerMessage: words,
      hint: 'Correct it.',
    });
    recent.onFailure(account, 'labels', refused, 'first');
    recent.onFailure(account, 'tracking', new ProviderError('TIMEOUT', 'no response within 30 s'));
    clock.advance(1_000);
    recent.onFailure(account, 'labels', refused, 'second');
    expect(recent.failures()).toMatchObject([
      {
        api: 'labels',
        code: 'REJECTED',
        message: 'USPS refused the request',
        hint: 'Correct it.',
        count: 2,
        at: '2026-11-18T18:00:01.000Z',
        requestId: 'second',
      },
      { api: 'tracking', code: 'TIMEOUT', message: 'no response within 30 s', count: 1 },
    ]);
    for (let api = 0; api < 60; api++) recent.onFailure(account, `api ${api}`, refused);
    expect(recent.failures()).toHaveLength(50);
    expect(recent.failures()[0]!.api).toBe('api 59');
  });
});
