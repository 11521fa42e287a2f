import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ProviderError } from '../../src/domain/errors.ts';
import { createQuotaCounter, type QuotaStore } from '../../src/transport/quota-counter.ts';
import { remainingQuotas } from '../../src/transport/quota.ts';
import type { MeteredApi } from '../../src/transport/quota-window.ts';
import { memoryQuotaStore } from '../support/stores.ts';
import { testClock } from '../support/test-server.ts';
import { neverAborted } from './server.ts';

const start = Date.parse('2026-11-18T18:00:00Z');
const apiOf = (limit: number, windowMs = 3_600_000): MeteredApi => ({
  key: 'usps',
  api: 'tracking',
  limit,
  windowMs,
});

/** Opens two replicas on one store, which counts the statements that it is asked for. */
function openReplicas(limit: number) {
  const clock = testClock(start);
  const store = memoryQuotaStore();
  const api = apiOf(limit);
  let updates = 0;
  let fails = false;
  const counted: QuotaStore = {
    read: store.read,
    async update(of, change) {
      updates += 1;
      if (fails) throw new Error('the ledger is gone');
      return store.update(of, change);
    },
  };
  const open = () => {
    const counter = createQuotaCounter(counted, clock);
    return {
      ...counter,
      take: (calls: number) =>
        Promise.allSettled(Array.from({ length: calls }, () => counter.take(api, neverAborted))),
      async remaining() {
        const [quota] = await remainingQuotas(counter, clock, [api]);
        return quota!.remaining;
      },
    };
  };
  return {
    clock,
    open,
    api,
    updates: () => updates,
    failStore: (failing: boolean) => void (fails = failing),
  };
}

const granted = (results: readonly PromiseSettledResult<number>[]) =>
  results.filter(({ status }) => status === 'fulfilled').length;

describe('a process that counts calls', () => {
  it('takes them from the ledger one by one where fewer than 100 are left, and concurrent ones at once', async () => {
    const { open, updates } = openReplicas(60);
    const [one, other] = [open(), open()];
    expect(granted(await one.take(40))).toBe(40);
    expect(updates()).toBe(1);
    expect(granted(await other.take(1))).toBe(1);
    expect(await one.remaining()).toBe(19);
    expect([granted(await one.take(10)), granted(await other.take(9))]).toEqual([10, 9]);
    const [refused] = await one.take(1);
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'QUOTA_EXHAUSTED' } });
  });

  it('asks the ledger for one in a hundred calls of a wide quota, or fewer', async () => {
    const { open, updates, clock } = openReplicas(1_000_000);
    const one = open();
    for (let call = 0; call < 5_000; call++) {
      await one.take(1);
      clock.advance(10);
    }
    expect(updates()).toBeLessThan(50);
    expect(await one.remaining()).toBe(995_000);
  });

  it('returns what it does not use, and a crash loses at most a hundredth', async () => {
    const { open } = openReplicas(1_000);
    const [one, other, crashing] = [open(), open(), open()];
    for (let call = 0; call < 100; call++) for (const replica of [one, crashing]) await replica.take(1);
    await one.release();
    const left = await other.remaining();
    expect(left).toBeLessThan(800);
    expect(left).toBeGreaterThanOrEqual(790);
    await crashing.release();
    expect(await other.remaining()).toBe(800);
  });

  it('shows what it holds itself as left', async () => {
    const { open } = openReplicas(1_000);
    const [one, other] = [open(), open()];
    for (let call = 0; call < 50; call++) await one.take(1);
    expect(await one.remaining()).toBe(950);
    expect(await other.remaining()).toBeLessThan(950);
  });

  it('holds no call past a 429', async () => {
    const { open, api, clock } = openReplicas(1_000);
    const one = open();
    for (let call = 0; call < 50; call++) await one.take(1);
    await one.block(api, 90_000, false);
    expect(granted(await one.take(3))).toBe(0);
    clock.advance(90_000);
    expect(await one.remaining()).toBe(950);
  });

  it('sends what it holds while the ledger fails, returns the rest later, and fails what it does not hold', async () => {
    const { open, failStore, clock } = openReplicas(1_000);
    const one = open();
    for (let call = 0; call < 50; call++) await one.take(1);
    failStore(true);
    const results = await one.take(20);
    const used = 50 + granted(results);
    expect(used).toBeGreaterThan(50);
    expect(results.at(-1)).toMatchObject({ reason: { message: 'the ledger is gone' } });
    clock.advance(70_000);
    await expect(one.take(1)).resolves.toMatchObject([{ status: 'rejected' }]);
    failStore(false);
    await one.take(1);
    expect(await one.remaining()).toBe(1_000 - used - 1);
  });
});

