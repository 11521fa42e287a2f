import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ProviderError } from '../../src/domain/errors.ts';
import type { HttpResponse, Send } from '../../src/transport/http.ts';
import { createQuotaCounter } from '../../src/transport/quota-counter.ts';
import { remainingQuota, type MeteredApi } from '../../src/transport/quota-window.ts';
import { meteredApis, quota, remainingQuotas } from '../../src/transport/quota.ts';
import { testClock } from '../support/test-server.ts';
import { memoryQuotaStore } from '../support/stores.ts';
import { neverAborted } from './server.ts';

const start = Date.parse('2026-11-18T18:00:00Z');
const minute = 60_000;
const responseOf = (status: number, headers = {}): HttpResponse => ({
  status,
  headers,
  body: Buffer.alloc(0),
});

/** Opens a provider behind a quota; `calls` has the time of each call that reached the provider. */
function openQuota(
  limit: number,
  options: {
    windowMs?: number;
    store?: ReturnType<typeof memoryQuotaStore>;
    clock?: ReturnType<typeof testClock>;
    burst?: MeteredApi['burst'];
  } = {},
) {
  const { store = memoryQuotaStore(), windowMs = 60 * minute, clock = testClock(start), burst } = options;
  const metered = (name: string): MeteredApi => ({ key: 'usps', api: name, limit, windowMs, burst });
  const calls: number[] = [];
  let next: () => Promise<HttpResponse> = async () => responseOf(200);
  const provider: Send = async () => {
    calls.push(clock.now());
    return next();
  };
  const counter = createQuotaCounter(store, clock);
  const layer = quota(counter, clock, (name) => (name === 'unmetered' ? undefined : metered(name)))(provider);
  return {
    clock,
    store,
    counter,
    calls,
    api: metered('tracking'),
    respondWith: (response: () => Promise<HttpResponse>) => void (next = response),
    send: (name = 'tracking') =>
      layer({ api: name, method: 'GET', url: new URL('http://127.0.0.1/') }, neverAborted),
  };
}

