import type { Redactable, Redacted, RedactRequest } from '../storage/records/redaction.ts';
import type { WorkflowDependencies } from './dependencies.ts';

export interface Redaction {
  /**
   * Deletes personal data from everything older than `days`: addresses, documents, requests, signatures. The rest can still
   * be counted, listed, tracked and voided. Open purchases and operations are left whole.
   */
  redact(days: number): Promise<Redacted>;
  /** Counts what `redact` would take. */
  count(days: number): Promise<Redactable>;
}

export function createRedaction({
  storage: { redaction },
  adapterOf,
}: Pick<WorkflowDependencies, 'storage' | 'adapterOf'>): Redaction {
  const redactRequest: RedactRequest = ({ tenant_id, account_id }, request) =>
    adapterOf(tenant_id, account_id)?.labels?.redact?.(request);
  return {
    redact: async (days) => ({
      shipments: await repeat(() => redaction.shipments(days, redactRequest)),
      operations: await repeat(() => redaction.operations(days)),
      trackers: await repeat(() => redaction.trackers(days)),
    }),
    count: (days) => redaction.count(days),
  };
}

/** Repeats a batch until it is empty; returns the sum. */
async function repeat(batch: () => Promise<number>): Promise<number> {
  let total = 0;
  for (let count = await batch(); count > 0; count = await batch()) total += count;
  return total;
}
