import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { sql } from 'kysely';

import type { Sealer } from '../domain/seal.ts';
import type { Token, TokenStore } from '../transport/bearer.ts';
import type { Database } from './database.ts';

/** Longer than any renewal takes, so that a lease only ends early with its holder. */
const leaseSeconds = 40;
const pollMs = 100;

/** Tokens in the ledger, sealed; a copy in memory saves the look-up, and is dropped when a provider refuses it. */
export function createTokenStore(db: Database, sealer: Sealer): TokenStore {
  const copies = new Map<string, Token>();
  const renewals = new Map<string, Promise<Token>>();

  const load = async (name: string): Promise<Token | undefined> => {
    const row = await db.selectFrom('tokens').select('token').where('key', '=', name).executeTakeFirst();
    return row?.token ? (sealer.open('token', name, row.token) as Token | undefined) : undefined;
  };

  /** Whether this process may renew now; only one may, in any replica. */
  const lease = async (name: string): Promise<boolean> => {
    const until = sql<Date>`now() + ${leaseSeconds} * interval '1 second'`;
    const row = await db
      .insertInto('tokens')
      .values({ key: name, leased_until: until })
      .onConflict((conflict) =>
        conflict
          .column('key')
          .doUpdateSet({ leased_until: until })
          .where((eb) =>
            eb.or([eb('tokens.leased_until', 'is', null), eb('tokens.leased_until', '<', sql<Date>`now()`)]),
          ),
      )
      .returning('key')
      .executeTakeFirst();
    return row !== undefined;
  };

  const renewOnce = async (name: string, stale: Token | undefined, mint: () => Promise<Token>) => {
    for (;;) {
      if (!(await lease(name))) {
        await sleep(pollMs);
        const known = await load(name);
        if (known !== undefined && known.value !== stale?.value) return known;
        continue;
      }
      try {
        // Somebody may have finished between the look and the lease.
        const fresh = await load(name);
        const token = fresh !== undefined && fresh.value !== stale?.value ? fresh : await mint();
        await db
          .updateTable('tokens')
          .set({ token: sealer.seal('token', name, token), leased_until: null })
          .where('key', '=', name)
          .execute();
        return token;
      } catch (error) {
        await db.updateTable('tokens').set({ leased_until: null }).where('key', '=', name).execute();
        throw error;
      }
    }
  };

  return {
    async read(key) {
      const name = nameOf(key);
      const copy = copies.get(name) ?? (await load(name));
      if (copy !== undefined) copies.set(name, copy);
      return copy;
    },
    renew(key, stale, mint) {
      const name = nameOf(key);
      const running = renewals.get(name);
      if (running !== undefined) return running;
      const renewal = renewOnce(name, stale, mint)
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

/** Keys name credentials by fingerprint already; this makes them one length. */
const nameOf = (key: string) => createHash('sha256').update(key).digest('base64url');
