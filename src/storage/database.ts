import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';

import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect, type Dialect } from 'kysely';
import { Migrator, type MigrationProvider } from 'kysely/migration';
import pg from 'pg';

import { migrationProvider } from './migrations.ts';
import { lockDataDirectory, type Command } from './data-directory-lock.ts';
import type { Tables } from './tables.ts';
import { wrapUnavailable } from './unavailable.ts';

export type Database = Kysely<Tables>;

/** Where the ledger lies: a Postgres server, or a folder for the embedded one. */
export type Storage = { readonly url: string } | { readonly folder: string };

export interface OpenDatabase {
  readonly db: Database;
  /** Registers a command for other processes of this machine; a server's ledger is open to them anyway. */
  onCommand(name: string, command: Command): void;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Told when the embedded ledger is made, which takes seconds. */
  readonly onFirstCreate?: () => void;
  /** Stands between us and the database, to make it fail on purpose. */
  readonly wrapDialect?: (dialect: Dialect) => Dialect;
  readonly migrations?: MigrationProvider;
  /** A statement of a server's may take as long as it takes: for whoever moves a whole ledger. */
  readonly noTimeouts?: boolean;
}

/** Opens the ledger's database and brings its tables up to date; several replicas may do so at once. */
export async function openDatabase(storage: Storage, options: OpenOptions = {}): Promise<OpenDatabase> {
  const name = `${applicationName} ${randomUUID().slice(0, 8)}`;
  const opened = 'url' in storage ? openServer(storage.url, name, options) : await openFolder(storage.folder, options); // prettier-ignore
  const { migrations: provider = migrationProvider } = options;
  // Tables are changed with patience, and so is waited for another replica that changes them.
  const changing =
    'url' in storage ? openServer(storage.url, name, { ...options, noTimeouts: true }) : opened;
  const { error } = await new Migrator({ db: changing.db, provider }).migrateToLatest();
  if (changing !== opened) await changing.close();
  if (error !== undefined) {
    await opened.close();
    throw error;
  }
  return opened;
}

const kysely = (dialect: Dialect, { wrapDialect = (same) => same }: OpenOptions) =>
  new Kysely<Tables>({ dialect: wrapUnavailable(wrapDialect(dialect)) });

/** By these names a server knows our connections: those of each process by one of its own. */
export const applicationName = 'parcelgraph';

/** A connection that is not made in this time is none. */
const connectMs = 3_000;
/** A statement that takes longer is ended by the server, and so is a transaction that nobody goes on with: it holds locks. */
const statementMs = 10_000;
/** A server that says nothing for so long is gone, whatever the network makes us believe; */
const silenceMs = statementMs + 2_000;
/** and then nobody waits for it for so long. */
const restMs = 5_000;

const silent = () => Object.assign(new Error('the database does not answer'), { code: 'ETIMEDOUT' });

function openServer(url: string, name: string, options: OpenOptions): OpenDatabase {
  let restUntil = 0;
  const prepare = async (client: pg.PoolClient) => {
    // A connection that breaks fails its statement, or its next one; without a listener it would end the process.
    client.on('error', () => {});
    if (options.noTimeouts) return;
    const ask = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    const impatient = async (...args: unknown[]) => {
      const timer = setTimeout(() => {
        restUntil = Date.now() + restMs;
        // Not `end`, which waits for the answer.
        (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy(silent());
      }, silenceMs);
      return ask(...args).finally(() => clearTimeout(timer));
    };
    Object.assign(client, { query: impatient });
    await client.query(`set statement_timeout = ${statementMs}`);
    await client.query(`set idle_in_transaction_session_timeout = ${statementMs}`);
  };
  const pool = new pg.Pool({
    connectionString: url,
    application_name: name,
    max: 20,
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    verify: (client, done) => void prepare(client).then(() => done(), done),
  });
  // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
  pool.on('error', () => {});
  const connect = async () => {
    if (Date.now() < restUntil) throw silent();
    try {
      return await pool.connect();
    } catch (error) {
      // Not where all connections are at work.
      if (/connection timeout/.test((error as Error).message)) restUntil = Date.now() + restMs;
      throw error;
    }
  };
  const db = kysely(
    new PostgresDialect({ pool: { connect, end: () => pool.end(), options: pool.options } }),
    options,
  );
  return { db, onCommand: () => {}, close: () => db.destroy() };
}

/** One process owns the folder: two would silently lose each other's rows. */
async function openFolder(folder: string, options: OpenOptions): Promise<OpenDatabase> {
  mkdirSync(folder, { recursive: true });
  const ownership = await lockDataDirectory(folder);
  const dataDir = join(folder, 'ledger');
  if (!existsSync(dataDir)) options.onFirstCreate?.();
  // With Postgres's own default of 128 MB it idles at 360 MB resident, with 4 MB at 205.
  const pglite = await PGlite.create(dataDir, { postgresqlconf: ['shared_buffers=4MB'] });
  const db = kysely(new PGliteDialect({ pglite }), options);
  return {
    db,
    onCommand: ownership.onCommand,
    async close() {
      await db.destroy();
      await ownership.release();
    },
  };
}
