import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ProviderError } from '../../src/domain/errors.ts';
import type { Response, Send } from '../../src/transport/http.ts';
import { counters, quota, quotaLeft, quotasLeft, type Counter } from '../../src/transport/quota.ts';
import { testClock } from '../support/test-server.ts';
import { memoryQuotas } from '../support/stores.ts';

const start = Date.parse('2026-11-18T18:00:00Z');
const minute = 60_000;
const nobodyLeaves = new AbortController().signal;
const answered = (status: number, headers = {}): Response => ({ status, headers, body: Buffer.alloc(0) });

/** A provider behind a quota: calls that got through, each at its time. */
function guarded(
  limit: number,
  options: {
    windowMs?: number;
    store?: ReturnType<typeof memoryQuotas>;
    clock?: ReturnType<typeof testClock>;
    burst?: Counter['burst'];
  } = {},
) {
  const { store = memoryQuotas(), windowMs = 60 * minute, clock = testClock(start), burst } = options;
  const counter = (api: string): Counter => ({ key: 'usps', api, limit, windowMs, burst });
  const calls: number[] = [];
  let next: () => Promise<Response> = async () => answered(200);
  const wire: Send = async () => {
    calls.push(clock.now());
    return next();
  };
  const layer = quota(store, clock, (api) => (api === 'uncounted' ? undefined : counter(api)))(wire);
  return {
    clock,
    store,
    calls,
    counter: counter('tracking'),
    answer: (answer: () => Promise<Response>) => void (next = answer),
    send: (api = 'tracking') =>
      layer({ api, method: 'GET', url: new URL('http://127.0.0.1/') }, nobodyLeaves),
  };
}

