import type { DatabaseConnection, Dialect } from 'kysely';

/** Stands before a ledger's database, and makes it fail as a lost or full one does. */
export interface Failing {
  readonly between: (dialect: Dialect) => Dialect;
  /** From now on, every statement that matches. */
  fail(code: string, statement?: RegExp): void;
  /** Everything from the first statement on that matches. */
  failFrom(code: string, statement: RegExp): void;
  heal(): void;
}

export function failing(): Failing {
  let fault: { code: string; statement: RegExp; lasting: boolean } | undefined;
  const judge = (statement: string) => {
    if (!fault?.statement.test(statement)) return;
    if (fault.lasting) fault.statement = /(?:)/;
    throw Object.assign(new Error(`the database fails on purpose: ${fault.code}`), { code: fault.code });
  };
  const patched = new WeakSet<DatabaseConnection>();
  return {
    between: (dialect) => ({
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
              judge(query.sql);
              return execute(query, ...more);
            };
            return connection;
          },
        });
      },
    }),
    fail: (code, statement = /(?:)/) => void (fault = { code, statement, lasting: false }),
    failFrom: (code, statement) => void (fault = { code, statement, lasting: true }),
    heal: () => void (fault = undefined),
  };
}
