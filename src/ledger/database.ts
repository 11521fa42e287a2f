import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect, type Dialect } from 'kysely';
import { Migrator, type MigrationProvider } from 'kysely/migration';
import pg from 'pg';

import { migrationProvider } from './migrations.ts';
import { own, type Command } from './owner.ts';
import type { Tables } from './tables.ts';
import { guarded } from './unavailable.ts';

export type Database = Kysely<Tables>;

/** Where the ledger lies: a Postgres server, or a folder for the embedded one. */
export type Storage = { readonly url: string } | { readonly folder: string };

export interface OpenDatabase {
  readonly db: Database;
  /** Registers a command for other processes of this machine; a server's ledger is open to them anyway. */
  answer(name: string, command: Command): void;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Told when the embedded ledger is made, which takes seconds. */
  readonly onFirstMaking?: () => void;
  /** Stands between us and the database, to make it fail on purpose. */
  readonly between?: (dialect: Dialect) => Dialect;
  readonly migrations?: MigrationProvider;
}

/** Opens the ledger's database and brings its tables up to date; several replicas may do so at once. */
export async function openDatabase(storage: Storage, options: OpenOptions = {}): Promise<OpenDatabase> {
  const opened = 'url' in storage ? openServer(storage.url, options) : await openFolder(storage.folder, options); // prettier-ignore
  const { migrations: provider = migrationProvider } = options;
  const { error } = await new Migrator({ db: opened.db, provider }).migrateToLatest();
  if (error !== undefined) {
    await opened.close();
    throw error;
  }
  return opened;
}

const kysely = (dialect: Dialect, { between = (same) => same }: OpenOptions) =>
  new Kysely<Tables>({ dialect: guarded(between(dialect)) });

/** By these names a server knows our connections: those of each process by one of its own. */
export const applicationName = 'parcelgraph';

function openServer(url: string, options: OpenOptions): OpenDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: `${applicationName} ${randomUUID().slice(0, 8)}`,
    max: 20,
    connectionTimeoutMillis: 10_000,
  });
  // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
  pool.on('error', () => {});
  const db = kysely(new PostgresDialect({ pool }), options);
  return { db, answer: () => {}, close: () => db.destroy() };
}

/** One process owns the folder: two would silently lose each other's rows. */
async function openFolder(folder: string, options: OpenOptions): Promise<OpenDatabase> {
  mkdirSync(folder, { recursive: true });
  const ownership = await own(folder);
  const dataDir = join(folder, 'ledger');
  if (!existsSync(dataDir)) options.onFirstMaking?.();
  // With Postgres's own default of 128 MB it idles at 360 MB resident, with 4 MB at 205.
  const pglite = await PGlite.create(dataDir, { postgresqlconf: ['shared_buffers=4MB'] });
  const db = kysely(new PGliteDialect({ pglite }), options);
  return {
    db,
    answer: ownership.answer,
    async close() {
      await db.destroy();
      await ownership.release();
    },
  };
}