describe('a quota', () => {
  it('lets as many calls through as the provider allows, then fails without a call, and says until when', async () => {
    const { send, calls } = guarded(3);
    for (let call = 0; call < 3; call++) await send();
    const refused = send();
    await expect(refused).rejects.toMatchObject({
      name: 'ProviderError',
      code: 'QUOTA_EXHAUSTED',
      retryable: true,
      // The slice of the first call is a minute long, and the window an hour.
      retryAfterSeconds: 61 * 60,
      message: 'the quota of 3 calls to tracking is used up until 2026-11-18T19:01:00.000Z',
    });
    expect(calls).toHaveLength(3);
  });

  it('counts each API product for itself, and what is not counted not at all', async () => {
    const { send, calls } = guarded(1);
    await send('tracking');
    await send('addresses');
    await expect(send('tracking')).rejects.toThrow('calls to tracking');
    for (let call = 0; call < 5; call++) await send('uncounted');
    expect(calls).toHaveLength(7);
  });

  it('counts failed calls, since the provider does', async () => {
    const { send, calls, answer } = guarded(2);
    answer(async () => answered(500));
    await send();
    answer(() => Promise.reject(new Error('the line broke')));
    await expect(send()).rejects.toThrow('the line broke');
    await expect(send()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' });
    expect(calls).toHaveLength(2);
  });

  it('rolls: a call is given back an hour after it was made', async () => {
    const { send, clock } = guarded(2);
    await send();
    clock.advance(30 * minute);
    await send();
    clock.advance(31 * minute - 1);
    await expect(send()).rejects.toMatchObject({ retryAfterSeconds: 1 });
    clock.advance(1);
    await send();
    await expect(send()).rejects.toMatchObject({ retryAfterSeconds: 30 * 60 });
  });

  it('is corrected by a 429: no call until the provider wants one', async () => {
    const { send, calls, clock, answer } = guarded(100);
    answer(async () => answered(429, { 'retry-after': '90' }));
    expect((await send()).status).toBe(429);
    answer(async () => answered(200));
    await expect(send()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED', retryAfterSeconds: 90 });
    clock.advance(89_999);
    await expect(send()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED', retryAfterSeconds: 1 });
    clock.advance(1);
    expect((await send()).status).toBe(200);
    expect(calls).toHaveLength(2);
  });

  it('holds back the calls of every replica, and never for less than the longest that any was told', async () => {
    const clock = testClock(start);
    const one = guarded(100, { clock });
    const other = guarded(100, { clock, store: one.store });
    // Both were under way when the first was refused.
    other.answer(async () => {
      one.answer(async () => answered(429, { 'retry-after': '90' }));
      await one.send();
      return answered(429, { 'retry-after': '5' });
    });
    await other.send();
    for (const { send } of [one, other]) {
      await expect(send()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED', retryAfterSeconds: 90 });
    }
    expect(await quotasLeft(one.store, clock, [one.counter])).toMatchObject([
      { remaining: 0, resetsAt: start + 90_000 },
    ]);
    clock.advance(90_000);
    one.answer(async () => answered(200));
    expect((await one.send()).status).toBe(200);
    expect([one.calls.length, other.calls.length]).toEqual([2, 1]);
  });

  it('pauses for half a minute after a 429 that says no time, and tells nobody that the quota is used up', async () => {
    const { send, calls, answer, clock, store, counter } = guarded(100);
    answer(async () => answered(429));
    await send();
    await expect(send()).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
      retryAfterSeconds: 30,
    });
    expect(await quotasLeft(store, clock, [counter])).toMatchObject([{ remaining: 99 }]);
    expect(calls).toHaveLength(1);
    answer(async () => answered(200));
    clock.advance(26_000);
    // What is left of the pause is waited for.
    expect((await send()).status).toBe(200);
    expect(calls).toEqual([start, start + 30_000]);
  });

  it('is not closed for ever by a provider that asks for that', async () => {
    const { send, clock, answer } = guarded(100);
    answer(async () => answered(429, { 'retry-after': '9'.repeat(30) }));
    await send();
    await expect(send()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED', retryAfterSeconds: 86_400 });
    clock.advance(24 * 60 * minute);
    expect((await send()).status).toBe(429);
  });

  it('shows what is left, and when there is more', async () => {
    const { send, store, clock, counter } = guarded(3);
    expect(await quotasLeft(store, clock, [counter])).toEqual([
      { api: 'tracking', limit: 3, remaining: 3, resetsAt: undefined },
    ]);
    await send();
    expect(await quotasLeft(store, clock, [counter])).toEqual([
      { api: 'tracking', limit: 3, remaining: 2, resetsAt: start + 61 * minute },
    ]);
    clock.advance(61 * minute);
    expect(await quotasLeft(store, clock, [counter])).toMatchObject([{ remaining: 3 }]);
  });

  it('that was made smaller waits until enough has been given back', () => {
    const window = { slices: [[start, 5], [start + minute, 2], [start + 2 * minute, 3]] } as const; // prettier-ignore
    const smaller: Counter = { key: 'usps', api: 'tracking', limit: 4, windowMs: 60 * minute };
    // Ten are used; with the first five gone, five still are more than four, with two more gone there is room.
    expect(quotaLeft(window, smaller, start + 3 * minute)).toMatchObject({
      remaining: 0,
      resetsAt: start + 62 * minute,
    });
  });

  it('is what the account was granted: for one product, for all the others, or the provider’s own', () => {
    const usps = { windowSeconds: 3600, default: 60 };
    const limit = (limits: object, api: string) => counters('usps', { ...usps, ...limits })(api).limit;
    expect(limit({}, 'tracking')).toBe(60);
    expect(limit({ default: 100 }, 'tracking')).toBe(100);
    expect(limit({ default: 100, apis: { tracking: 600 } }, 'tracking')).toBe(600);
    expect(limit({ default: 100, apis: { tracking: 600 } }, 'labels')).toBe(100);
  });
});

describe('a burst', () => {
  const burst = { calls: 3, ms: 4_000 };

  it('is none of our business unless the account says so', async () => {
    const { send, calls } = guarded(100);
    for (let call = 0; call < 50; call++) await send();
    expect(calls).toEqual(Array(50).fill(start));
  });

  it('waits its turn, where that is soon', async () => {
    const { send, calls } = guarded(100, { burst });
    for (let call = 0; call < 7; call++) await send();
    expect(calls.map((time) => time - start)).toEqual([0, 0, 0, 4_000, 4_000, 4_000, 8_000]);
  });

  it('fails at once where the turn is far, costs nothing, and says when to ask again', async () => {
    const { send, calls, store, clock, counter } = guarded(100, { burst: { calls: 5, ms: minute } });
    for (let call = 0; call < 5; call++) await send();
    clock.advance(10_000);
    await expect(send()).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
      retryAfterSeconds: 50,
    });
    expect(clock.now()).toBe(start + 10_000);
    expect(await quotasLeft(store, clock, [counter])).toMatchObject([{ remaining: 95 }]);
    clock.advance(50_000);
    await send();
    expect(calls).toHaveLength(6);
  });

  it('is counted for all replicas together', async () => {
    const clock = testClock(start);
    const one = guarded(100, { burst: { calls: 2, ms: minute }, clock });
    const other = guarded(100, { burst: { calls: 2, ms: minute }, clock, store: one.store });
    await one.send();
    await other.send();
    await expect(one.send()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await expect(other.send()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });

  it('leaves the queue with its caller, and stops where the provider says stop while it waits', async () => {
    const { send, calls, answer, clock, store, counter } = guarded(100, { burst: { calls: 1, ms: 4_000 } });
    await send();
    const patient = clock.sleep;
    // While the next one waits, another replica is refused.
    clock.sleep = async (milliseconds, signal) => {
      await patient(milliseconds, signal);
      const blockedUntil = clock.now() + 60_000;
      await store.update(counter, (window) => [{ ...window, blockedUntil }, undefined]);
    };
    answer(async () => answered(200));
    await expect(send()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED', retryAfterSeconds: 60 });
    clock.sleep = () => Promise.reject(new Error('nobody waits any more'));
    clock.advance(60_000);
    await send();
    await expect(send()).rejects.toThrow('nobody waits any more');
    expect(calls).toHaveLength(2);
  });
});

describe('against a log of every call', () => {
  const steps = fc.array(
    fc.record({
      after: fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 40_000 })),
      tries: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 1, maxLength: 60 },
  );
  const windows = fc.constantFrom(1_000, 7_000, 60_000);

  it('there are never more than the limit in any window, and none is held back longer than a slice', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 6 }), windows, async (script, limit, windowMs) => {
        const { send, calls, clock } = guarded(limit, { windowMs });
        const slice = windowMs / 60;
        for (const { after, tries } of script) {
          clock.advance(after);
          for (let each = 0; each < tries; each++) {
            const now = clock.now();
            const inWindow = (length: number) => calls.filter((time) => time > now - length).length;
            const strict = inWindow(windowMs + slice);
            const before = calls.length;
            await send().catch(() => {});
            const passed = calls.length > before;
            if (passed) expect(inWindow(windowMs)).toBeLessThanOrEqual(limit);
            else expect(strict).toBeGreaterThanOrEqual(limit);
          }
        }
      }),
    );
  });

  it('there is never a burst, nobody waits for longer than five seconds, and none is refused for nothing', async () => {
    const bursts = fc.record({
      calls: fc.integer({ min: 1, max: 5 }),
      ms: fc.constantFrom(500, 3_000, 20_000),
    });
    await fc.assert(
      fc.asyncProperty(steps, bursts, async (script, burst) => {
        const { send, calls, clock } = guarded(1_000_000, { burst });
        for (const { after, tries } of script) {
          clock.advance(after);
          for (let each = 0; each < tries; each++) {
            const asked = clock.now();
            const error = await send().then(() => undefined, (thrown: ProviderError) => thrown); // prettier-ignore
            const recent = (length: number) => calls.filter((time) => time > clock.now() - length).length;
            if (error === undefined) {
              expect(recent(burst.ms)).toBeLessThanOrEqual(burst.calls);
              expect(clock.now() - asked).toBeLessThanOrEqual(5_000);
            } else {
              expect(error).toMatchObject({ code: 'RATE_LIMITED' });
              expect(error.retryAfterSeconds).toBeGreaterThanOrEqual(5);
              expect(recent(burst.ms)).toBe(burst.calls);
              expect(clock.now()).toBe(asked);
            }
          }
        }
      }),
    );
  });

  it('the longest block holds, whatever is said after it and in whatever order', async () => {
    const waits = fc.array(fc.option(fc.integer({ min: 0, max: 300 }), { nil: undefined }), { minLength: 1, maxLength: 8 }); // prettier-ignore
    await fc.assert(
      fc.asyncProperty(waits, async (said) => {
        const { store, clock, counter, send, answer } = guarded(1_000);
        // All of them are under way together.
        const inTurn = [...said];
        const refuse = async (): Promise<Response> => {
          const wait = inTurn.shift();
          if (inTurn.length > 0) await send();
          return answered(429, wait === undefined ? {} : { 'retry-after': String(wait) });
        };
        answer(refuse);
        await send();
        answer(async () => answered(200));
        const longest = Math.max(...said.map((wait) => wait ?? 0)) * 1000;
        const { remaining, resetsAt } = quotaLeft(await store.read(counter), counter, clock.now());
        expect(remaining === 0 ? resetsAt : start).toBe(start + longest);
        if (longest === 0) return;
        clock.advance(longest - 1);
        await expect(send()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED', retryAfterSeconds: 1 });
      }),
    );
  });

  it('the time that it names is the first at which a call goes through', async () => {
    const blocks = fc.option(fc.integer({ min: 1, max: 120 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 6 }), blocks, async (script, limit, block) => {
        const { send, clock, store, counter, answer } = guarded(limit, { windowMs: 60_000 });
        for (const { after, tries } of script) {
          clock.advance(after);
          for (let each = 0; each < tries; each++) await send().catch(() => {});
        }
        if (block !== undefined) {
          answer(async () => answered(429, { 'retry-after': String(block) }));
          await send().catch(() => {});
          answer(async () => answered(200));
        }
        const window = await store.read(counter);
        const { remaining, resetsAt } = quotaLeft(window, counter, clock.now());
        if (remaining > 0) return void (await send());
        expect(quotaLeft(window, counter, resetsAt! - 1).remaining).toBe(0);
        expect(quotaLeft(window, counter, resetsAt!).remaining).toBeGreaterThan(0);
      }),
    );
  });
});
