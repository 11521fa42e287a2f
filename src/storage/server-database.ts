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
    }),
  });
  // A broken connection fails its current or next statement; without listeners it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => void client.on('error', () => {}));
  return new PostgresDialect({ pool: failFast(pool, noTimeouts ? undefined : responseTimeoutMs) });
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
 * Adds to `pg` what its options lack: after a statement without a response for `timeoutMs`, the connection is discarded instead
 * of reused, and after it or a connection time-out no further statement waits for the server until `unreachablePauseMs` have
 * passed.
 */
function failFast(pool: pg.Pool, timeoutMs: number | undefined) {
  let unreachableUntil = 0;
  const markUnreachable = () => void (unreachableUntil = Date.now() + unreachablePauseMs);
  /** One for each connection: Kysely keeps what it knows of a connection by its client. */
  const clients = new WeakMap<pg.PoolClient, pg.PoolClient>();
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      if (Date.now() < unreachableUntil) throw noResponse();
      const client = await pool.connect().catch((error: Error) => {
        // The error of a pool whose connections are all in use has another message.
        if (/connection timeout/.test(error.message)) markUnreachable();
        throw error;
      });
      const known = clients.get(client) ?? withTimeout(client, timeoutMs, markUnreachable);
      clients.set(client, known);
      return known;
    },
  };
}

const noResponse = () => Object.assign(new Error('the database does not respond'), { code: 'ETIMEDOUT' });

/**
 * Wraps a client so that a statement without a response for `timeoutMs` fails, and its connection is discarded. The promises and
 * the `query_timeout` of `pg` assign a function to each statement, which V8 then keeps with the result until it collects the
 * old generation.
 */
function withTimeout(
  client: pg.PoolClient,
  timeoutMs: number | undefined,
  onTimeout: () => void,
): pg.PoolClient {
  let timedOut: Error | undefined;
  async function query(sql: string, parameters: readonly unknown[]): Promise<unknown> {
    if (timedOut) throw timedOut;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const settle = (error: Error | undefined, result: unknown) => (error ? reject(error) : resolve(result));
    const fail = () => {
      timedOut = noResponse();
      onTimeout();
      reject(timedOut);
    };
    const timer = timeoutMs === undefined ? undefined : setTimeout(fail, timeoutMs);
    try {
      client.query(new pg.Query(sql, [...parameters], settle));
      return await promise;
    } catch (error) {
      // Names who sent the statement, in place of the socket that its error came from.
      Error.captureStackTrace(error as Error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
  const release = (destroy?: boolean) => client.release(timedOut ?? destroy);
  return { query, release } as unknown as pg.PoolClient;
}
