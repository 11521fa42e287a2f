import type { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect, type DatabaseConnection, type Dialect } from 'kysely';
import type pg from 'pg';

import type { ProviderAdapter } from '../../../src/carriers/adapter.ts';
import type { Clock } from '../../../src/domain/clock.ts';
import { createRecords } from '../../../src/storage/storage.ts';
import { webhookSender } from '../../support/webhook-sender.ts';
import type { Tables } from '../../../src/storage/tables.ts';
import { createWorkflows } from '../../../src/workflows/workflows.ts';

/** The database that all replicas share. */
export type Shared = { readonly pglite: PGlite } | { readonly pool: pg.Pool };

/** How long a process runs, and whether it stalls. */
interface Life {
  /** Database steps until it dies. Each statement outside a transaction, each begin and each commit counts twice: before and after. */
  left: number;
  stalled?: { readonly over: Promise<void>; end(): void };
}

const forever = new Promise<never>(() => {});

/** The workflows of one server process, which can be made to stall and to die at any statement. */
export function openReplica(shared: Shared, adapter: ProviderAdapter, clock: Clock) {
  const life: Life = { left: Infinity };
  const dialect = 'pglite' in shared ? new PGliteDialect(shared) : new PostgresDialect(shared);
  const db = new Kysely<Tables>({ dialect: mortal(dialect, life) });
  const pausable = <T extends object>(api: T): T =>
    new Proxy(api, {
      get(target, name) {
        const method = Reflect.get(target, name) as unknown;
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          await pause(life);
          const result = await (method as (...args: unknown[]) => Promise<unknown>)(...args).then(
            (value) => ({ value }),
            (error: unknown) => ({ error }),
          );
          await pause(life);
          if ('error' in result) throw result.error;
          return result.value;
        };
      },
    });
  const { labels, pickups, mail } = adapter;
  const wrapped: ProviderAdapter = {
    labels: pausable(labels!),
    pickups: pausable(pickups!),
    mail: pausable(mail!),
  };
  return {
    ...createWorkflows(createRecords(db), () => wrapped, clock, webhookSender),
    /** Kills the process after so many more steps. */
    dieIn: (steps: number) => void (life.left = Math.min(life.left, steps)),
    isDead: () => life.left <= 0,
    stall() {
      if (life.stalled) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      life.stalled = { over: promise, end: resolve };
    },
    wake() {
      life.stalled?.end();
      life.stalled = undefined;
    },
  };
}

export type Replica = ReturnType<typeof openReplica>;

async function pause(life: Life): Promise<void> {
  if (life.left <= 0) return forever;
  await life.stalled?.over;
}

/** Wraps a driver whose process can die: its open transaction is rolled back, and its promises never settle. */
function mortal(dialect: Dialect, life: Life): Dialect {
  const createDriver = () => {
    const driver = dialect.createDriver();
    const known = new WeakSet<DatabaseConnection>();
    const inTransaction = new WeakSet<DatabaseConnection>();
    /** Connections on which the driver itself runs begin, commit or rollback. */
    const byDriver = new WeakSet<DatabaseConnection>();
    const acquire = driver.acquireConnection.bind(driver);
    const release = driver.releaseConnection.bind(driver);
    const control = async (connection: DatabaseConnection, work: () => Promise<void>) => {
      byDriver.add(connection);
      await work().finally(() => byDriver.delete(connection));
    };
    const begin = driver.beginTransaction.bind(driver);
    const commit = driver.commitTransaction.bind(driver);
    const rollback = driver.rollbackTransaction.bind(driver);
    const step = async (connection: DatabaseConnection) => {
      if (!inTransaction.has(connection)) await life.stalled?.over;
      life.left -= 1;
      if (life.left > 0) return;
      if (inTransaction.delete(connection)) await control(connection, () => rollback(connection));
      await release(connection);
      await forever;
    };
    const wrap = (connection: DatabaseConnection) => {
      known.add(connection);
      const execute = connection.executeQuery.bind(connection);
      connection.executeQuery = async <R>(...query: Parameters<typeof execute>) => {
        if (byDriver.has(connection)) return execute<R>(...query);
        await step(connection);
        const result = await execute<R>(...query);
        if (!inTransaction.has(connection)) await step(connection);
        return result;
      };
    };
    return Object.assign(driver, {
      async acquireConnection(...args: Parameters<typeof acquire>) {
        const connection = await acquire(...args);
        if (!known.has(connection)) wrap(connection);
        return connection;
      },
      async beginTransaction(...[connection, settings]: Parameters<typeof begin>) {
        await step(connection);
        await control(connection, () => begin(connection, settings));
        inTransaction.add(connection);
      },
      async commitTransaction(connection: DatabaseConnection) {
        await step(connection);
        await control(connection, () => commit(connection));
        inTransaction.delete(connection);
        await step(connection);
      },
      async rollbackTransaction(connection: DatabaseConnection) {
        inTransaction.delete(connection);
        await control(connection, () => rollback(connection));
      },
    });
  };
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver,
  };
}
