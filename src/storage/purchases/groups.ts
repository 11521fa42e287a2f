import { sql } from 'kysely';

import type { StoredFailure } from '../../domain/failures.ts';
import type { PreparedRequest } from '../../domain/prepared-request.ts';
import type { Database } from '../database.ts';
import { appendHistory } from '../history.ts';
import { maybeInFlight } from '../records/idempotent-rows.ts';
import type { Lease } from '../leases.ts';
import type { ParcelRow, ShipmentRow } from '../tables.ts';
import { lockLeased } from './locks.ts';

/** Parcels that one request purchases. */
export interface PurchaseGroup {
  readonly attemptId: string;
  readonly parcels: readonly ParcelRow[];
}

/** UNKNOWN where the response was lost, or another process has taken the purchase over. */
export type GroupOutcome = 'PURCHASED' | 'REFUSED' | 'UNKNOWN';

/** Groups parcels by the request that purchases them, ordered by the first parcel of each group. */
export function groupParcels(parcels: readonly ParcelRow[]): PurchaseGroup[] {
  const prepared = parcels.filter(({ attempt_id }) => attempt_id !== null);
  return [...Map.groupBy(prepared, ({ attempt_id }) => attempt_id!)].map(([attemptId, parcels]) => ({
    attemptId,
    parcels,
  }));
}

/** Stores the request of each parcel, in order, and returns the parcels; undefined where the lease is lost. */
export const savePrepared = (
  db: Database,
  lease: Lease,
  shipmentId: string,
  prepared: readonly PreparedRequest[],
): Promise<readonly ParcelRow[] | undefined> =>
  db.transaction().execute(async (transaction) => {
    if (!(await lockLeased(transaction, lease, shipmentId))) return undefined;
    const parcels: ParcelRow[] = [];
    for (const [position, { attemptId, request }] of prepared.entries()) {
      const parcel = await transaction
        .updateTable('parcels')
        .set({ attempt_id: attemptId, request: JSON.stringify(request) })
        .where('shipment_id', '=', shipmentId)
        .where('position', '=', position)
        .returningAll()
        .executeTakeFirstOrThrow();
      parcels.push(parcel);
    }
    return parcels;
  });

/** Marks a group as SENT, before its request is sent; returns false where the lease is lost. */
export const markSent = (
  db: Database,
  lease: Lease,
  row: ShipmentRow,
  { attemptId }: PurchaseGroup,
): Promise<boolean> =>
  db.transaction().execute(async (transaction) => {
    if (!(await lockLeased(transaction, lease, row.id))) return false;
    const { rows } = await sql`update parcels set state = 'SENT', sent_at = now()
      where shipment_id = ${row.id} and attempt_id = ${attemptId} and state in ('PENDING', 'SENT')
      returning position`.execute(transaction);
    if (rows.length > 0) await appendHistory(transaction, row, 'SENT', attemptId);
    return rows.length > 0;
  });

/** Marks a group as REFUSED and the shipment as compensating: from here on its other labels are voided. */
export const refuseGroup = (
  db: Database,
  lease: Lease,
  row: ShipmentRow,
  { attemptId }: PurchaseGroup,
  failure: StoredFailure,
): Promise<GroupOutcome> =>
  db.transaction().execute(async (transaction): Promise<GroupOutcome> => {
    // A process that has taken it over asks the provider again, and may know better.
    if (!(await lockLeased(transaction, lease, row.id))) return 'UNKNOWN';
    await transaction
      .updateTable('parcels')
      .set({ state: 'REFUSED' })
      .where('shipment_id', '=', row.id)
      .where('attempt_id', '=', attemptId)
      .where('state', '=', 'SENT')
      .execute();
    await transaction
      .updateTable('shipments')
      .set({ compensating: true, failure: JSON.stringify(failure) })
      .where('id', '=', row.id)
      .execute();
    await appendHistory(transaction, row, 'REFUSED', failure.code);
    return 'REFUSED';
  });

/** Returns whether the group's request may still be in progress. */
export async function isInFlight(
  db: Database,
  shipmentId: string,
  { attemptId }: PurchaseGroup,
): Promise<boolean> {
  const { rows } = await sql`select 1 from parcels where shipment_id = ${shipmentId}
    and attempt_id = ${attemptId} and ${maybeInFlight}`.execute(db);
  return rows.length > 0;
}
