import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';

import { migrationProvider } from './migrations.ts';
import { own, type Command } from './owner.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

/** Where the ledger lies: a Postgres server, or a folder for the embedded one. */
export type Storage = { readonly url: string } | { readonly folder: string };

export interface OpenDatabase {
  readonly db: Database;
  /** Registers a command for other processes of this machine; a server's ledger is open to them anyway. */
  answer(name: string, command: Command): void;
  close(): Promise<void>;
}

/** Opens the ledger's database and brings its tables up to date; several replicas may do so at once. */
export async function openDatabase(storage: Storage, onFirstMaking?: () => void): Promise<OpenDatabase> {
  const opened = 'url' in storage ? openServer(storage.url) : await openFolder(storage.folder, onFirstMaking);
  const { error } = await new Migrator({ db: opened.db, provider: migrationProvider }).migrateToLatest();
  if (error !== undefined) {
    await opened.close();
    throw error;
  }
  return opened;
}

function openServer(url: string): OpenDatabase {
  const pool = new pg.Pool({ connectionString: url, max: 20, connectionTimeoutMillis: 10_000 });
  // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
  pool.on('error', () => {});
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return { db, answer: () => {}, close: () => db.destroy() };
}

/** One process owns the folder: two would silently lose each other's rows. */
async function openFolder(folder: string, onFirstMaking?: () => void): Promise<OpenDatabase> {
  mkdirSync(folder, { recursive: true });
  const ownership = await own(folder);
  const dataDir = join(folder, 'ledger');
  if (!existsSync(dataDir)) onFirstMaking?.();
  // With Postgres's own default of 128 MB it idles at 360 MB resident, with 4 MB at 205.
  const pglite = await PGlite.create(dataDir, { postgresqlconf: ['shared_buffers=4MB'] });
  const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
  return {
    db,
    answer: ownership.answer,
    async close() {
      await db.destroy();
      await ownership.release();
    },
  };
}
