import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';

/** The credentials that the portal issues beside the certificate. */
export interface ConnectClient {
  readonly id: string;
  readonly secret: string;
  readonly apiKey: string;
}

export interface ConnectState {
  readonly clock: Clock;
  readonly store: Store;
  readonly client: ConnectClient;
  /** Whether each workflow is validated, by id. */
  readonly workflows: ReadonlyMap<string, boolean>;
  /** How a list of jobs is wrapped, which is not documented. */
  envelope: 'array' | 'items';
  uploadUrl(id: string, signature: string): string;
}

/** A job as it is stored. Its status follows from the clock. */
export interface Job {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly start: number;
  readonly workflowId: string;
  /** Authorises the upload of the job's file; empty where the job does not wait for one. */
  readonly signature: string;
  /** Epoch milliseconds. */
  readonly uploadedAt?: number;
}

export const minute = 60_000;

/** Adds completed jobs to an empty store, an hour apart and the last one an hour ago. */
export function seedJobs({ store, clock }: ConnectState, count: number, workflowId: string): void {
  if (store.all('connect.job').length > 0) return;
  for (let number = 1; number <= count; number += 1) {
    const id = `job-${String(number).padStart(6, '0')}`;
    const start = clock.now() - (count - number + 1) * 60 * minute;
    store.put<Job>('connect.job', id, { id, start, workflowId, signature: '', uploadedAt: start + minute });
  }
}
