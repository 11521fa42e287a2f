import type { Logger } from 'pino';

import type { Clock } from '../domain/clock.ts';
import type { Ledger } from '../workflows/ledger.ts';

/** How often the house looks for what a crash or a lost answer left open; each thing has its own pace beyond that. */
const everyMs = 2_000;
const retentionEveryMs = 24 * 60 * 60 * 1000;

export interface BackgroundJobs {
  readonly ledger: Ledger;
  readonly log: Logger;
  readonly clock: Clock;
  readonly retentionDays?: number;
}

/**
 * What the house does by itself: asks what became of lost answers, how refunds stand, and deletes what is too old to
 * keep. Ends when called.
 */
export function startBackgroundJobs({
  ledger,
  log,
  clock,
  retentionDays,
}: BackgroundJobs): () => Promise<void> {
  let known = '';
  const settle = async (all: boolean) => {
    const left = (await ledger.purchases.reconcileDue(all)) + (await ledger.operations.reconcileDue(all));
    const doubts = left > 0 ? await ledger.unresolved.list() : [];
    const ids = doubts.map(({ id }) => id);
    if (ids.length > 0 && ids.join() !== known) {
      log.warn({ uncertain: ids.length, ids: ids.slice(0, 100) }, 'what became of these is not known: npm run purchases'); // prettier-ignore
    }
    known = ids.join();
  };
  let retainedAt = -Infinity;
  const retain = async () => {
    if (retentionDays === undefined || clock.now() < retainedAt + retentionEveryMs) return;
    const blanked = await ledger.retention.redact(retentionDays);
    retainedAt = clock.now();
    log.info({ days: retentionDays, ...blanked }, 'what names people was deleted from what is older');
  };
  // Each by itself: a provider that hangs on one keeps no other waiting, and not the door shut.
  const chore = (work: (all: boolean) => Promise<unknown>, fault: string) => {
    let working: Promise<void> | undefined;
    const begin = (all: boolean) =>
      void (working ??= work(all)
        .then(() => {}, (err: unknown) => log.error({ err }, fault))
        .finally(() => (working = undefined))); // prettier-ignore
    begin(true);
    return { begin, ended: async () => working };
  };
  const chores = [
    chore(settle, 'purchases could not be settled'),
    chore(() => ledger.refunds.checkDue(), 'refunds could not be followed'),
    chore(retain, 'what is too old could not be deleted'),
  ];
  const timer = setInterval(() => chores.forEach(({ begin }) => begin(false)), everyMs);
  return async () => {
    clearInterval(timer);
    await Promise.all(chores.map(({ ended }) => ended()));
  };
}
