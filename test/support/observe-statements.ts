import type { CompiledQuery, DatabaseConnection, Dialect } from 'kysely';

/** Wraps a dialect so that a function sees each statement before it is executed, and may throw in its place. */
export function observeStatements(dialect: Dialect, onStatement: (query: CompiledQuery) => void): Dialect {
  const patched = new WeakSet<DatabaseConnection>();
  return {
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
            onStatement(query);
            return execute(query, ...more);
          };
          return connection;
        },
      });
    },
  };
}
