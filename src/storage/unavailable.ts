import type { DatabaseConnection, Dialect, Driver } from 'kysely';

/** The database cannot be reached or written. The request itself is valid and may be retried. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';

  constructor(cause: unknown) {
    super('the ledger cannot be read or written at present; try again later', { cause });
  }
}

/** Returns the result of `work`, or of `fallback` where the ledger is unavailable; throws any other error. */
export async function withFallback<T>(work: () => Promise<T>, fallback: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LedgerUnavailable) return fallback();
    throw error;
  }
}

/** SQLSTATE classes: connection, authorization, resources (53100 is a full disk), operator (a shutdown), system. */
const sqlStateClasses = /^(08|28|53|57P|58)/;
const codes = new Set([
  // A standby, or a read-only server.
  '25006',
  // A statement or a transaction timed out.
  '57014',
  '25P03',
  // The database does not exist or accepts no connections.
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
  // The disk of the embedded ledger.
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EIO',
]);
/** Messages of `pg` and PGlite errors that have no code. */
const messages =
  /connection (terminated|ended|error)|timeout exceeded when trying to connect|connection timeout|query read timeout|not queryable|PGlite is clos/i;

/** Tells whether a driver's error means that the database cannot be reached or written. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return sqlStateClasses.test(code) || codes.has(code);
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  return messages.test(error.message);
}

async function translateErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isUnavailable(error) ? new LedgerUnavailable(error) : error;
  }
}

/** Wraps a dialect so that it throws `LedgerUnavailable` for the various errors that drivers throw. */
export function wrapUnavailable(dialect: Dialect): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => wrapDriver(dialect.createDriver()),
  };
}

/** Replaces the driver's methods in place: drivers recognise their own connection objects, so those cannot be wrapped. */
function wrapDriver(driver: Driver): Driver {
  const wrapped = new WeakSet<DatabaseConnection>();
  const acquire = driver.acquireConnection.bind(driver);
  const begin = driver.beginTransaction.bind(driver);
  const commit = driver.commitTransaction.bind(driver);
  const rollback = driver.rollbackTransaction.bind(driver);
  return Object.assign(driver, {
    async acquireConnection(...args: Parameters<typeof acquire>) {
      const connection = await translateErrors(() => acquire(...args));
      if (!wrapped.has(connection)) {
        wrapped.add(connection);
        const execute = connection.executeQuery.bind(connection);
        connection.executeQuery = (...query) => translateErrors(() => execute(...query));
      }
      return connection;
    },
    beginTransaction: (...args: Parameters<typeof begin>) => translateErrors(() => begin(...args)),
    commitTransaction: (...args: Parameters<typeof commit>) => translateErrors(() => commit(...args)),
    rollbackTransaction: (...args: Parameters<typeof rollback>) => translateErrors(() => rollback(...args)),
  });
}
