import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';

/** What the portal hands out beside the certificate. */
export interface ConnectClient {
  readonly id: string;
  readonly secret: string;
  readonly apiKey: string;
}

export interface ConnectState {
  readonly clock: Clock;
  readonly store: Store;
  readonly client: ConnectClient;
  /** Ids, and whether each was validated. */
  readonly workflows: ReadonlyMap<string, boolean>;
  envelope: 'array' | 'items';
  uploadUrl(id: string, signature: string): string;
}

/** A job as it is kept; its status follows from the clock. */
export interface Job {
  readonly id: string;
  readonly start: number;
  readonly workflowId: string;
  readonly signature: string;
  readonly uploadedAt?: number;
}

export const minute = 60_000;

/** Jobs that went out before anybody looked, an hour apart. */
export function seedJobs({ store, clock }: ConnectState, count: number, workflowId: string): void {
  if (store.all('connect.job').length > 0) return;
  for (let number = 1; number <= count; number += 1) {
    const id = `job-${String(number).padStart(6, '0')}`;
    const start = clock.now() - (count - number + 1) * 60 * minute;
    store.put<Job>('connect.job', id, { id, start, workflowId, signature: '', uploadedAt: start + minute });
  }
}
