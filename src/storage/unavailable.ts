import type { DatabaseConnection, Dialect, Driver } from 'kysely';

/** The database can't be reached, or can't be written: nothing is wrong with what was asked of it. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';

  constructor(cause: unknown) {
    super('the ledger can not be read or written now', { cause });
  }
}

/** What is there without the ledger, where the ledger is what fails. */
export async function withFallback<T>(work: () => Promise<T>, instead: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LedgerUnavailable) return instead();
    throw error;
  }
}

/** SQLSTATE classes: connection, authorization, resources (a full disk is 53100), operator (a shutdown), system. */
const classes = /^(08|28|53|57P|58)/;
const codes = new Set([
  // A standby, or a server that was made read-only.
  '25006',
  // A statement or a transaction took longer than it may.
  '57014',
  '25P03',
  // The database is gone, or takes no connections.
  '3D000',
  '55000',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  // The embedded ledger's own disk.
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EIO',
]);
/** What `pg` and PGlite say without a code. */
const words =
  /connection (terminated|ended|error)|timeout exceeded when trying to connect|connection timeout|not queryable|PGlite is clos/i;

export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return classes.test(code) || codes.has(code);
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  return words.test(error.message);
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isUnavailable(error) ? new LedgerUnavailable(error) : error;
  }
}

/** The same database, whose loss is told by one error whatever its driver calls it. */
export function wrapUnavailable(dialect: Dialect): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => guardedDriver(dialect.createDriver()),
  };
}

/** Each method of the driver by itself: drivers know their own connections by private marks, so those are kept. */
function guardedDriver(driver: Driver): Driver {
  const known = new WeakSet<DatabaseConnection>();
  const acquire = driver.acquireConnection.bind(driver);
  const begin = driver.beginTransaction.bind(driver);
  const commit = driver.commitTransaction.bind(driver);
  const rollback = driver.rollbackTransaction.bind(driver);
  return Object.assign(driver, {
    async acquireConnection(...args: Parameters<typeof acquire>) {
      const connection = await told(() => acquire(...args));
      if (!known.has(connection)) {
        known.add(connection);
        const execute = connection.executeQuery.bind(connection);
        connection.executeQuery = (...query) => told(() => execute(...query));
      }
      return connection;
    },
    beginTransaction: (...args: Parameters<typeof begin>) => told(() => begin(...args)),
    commitTransaction: (...args: Parameters<typeof commit>) => told(() => commit(...args)),
    rollbackTransaction: (...args: Parameters<typeof rollback>) => told(() => rollback(...args)),
  });
}
