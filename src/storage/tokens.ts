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
  const shareRenewal = shareRuns<Token>();
  const shareReplacement = shareRuns<Token | undefined>();
  const shareLoad = shareRuns<Token | undefined>();
  const copy = <T extends Token | undefined>(name: string, token: T): T => {
    if (token !== undefined) copies.set(name, token);
    return token;
  };
  const load = async (name: string): Promise<Token | undefined> => {
    const token = await withFallback(() => rows.load(name), () => undefined); // prettier-ignore
    // A renewal that ended in the meantime has a newer one.
    return copies.get(name) ?? copy(name, token);
  };
  return {
    async read(key) {
      const name = nameOf(key);
      // Loaded once for concurrent callers: a new process would need a connection for each of them.
      return copies.get(name) ?? shareLoad(name, () => load(name));
    },
    renew(key, stale, fetchToken) {
      const name = nameOf(key);
      const fetchOnce = once(fetchToken);
      // Without the ledger each process fetches a token of its own and keeps it in memory.
      const renew = () => withFallback(() => renewRow(rows, name, stale, fetchOnce), fetchOnce);
      return shareRenewal(name, async () => copy(name, await renew()));
    },
    replace(key, refused, fetchToken, { now, since }) {
      const name = nameOf(key);
      const fetchOnce = once(fetchToken);
      const claim = async () => ((await rows.claimReplacement(name, now, since)) ? fetchOnce() : undefined);
      const replace = () => withFallback(() => renewRow(rows, name, refused, claim), fetchOnce);
      return shareReplacement(name, async () => copy(name, await replace()));
    },
  };
}

/** Returns a function that runs one task a name at a time; concurrent callers share its result. */
function shareRuns<T>() {
  const running = new Map<string, Promise<T>>();
  return (name: string, run: () => Promise<T>): Promise<T> => {
    const shared = running.get(name) ?? run().finally(() => running.delete(name));
    running.set(name, shared);
    return shared;
  };
}

/** Calls a function at most once: a fetch that was begun is not repeated because the ledger fails. */
function once(fetchToken: () => Promise<Token>): () => Promise<Token> {
  let fetched: Promise<Token> | undefined;
  return () => (fetched ??= fetchToken());
}

/** Hashes a key to a fixed length. */
const nameOf = (key: string) => createHash('sha256').update(key).digest('base64url');

/**
 * Renews a token under its lease, or waits for the replica that holds the lease and returns its token. Stores nothing
 * where `fetchToken` returns undefined.
 */
async function renewRow<T extends Token | undefined>(
  rows: ReturnType<typeof createTokenRows>,
  name: string,
  stale: Token | undefined,
  fetchToken: () => Promise<T>,
): Promise<Token | T> {
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
    await (token === undefined ? rows.releaseLease(name) : rows.save(name, token));
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
    /** Records that a refused token is replaced at `now`, and returns true; false where it was after `since`. */
    async claimReplacement(name: string, now: number, since: number): Promise<boolean> {
      const row = await db
        .updateTable('tokens')
        .set({ replaced_at: new Date(now) })
        .where('key', '=', name)
        .where((eb) => eb.or([eb('replaced_at', 'is', null), eb('replaced_at', '<=', new Date(since))]))
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
