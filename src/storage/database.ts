import { randomUUID } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';

import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect, type Dialect } from 'kysely';
import { Migrator, type MigrationProvider } from 'kysely/migration';
import pg from 'pg';

import { migrationProvider } from './migrations.ts';
import { lockDataDirectory } from './data-directory-lock.ts';
import { checkLedgerFolder, databaseFolder, toLedgerFolderError } from './ledger-folder.ts';
import { findNewerMigration, NewerLedger } from './newer-ledger.ts';
import type { Tables } from './tables.ts';
import { LedgerUnavailable, wrapUnavailable } from './unavailable.ts';

export type Database = Kysely<Tables>;

/** The location of the ledger: a Postgres server, or the folder of the embedded database. */
export type DatabaseLocation = { readonly url: string } | { readonly folder: string };

export interface OpenDatabase {
  readonly db: Database;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Called before the embedded ledger is created, which takes seconds. */
  readonly onFirstCreate?: () => void;
  /** Refuses a folder without an embedded ledger instead of creating one. Default: false. */
  readonly mustExist?: boolean;
  /** Handles requests on the socket of the embedded ledger's folder; see `lockDataDirectory`. */
  readonly onRequest?: Parameters<typeof lockDataDirectory>[1];
  /** Wraps the database driver, for fault injection. */
  readonly wrapDialect?: (dialect: Dialect) => Dialect;
  readonly migrations?: MigrationProvider;
  /** Lets statements of a Postgres server take any time, for moving a whole ledger. */
  readonly noTimeouts?: boolean;
}

/**
 * Opens the ledger's database and migrates its tables to the latest version; several replicas may do so at once. Throws
 * `NewerLedger` where a later version has migrated them.
 */
export async function openDatabase(
  location: DatabaseLocation,
  options: OpenOptions = {},
): Promise<OpenDatabase> {
  const name = `${applicationName} ${randomUUID().slice(0, 8)}`;
  const opened = 'url' in location ? openServer(location.url, name, options) : await openFolder(location.folder, options); // prettier-ignore
  const { migrations: provider = migrationProvider } = options;
  // A migration, or waiting for the migration of another replica, may take longer than the statement time-out.
  const migrating =
    'url' in location ? openServer(location.url, name, { ...options, noTimeouts: true }) : opened;
  const { error } = await new Migrator({ db: migrating.db, provider }).migrateToLatest();
  if (migrating !== opened) await migrating.close();
  if (error !== undefined) {
    const newer = await findNewerMigration(opened.db, provider).catch(() => undefined);
    await opened.close().catch(() => {});
    if (newer !== undefined) throw new NewerLedger(newer);
    throw 'folder' in location && isDamage(error) ? toLedgerFolderError(location.folder, error.cause ?? error) : error; // prettier-ignore
  }
  return opened;
}

/** Tells whether a file of the database is missing (58P01), or its contents are corrupted (XX). */
function isDamage(error: unknown): error is Error {
  const { code, cause } = error as { code?: string; cause?: unknown };
  return /^(58|XX)/.test(code ?? '') || (error instanceof LedgerUnavailable && isDamage(cause));
}

const createKysely = (dialect: Dialect, { wrapDialect = (unchanged) => unchanged }: OpenOptions) =>
  new Kysely<Tables>({ dialect: wrapUnavailable(wrapDialect(dialect)) });

/** The `application_name` of our connections begins with this; each process adds an id of its own. */
export const applicationName = 'parcelgraph';

const connectionTimeoutMs = 3_000;
/** The server ends a statement that takes longer, and a transaction that is idle for longer, since that keeps its locks. */
const statementTimeoutMs = 10_000;
/** A server that does not respond for this long is unreachable. */
const responseTimeoutMs = statementTimeoutMs + 2_000;
/** While the server is unreachable, statements fail at once for this long. */
const unreachablePauseMs = 5_000;

function openServer(url: string, name: string, { noTimeouts, ...options }: OpenOptions): OpenDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: name,
    max: 20,
    connectionTimeoutMillis: connectionTimeoutMs,
    keepAlive: true,
    ...(!noTimeouts && {
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: statementTimeoutMs,
      query_timeout: responseTimeoutMs,
    }),
  });
  // A broken connection fails its current or next statement; without listeners it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => void client.on('error', () => {}));
  const db = createKysely(new PostgresDialect({ pool: failFast(pool) }), options);
  return { db, close: () => db.destroy() };
}

/**
 * Adds to `pg` what its options lack: after `query_timeout` the connection is discarded instead of reused, and after it or
 * a connection time-out no further statement waits for the server until `unreachablePauseMs` have passed.
 */
function failFast(pool: pg.Pool) {
  let unreachableUntil = 0;
  const markUnreachable = () => void (unreachableUntil = Date.now() + unreachablePauseMs);
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      if (Date.now() < unreachableUntil) {
        throw Object.assign(new Error('the database does not respond'), { code: 'ETIMEDOUT' });
      }
      const client = await pool.connect().catch((error: Error) => {
        // The error of a pool whose connections are all in use has another message.
        if (/connection timeout/.test(error.message)) markUnreachable();
        throw error;
      });
      let timedOut: Error | undefined;
      const query = async (sql: string, parameters: readonly unknown[]) => {
        if (timedOut) throw timedOut;
        return client.query(sql, [...parameters]).catch((error: Error) => {
          if (error.message === 'Query read timeout') {
            timedOut = error;
            markUnreachable();
          }
          throw error;
        });
      };
      return { query, release: (destroy?: boolean) => client.release(timedOut ?? destroy) } as pg.PoolClient;
    },
  };
}

/** The resident size is 205 MB when idle; with Postgres's default of 128 MB for shared_buffers it is 360 MB. */
const settings = { postgresqlconf: ['shared_buffers=4MB'] };

/** Opens the embedded database. Its folder is locked: two processes would lose each other's rows without an error. */
async function openFolder(folder: string, options: OpenOptions): Promise<OpenDatabase> {
  checkLedgerFolder(folder, options.mustExist);
  const lock = await lockDataDirectory(folder, options.onRequest);
  try {
    // Another process may have created the database before this one had the lock.
    if (!checkLedgerFolder(folder, options.mustExist)) {
      options.onFirstCreate?.();
      await createDatabase(folder);
    }
    const pglite = await PGlite.create(databaseFolder(folder), settings);
    const db = createKysely(new PGliteDialect({ pglite }), options);
    return {
      db,
      async close() {
        await db.destroy();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw toLedgerFolderError(folder, error);
  }
}

/**
 * Creates the embedded database beside its place, then renames it: a folder in its place is complete, so that one that
 * lacks a file was damaged. What a killed creation left holds nothing, and is removed.
 */
async function createDatabase(folder: string): Promise<void> {
  const path = `${databaseFolder(folder)}.new`;
  rmSync(path, { recursive: true, force: true });
  const pglite = await PGlite.create(path, settings);
  await pglite.close();
  renameSync(path, databaseFolder(folder));
}
