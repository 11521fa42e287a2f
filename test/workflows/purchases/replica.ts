import type { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect, type DatabaseConnection, type Dialect } from 'kysely';
import type pg from 'pg';

import type { ProviderAdapter } from '../../../src/carriers/adapter.ts';
import type { Clock } from '../../../src/domain/clock.ts';
import { createOperations } from '../../../src/workflows/operations.ts';
import { createPurchases } from '../../../src/workflows/purchases.ts';
import { createRefunds } from '../../../src/workflows/refunds.ts';
import type { Tables } from '../../../src/storage/tables.ts';

/** The database that all replicas share. */
export type Shared = { readonly pglite: PGlite } | { readonly pool: pg.Pool };

/** How long a process lives, and whether it stalls. */
interface Life {
  /** Steps of persistence that are left to it: each statement outside a transaction, begin and commit has two ends. */
  left: number;
  stalled?: { readonly over: Promise<void>; end(): void };
}

const forever = new Promise<never>(() => {});

/** One server process as far as the ledger goes, which can be made to stall and to die at any statement. */
export function openReplica(shared: Shared, carrier: ProviderAdapter, clock: Clock) {
  const life: Life = { left: Infinity };
  const dialect = 'pglite' in shared ? new PGliteDialect(shared) : new PostgresDialect(shared);
  const db = new Kysely<Tables>({ dialect: mortal(dialect, life) });
  const wakeful = <T extends object>(desk: T): T =>
    new Proxy(desk, {
      get(target, name) {
        const method = Reflect.get(target, name) as unknown;
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          await pause(life);
          const answer = await (method as (...args: unknown[]) => Promise<unknown>)(...args).then(
            (value) => ({ value }),
            (error: unknown) => ({ error }),
          );
          await pause(life);
          if ('error' in answer) throw answer.error;
          return answer.value;
        };
      },
    });
  const { labels, pickups, mail } = carrier;
  const seen: ProviderAdapter = {
    labels: wakeful(labels!),
    pickups: wakeful(pickups!),
    mail: wakeful(mail!),
  };
  const carrierOf = () => seen;
  return {
    purchases: createPurchases(db, carrierOf, clock),
    errands: createOperations(db, carrierOf),
    refunds: createRefunds(db, carrierOf, clock),
    /** Dies after so many steps more. */
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

/** A driver whose process dies: what it had open is rolled back, and nobody hears of it again. */
function mortal(dialect: Dialect, life: Life): Dialect {
  const createDriver = () => {
    const driver = dialect.createDriver();
    const known = new WeakSet<DatabaseConnection>();
    const inTransaction = new WeakSet<DatabaseConnection>();
    /** Where the driver itself speaks: begin, commit, rollback. */
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
        const answer = await execute<R>(...query);
        if (!inTransaction.has(connection)) await step(connection);
        return answer;
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
