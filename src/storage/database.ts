import { randomUUID } from 'node:crypto';

import { Kysely, type Dialect } from 'kysely';
import { Migrator, type MigrationProvider } from 'kysely/migration';

import type { EmbeddedOptions, Upkeep } from './embedded-database.ts';
import { migrationProvider } from './migrations.ts';
import { toLedgerFolderError } from './ledger-folder.ts';
import { findNewerMigration, NewerLedger } from './newer-ledger.ts';
import { serverNotifications, type Notifications } from './notifications.ts';
import type { Tables } from './tables.ts';
import { LedgerUnavailable, wrapUnavailable } from './unavailable.ts';

export type Database = Kysely<Tables>;

/** The location of the ledger: a Postgres server, or the folder of the embedded database. */
export type DatabaseLocation = { readonly url: string } | { readonly folder: string };

export interface OpenDatabase {
  readonly db: Database;
  readonly notifications: Notifications;
  /** Of the embedded database only. */
  readonly upkeep?: Upkeep;
  close(): Promise<void>;
}

export interface OpenOptions extends EmbeddedOptions {
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
  const opened = await open(location, name, options);
  const { migrations: provider = migrationProvider } = options;
  // A migration, or waiting for the migration of another replica, may take longer than the statement time-out.
  const migrating = 'url' in location ? await open(location, name, { ...options, noTimeouts: true }) : opened;
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

/** Opens a database with the library of its kind only: each takes time and memory to load. */
async function open(location: DatabaseLocation, name: string, options: OpenOptions): Promise<OpenDatabase> {
  const { wrapDialect = (unchanged) => unchanged } = options;
  const createKysely = (dialect: Dialect) =>
    new Kysely<Tables>({ dialect: wrapUnavailable(wrapDialect(dialect)) });
  if ('url' in location) {
    const { connectToServer, serverDialect } = await import('./server-database.ts');
    const db = createKysely(serverDialect(location.url, name, options.noTimeouts));
    const notifications = serverNotifications(() => connectToServer(location.url, name));
    return { db, notifications, close: () => db.destroy() };
  }
  const { openEmbedded, upkeepOf } = await import('./embedded-database.ts');
  const { dialect, notifications, unlock } = await openEmbedded(location.folder, options);
  const db = createKysely(dialect);
  return { db, notifications, upkeep: upkeepOf(db), close: () => db.destroy().then(unlock) };
}

/** The `application_name` of our connections begins with this; each process adds an id of its own. */
export const applicationName = 'parcelgraph';
