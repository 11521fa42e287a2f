import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Answer, Send } from '../../src/transport/http.ts';
import { counters, quota, quotaLeft, quotasLeft, type Counter } from '../../src/transport/quota.ts';
import { testClock } from '../support/house.ts';
import { memoryQuotas } from '../support/stores.ts';

const start = Date.parse('2026-11-18T18:00:00Z');
const minute = 60_000;
const nobodyLeaves = new AbortController().signal;
const answered = (status: number, headers = {}): Answer => ({ status, headers, body: Buffer.alloc(0) });

/** A provider behind a quota: calls that got through, each at its time. */
function guarded(
  limit: number,
  options: { windowMs?: number; store?: ReturnType<typeof memoryQuotas> } = {},
) {
  const clock = testClock(start);
  const { store = memoryQuotas(), windowMs = 60 * minute } = options;
  const counter = (api: string): Counter => ({ key: 'usps', api, limit, windowMs });
  const calls: number[] = [];
  let next: () => Promise<Answer> = async () => answered(200);
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
    answer: (answer: () => Promise<Answer>) => void (next = answer),
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

  it('takes a 429 that says no time as one failed call', async () => {
    const { send, calls, answer } = guarded(100);
    answer(async () => answered(429));
    await send();
    await send();
    expect(calls).toHaveLength(2);
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
