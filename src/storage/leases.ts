import { sql } from 'kysely';

/** While somebody holds a row nobody else works on it; who is silent for five seconds, by the database's clock, loses it. */
export const leaseExpiry = sql<Date>`now() + interval '5 seconds'`;

/** Renews by and by what this process holds, until it is called. */
export function renewPeriodically(renew: () => Promise<unknown>): () => void {
  // A renewal that fails lets others take over.
  const timer = setInterval(() => void renew().catch(() => {}), 1_000).unref();
  return () => clearInterval(timer);
}
