import type { ServerResponse } from 'node:http';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createBreakers, settlementSignal } from '../../src/transport/breaker.ts';
import { openConnections, timeout, type HttpRequest, type Layer } from '../../src/transport/http.ts';
import { quota } from '../../src/transport/quota.ts';
import { retry } from '../../src/transport/retry.ts';
import { memoryQuotas } from '../support/stores.ts';
import { testClock } from '../support/test-server.ts';
import { closeConnection, neverAborted, neverRespond, openProvider, respond, type Provider } from './server.ts'; // prettier-ignore

const start = Date.parse('2026-11-18T18:00:00Z');
const second = 1_000;

describe('a circuit breaker', () => {
  let provider: Provider;
  const connections = openConnections();
  beforeAll(async () => void (provider = await openProvider()));
  beforeEach(() => provider.respondWith(respond(200)));
  afterAll(async () => {
    await connections.close();
    await provider.close();
  });

  /** Opens an account's layers; `between` stands where the quota does. */
  function openAccount(between: Layer = (next) => next) {
    const clock = testClock(start);
    const { gate, watch, list } = createBreakers(clock);
    const layers = gate(between(watch(timeout(connections.send))));
    return {
      clock,
      list,
      layers,
      send: (over: Partial<HttpRequest> = {}, signal = neverAborted) =>
        layers(provider.request(over), signal),
      /** Returns how many calls reach the provider meanwhile. */
      async callsDuring(work: () => Promise<unknown>) {
        const before = provider.requests.length;
        await work();
        return provider.requests.length - before;
      },
    };
  }
  type Opened = ReturnType<typeof openAccount>;

  const failTimes = async ({ send }: Opened, times: number, over: Partial<HttpRequest> = {}) => {
    for (let call = 0; call < times; call++) await send(over).catch(() => {});
  };
  const open = async (account = openAccount()) => {
    provider.respondWith(respond(503));
    await failTimes(account, 5);
    return account;
  };

  it.each([
    ['5xx responses', respond(502), /^127\.0\.0\.1:\d+ responded 502$/],
    ['closed connections', closeConnection, /could not be reached \(UND_ERR_SOCKET\)/],
    ['time-outs', neverRespond, /did not respond within 0.05 s/],
  ])('opens after five %s, then fails at once with the reason', async (_, handler, reason) => {
    const account = openAccount();
    provider.respondWith(handler);
    await failTimes(account, 4, { timeoutMs: 50 });
    expect(account.list()).toEqual([]);
    await failTimes(account, 1, { timeoutMs: 50 });
    expect(account.list()).toEqual([
      {
        api: 'tracking',
        state: 'OPEN',
        reason: expect.stringMatching(reason),
        retryAt: start + 20 * second,
      },
    ]);
    const refused = account.send();
    await expect(account.callsDuring(() => refused.catch(() => {}))).resolves.toBe(0);
    await expect(refused).rejects.toMatchObject({
      name: 'ProviderError',
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/^calls to tracking are suspended: /),
      retryable: true,
      retryAfterSeconds: 20,
      refused: true,
    });
  });

  it('stays closed for a 4xx, and counts from the last response on', async () => {
    const account = openAccount();
    provider.respondWith(...[400, 401, 404, 408, 409, 422, 429].map((status) => respond(status)));
    await failTimes(account, 7);
    for (let round = 0; round < 3; round++) {
      provider.respondWith(respond(500));
      await failTimes(account, 4);
      provider.respondWith(respond(404));
      await failTimes(account, 1);
    }
    expect(account.list()).toEqual([]);
  });

  it('counts no failure of a call that began before the last response', async () => {
    const account = openAccount();
    provider.respondWith(neverRespond);
    const hanging = Array.from({ length: 8 }, () => account.send({ timeoutMs: 200 }));
    account.clock.advance(second);
    provider.respondWith(respond(200));
    await account.send();
    await Promise.allSettled(hanging);
    expect(account.list()).toEqual([]);
  });

  it('is one for each API product', async () => {
    const account = await open();
    provider.respondWith(respond(200));
    expect((await account.send({ api: 'addresses' })).status).toBe(200);
    await expect(account.send()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('counts a caller who leaves after a second of silence, but none who leaves sooner', async () => {
    const account = openAccount();
    provider.respondWith(neverRespond);
    const leaveAfter = async (milliseconds: number) => {
      const caller = new AbortController();
      const answers = Array.from({ length: 5 }, () => account.send({}, caller.signal));
      account.clock.advance(milliseconds);
      caller.abort(new Error('the caller left'));
      const left = { status: 'rejected', reason: { message: 'the caller left' } };
      expect(await Promise.allSettled(answers)).toMatchObject(answers.map(() => left));
    };
    await leaveAfter(999);
    expect(account.list()).toEqual([]);
    await leaveAfter(2_500);
    expect(account.list()).toMatchObject([{ reason: expect.stringMatching(/did not respond within 2 s$/) }]);
  });

  it('lets one probe at a time pass after 20 seconds, and closes once it gets a response', async () => {
    const account = await open();
    account.clock.advance(20 * second - 1);
    await expect(account.send()).rejects.toMatchObject({ retryAfterSeconds: 1 });
    account.clock.advance(1);
    const received = Promise.withResolvers<ServerResponse>();
    provider.respondWith((_, response) => received.resolve(response));
    const probe = account.send();
    const others = await Promise.allSettled([account.send(), account.send()]);
    expect(account.list()).toMatchObject([{ state: 'HALF_OPEN' }]);
    expect(others).toMatchObject([
      { reason: { retryAfterSeconds: 1 } },
      { reason: { retryAfterSeconds: 1 } },
    ]);
    (await received.promise).writeHead(404).end();
    expect((await probe).status).toBe(404);
    expect(account.list()).toEqual([]);
    provider.respondWith(respond(200));
    expect(await account.callsDuring(() => Promise.all([account.send(), account.send()]))).toBe(2);
  });

  it('stays open for 20 seconds more after a probe that fails', async () => {
    const account = await open();
    account.clock.advance(20 * second);
    expect(await account.callsDuring(() => failTimes(account, 10))).toBe(1);
    expect(account.list()).toMatchObject([{ state: 'OPEN', retryAt: start + 40 * second }]);
    account.clock.advance(20 * second);
    provider.respondWith(respond(200));
    expect((await account.send()).status).toBe(200);
  });

  it('sends the next call as the probe in place of one that the quota refused', async () => {
    const clock = testClock(start);
    const metered = { key: 'usps', api: 'tracking', limit: 5, windowMs: 15 * second };
    const account = openAccount(quota(memoryQuotas(clock), clock, () => metered));
    await open(account);
    account.clock.advance(20 * second);
    await expect(account.send()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' });
    expect(account.list()).toMatchObject([{ state: 'OPEN' }]);
    clock.advance(20 * second);
    provider.respondWith(respond(200));
    expect((await account.send()).status).toBe(200);
  });

  it('uses no quota for a call that it refuses', async () => {
    const clock = testClock(start);
    const counter = memoryQuotas(clock);
    const metered = { key: 'usps', api: 'tracking', limit: 60, windowMs: 3600 * second };
    const account = await open(openAccount(quota(counter, clock, () => metered)));
    await failTimes(account, 20);
    expect((await counter.read(metered)).slices).toEqual([[start, 5]]);
  });

  it('lets calls pass that ask for the outcome of a purchase, and closes for their responses', async () => {
    const account = await open();
    provider.respondWith(respond(500), respond(200));
    const settle = () => account.send({}, settlementSignal(5_000));
    expect((await settle()).status).toBe(500);
    await expect(account.send()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect((await settle()).status).toBe(200);
    expect(account.list()).toEqual([]);
  });

  it('is not retried, and a retry that it refuses ends like the call before it', async () => {
    const account = await open();
    const send = retry(account.clock)(account.layers);
    const before = account.clock.now();
    await expect(send(provider.request(), neverAborted)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(account.clock.now()).toBe(before);

    const closing = openAccount();
    provider.respondWith(respond(503));
    await failTimes(closing, 4);
    const response = await retry(closing.clock)(closing.layers)(provider.request(), neverAborted);
    expect(response.status).toBe(503);
    expect(closing.list()).toMatchObject([{ state: 'OPEN' }]);
  });
});
