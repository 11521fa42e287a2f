import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { sql, type Dialect, type Kysely } from 'kysely';

import { lockDataDirectory } from './data-directory-lock.ts';
import { checkLedgerFolder, databaseFolder, toLedgerFolderError } from './ledger-folder.ts';
import type { Notifications } from './notifications.ts';
import { openPglite } from './pglite.ts';
import { RestartingPglite, RestartingPgliteDialect } from './restarting-pglite.ts';
import { sync } from './synced-folder.ts';
import type { Tables } from './tables.ts';

export interface EmbeddedOptions {
  /** Called before the database is created, which takes seconds. */
  readonly onFirstCreate?: () => void;
  /** Refuses a folder without a database instead of creating one. Default: false. */
  readonly mustExist?: boolean;
  /** Handles requests on the socket of the folder; see `lockDataDirectory`. */
  readonly onRequest?: Parameters<typeof lockDataDirectory>[1];
}

/** What a Postgres server does by itself, and the embedded one when it is told. Nothing else is answered meanwhile. */
export interface Upkeep {
  /** Writes the tables to the disk, so that the write-ahead log does not grow, nor the time of a start after a crash. */
  checkpoint(): Promise<void>;
  /** Frees the space of deleted and former rows, one table after the other. */
  vacuum(): Promise<void>;
}

/**
 * Opens the embedded database. Its folder is locked until `unlock` is called: two processes would lose each other's rows
 * without an error.
 */
export async function openEmbedded(
  folder: string,
  options: EmbeddedOptions,
): Promise<{ dialect: Dialect; notifications: Notifications; unlock(): Promise<void> }> {
  checkLedgerFolder(folder, options.mustExist);
  const lock = await lockDataDirectory(folder, options.onRequest);
  try {
    // Another process may have created the database before this one had the lock.
    if (!checkLedgerFolder(folder, options.mustExist)) {
      options.onFirstCreate?.();
      await createDatabase(folder);
    }
    const open = () => {
      // PGlite would create a database in the place of one that was moved away.
      checkLedgerFolder(folder, true);
      return openPglite(databaseFolder(folder));
    };
    const pglite = new RestartingPglite(await open(), open);
    return {
      dialect: new RestartingPgliteDialect(pglite),
      notifications: pglite,
      unlock: () => lock.release(),
    };
  } catch (error) {
    await lock.release();
    throw toLedgerFolderError(folder, error);
  }
}

export const upkeepOf = (db: Kysely<Tables>): Upkeep => ({
  checkpoint: async () => void (await sql`checkpoint`.execute(db)),
  async vacuum() {
    const tables = await sql<{ name: string }>`select tablename as name from pg_tables where schemaname = 'public'`.execute(db); // prettier-ignore
    for (const { name } of tables.rows) await sql`vacuum ${sql.table(name)}`.execute(db);
  },
});

/**
 * Creates the embedded database beside its place, then renames it: a folder in its place is complete, so that one that
 * lacks a file was damaged. Creation takes 500 MB, hence a process of its own. It may outlive this one for a moment, so
 * each creation has its own folder; what a killed one left holds nothing, and is removed.
 */
async function createDatabase(folder: string): Promise<void> {
  const prefix = `${databaseFolder(folder)}.new`;
  const left = readdirSync(folder).map((name) => join(folder, name)).filter((path) => path.startsWith(prefix)); // prettier-ignore
  for (const path of left) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  const path = mkdtempSync(`${prefix}-`);
  const program = fileURLToPath(new URL('./create-database.ts', import.meta.url));
  const creation = fork(program, [path], { execArgv: [], serialization: 'advanced' });
  let error: unknown;
  creation.once('message', (message) => (error = message));
  const [code, signal] = (await once(creation, 'close')) as [number | null, string | null];
  if (code !== 0) throw error ?? new Error(`its creation ended with ${signal ?? `code ${code}`}`);
  renameSync(path, databaseFolder(folder));
  sync(folder);
}
