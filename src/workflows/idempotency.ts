import { setTimeout as sleep } from 'node:timers/promises';

import pMap from 'p-map';

import { InputError } from '../domain/errors.ts';
import type { IdempotentKind } from '../domain/operation.ts';
import {
  compareInputs,
  type IdempotencyKey,
  type IdempotentRow,
  type IdempotentRows,
} from '../storage/records/idempotent-rows.ts';
import { renewPeriodically } from '../storage/leases.ts';

/** One table of rows that idempotency keys name. */
export interface TableAdapter<Row extends IdempotentRow> {
  readonly rows: IdempotentRows<Row>;
  kindOf(row: Row): IdempotentKind;
  find(key: IdempotencyKey): Promise<Row | undefined>;
  /** Asks the provider for the outcome of a row that this process leases, stores it, and releases the row. */
  reconcile(row: Row): Promise<void>;
}

const pollMs = 100;
/** Several rows are reconciled at a time, so that a provider that hangs does not delay the others. */
const concurrency = 8;

/** Performs work once for each key, through concurrent calls, crashes, and on several replicas. */
export function createIdempotency<Row extends IdempotentRow>({
  rows,
  kindOf,
  find,
  reconcile,
}: TableAdapter<Row>) {
  const runExclusive = createExclusiveRunner(() => rows.renew());
  const nameOfRow = (row: Row) =>
    nameOf({ tenantId: row.tenant_id, kind: kindOf(row), idempotencyKey: row.idempotency_key });

  /** Releases a row where the work fails, so that it can be reconciled before this process ends. */
  const releaseOnError = async <T>(id: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      await rows.release(id).catch(() => {});
      throw error;
    }
  };

  /** Waits for the process that works on a row, takes the row over where that lost its lease, and reconciles it. */
  const reconciled = async (row: Row, waited: boolean): Promise<Row> => {
    let current = row;
    for (let hasWaited = waited; rows.isOpen(current); hasWaited = true) {
      // The process waited for has just reconciled it, without an outcome.
      if (hasWaited && current.status === 'UNCERTAIN' && current.worker === null) return current;
      const leased = await rows.take(current.id);
      if (leased !== undefined) {
        await releaseOnError(leased.id, () => reconcile(leased));
        return rows.byId(leased.id);
      }
      await sleep(pollMs);
      current = await rows.byId(row.id);
    }
    return current;
  };

  const findReconciled = async (key: IdempotencyKey, waited: boolean): Promise<Row | undefined> => {
    const found = await find(key);
    const row = found && (await reconciled(found, waited));
    if (row === undefined || row.status === 'FAILED') return undefined;
    requireSameInput(row, key);
    return row;
  };

  return {
    /** Returns the key's row, reconciled; undefined where the key is new, or failed and may be retried. */
    find: (key: IdempotencyKey) => runExclusive(nameOf(key), (waited) => findReconciled(key, waited)),
    /**
     * Performs the work unless the key has performed it, and returns the row's id. `claim` writes the intent and returns its
     * leased row, or undefined where another call was first. `perform` does the work, stores its outcome and releases the
     * row; it returns false where another process has taken the row over.
     */
    run: (
      key: IdempotencyKey,
      claim: () => Promise<Row | undefined>,
      perform: (row: Row) => Promise<boolean>,
    ): Promise<string> =>
      runExclusive(nameOf(key), async (waited) => {
        for (;;) {
          const claimed = await claim();
          if (claimed && (await releaseOnError(claimed.id, () => perform(claimed)))) return claimed.id;
          const row = await findReconciled(key, waited);
          if (row !== undefined) return row.id;
        }
      }),
    /** Reconciles one row now where its outcome is unknown. */
    async reconcile(id: string): Promise<void> {
      const row = await rows.byId(id);
      await runExclusive(nameOfRow(row), () => reconciled(row, false));
    },
    /** Does other work with an open row, and releases it; returns undefined where another process works on it. */
    withLease: <T>(row: Row, work: () => Promise<T>): Promise<T | undefined> =>
      runExclusive(nameOfRow(row), async () => {
        if ((await rows.take(row.id)) === undefined) return undefined;
        const result = await releaseOnError(row.id, work);
        await rows.release(row.id);
        return result;
      }),
    /** Reconciles rows that no process works on: all, or those that are due. Returns how many are UNCERTAIN. */
    async reconcileDue(all: boolean): Promise<number> {
      const reconcileRow = async (id: string) => {
        const row = await rows.byId(id);
        const name = nameOfRow(row);
        if (runExclusive.isClosed() || runExclusive.isRunning(name)) return;
        await runExclusive(name, (waited) => reconciled(row, waited)).catch(() => {});
      };
      await pMap(await rows.due(all), reconcileRow, { concurrency });
      return rows.countUncertain();
    },
    /** Resolves when nothing of this process is in progress; nothing is reconciled from then on. */
    drain: () => runExclusive.close(),
  };
}

const nameOf = ({ tenantId, kind, idempotencyKey }: Omit<IdempotencyKey, 'inputHash'>) =>
  JSON.stringify([tenantId, kind, idempotencyKey]);

/**
 * Runs work of one name one after the other in this process, and renews this process's leases meanwhile. Between processes
 * the lease decides.
 */
function createExclusiveRunner(renew: () => Promise<void>) {
  const running = new Map<string, Promise<unknown>>();
  let isClosed = false;
  let stopRenewing: (() => void) | undefined;

  const runExclusive = async <T>(name: string, work: (waited: boolean) => Promise<T>): Promise<T> => {
    let waited = false;
    for (let other = running.get(name); other !== undefined; other = running.get(name)) {
      waited = true;
      await other.catch(() => {});
    }
    stopRenewing ??= renewPeriodically(renew);
    const result = work(waited).finally(() => {
      running.delete(name);
      if (running.size > 0) return;
      stopRenewing?.();
      stopRenewing = undefined;
    });
    running.set(name, result);
    return result;
  };

  return Object.assign(runExclusive, {
    isRunning: (name: string) => running.has(name),
    isClosed: () => isClosed,
    async close() {
      isClosed = true;
      while (running.size > 0) await Promise.allSettled(running.values());
    },
  });
}

/** Throws an `InputError` IDEMPOTENCY_KEY_REUSED where a row was requested with another input. */
export function requireSameInput(row: Pick<IdempotentRow, 'id' | 'input_hash'>, key: IdempotencyKey): void {
  const { isSame, differing } = compareInputs(row.input_hash, key);
  if (!isSame) throw keyReused(row.id, differing);
}

const keyReused = (id: string, differing: readonly string[]) =>
  new InputError([
    {
      code: 'IDEMPOTENCY_KEY_REUSED',
      field: ['input', 'idempotencyKey'],
      message: `stands for ${id}, which was requested with another ${differing.join(', ') || 'input'}: repeat that input, or use a new key for something else`,
    },
  ]);