describe('a quota', () => {
  it('allows the limit of calls, then fails without a call and names the reset time', async () => {
    const { send, calls } = openQuota(3);
    for (let call = 0; call < 3; call++) await send();
    const rejected = send();
    await expect(rejected).rejects.toMatchObject({
      name: 'ProviderError',
      code: 'QUOTA_EXHAUSTED',
      retryable: true,
      // The slice of the first call is a minute long, and the window an hour.
      retryAfterSeconds: 61 * 60,
      message: 'the quota of 3 calls to tracking is used up until 2026-11-18T19:01:00.000Z',
    });
    expect(calls).toHaveLength(3);
  });

  it('counts each API product separately and ignores unmetered ones', async () => {
    const { send, calls } = openQuota(1);
    await send('tracking');
    await send('addresses');
    await expect(send('tracking')).rejects.toThrow('calls to tracking');
    for (let call = 0; call < 5; call++) await send('unmetered');
    expect(calls).toHaveLength(7);
  });

  it('counts failed calls, as the provider does', async () => {
    const { send, calls, respondWith } = openQuota(2);
    respondWith(async () => responseOf(500));
    await send();
    respondWith(() => Promise.reject(new Error('connection lost')));
    await expect(send()).rejects.toThrow('connection lost');
    await expect(send()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' });
    expect(calls).toHaveLength(2);
  });

  it('is a rolling window: a call leaves it after an hour', async () => {
    const { send, clock } = openQuota(2);
    await send();
    clock.advance(30 * minute);
    await send();
    clock.advance(31 * minute - 1);
    await expect(send()).rejects.toMatchObject({ retryAfterSeconds: 1 });
    clock.advance(1);
    await send();
    await expect(send()).rejects.toMatchObject({ retryAfterSeconds: 30 * 60 });
  });

  it('allows no call after a 429 until its Retry-After has passed', async () => {
    const { send, calls, clock, respondWith } = openQuota(100);
    respondWith(async () => responseOf(429, { 'retry-after': '90' }));
    expect((await send()).status).toBe(429);
    respondWith(async () => responseOf(200));
    await expect(send()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED', retryAfterSeconds: 90 });
    clock.advance(89_999);
    await expect(send()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED', retryAfterSeconds: 1 });
    clock.advance(1);
    expect((await send()).status).toBe(200);
    expect(calls).toHaveLength(2);
  });

  it('blocks the calls of every replica for the longest Retry-After of concurrent calls', async () => {
    const clock = testClock(start);
    const one = openQuota(100, { clock });
    const other = openQuota(100, { clock, store: one.store });
    // Both calls are in progress when the first response arrives.
    other.respondWith(async () => {
      one.respondWith(async () => responseOf(429, { 'retry-after': '90' }));
      await one.send();
      return responseOf(429, { 'retry-after': '5' });
    });
    await other.send();
    for (const { send } of [one, other]) {
      await expect(send()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED', retryAfterSeconds: 90 });
    }
    expect(await remainingQuotas(one.counter, clock, [one.api])).toMatchObject([
      { remaining: 0, resetsAt: start + 90_000 },
    ]);
    clock.advance(90_000);
    one.respondWith(async () => responseOf(200));
    expect((await one.send()).status).toBe(200);
    expect([one.calls.length, other.calls.length]).toEqual([2, 1]);
  });

  it('pauses for 30 seconds after a 429 without Retry-After, without reporting the quota as used up', async () => {
    const { send, calls, respondWith, clock, counter, api } = openQuota(100);
    respondWith(async () => responseOf(429));
    await send();
    await expect(send()).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
      retryAfterSeconds: 30,
    });
    expect(await remainingQuotas(counter, clock, [api])).toMatchObject([{ remaining: 99 }]);
    expect(calls).toHaveLength(1);
    respondWith(async () => responseOf(200));
    clock.advance(26_000);
    // The call waits for the rest of the pause.
    expect((await send()).status).toBe(200);
    expect(calls).toEqual([start, start + 30_000]);
  });

  it('limits a Retry-After to one day', async () => {
    const { send, clock, respondWith } = openQuota(100);
    respondWith(async () => responseOf(429, { 'retry-after': '9'.repeat(30) }));
    await send();
    await expect(send()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED', retryAfterSeconds: 86_400 });
    clock.advance(24 * 60 * minute);
    expect((await send()).status).toBe(429);
  });

  it('reports the remaining calls and the reset time', async () => {
    const { send, counter, clock, api } = openQuota(3);
    expect(await remainingQuotas(counter, clock, [api])).toEqual([
      { api: 'tracking', limit: 3, remaining: 3, resetsAt: undefined },
    ]);
    await send();
    expect(await remainingQuotas(counter, clock, [api])).toEqual([
      { api: 'tracking', limit: 3, remaining: 2, resetsAt: start + 61 * minute },
    ]);
    clock.advance(61 * minute);
    expect(await remainingQuotas(counter, clock, [api])).toMatchObject([{ remaining: 3 }]);
  });

  it('with a reduced limit resets once enough calls have left the window', () => {
    const window = { slices: [[start, 5], [start + minute, 2], [start + 2 * minute, 3]] } as const; // prettier-ignore
    const smaller: MeteredApi = { key: 'usps', api: 'tracking', limit: 4, windowMs: 60 * minute };
    // Ten calls are used. Without the first five there are five, still more than four; without two more there is room.
    expect(remainingQuota(window, smaller, start + 3 * minute)).toMatchObject({
      remaining: 0,
      resetsAt: start + 62 * minute,
    });
  });

  it('has the limit of the API product, the account or the provider, in this order', () => {
    const usps = { windowSeconds: 3600, default: 60 };
    const limit = (limits: object, api: string) => meteredApis('usps', { ...usps, ...limits })(api).limit;
    expect(limit({}, 'tracking')).toBe(60);
    expect(limit({ default: 100 }, 'tracking')).toBe(100);
    expect(limit({ default: 100, apis: { tracking: 600 } }, 'tracking')).toBe(600);
    expect(limit({ default: 100, apis: { tracking: 600 } }, 'labels')).toBe(100);
  });
});

describe('a burst', () => {
  const burst = { calls: 3, ms: 4_000 };

  it('is not limited by default', async () => {
    const { send, calls } = openQuota(100);
    for (let call = 0; call < 50; call++) await send();
    expect(calls).toEqual(Array(50).fill(start));
  });

  it('is delayed where the delay is short', async () => {
    const { send, calls } = openQuota(100, { burst });
    for (let call = 0; call < 7; call++) await send();
    expect(calls.map((time) => time - start)).toEqual([0, 0, 0, 4_000, 4_000, 4_000, 8_000]);
  });

  it('fails at once where the delay is long, without using quota, and names the delay', async () => {
    const { send, calls, counter, clock, api } = openQuota(100, { burst: { calls: 5, ms: minute } });
    for (let call = 0; call < 5; call++) await send();
    clock.advance(10_000);
    await expect(send()).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
      retryAfterSeconds: 50,
    });
    expect(clock.now()).toBe(start + 10_000);
    expect(await remainingQuotas(counter, clock, [api])).toMatchObject([{ remaining: 95 }]);
    clock.advance(50_000);
    await send();
    expect(calls).toHaveLength(6);
  });

  it('is counted across replicas', async () => {
    const clock = testClock(start);
    const one = openQuota(100, { burst: { calls: 2, ms: minute }, clock });
    const other = openQuota(100, { burst: { calls: 2, ms: minute }, clock, store: one.store });
    await one.send();
    await other.send();
    await expect(one.send()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await expect(other.send()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });

  it('stops waiting when its caller disconnects or the provider sends a 429', async () => {
    const { send, calls, respondWith, clock, store, api } = openQuota(100, {
      burst: { calls: 1, ms: 4_000 },
    });
    await send();
    const { sleep } = clock;
    // While the next call waits, another replica gets a 429.
    clock.sleep = async (milliseconds, signal) => {
      await sleep(milliseconds, signal);
      const blockedUntil = clock.now() + 60_000;
      await store.update(api, (window) => [{ ...window, blockedUntil }, undefined]);
    };
    respondWith(async () => responseOf(200));
    await expect(send()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED', retryAfterSeconds: 60 });
    clock.sleep = () => Promise.reject(new Error('the caller disconnected'));
    clock.advance(60_000);
    await send();
    await expect(send()).rejects.toThrow('the caller disconnected');
    expect(calls).toHaveLength(2);
  });
});

describe('in comparison with a log of every call, the quota', () => {
  const steps = fc.array(
    fc.record({
      after: fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 40_000 })),
      tries: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 1, maxLength: 60 },
  );
  const windows = fc.constantFrom(1_000, 7_000, 60_000);

  it('never exceeds the limit in any window, and rejects a call for at most one slice too long', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 6 }), windows, async (schedule, limit, windowMs) => {
        const { send, calls, clock } = openQuota(limit, { windowMs });
        const slice = windowMs / 60;
        for (const { after, tries } of schedule) {
          clock.advance(after);
          for (let attempt = 0; attempt < tries; attempt++) {
            const now = clock.now();
            const inWindow = (length: number) => calls.filter((time) => time > now - length).length;
            const counted = inWindow(windowMs + slice);
            const before = calls.length;
            await send().catch(() => {});
            const passed = calls.length > before;
            if (passed) expect(inWindow(windowMs)).toBeLessThanOrEqual(limit);
            else expect(counted).toBeGreaterThanOrEqual(limit);
          }
        }
      }),
    );
  });

  it('never exceeds the burst limit, delays no call by more than five seconds, and rejects none without need', async () => {
    const bursts = fc.record({
      calls: fc.integer({ min: 1, max: 5 }),
      ms: fc.constantFrom(500, 3_000, 20_000),
    });
    await fc.assert(
      fc.asyncProperty(steps, bursts, async (schedule, burst) => {
        const { send, calls, clock } = openQuota(1_000_000, { burst });
        for (const { after, tries } of schedule) {
          clock.advance(after);
          for (let attempt = 0; attempt < tries; attempt++) {
            const sentAt = clock.now();
            const error = await send().then(() => undefined, (thrown: ProviderError) => thrown); // prettier-ignore
            const recent = (length: number) => calls.filter((time) => time > clock.now() - length).length;
            if (error === undefined) {
              expect(recent(burst.ms)).toBeLessThanOrEqual(burst.calls);
              expect(clock.now() - sentAt).toBeLessThanOrEqual(5_000);
            } else {
              expect(error).toMatchObject({ code: 'RATE_LIMITED' });
              expect(error.retryAfterSeconds).toBeGreaterThanOrEqual(5);
              expect(recent(burst.ms)).toBe(burst.calls);
              expect(clock.now()).toBe(sentAt);
            }
          }
        }
      }),
    );
  });

  it('applies the longest block, whatever the order of responses', async () => {
    const waits = fc.array(fc.option(fc.integer({ min: 0, max: 300 }), { nil: undefined }), { minLength: 1, maxLength: 8 }); // prettier-ignore
    await fc.assert(
      fc.asyncProperty(waits, async (retryAfters) => {
        const { store, clock, api, send, respondWith } = openQuota(1_000);
        // All calls are in progress at the same time.
        const remainingResponses = [...retryAfters];
        const tooMany = async (): Promise<HttpResponse> => {
          const wait = remainingResponses.shift();
          if (remainingResponses.length > 0) await send();
          return responseOf(429, wait === undefined ? {} : { 'retry-after': String(wait) });
        };
        respondWith(tooMany);
        await send();
        respondWith(async () => responseOf(200));
        const longest = Math.max(...retryAfters.map((wait) => wait ?? 0)) * 1000;
        const { remaining, resetsAt } = remainingQuota(await store.read(api), api, clock.now());
        expect(remaining === 0 ? resetsAt : start).toBe(start + longest);
        if (longest === 0) return;
        clock.advance(longest - 1);
        await expect(send()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED', retryAfterSeconds: 1 });
      }),
    );
  });

  it('names the earliest time at which a call succeeds', async () => {
    const blocks = fc.option(fc.integer({ min: 1, max: 120 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 6 }), blocks, async (schedule, limit, block) => {
        const { send, clock, store, api, respondWith } = openQuota(limit, { windowMs: 60_000 });
        for (const { after, tries } of schedule) {
          clock.advance(after);
          for (let attempt = 0; attempt < tries; attempt++) await send().catch(() => {});
        }
        if (block !== undefined) {
          respondWith(async () => responseOf(429, { 'retry-after': String(block) }));
          await send().catch(() => {});
          respondWith(async () => responseOf(200));
        }
        const window = await store.read(api);
        const { remaining, resetsAt } = remainingQuota(window, api, clock.now());
        if (remaining > 0) return void (await send());
        expect(remainingQuota(window, api, resetsAt! - 1).remaining).toBe(0);
        expect(remainingQuota(window, api, resetsAt!).remaining).toBeGreaterThan(0);
      }),
    );
  });
});
