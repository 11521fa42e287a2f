import { join } from 'node:path';

import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import pg from 'pg';

import type { Tables } from '../../../src/storage/tables.ts';
import type { Location } from '../../support/proof-ledger.ts';
import { runPlan, plan, type Outcome } from './interleaving.ts';
import type { Shared } from './replica.ts';

export interface Exploration {
  readonly runs: number;
  readonly sum: Outcome;
}

/**
 * Runs random interleavings, one at a time on each ledger. Throws the first that violates a guarantee, shrunk, with its
 * seed.
 */
export async function explore(
  locations: readonly Location[],
  runs: number,
  seed: number,
  onProgress: (exploration: Exploration) => void = () => {},
): Promise<Exploration> {
  const total = { runs: 0, sum: nothing };
  const seeds = Array.from({ length: runs }, (_, index) => seed + index).values();
  const stop = new AbortController();
  const explorations = locations.map((location) => exploreOne(location, seeds, stop.signal, (outcome) => {
    total.runs += 1;
    total.sum = add(total.sum, outcome);
    onProgress(total);
  }).catch((error: unknown) => {
    stop.abort();
    throw error;
  })); // prettier-ignore
  const [failed] = (await Promise.allSettled(explorations)).filter(({ status }) => status === 'rejected');
  // All have ended by now, so that their ledgers can be removed.
  if (failed?.status === 'rejected') throw failed.reason;
  return total;
}

const nothing: Outcome = {
  keys: 0,
  purchased: 0,
  charges: 0,
  shipments: {},
  operations: {},
  deaths: 0,
  orphans: 0,
};

/** Processes that died keep their connections until the database is dropped. */
const openPool = (connectionString: string) =>
  new pg.Pool({ connectionString, max: 8, options: '-c synchronous_commit=off' }).on('error', () => {});

async function exploreOne(
  location: Location,
  seeds: Iterable<number>,
  stop: AbortSignal,
  onProgress: (outcome: Outcome) => void,
): Promise<void> {
  const shared: Shared =
    'folder' in location
      ? { pglite: await PGlite.create(join(location.folder, 'ledger'), { relaxedDurability: true }) }
      : { pool: openPool(location.url) };
  const db = new Kysely<Tables>({
    dialect: 'pglite' in shared ? new PGliteDialect(shared) : new PostgresDialect(shared),
  });
  try {
    for (const seed of seeds) {
      if (stop.aborted) return;
      let first: Outcome | undefined;
      const property = fc.asyncProperty(plan, async (what) => {
        const outcome = await runPlan(shared, db, what);
        first ??= outcome;
      });
      const found = await fc.check(property, { seed, numRuns: 1 });
      if (found.failed) {
        const counterexample = JSON.stringify(found.counterexample, null, 1);
        throw new Error(
          `seed ${seed}, shrunk ${found.numShrinks} times: ${String(found.errorInstance)}\n${counterexample}`,
        );
      }
      onProgress(first!);
    }
  } finally {
    await db.destroy();
  }
}

function add(one: Outcome, two: Outcome): Outcome {
  const counts = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>) =>
    Object.fromEntries([...new Set([...Object.keys(a), ...Object.keys(b)])].map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)])); // prettier-ignore
  return {
    keys: one.keys + two.keys,
    purchased: one.purchased + two.purchased,
    charges: one.charges + two.charges,
    shipments: counts(one.shipments, two.shipments),
    operations: counts(one.operations, two.operations),
    deaths: one.deaths + two.deaths,
    orphans: one.orphans + two.orphans,
  };
}
