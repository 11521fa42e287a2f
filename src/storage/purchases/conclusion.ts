import { sql } from 'kysely';

import { cancelledByHand, neverSent, type StoredFailure } from '../../domain/failures.ts';
import type { Database } from '../database.ts';
import { appendHistory, type Actor } from '../history.ts';
import { retryLater, retryNever } from '../records/idempotent-rows.ts';
import { released, type Lease } from '../leases.ts';
import type { ParcelRow, ShipmentRow } from '../tables.ts';
import type { PurchaseGroup } from './groups.ts';
import { holdsLease, lockLeased, lockShipment, openStatuses } from './locks.ts';
import { completeIfPurchased } from './purchased-labels.ts';

/** A purchase of which no request is in progress. */
export interface Conclusion {
  readonly row: ShipmentRow;
  readonly isLeased: boolean;
  readonly parcels: readonly ParcelRow[];
}

/** Completes a purchase where all its labels are purchased, and reads it. */
export const concludePurchase = (db: Database, lease: Lease, id: string): Promise<Conclusion> =>
  db.transaction().execute(async (transaction) => {
    const current = await lockShipment(transaction, id);
    const parcels = await transaction
      .selectFrom('parcels')
      .selectAll()
      .where('shipment_id', '=', id)
      .orderBy('position')
      .execute();
    const row = await completeIfPurchased(transaction, current, parcels);
    return { row, isLeased: holdsLease(row, lease), parcels };
  });

/**
 * Marks an UNCERTAIN purchase as compensating before its attempts are cancelled, so that a label that arrives later is
 * voided. Returns false where the lease is lost.
 */
export const startCancelling = (
  db: Database,
  lease: Lease,
  row: ShipmentRow,
  groups: readonly PurchaseGroup[],
  by: Actor,
): Promise<boolean> =>
  db.transaction().execute(async (transaction) => {
    const current = await lockLeased(transaction, lease, row.id);
    if (current === undefined) return false;
    const failure = current.compensating ? current.failure : cancelledByHand;
    await transaction
      .updateTable('shipments')
      .set({ compensating: true, failure: JSON.stringify(failure) })
      .where('id', '=', row.id)
      .execute();
    for (const { attemptId } of groups) await appendHistory(transaction, row, 'VOID_ASKED', attemptId, by);
    return true;
  });

/** Stores why an outcome is unknown, unless the purchase is compensating for another reason. */
export async function saveFailure(
  db: Database,
  lease: Lease,
  { id }: ShipmentRow,
  failure: StoredFailure,
): Promise<void> {
  await db
    .updateTable('shipments')
    .set({ failure: JSON.stringify(failure) })
    .where('id', '=', id)
    .where('worker', '=', lease.worker)
    .where('status', 'in', openStatuses)
    .where('compensating', '=', false)
    .execute();
}

/**
 * Releases a purchase that did not complete: UNCERTAIN where a parcel's label is or may be purchased, else FAILED.
 * `failure` defaults to the one that is stored. Returns false where the lease is lost.
 */
export const closePurchase = (
  db: Database,
  lease: Lease,
  row: ShipmentRow,
  failure?: StoredFailure,
): Promise<boolean> =>
  db.transaction().execute(async (transaction) => {
    const current = await lockLeased(transaction, lease, row.id);
    if (current === undefined) return false;
    const { rows } = await sql`select 1 from parcels where shipment_id = ${row.id}
      and state in ('SENT', 'PURCHASED')`.execute(transaction);
    const reason = failure ?? current.failure ?? neverSent;
    const status = rows.length > 0 ? 'UNCERTAIN' : 'FAILED';
    await transaction
      .updateTable('shipments')
      .set({
        status,
        failure: JSON.stringify(reason),
        ...(status === 'UNCERTAIN' ? retryLater : retryNever),
        ...released,
      })
      .where('id', '=', row.id)
      .execute();
    await appendHistory(transaction, row, status, reason.code);
    return true;
  });
