import { sql } from 'kysely';

/** A lease lasts five seconds by the database's clock. Its owner renews it every second; after that another process may take the row over. */
export const leaseExpiry = sql<Date>`now() + interval '5 seconds'`;

/** Set on a row that this process works on. */
export interface Lease {
  readonly worker: string;
  readonly leased_until: typeof leaseExpiry;
}

/** Set on a row that no process works on. */
export const released = { worker: null, leased_until: null } as const;

/** Calls `renew` every second until the returned function is called. A failed renewal lets the lease expire. */
export function renewPeriodically(renew: () => Promise<unknown>): () => void {
  const timer = setInterval(() => void renew().catch(() => {}), 1_000).unref();
  return () => clearInterval(timer);
}
