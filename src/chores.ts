import type { Logger } from 'pino';

import type { Clock } from './domain/clock.ts';
import type { Ledger } from './ledger/ledger.ts';

/** How often the house looks for what a crash or a lost answer left open; each thing has its own pace beyond that. */
const everyMs = 2_000;
const retentionEveryMs = 24 * 60 * 60 * 1000;

export interface Chores {
  readonly ledger: Ledger;
  readonly log: Logger;
  readonly clock: Clock;
  readonly retentionDays?: number;
}

/**
 * What the house does by itself: asks what became of lost answers, how refunds stand, and deletes what is too old to
 * keep. Ends when called.
 */
export function startChores({ ledger, log, clock, retentionDays }: Chores): () => Promise<void> {
  let known = '';
  const settle = async (all: boolean) => {
    const left = (await ledger.purchases.settle(all)) + (await ledger.errands.settle(all));
    const doubts = left > 0 ? await ledger.attention.list() : [];
    const ids = doubts.map(({ id }) => id);
    if (ids.length > 0 && ids.join() !== known) {
      log.warn({ uncertain: ids.length, ids: ids.slice(0, 100) }, 'what became of these is not known: npm run purchases'); // prettier-ignore
    }
    known = ids.join();
    await ledger.refunds.follow();
  };
  let retainedAt = -Infinity;
  const retain = async () => {
    if (retentionDays === undefined || clock.now() < retainedAt + retentionEveryMs) return;
    const blanked = await ledger.retention.blank(retentionDays);
    retainedAt = clock.now();
    log.info({ days: retentionDays, ...blanked }, 'what names people was deleted from what is older');
  };
  const careful = async (all: boolean) => {
    await settle(all).catch((err: unknown) => log.error({ err }, 'purchases could not be settled'));
    await retain().catch((err: unknown) => log.error({ err }, 'what is too old could not be deleted'));
  };

  // A provider that hangs must not keep the door shut, so what a crash left open is asked about behind it.
  let working: Promise<void> | undefined;
  const work = (all: boolean) => {
    working ??= careful(all).finally(() => (working = undefined));
  };
  work(true);
  const timer = setInterval(() => work(false), everyMs);
  return async () => {
    clearInterval(timer);
    await working;
  };
}
