import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { sql } from 'kysely';

import type { Sealer } from '../domain/seal.ts';
import type { Token, TokenStore } from '../transport/bearer-token.ts';
import type { Database } from './database.ts';
import { renewPeriodically, leaseExpiry } from './leases.ts';
import { withFallback } from './unavailable.ts';

const pollMs = 100;

/** Creates a store that keeps tokens sealed in the ledger, with a copy in memory. A renewal replaces both. */
export function createTokenStore(db: Database, sealer: Sealer): TokenStore {
  const rows = createTokenRows(db, sealer);
  const copies = new Map<string, Token>();
  const renewals = new Map<string, Promise<Token>>();
  return {
    async read(key) {
      const name = nameOf(key);
      const token = copies.get(name) ?? (await withFallback(() => rows.load(name), () => undefined)); // prettier-ignore
      if (token !== undefined) copies.set(name, token);
      return token;
    },
    renew(key, stale, fetchToken) {
      const name = nameOf(key);
      const running = renewals.get(name);
      if (running !== undefined) return running;
      let fetched: Promise<Token> | undefined;
      const fetchOnce = () => (fetched ??= fetchToken());
      // Without the ledger each process fetches a token of its own and keeps it in memory.
      const renewal = withFallback(() => renewRow(rows, name, stale, fetchOnce), fetchOnce)
        .then((token) => {
          copies.set(name, token);
          return token;
        })
        .finally(() => renewals.delete(name));
      renewals.set(name, renewal);
      return renewal;
    },
  };
}

/** Hashes a key to a fixed length. */
const nameOf = (key: string) => createHash('sha256').update(key).digest('base64url');

/** Renews a token under its lease, or waits for the replica that holds the lease and returns its token. */
async function renewRow(
  rows: ReturnType<typeof createTokenRows>,
  name: string,
  stale: Token | undefined,
  fetchToken: () => Promise<Token>,
): Promise<Token> {
  const loadRenewed = async () => {
    const token = await rows.load(name);
    return token?.value === stale?.value ? undefined : token;
  };
  while (!(await rows.takeLease(name))) {
    await sleep(pollMs);
    const renewed = await loadRenewed();
    if (renewed !== undefined) return renewed;
  }
  const stopExtending = renewPeriodically(() => rows.extendLease(name));
  try {
    // Another replica may have renewed the token before this process took the lease.
    const token = (await loadRenewed()) ?? (await fetchToken());
    await rows.save(name, token);
    return token;
  } catch (error) {
    // A lease that cannot be released expires; the first error is the one to report.
    await rows.releaseLease(name).catch(() => {});
    throw error;
  } finally {
    stopExtending();
  }
}

/** Reads and writes the rows of the `tokens` table. */
function createTokenRows(db: Database, sealer: Sealer) {
  return {
    async load(name: string): Promise<Token | undefined> {
      const row = await db.selectFrom('tokens').select('token').where('key', '=', name).executeTakeFirst();
      return row?.token ? (sealer.open('token', name, row.token) as Token | undefined) : undefined;
    },
    /** Stores a token and releases its lease. */
    save: (name: string, token: Token) =>
      db
        .updateTable('tokens')
        .set({ token: sealer.seal('token', name, token), leased_until: null })
        .where('key', '=', name)
        .execute(),
    /** Takes the lease of a token and returns true, or false where another process holds it. */
    async takeLease(name: string): Promise<boolean> {
      const row = await db
        .insertInto('tokens')
        .values({ key: name, leased_until: leaseExpiry })
        .onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet({ leased_until: leaseExpiry })
            .where((eb) =>
              eb.or([
                eb('tokens.leased_until', 'is', null),
                eb('tokens.leased_until', '<', sql<Date>`now()`),
              ]),
            ),
        )
        .returning('key')
        .executeTakeFirst();
      return row !== undefined;
    },
    extendLease: (name: string) =>
      db
        .updateTable('tokens')
        .set({ leased_until: leaseExpiry })
        .where('key', '=', name)
        .where('leased_until', 'is not', null)
        .execute(),
    releaseLease: (name: string) =>
      db.updateTable('tokens').set({ leased_until: null }).where('key', '=', name).execute(),
  };
}
