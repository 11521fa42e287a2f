import { pino } from 'pino';
import { expect, it } from 'vitest';

import { startBackgroundJobs } from '../../src/jobs/background-jobs.ts';
import type { Ledger } from '../../src/workflows/ledger.ts';
import { testClock } from '../support/test-server.ts';

it(
  'a provider that hangs on a refund keeps no purchase from being settled',
  { timeout: 20_000 },
  async () => {
    const hanging = Promise.withResolvers<number>();
    const settled: boolean[] = [];
    const ledger = {
      purchases: { reconcileDue: async (all: boolean) => settled.push(all) && 0 },
      operations: { reconcileDue: async () => 0 },
      refunds: { checkDue: () => hanging.promise },
    } as unknown as Ledger;
    const end = startBackgroundJobs({ ledger, log: pino({ level: 'silent' }), clock: testClock() });
    // All of it at the start, then what is due.
    await expect.poll(() => settled.slice(0, 3), { timeout: 15_000 }).toEqual([true, false, false]);
    hanging.resolve(0);
    await end();
  },
);
