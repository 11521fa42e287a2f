import { PostgresDialect, type Dialect } from 'kysely';
import pg from 'pg';

const connectionTimeoutMs = 3_000;
/** The server ends a statement that takes longer, and a transaction that is idle for longer, since that keeps its locks. */
const statementTimeoutMs = 10_000;
/** A server that does not respond for this long is unreachable. */
const responseTimeoutMs = statementTimeoutMs + 2_000;
/** While the server is unreachable, statements fail at once for this long. */
const unreachablePauseMs = 5_000;

/** Returns the dialect of a Postgres server. `name` is the `application_name` of its connections. */
export function serverDialect(url: string, name: string, noTimeouts = false): Dialect {
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
  return new PostgresDialect({ pool: failFast(pool) });
}

/** Opens one connection outside the pool, which lasts as long as it is used. */
export async function connectToServer(url: string, name: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: connectionTimeoutMs,
    query_timeout: responseTimeoutMs,
    keepAlive: true,
  });
  // Without a listener, a connection that breaks would end the process.
  client.on('error', () => {});
  await client.connect();
  return client;
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
