import { pino } from 'pino';
import { expect, it } from 'vitest';

import { startBackgroundJobs } from '../../src/jobs/background-jobs.ts';
import type { Workflows } from '../../src/workflows/workflows.ts';
import type { UsageStore } from '../../src/storage/usage.ts';
import { memoryRateCards, memoryRateQuotes } from '../support/stores.ts';
import { testClock } from '../support/test-server.ts';

it(
  'a provider that hangs in a refund check does not delay the reconciliation of purchases',
  { timeout: 20_000 },
  async () => {
    const hanging = Promise.withResolvers<number>();
    const reconciled: boolean[] = [];
    const workflows = {
      purchases: { reconcileDue: async (all: boolean) => reconciled.push(all) && 0 },
      operations: { reconcileDue: async () => 0 },
      refunds: { checkDue: () => hanging.promise },
      webhooks: { deliverDue: async () => {}, prune: async () => {} },
      receivedWebhooks: { applyDue: async () => {}, prune: async () => {} },
    } as unknown as Workflows;
    const usage = { flush: async () => {}, deleteBefore: async () => {} } as unknown as UsageStore;
    const storage = { rateQuotes: memoryRateQuotes(), rateCards: memoryRateCards(), usage, tenants: { eraseCredentials: async () => 0 }, reseal: async () => 0 }; // prettier-ignore
    const log = pino({ level: 'silent' });
    const polling = { pollDue: async () => {}, stop: () => {} };
    const stop = startBackgroundJobs({ workflows, storage, polling, log, clock: testClock() });
    // Everything at the start, then what is due.
    await expect.poll(() => reconciled.slice(0, 3), { timeout: 15_000 }).toEqual([true, false, false]);
    hanging.resolve(0);
    await stop();
  },
);
