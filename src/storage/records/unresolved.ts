import { sql } from 'kysely';

import type { StoredFailure } from '../../domain/failures.ts';
import type { Money } from '../../domain/money.ts';
import type { IdempotentKind } from '../../domain/operation.ts';
import type { ShipmentStatus } from '../../domain/shipment.ts';
import type { Database } from '../database.ts';
import { appendHistory, type Actor } from '../history.ts';
import { released } from '../leases.ts';
import type { OperationRow, ParcelRow, ParcelState, ShipmentRow, Transaction } from '../tables.ts';
import { enqueueShipmentEvent } from '../webhooks/shipment-events.ts';

export interface UncertainShipment extends ShipmentRow {
  readonly parcelCount: number;
  /** Of parcels whose labels are purchased; the provider's reference of a label without one. */
  readonly trackingNumbers: readonly string[];
  readonly attemptIds: readonly string[];
}

/** A row read under a lock, which keeps every process from taking it until the transaction ends. */
export interface LockedRow<Row> {
  readonly row: Row;
  /** True where a process works on it. */
  readonly isLeased: boolean;
}

/** How a shipment ends by hand. */
export interface ShipmentResolution {
  readonly status: ShipmentStatus;
  readonly failure: StoredFailure | null;
  /** Of the history. */
  readonly detail: string;
  readonly parcels?: { readonly from: readonly ParcelState[]; readonly to: ParcelState };
  /** The purchased label of the only parcel. */
  readonly label?: {
    /** Undefined where the label has none. */
    readonly trackingNumber?: string;
    readonly price: Money;
    readonly source: string | null;
  };
}

/** How an operation ends by hand. */
export interface OperationResolution {
  readonly status: 'DONE' | 'FAILED';
  readonly result?: object;
  readonly failure: StoredFailure | null;
  readonly detail: string;
}

export interface LockedShipment extends LockedRow<ShipmentRow> {
  readonly parcels: readonly ParcelRow[];
  /** Returns the id of another shipment with this tracking number. */
  otherOwner(trackingNumber: string): Promise<string | undefined>;
}

/** Returns how to resolve a row, or a sentence that says why it can't be resolved. */
type Decide<Locked, Decision> = (locked: Locked | undefined) => Promise<Decision | string>;

/** Purchases and operations of unknown outcome. */
export interface UnresolvedRecords {
  shipments(): Promise<readonly UncertainShipment[]>;
  operations(): Promise<readonly OperationRow[]>;
  count(): Promise<Readonly<Record<IdempotentKind, number>>>;
  /** Ends a shipment as `decide` says, which is given the locked row, or undefined where there is none. */
  resolveShipment(
    id: string,
    decide: Decide<LockedShipment, ShipmentResolution>,
    by: Actor,
  ): Promise<ShipmentResolution | string>;
  /** As `resolveShipment`. */
  resolveOperation(
    id: string,
    decide: Decide<LockedRow<OperationRow>, OperationResolution>,
    by: Actor,
  ): Promise<OperationResolution | string>;
}

const isLeased = sql<boolean>`worker is not null and leased_until >= now()`.as('is_leased');

export function createUnresolvedRecords(db: Database): UnresolvedRecords {
  return {
    shipments: () => uncertainShipments(db),
    operations: () => db.selectFrom('operations').selectAll().where('status', '=', 'UNCERTAIN').execute(),
    async count() {
      const { rows } = await sql<{ kind: IdempotentKind; count: number }>`
        select 'PURCHASE' as kind, count(*)::integer as count from shipments where status = 'UNCERTAIN'
        union all select kind, count(*)::integer from operations where status = 'UNCERTAIN' group by kind`.execute(
        db,
      );
      const none = { PURCHASE: 0, PICKUP: 0, MANIFEST: 0, MAIL_JOB: 0 };
      return { ...none, ...Object.fromEntries(rows.map(({ kind, count }) => [kind, count])) };
    },
    resolveShipment: (id, decide, by) =>
      db.transaction().execute(async (transaction) => {
        const locked = await lockShipment(transaction, id);
        const decision = await decide(locked);
        if (typeof decision === 'string' || locked === undefined) return decision;
        await saveShipmentResolution(transaction, locked.row, decision, by);
        return decision;
      }),
    resolveOperation: (id, decide, by) =>
      db.transaction().execute(async (transaction) => {
        const locked = await lockOperation(transaction, id);
        const decision = await decide(locked);
        if (typeof decision === 'string' || locked === undefined) return decision;
        await saveOperationResolution(transaction, locked.row, decision, by);
        return decision;
      }),
  };
}

