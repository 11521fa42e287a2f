import { pino } from 'pino';
import { expect, it, vi } from 'vitest';

import { startBackgroundJobs } from '../../src/jobs/background-jobs.ts';
import type { Workflows } from '../../src/workflows/workflows.ts';
import type { UsageStore } from '../../src/storage/usage.ts';
import { memoryRateCards, memoryRateQuotes } from '../support/stores.ts';
import { testClock } from '../support/test-server.ts';

const usage = { flush: async () => {}, deleteBefore: async () => {} } as unknown as UsageStore;
const storage = { rateQuotes: memoryRateQuotes(), rateCards: memoryRateCards(), usage, tenants: { eraseCredentials: async () => 0 }, reseal: async () => 0 }; // prettier-ignore
const log = pino({ level: 'silent' });
const polling = { pollDue: async () => {}, stop: () => {} };
const idleWorkflows = {
  purchases: { reconcileDue: async () => 0 },
  operations: { reconcileDue: async () => 0 },
  refunds: { checkDue: async () => 0 },
  labelDocuments: { prune: async () => {} },
  webhooks: { deliverDue: async () => {}, prune: async () => {} },
  receivedWebhooks: { applyDue: async () => {}, prune: async () => {} },
} as unknown as Workflows;

it(
  'a provider that hangs in a refund check does not delay the reconciliation of purchases',
  { timeout: 20_000 },
  async () => {
    const hanging = Promise.withResolvers<number>();
    const reconciled: boolean[] = [];
    const workflows = {
      ...idleWorkflows,
      purchases: { reconcileDue: async (all: boolean) => reconciled.push(all) && 0 },
      refunds: { checkDue: () => hanging.promise },
    } as unknown as Workflows;
    const stop = startBackgroundJobs({ workflows, storage, polling, log, clock: testClock() });
    // Everything at the start, then what is due.
    await expect.poll(() => reconciled.slice(0, 3), { timeout: 15_000 }).toEqual([true, false, false]);
    hanging.resolve(0);
    await stop();
  },
);

it('an embedded ledger is checkpointed every five minutes, and vacuumed after an hour and then daily', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const done: string[] = [];
  const upkeep = {
    checkpoint: async () => void done.push('checkpoint'),
    vacuum: async () => void done.push('vacuum'),
  };
  const clock = testClock();
  const stop = startBackgroundJobs({ workflows: idleWorkflows, storage: { ...storage, upkeep }, polling, log, clock }); // prettier-ignore
  const runAfter = async (minutes: number) => {
    clock.advance(minutes * 60_000);
    done.length = 0;
    await vi.advanceTimersByTimeAsync(2_000);
    return [...done];
  };
  try {
    expect(done).toEqual([]);
    expect(await runAfter(4)).toEqual([]);
    expect(await runAfter(1)).toEqual(['checkpoint']);
    expect(await runAfter(4)).toEqual([]);
    expect(await runAfter(51)).toEqual(['checkpoint', 'vacuum']);
    expect(await runAfter(23 * 60)).toEqual(['checkpoint']);
    expect(await runAfter(60)).toEqual(['checkpoint', 'vacuum']);
  } finally {
    vi.useRealTimers();
    await stop();
  }
});
