import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { sql } from 'kysely';

import { InputError } from '../domain/errors.ts';
import type { Database } from '../storage/database.ts';
import { renewPeriodically, leaseExpiry } from '../storage/leases.ts';

/** What stands for a key: a shipment, an errand. */
export interface IdempotentRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly idempotency_key: string;
  readonly input_hash: string;
  readonly status: string;
  /** The process that works on it. */
  readonly worker: string | null;
}

/** The name under which something is done once. */
export interface IdempotencyKey {
  readonly tenantId: string;
  /** Keys of different mutations are different keys. */
  readonly mutation: string;
  readonly idempotencyKey: string;
  /** Of all that was asked for: the same key with another is refused. */
  readonly inputHash: string;
}

/** The table that keeps one kind of them. */
export interface TableAdapter<Row extends IdempotentRow> {
  readonly table: 'shipments' | 'errands';
  /** Statuses of what is being done, or not known to be done. */
  readonly open: readonly string[];
  /** What the row's key is a key of. */
  mutationOf(row: Row): string;
  find(key: IdempotencyKey): Promise<Row | undefined>;
  byId(id: string): Promise<Row>;
  /** Asks what became of a row that this process holds, and writes it down. */
  reconcile(row: Row): Promise<void>;
}

const waitForOthersMs = 100;
/** So many rows are settled side by side, so that a provider that hangs keeps no other waiting. */
const settleAtOnce = 8;
/** What stays uncertain is asked about again after a minute, then two, four, at last six hours; at once for its key. */
const retrySeconds = { first: 60, last: 6 * 60 * 60 };

/**
 * What was sent so recently may still be under way, at its provider or in a process that stalled before it went out. By
 * the database's clock, since those of replicas differ.
 */
export const maybeInFlight = sql<boolean>`sent_at > now() - interval '2 minutes'`;

/** Set on a row that this process takes to work on. */
export interface Lease {
  readonly worker: string;
  readonly leased_until: typeof leaseExpiry;
}
/** Set on a row that nobody works on any more. */
export const released = { worker: null, leased_until: null } as const;
export const retryLater = {
  tries: sql<number>`tries + 1`,
  retry_at: sql<Date>`now() + least(${retrySeconds.last}, ${retrySeconds.first} * power(2, least(tries, 20)))
    * interval '1 second'`,
};
export const retryNever = { tries: 0, retry_at: null } as const;