async function uncertainShipments(db: Database): Promise<readonly UncertainShipment[]> {
  const { rows } =
    await sql<UncertainShipment>`select shipments.*, "parcelCount", "trackingNumbers", "attemptIds"
    from shipments, lateral (select count(*)::integer as "parcelCount",
      coalesce(array_agg(coalesce(tracking_number, reference) order by position)
        filter (where coalesce(tracking_number, reference) is not null and state = 'PURCHASED'), '{}') as "trackingNumbers",
      coalesce(array_agg(attempt_id order by position) filter (where attempt_id is not null), '{}') as "attemptIds"
      from parcels where shipment_id = shipments.id) as parcels
    where status = 'UNCERTAIN'`.execute(db);
  return rows;
}

async function lockShipment(transaction: Transaction, id: string): Promise<LockedShipment | undefined> {
  const found = await transaction
    .selectFrom('shipments')
    .selectAll()
    .select(isLeased)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (found === undefined) return undefined;
  const { is_leased, ...row } = found;
  const parcels = await transaction
    .selectFrom('parcels')
    .selectAll()
    .where('shipment_id', '=', id)
    .orderBy('position')
    .execute();
  return {
    row,
    isLeased: is_leased,
    parcels,
    async otherOwner(trackingNumber) {
      const other = await transaction
        .selectFrom('parcels')
        .select('shipment_id')
        .where('tracking_number', '=', trackingNumber)
        .where('shipment_id', '<>', id)
        .executeTakeFirst();
      return other?.shipment_id;
    },
  };
}

async function saveShipmentResolution(
  transaction: Transaction,
  row: ShipmentRow,
  { status, failure, detail, parcels, label }: ShipmentResolution,
  by: Actor,
): Promise<void> {
  if (parcels) {
    await transaction
      .updateTable('parcels')
      .set({ state: parcels.to, refund_due_at: null })
      .where('shipment_id', '=', row.id)
      .where('state', 'in', [...parcels.from])
      .execute();
  }
  if (label) {
    const price = JSON.stringify(label.price);
    await transaction
      .updateTable('parcels')
      .set({
        state: 'PURCHASED',
        tracking_number: label.trackingNumber ?? null,
        price,
        quoted_amount: price,
        charges: JSON.stringify([{ name: 'Postage', amount: label.price }]),
        label_source: label.source,
      })
      .where('shipment_id', '=', row.id)
      .execute();
  }
  await transaction
    .updateTable('shipments')
    .set({
      status,
      failure: failure && JSON.stringify(failure),
      compensating: false,
      retry_at: null,
      ...released,
    })
    .where('id', '=', row.id)
    .execute();
  await appendHistory(transaction, row, 'RESOLVED_BY_HAND', detail, by);
  if (status === 'PURCHASED' || status === 'VOIDED') {
    await enqueueShipmentEvent(transaction, row.id, `SHIPMENT_${status}`);
  }
}

async function lockOperation(
  transaction: Transaction,
  id: string,
): Promise<LockedRow<OperationRow> | undefined> {
  const found = await transaction
    .selectFrom('operations')
    .selectAll()
    .select(isLeased)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (found === undefined) return undefined;
  const { is_leased, ...row } = found;
  return { row, isLeased: is_leased };
}

async function saveOperationResolution(
  transaction: Transaction,
  row: OperationRow,
  { status, result, failure, detail }: OperationResolution,
  by: Actor,
): Promise<void> {
  await transaction
    .updateTable('operations')
    .set({
      status,
      ...(result ? { result: JSON.stringify(result) } : {}),
      failure: failure && JSON.stringify(failure),
      retry_at: null,
      ...released,
    })
    .where('id', '=', row.id)
    .execute();
  await appendHistory(transaction, row, 'RESOLVED_BY_HAND', detail, by);
}
