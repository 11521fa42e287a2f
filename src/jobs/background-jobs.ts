import type { Logger } from 'pino';

import type { Clock } from '../domain/clock.ts';
import type { Workflows } from '../workflows/workflows.ts';

/** How often the jobs run; each row has its own retry schedule beyond that. */
const intervalMs = 2_000;
const redactionIntervalMs = 24 * 60 * 60 * 1000;

export interface BackgroundJobsOptions {
  readonly workflows: Workflows;
  readonly log: Logger;
  readonly clock: Clock;
  /** After how many days personal data is deleted. Default: never. */
  readonly retentionDays?: number;
}

/**
 * Starts the jobs that run without a request: reconciling unknown outcomes, checking refunds, and deleting personal data at
 * the end of its retention. The returned function stops them and resolves when none is running.
 */
export function startBackgroundJobs({
  workflows,
  log,
  clock,
  retentionDays,
}: BackgroundJobsOptions): () => Promise<void> {
  // Each job by itself: a provider that hangs in one delays neither the others nor the start of the server.
  const jobs = [
    startJob(reconciliation(workflows, log), (err) => log.error({ err }, 'reconciliation failed')),
    startJob(() => workflows.refunds.checkDue(), (err) => log.error({ err }, 'checking refunds failed')), // prettier-ignore
    startJob(redaction(workflows, log, clock, retentionDays), (err) => log.error({ err }, 'redaction failed')), // prettier-ignore
  ];
  const timer = setInterval(() => jobs.forEach(({ run }) => run(false)), intervalMs);
  return async () => {
    clearInterval(timer);
    await Promise.all(jobs.map(({ finished }) => finished()));
  };
}

/** Runs a job now, with `all` true, and again on each call of `run` unless it is still running. */
function startJob(work: (all: boolean) => Promise<unknown>, onError: (error: unknown) => void) {
  let running: Promise<void> | undefined;
  const run = (all: boolean) =>
    void (running ??= work(all)
      .then(() => {}, onError)
      .finally(() => (running = undefined))); // prettier-ignore
  run(true);
  return { run, finished: async () => running };
}

/** Reconciles purchases and operations, and logs the ids of those that stay UNCERTAIN whenever they change. */
function reconciliation({ purchases, operations, unresolved }: Workflows, log: Logger) {
  let logged = '';
  return async (all: boolean) => {
    const uncertain = (await purchases.reconcileDue(all)) + (await operations.reconcileDue(all));
    const ids = uncertain > 0 ? (await unresolved.list()).map(({ id }) => id) : [];
    if (ids.length > 0 && ids.join() !== logged) {
      log.warn(
        { uncertain: ids.length, ids: ids.slice(0, 100) },
        'the outcome of these operations is unknown; resolve them with npm run purchases',
      );
    }
    logged = ids.join();
  };
}

/** Redacts once a day. */
function redaction({ redaction }: Workflows, log: Logger, clock: Clock, days: number | undefined) {
  let redactedAt = -Infinity;
  return async () => {
    if (days === undefined || clock.now() < redactedAt + redactionIntervalMs) return;
    const redacted = await redaction.redact(days);
    redactedAt = clock.now();
    log.info({ days, ...redacted }, 'personal data older than the retention was deleted');
  };
}