/** Does a thing once a key: through concurrent calls, crashes, and on many replicas. */
export function createIdempotency<Row extends IdempotentRow>(db: Database, book: TableAdapter<Row>) {
  const table = sql.table(book.table);
  const worker = randomUUID();
  const lease: Lease = { worker, leased_until: leaseExpiry };
  const isFree = sql`(worker is null or worker = ${worker} or leased_until < now())`;
  const isOpen = sql`status = any(${sql.val(book.open)})`;
  const running = new Map<string, Promise<unknown>>();
  let closing = false;
  let stopRenewing: (() => void) | undefined;

  /** Others who take over only ask, and what we record still counts. */
  const renew = () =>
    sql`update ${table} set leased_until = ${leaseExpiry} where worker = ${worker} and ${isOpen}`.execute(db);

  /** One at a time of a name in this process; between processes the lease decides. */
  const alone = async <T>(name: string, work: (waited: boolean) => Promise<T>): Promise<T> => {
    let waited = false;
    for (let other = running.get(name); other !== undefined; other = running.get(name)) {
      waited = true;
      await other.catch(() => {});
    }
    stopRenewing ??= renewPeriodically(renew);
    const mine = work(waited).finally(() => {
      running.delete(name);
      if (running.size > 0) return;
      stopRenewing?.();
      stopRenewing = undefined;
    });
    running.set(name, mine);
    return mine;
  };

  const take = async (id: string): Promise<boolean> => {
    const { rows } = await sql`update ${table} set worker = ${worker}, leased_until = ${leaseExpiry}
      where id = ${id} and ${isOpen} and ${isFree} returning id`.execute(db);
    return rows.length > 0;
  };

  const letGo = (id: string) =>
    sql`update ${table} set worker = null, leased_until = null, tries = ${retryLater.tries}, retry_at = ${retryLater.retry_at}
      where id = ${id} and worker = ${worker} and ${isOpen}`.execute(db);

  /** What fails on our side must not keep others waiting until this process ends. */
  const orLetGo = async <T>(id: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      await letGo(id).catch(() => {});
      throw error;
    }
  };

  /** Waits for whoever works on it, takes it over when they are gone, and asks what became of it. */
  const settled = async (row: Row, waited: boolean): Promise<Row> => {
    let now = row;
    for (let hasWaited = waited; book.open.includes(now.status); hasWaited = true) {
      // Whoever was waited for has asked just now, and heard nothing.
      if (hasWaited && now.status === 'UNCERTAIN' && now.worker === null) return now;
      if (await take(now.id)) {
        // Read anew: meanwhile it may have failed and been tried again.
        await orLetGo(now.id, async () => book.reconcile(await book.byId(now.id)));
        return book.byId(now.id);
      }
      await sleep(waitForOthersMs);
      now = await book.byId(row.id);
    }
    return now;
  };

  const nameOf = ({ tenantId, mutation, idempotencyKey }: Omit<IdempotencyKey, 'inputHash'>) =>
    JSON.stringify([tenantId, mutation, idempotencyKey]);
  const nameOfRow = (row: Row) =>
    nameOf({
      tenantId: row.tenant_id,
      mutation: book.mutationOf(row),
      idempotencyKey: row.idempotency_key,
    });

  const known = async (key: IdempotencyKey, waited: boolean): Promise<Row | undefined> => {
    const row = await book.find(key);
    const now = row && (await settled(row, waited));
    if (now === undefined || now.status === 'FAILED') return undefined;
    if (now.input_hash !== key.inputHash) throw keyReused();
    return now;
  };

  return {
    lease,
    alone,
    /** What the key stands for, settled; undefined where it is new, or failed and may be tried again. */
    find: (key: IdempotencyKey) => alone(nameOf(key), (waited) => known(key, waited)),
    /**
     * Does it, unless the key has done it. `claim` writes the intent with `hold`, and answers with the row's id or
     * undefined where another was first; `perform` does the rest, writes down what became of it, and lets it go, or is
     * false where another process has taken it over.
     */
    run: (
      key: IdempotencyKey,
      claim: () => Promise<string | undefined>,
      perform: (id: string) => Promise<boolean>,
    ) =>
      alone(nameOf(key), async (waited) => {
        for (;;) {
          const id = await claim();
          if (id !== undefined && (await orLetGo(id, () => perform(id)))) return book.byId(id);
          const row = await known(key, waited);
          if (row !== undefined) return row;
        }
      }),
    /** Asks what became of one now, where it is not settled. */
    async reconcile(id: string): Promise<void> {
      const row = await book.byId(id);
      await alone(nameOfRow(row), () => settled(row, false));
    },
    /** Does something else with one that is not settled, and lets it go; undefined where somebody works on it. */
    withLease: <T>(row: Row, work: () => Promise<T>): Promise<T | undefined> =>
      alone(nameOfRow(row), async () => {
        if (!(await take(row.id))) return undefined;
        const done = await orLetGo(row.id, work);
        await letGo(row.id);
        return done;
      }),
    /** Settles what nobody works on: all of it, or what is due; returns how many are uncertain. */
    async reconcileDue(all: boolean): Promise<number> {
      const due = all ? sql`true` : sql`(retry_at is null or retry_at < now())`;
      const { rows } = await sql<{ id: string }>`select id from ${table}
        where ${isOpen} and ${isFree} and ${due} order by created_at limit 100`.execute(db);
      const waiting = rows.values();
      const work = async () => {
        for (const { id } of waiting) {
          const row = await book.byId(id);
          const name = nameOfRow(row);
          // What this process works on is in good hands.
          if (closing || running.has(name)) continue;
          await alone(name, (waited) => settled(row, waited)).catch(() => {});
        }
      };
      await Promise.all(Array.from({ length: settleAtOnce }, work));
      const left = await sql<{ uncertain: number }>`select count(*)::integer as uncertain from ${table}
        where status = 'UNCERTAIN'`.execute(db);
      return left.rows[0]!.uncertain;
    },
    /** Resolves when nothing of this process is under way; nothing more is settled from here on. */
    async drain() {
      closing = true;
      while (running.size > 0) await Promise.allSettled(running.values());
    },
  };
}

const keyReused = () =>
  new InputError([
    {
      code: 'IDEMPOTENCY_KEY_REUSED',
      field: ['input', 'idempotencyKey'],
      message: 'this key stands for something else; use a new key for each thing',
    },
  ]);
