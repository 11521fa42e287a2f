import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import type { IdempotentKind } from '../../domain/operation.ts';
import type { Database } from '../database.ts';
import { leaseExpiry, type Lease } from '../leases.ts';

/** A row that an idempotency key names: a shipment or an operation. */
export interface IdempotentRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly idempotency_key: string;
  readonly input_hash: string;
  readonly status: string;
  /** The process that works on it. */
  readonly worker: string | null;
}

export interface IdempotencyKey {
  readonly tenantId: string;
  /** Keys of different kinds are different keys. */
  readonly kind: IdempotentKind;
  readonly idempotencyKey: string;
  /** Hash of the whole input: the same key with another input is refused. */
  readonly inputHash: string;
  /** Hashes of the same input by earlier versions, which hashed a default that was given. */
  readonly equalHashes?: readonly string[];
  /** A short hash of each field, as `name=hash`, to name what differs where the key comes with another input. */
  readonly fieldHashes?: readonly string[];
}

/** The text of the column `input_hash`. Rows of earlier versions have the hash of the whole input alone. */
export const toStoredHash = ({ inputHash, fieldHashes = [] }: IdempotencyKey): string =>
  [inputHash, ...fieldHashes].join(' ');

/** Compares a stored input with that of a key. `differing` names the fields that differ, where they are known. */
export function compareInputs(
  stored: string,
  { inputHash, equalHashes = [], fieldHashes = [] }: IdempotencyKey,
): { readonly isSame: boolean; readonly differing: readonly string[] } {
  const [storedHash, ...storedFields] = stored.split(' ');
  const isSame = [inputHash, ...equalHashes].includes(storedHash!);
  if (isSame || storedFields.length === 0) return { isSame, differing: [] };
  const unequal = [
    ...storedFields.filter((field) => !fieldHashes.includes(field)),
    ...fieldHashes.filter((field) => !storedFields.includes(field)),
  ];
  return { isSame, differing: [...new Set(unequal.map((field) => field.split('=')[0]!))].sort() };
}

/** Statements about rows of one table that are open: in progress, or of unknown outcome. */
export interface IdempotentRows<Row extends IdempotentRow> {
  /** Written to rows that this process takes. */
  readonly lease: Lease;
  isOpen(row: Pick<Row, 'status'>): boolean;
  byId(id: string): Promise<Row>;
  /** Leases an open row that no other process works on; returns undefined where there is none. */
  take(id: string): Promise<Row | undefined>;
  /** Ends this process's lease, and schedules the row's next reconciliation. */
  release(id: string): Promise<void>;
  /** Renews every lease of this process. */
  renew(): Promise<void>;
  /** Returns the ids of at most 100 open rows that no other process works on, oldest first: all, or those due for a retry. */
  due(all: boolean): Promise<readonly string[]>;
  countUncertain(): Promise<number>;
}

/** The delay doubles from one minute to six hours. */
const retrySeconds = { first: 60, last: 6 * 60 * 60 };

export const retryLater = {
  attempts: sql<number>`attempts + 1`,
  retry_at: sql<Date>`now() + least(${retrySeconds.last}, ${retrySeconds.first} * power(2, least(attempts, 20)))
    * interval '1 second'`,
};
export const retryNever = { attempts: 0, retry_at: null } as const;

/**
 * A request sent so recently may still be in progress, at its provider or in a process that stalled before sending. Uses
 * the database's clock, since clocks of replicas differ.
 */
export const maybeInFlight = sql<boolean>`sent_at > now() - interval '2 minutes'`;

export function createIdempotentRows<Row extends IdempotentRow>(
  db: Database,
  name: 'shipments' | 'operations',
  openStatuses: readonly string[],
): IdempotentRows<Row> {
  const table = sql.table(name);
  const worker = randomUUID();
  const isOpen = sql`status = any(${sql.val(openStatuses)})`;
  const isFree = sql`(worker is null or worker = ${worker} or leased_until < now())`;
  return {
    lease: { worker, leased_until: leaseExpiry },
    isOpen: ({ status }) => openStatuses.includes(status),
    async byId(id) {
      const { rows } = await sql<Row>`select * from ${table} where id = ${id}`.execute(db);
      if (rows[0] === undefined) throw new TypeError(`${name} has no row ${id}`);
      return rows[0];
    },
    async take(id) {
      const { rows } = await sql<Row>`update ${table} set worker = ${worker}, leased_until = ${leaseExpiry}
        where id = ${id} and ${isOpen} and ${isFree} returning *`.execute(db);
      return rows[0];
    },
    async release(id) {
      await sql`update ${table} set worker = null, leased_until = null, attempts = ${retryLater.attempts},
        retry_at = ${retryLater.retry_at} where id = ${id} and worker = ${worker} and ${isOpen}`.execute(db);
    },
    async renew() {
      await sql`update ${table} set leased_until = ${leaseExpiry} where worker = ${worker} and ${isOpen}`.execute(db); // prettier-ignore
    },
    async due(all) {
      const isDue = all ? sql`true` : sql`(retry_at is null or retry_at < now())`;
      const { rows } = await sql<{ id: string }>`select id from ${table}
        where ${isOpen} and ${isFree} and ${isDue} order by created_at limit 100`.execute(db);
      return rows.map(({ id }) => id);
    },
    async countUncertain() {
      const { rows } = await sql<{ uncertain: number }>`select count(*)::integer as uncertain from ${table}
        where status = 'UNCERTAIN'`.execute(db);
      return rows[0]!.uncertain;
    },
  };
}
