import type { Redacted, RedactRequest } from '../storage/records/redaction.ts';
import type { WorkflowDependencies } from './dependencies.ts';

export interface Redaction {
  /**
   * Deletes personal data from everything older than `days`: addresses, documents, requests, signatures. The rest can still
   * be counted, listed, tracked and voided. Open purchases and operations are left whole. With `dryRun`, only counts.
   */
  redact(days: number, dryRun?: boolean): Promise<Redacted>;
}

export function createRedaction({
  storage: { redaction },
  adapterOf,
}: Pick<WorkflowDependencies, 'storage' | 'adapterOf'>): Redaction {
  const redactRequest: RedactRequest = ({ tenant_id, account_id }, request) =>
    adapterOf(tenant_id, account_id)?.labels?.redact?.(request);
  return {
    redact: async (days, dryRun = false) =>
      dryRun
        ? redaction.count(days)
        : {
            shipments: await repeat(() => redaction.shipments(days, redactRequest)),
            operations: await repeat(() => redaction.operations(days)),
            trackers: await repeat(() => redaction.trackers(days)),
          },
  };
}

/** Repeats a batch until it is empty; returns the sum. */
async function repeat(batch: () => Promise<number>): Promise<number> {
  let total = 0;
  for (let count = await batch(); count > 0; count = await batch()) total += count;
  return total;
}