describe('replicas whose steps interleave at random', () => {
  const windowMs = 60_000;
  const sliceMs = windowMs / 60;
  const sliceOf = (time: number) => time - (time % sliceMs);
  const replica = fc.nat(2);
  const steps = fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ take: fc.integer({ min: 1, max: 80 }), replica }) },
      { weight: 4, arbitrary: fc.record({ advance: fc.oneof(fc.nat(1_500), fc.nat(70_000)) }) },
      { weight: 6, arbitrary: fc.record({ store: fc.integer({ min: 1, max: 4 }) }) },
      { weight: 1, arbitrary: fc.record({ release: fc.constant(true), replica }) },
      { weight: 1, arbitrary: fc.record({ crash: fc.constant(true), replica }) },
    ),
    { minLength: 5, maxLength: 60 },
  );
  const limits = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 60, max: 900 }));

  it('never exceed the limit in any window, count every call in its slice, and lose only what a crash held', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), steps, limits, async (scheduler, schedule, limit) => {
        const clock = testClock(start);
        const memory = memoryQuotaStore();
        const api = apiOf(limit, windowMs);
        // Waits for the lock before a change, and for the commit after it.
        const store: QuotaStore = {
          read: memory.read,
          async update(of, change) {
            await scheduler.schedule(Promise.resolve());
            const result = await memory.update(of, change);
            await scheduler.schedule(Promise.resolve());
            return result;
          },
        };
        const calls: number[] = [];
        const failures: unknown[] = [];
        const open = () => ({ counter: createQuotaCounter(store, clock), isAlive: true, waiting: 0 });
        const replicas = [open(), open(), open()];
        let mayBeLost = 0;
        const take = (running: ReturnType<typeof open>) => {
          running.waiting += 1;
          void running.counter
            .take(api, neverAborted)
            .then(
              () => running.isAlive && calls.push(clock.now()),
              (error: unknown) => failures.push(error),
            )
            .finally(() => (running.waiting -= 1));
        };
        const settle = () => new Promise(setImmediate);
        for (const step of schedule) {
          if ('take' in step) for (let call = 0; call < step.take; call++) take(replicas[step.replica]!);
          if ('advance' in step) clock.advance(step.advance);
          if ('store' in step)
            for (let turn = 0; turn < step.store && scheduler.count() > 0; turn++) await scheduler.waitOne();
          if ('release' in step) void replicas[step.replica]!.counter.release();
          if ('crash' in step) {
            const crashed = replicas[step.replica]!;
            crashed.isAlive = false;
            mayBeLost += crashed.waiting + Math.floor(limit / 100);
            replicas[step.replica] = open();
          }
          await settle();
        }
        const finish = async () => {
          while (scheduler.count() > 0) {
            await scheduler.waitOne();
            await settle();
          }
        };
        await finish();
        const released = Promise.all(replicas.map(({ counter }) => counter.release()));
        await finish();
        await released;

        for (const time of calls) {
          const inWindow = calls.filter((other) => other > time - windowMs && other <= time);
          expect(inWindow.length).toBeLessThanOrEqual(limit);
        }
        expect(failures.every((error) => error instanceof ProviderError)).toBe(true);
        const { slices } = await memory.read(api);
        const stillCounted = slices.filter(([slice]) => slice + sliceMs + windowMs > clock.now());
        for (const [slice, counted] of stillCounted) {
          const lost = counted - calls.filter((time) => sliceOf(time) === slice).length;
          expect(lost).toBeGreaterThanOrEqual(0);
          mayBeLost -= lost;
        }
        expect(mayBeLost).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 200 },
    );
  });
});
