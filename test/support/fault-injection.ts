import type { DatabaseConnection, Dialect } from 'kysely';

/** A database driver whose statements fail on request, with the code of a lost or full database. */
export interface FaultyDatabase {
  readonly wrapDialect: (dialect: Dialect) => Dialect;
  /** Fails every statement that matches, from now on. */
  fail(code: string, statement?: RegExp): void;
  /** Fails every statement from the first one that matches. */
  failFrom(code: string, statement: RegExp): void;
  restore(): void;
}

export function createFaultyDatabase(): FaultyDatabase {
  let fault: { code: string; statement: RegExp; lasting: boolean } | undefined;
  const throwIfFaulty = (statement: string) => {
    if (!fault?.statement.test(statement)) return;
    if (fault.lasting) fault.statement = /(?:)/;
    throw Object.assign(new Error(`the database fails on purpose: ${fault.code}`), { code: fault.code });
  };
  const patched = new WeakSet<DatabaseConnection>();
  return {
    wrapDialect: (dialect) => ({
      createAdapter: () => dialect.createAdapter(),
      createIntrospector: (db) => dialect.createIntrospector(db),
      createQueryCompiler: () => dialect.createQueryCompiler(),
      createDriver() {
        const driver = dialect.createDriver();
        const acquire = driver.acquireConnection.bind(driver);
        return Object.assign(driver, {
          async acquireConnection(...args: Parameters<typeof acquire>) {
            const connection = await acquire(...args);
            if (patched.has(connection)) return connection;
            patched.add(connection);
            const execute = connection.executeQuery.bind(connection);
            connection.executeQuery = async (query, ...more) => {
              throwIfFaulty(query.sql);
              return execute(query, ...more);
            };
            return connection;
          },
        });
      },
    }),
    fail: (code, statement = /(?:)/) => void (fault = { code, statement, lasting: false }),
    failFrom: (code, statement) => void (fault = { code, statement, lasting: true }),
    restore: () => void (fault = undefined),
  };
}
