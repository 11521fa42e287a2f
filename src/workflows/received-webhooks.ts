import type { WebhookEvent } from '../carriers/webhooks.ts';
import { outcome, ProviderError } from '../domain/errors.ts';
import type { WebhookSource } from '../storage/webhooks/received.ts';
import type { WorkflowDependencies } from './dependencies.ts';
import type { Refunds } from './refunds.ts';
import { saveTrackingUpdates } from './tracking-updates.ts';

/** What providers report by webhook: stored first, then applied in the order of receipt. */
export interface ReceivedWebhooks {
  /**
   * Stores a body whose signature was verified, then applies what the account has not applied yet. Rejects only where the
   * body is not stored; a body that is stored and can't be applied now is applied later.
   */
  receive(source: WebhookSource, body: Buffer): Promise<void>;
  /** Applies what other processes left. */
  applyDue(): Promise<void>;
  /** Applies what was received since then again, and returns how many bodies that were. */
  replay(since: Date): Promise<number>;
  prune(): Promise<void>;
}

/** Receives the result of each body: the event, or why it can't be read. */
export type OnApplied = (source: WebhookSource, result: WebhookEvent | ProviderError) => void;

const batchSize = 50;

export function createReceivedWebhooks(
  { storage, adapterOf, clock }: WorkflowDependencies,
  refunds: Refunds,
  onApplied: OnApplied = () => {},
): ReceivedWebhooks {
  const { receivedWebhooks: received, trackers } = storage;
  const running = new Map<string, Promise<void>>();

  const applyNext = async (source: WebhookSource): Promise<void> => {
    const { tenantId, accountId } = source;
    const webhooks = adapterOf(tenantId, accountId)?.webhooks;
    if (webhooks === undefined) return;
    for (;;) {
      const rows = await received.claim(source, batchSize);
      for (const row of rows) {
        const event = await outcome(async () => webhooks.parse(Buffer.from(row.body), row.received_at.getTime())); // prettier-ignore
        // Sent again, it would be as unreadable; a poll finds the change.
        if (!(event instanceof ProviderError)) {
          await saveTrackingUpdates(trackers, tenantId, accountId, event.trackings, event.at);
          await refunds.scheduleRefundCheck(tenantId, event.refunds);
        }
        await received.markApplied(row);
        onApplied(source, event);
      }
      if (rows.length < batchSize) return;
    }
  };
  /** In this process one after the other, so that whoever waits finds its own body applied. */
  const apply = (source: WebhookSource): Promise<void> => {
    const key = `${source.tenantId} ${source.accountId}`;
    const before = running.get(key) ?? Promise.resolve();
    const work = before.catch(() => {}).then(() => applyNext(source));
    running.set(key, work);
    const forget = () => void (running.get(key) === work && running.delete(key));
    work.then(forget, forget);
    return work;
  };
  const applyDue = async () => void (await Promise.all((await received.pendingSources()).map(apply)));

  return {
    async receive(source, body) {
      await received.add(source, body, clock.now());
      await apply(source).catch(() => {});
    },
    applyDue,
    async replay(since) {
      const count = await received.repeat(since);
      await applyDue();
      return count;
    },
    prune: () => received.prune(clock.now()),
  };
}
