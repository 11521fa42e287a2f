import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { sql } from 'kysely';

import type { Sealer } from '../domain/seal.ts';
import type { Token, TokenStore } from '../transport/bearer-token.ts';
import type { Database } from './database.ts';
import { renewPeriodically, leaseExpiry } from './leases.ts';
import { withFallback } from './unavailable.ts';

const pollMs = 100;

/** Tokens in the ledger, sealed; a copy in memory saves the look-up, and is dropped when a provider refuses it. */
export function createTokenStore(db: Database, sealer: Sealer): TokenStore {
  const copies = new Map<string, Token>();
  const renewals = new Map<string, Promise<Token>>();

  const load = async (name: string): Promise<Token | undefined> => {
    const row = await db.selectFrom('tokens').select('token').where('key', '=', name).executeTakeFirst();
    return row?.token ? (sealer.open('token', name, row.token) as Token | undefined) : undefined;
  };
  const release = (name: string) =>
    db.updateTable('tokens').set({ leased_until: null }).where('key', '=', name).execute();

  /** Whether this process may renew now; only one may, in any replica. */
  const lease = async (name: string): Promise<boolean> => {
    const row = await db
      .insertInto('tokens')
      .values({ key: name, leased_until: leaseExpiry })
      .onConflict((conflict) =>
        conflict
          .column('key')
          .doUpdateSet({ leased_until: leaseExpiry })
          .where((eb) =>
            eb.or([eb('tokens.leased_until', 'is', null), eb('tokens.leased_until', '<', sql<Date>`now()`)]),
          ),
      )
      .returning('key')
      .executeTakeFirst();
    return row !== undefined;
  };
  const keep = (name: string) =>
    db
      .updateTable('tokens')
      .set({ leased_until: leaseExpiry })
      .where('key', '=', name)
      .where('leased_until', 'is not', null)
      .execute();

  const renewOnce = async (name: string, stale: Token | undefined, mint: () => Promise<Token>) => {
    for (;;) {
      if (!(await lease(name))) {
        await sleep(pollMs);
        const known = await load(name);
        if (known !== undefined && known.value !== stale?.value) return known;
        continue;
      }
      const stop = renewPeriodically(() => keep(name));
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
        // What the provider said is told, whatever becomes of the lease, which ends by itself.
        await release(name).catch(() => {});
        throw error;
      } finally {
        stop();
      }
    }
  };

  return {
    async read(key) {
      const name = nameOf(key);
      const copy = copies.get(name) ?? (await withFallback(() => load(name), () => undefined)); // prettier-ignore
      if (copy !== undefined) copies.set(name, copy);
      return copy;
    },
    renew(key, stale, mint) {
      const name = nameOf(key);
      const running = renewals.get(name);
      if (running !== undefined) return running;
      let minted: Promise<Token> | undefined;
      const mintOnce = () => (minted ??= mint());
      // Without the ledger each process gets a token of its own, and keeps it in memory.
      const renewal = withFallback(() => renewOnce(name, stale, mintOnce), mintOnce)
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
