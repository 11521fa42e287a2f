import { sql } from 'kysely';

import type { Offer, Quote } from '../domain/rate.ts';
import type { Sealer } from '../domain/seal.ts';
import type { Database } from './database.ts';

/** The offers that a request got, for the requests with the same factors that follow. */
export interface StoredQuote {
  /** The account and everything that the quote depends on, as text. It is stored as a keyed hash, since it holds addresses. */
  readonly factors: string;
  readonly offers: readonly Offer[];
  /** When it was asked for, and until when it may be shared; epoch milliseconds. */
  readonly asOf: number;
  readonly expiresAt: number;
}

/** Quotes that equal requests share, also those of other replicas. */
export interface RateQuoteStore {
  /** Returns the quotes that have not expired, by their factors. */
  read(factors: readonly string[], now: number): Promise<ReadonlyMap<string, Quote & { asOf: number }>>;
  /** Saves quotes unless a stored one is newer. */
  save(quotes: readonly StoredQuote[]): Promise<void>;
  /** Deletes what has expired, and the oldest of what exceeds `maxQuotes`; returns the number of deleted quotes. */
  prune(now: number, maxQuotes?: number): Promise<number>;
}

/** About 3 kB each. */
const defaultMaxQuotes = 50_000;

export function createRateQuoteStore(db: Database, sealer: Pick<Sealer, 'deriveNames'>): RateQuoteStore {
  const keyOf = (factors: string) => sealer.deriveNames('rate quote', factors)[0];
  return {
    async read(factors, now) {
      if (factors.length === 0) return new Map();
      const factorsOf = new Map(factors.map((each) => [keyOf(each), each]));
      const rows = await db
        .selectFrom('rate_quotes')
        .select(['key', 'offers', 'as_of'])
        .where('key', 'in', [...factorsOf.keys()])
        .where('expires_at', '>', new Date(now))
        .execute();
      return new Map(
        rows.map(({ key, offers, as_of }) => [
          factorsOf.get(key)!,
          { offers, failures: [], asOf: as_of.getTime() },
        ]),
      );
    },
    async save(quotes) {
      if (quotes.length === 0) return;
      await db
        .insertInto('rate_quotes')
        .values(
          quotes.map(({ factors, offers, asOf, expiresAt }) => ({
            key: keyOf(factors),
            offers: JSON.stringify(offers),
            as_of: new Date(asOf),
            expires_at: new Date(expiresAt),
          })),
        )
        .onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet((eb) => ({
              offers: eb.ref('excluded.offers'),
              as_of: eb.ref('excluded.as_of'),
              expires_at: eb.ref('excluded.expires_at'),
            }))
            .whereRef('rate_quotes.as_of', '<=', 'excluded.as_of'),
        )
        .execute();
    },
    async prune(now, maxQuotes = defaultMaxQuotes) {
      const { numAffectedRows } = await sql`delete from rate_quotes where expires_at <= ${new Date(now)}
        or key in (select key from rate_quotes order by as_of desc offset ${maxQuotes})`.execute(db);
      return Number(numAffectedRows ?? 0);
    },
  };
}
