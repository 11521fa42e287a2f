import { join } from 'node:path';

import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import pg from 'pg';

import type { Tables } from '../../../src/storage/tables.ts';
import { live, plan, type Outcome } from './interleaving.ts';
import type { Shared } from './replica.ts';

/** Where interleavings happen: a folder with a ledger in it, or a server's database. */
export type Place = { readonly folder: string } | { readonly url: string };

export interface Exploration {
  readonly runs: number;
  readonly sum: Outcome;
}

/**
 * Lets so many random interleavings happen, one at a time in each place; what breaks a promise is made small and
 * thrown with its seed.
 */
export async function explore(
  places: readonly Place[],
  runs: number,
  seed: number,
  tell: (sofar: Exploration) => void = () => {},
): Promise<Exploration> {
  const total = { runs: 0, sum: nothing };
  const seeds = Array.from({ length: runs }, (_, index) => seed + index).values();
  const stop = new AbortController();
  const explorations = places.map((place) => exploreOne(place, seeds, stop.signal, (outcome) => {
    total.runs += 1;
    total.sum = added(total.sum, outcome);
    tell(total);
  }).catch((error: unknown) => {
    stop.abort();
    throw error;
  })); // prettier-ignore
  const [failed] = (await Promise.allSettled(explorations)).filter(({ status }) => status === 'rejected');
  // The others have ended too by now, so that their ledgers may go.
  if (failed?.status === 'rejected') throw failed.reason;
  return total;
}

const nothing: Outcome = { keys: 0, sold: 0, charges: 0, shipments: {}, errands: {}, deaths: 0, apart: 0 };

/** What died keeps its connections until the database is dropped under them. */
const openPool = (connectionString: string) =>
  new pg.Pool({ connectionString, max: 8, options: '-c synchronous_commit=off' }).on('error', () => {});

async function exploreOne(
  place: Place,
  seeds: Iterable<number>,
  stop: AbortSignal,
  tell: (outcome: Outcome) => void,
): Promise<void> {
  const shared: Shared =
    'folder' in place
      ? { pglite: await PGlite.create(join(place.folder, 'ledger'), { relaxedDurability: true }) }
      : { pool: openPool(place.url) };
  const watch = new Kysely<Tables>({
    dialect: 'pglite' in shared ? new PGliteDialect(shared) : new PostgresDialect(shared),
  });
  try {
    for (const seed of seeds) {
      if (stop.aborted) return;
      let first: Outcome | undefined;
      const property = fc.asyncProperty(plan, async (what) => {
        const outcome = await live(shared, watch, what);
        first ??= outcome;
      });
      const found = await fc.check(property, { seed, numRuns: 1 });
      if (found.failed) {
        const told = JSON.stringify(found.counterexample, null, 1);
        throw new Error(
          `seed ${seed}, shrunk ${found.numShrinks} times: ${String(found.errorInstance)}\n${told}`,
        );
      }
      tell(first!);
    }
  } finally {
    await watch.destroy();
  }
}

function added(one: Outcome, two: Outcome): Outcome {
  const counts = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>) =>
    Object.fromEntries([...new Set([...Object.keys(a), ...Object.keys(b)])].map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)])); // prettier-ignore
  return {
    keys: one.keys + two.keys,
    sold: one.sold + two.sold,
    charges: one.charges + two.charges,
    shipments: counts(one.shipments, two.shipments),
    errands: counts(one.errands, two.errands),
    deaths: one.deaths + two.deaths,
    apart: one.apart + two.apart,
  };
}
