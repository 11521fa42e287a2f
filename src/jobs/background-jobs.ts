import type { Logger } from 'pino';

import type { Clock } from '../domain/clock.ts';
import type { Upkeep } from '../storage/embedded-database.ts';
import type { UsageStore } from '../storage/usage.ts';
import type { RateCardStore } from '../storage/rate-cards.ts';
import type { RateQuoteStore } from '../storage/rate-quotes.ts';
import type { Tenants } from '../storage/records/tenants.ts';
import type { Workflows } from '../workflows/workflows.ts';
import type { Polling } from './polling.ts';

/** How often the jobs run; each row has its own retry schedule beyond that. */
const intervalMs = 2_000;
const pruneIntervalMs = 60 * 1000;
const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;
const resealIntervalMs = hourMs;
/** The default of a Postgres server. */
const checkpointIntervalMs = 5 * 60 * 1000;
/** Requests that began with an account end within this time after its removal. */
const credentialsKeptMs = 5 * 60 * 1000;
/** Of entries that no answer has confirmed. One that was contradicted is learned anew afterwards. */
const rateCardKeptMs = 30 * dayMs;
const usageKeptMs = 400 * dayMs;

export interface BackgroundJobsOptions {
  readonly workflows: Workflows;
  readonly storage: {
    readonly rateQuotes: RateQuoteStore;
    readonly rateCards: RateCardStore;
    readonly usage: UsageStore;
    readonly tenants: Pick<Tenants, 'eraseCredentials'>;
    readonly upkeep?: Upkeep;
    reseal(): Promise<number>;
  };
  readonly polling: Polling;
  readonly log: Logger;
  readonly clock: Clock;
  /** After how many days personal data is deleted. Default: never. */
  readonly retentionDays?: number;
}

/**
 * Starts the jobs that run without a request: reconciling unknown outcomes, checking refunds, sending and applying webhooks,
 * polling watched parcels, writing the usage of accounts, sealing with the present secret what the previous one has sealed,
 * erasing the credentials of removed accounts, deleting shared quotes, rate cards and label documents that are too old, and
 * personal data at the end of its retention, and the upkeep of an embedded ledger. The returned function stops them and
 * resolves when none is running.
 */
export function startBackgroundJobs({
  workflows,
  storage,
  polling,
  log,
  clock,
  retentionDays,
}: BackgroundJobsOptions): () => Promise<void> {
  // Each job by itself: a provider that hangs in one delays neither the others nor the start of the server.
  const jobs = [
    startJob(atMostEvery(pruneIntervalMs, clock, () => storage.rateQuotes.prune(clock.now())), (err) => log.error({ err }, 'deleting expired quotes failed')), // prettier-ignore
    startJob(atMostEvery(dayMs, clock, () => storage.rateCards.prune(clock.now() - rateCardKeptMs)), (err) => log.error({ err }, 'deleting old rate cards failed')), // prettier-ignore
    startJob(reconciliation(workflows, log), (err) => log.error({ err }, 'reconciliation failed')),
    startJob(() => workflows.refunds.checkDue(), (err) => log.error({ err }, 'checking refunds failed')), // prettier-ignore
    startJob(atMostEvery(resealIntervalMs, clock, () => reseal(storage, log)), (err) => log.error({ err }, 'sealing with the present secret failed')), // prettier-ignore
    startJob(atMostEvery(pruneIntervalMs, clock, () => storage.tenants.eraseCredentials(clock.now() - credentialsKeptMs)), (err) => log.error({ err }, 'erasing the credentials of removed accounts failed')), // prettier-ignore
    startJob(() => storage.usage.flush(), (err) => log.error({ err }, 'writing the usage of accounts failed')), // prettier-ignore
    startJob(atMostEvery(dayMs, clock, () => storage.usage.deleteBefore(new Date(clock.now() - usageKeptMs))), (err) => log.error({ err }, 'deleting old usage failed')), // prettier-ignore
    startJob(() => workflows.receivedWebhooks.applyDue(), (err) => log.error({ err }, 'applying webhooks failed')), // prettier-ignore
    startJob(atMostEvery(dayMs, clock, () => workflows.receivedWebhooks.prune()), (err) => log.error({ err }, 'deleting old webhooks failed')), // prettier-ignore
    startJob(() => polling.pollDue(), (err) => log.error({ err }, 'polling failed')), // prettier-ignore
    startJob(() => workflows.webhooks.deliverDue(), (err) => log.error({ err }, 'sending webhooks failed')), // prettier-ignore
    startJob(atMostEvery(dayMs, clock, () => redact(workflows, log, retentionDays)), (err) => log.error({ err }, 'redaction failed')), // prettier-ignore
    startJob(atMostEvery(dayMs, clock, () => workflows.labelDocuments.prune()), (err) => log.error({ err }, 'deleting expired label documents failed')), // prettier-ignore
    startJob(atMostEvery(dayMs, clock, () => workflows.webhooks.prune()), (err) => log.error({ err }, 'deleting old deliveries failed')), // prettier-ignore
    ...(storage.upkeep ? upkeepJobs(storage.upkeep, log, clock) : []),
  ];
  const timer = setInterval(() => jobs.forEach(({ run }) => run(false)), intervalMs);
  return async () => {
    clearInterval(timer);
    polling.stop();
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

/** Unlike other jobs, not at the start: there is little to do then, and requests wait for a vacuum. */
const upkeepJobs = ({ checkpoint, vacuum }: Upkeep, log: Logger, clock: Clock) => [
  startJob(atMostEvery(checkpointIntervalMs, clock, checkpoint, checkpointIntervalMs), (err) => log.error({ err }, 'the checkpoint of the ledger failed')), // prettier-ignore
  startJob(atMostEvery(dayMs, clock, vacuum, hourMs), (err) => log.error({ err }, 'the vacuum of the ledger failed')), // prettier-ignore
];

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

/** Seals with the present secret what the previous one has sealed, which may then be unset. */
async function reseal(storage: BackgroundJobsOptions['storage'], log: Logger): Promise<void> {
  const count = await storage.reseal();
  if (count > 0) log.info({ count }, 'what the previous secret had sealed is sealed with the present one');
}

/** Deletes personal data at the end of its retention. */
async function redact({ redaction }: Workflows, log: Logger, days: number | undefined): Promise<void> {
  if (days === undefined) return;
  const redacted = await redaction.redact(days);
  log.info({ days, ...redacted }, 'personal data older than the retention was deleted');
}

/** Returns a function that does the work unless it has succeeded within the interval, and not before `delayMs` have passed. */
function atMostEvery(intervalMs: number, clock: Clock, work: () => Promise<unknown>, delayMs = 0) {
  let dueAt = clock.now() + delayMs;
  return async () => {
    if (clock.now() < dueAt) return;
    await work();
    dueAt = clock.now() + intervalMs;
  };
}
