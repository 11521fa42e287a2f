import type { StoredFailure } from '../../domain/failures.ts';
import type { PreparedRequest } from '../../domain/prepared-request.ts';
import type { PurchasedLabel } from '../../domain/shipment.ts';
import type { Database } from '../database.ts';
import type { Actor } from '../history.ts';
import {
  createIdempotentRows,
  type IdempotencyKey,
  type IdempotentRows,
} from '../records/idempotent-rows.ts';
import type { ParcelRow, ShipmentRow } from '../tables.ts';
import { claimPurchase, type PurchaseIntent } from './claim.ts';
import { closePurchase, concludePurchase, saveFailure, startCancelling, type Conclusion } from './conclusion.ts'; // prettier-ignore
import {
  isInFlight,
  markSent,
  refuseGroup,
  savePrepared,
  type GroupOutcome,
  type PurchaseGroup,
} from './groups.ts';
import { isClaimedByOpenPurchase } from './late-arrivals.ts';
import { openStatuses } from './locks.ts';
import { saveLabels } from './purchased-labels.ts';

/**
 * The rows of purchases. Each step is one transaction. A step changes nothing where another process has taken the row
 * over, and says so by false or undefined where that matters; only purchased labels are stored all the same.
 */
export interface PurchaseRecords {
  readonly rows: IdempotentRows<ShipmentRow>;
  find(key: IdempotencyKey): Promise<ShipmentRow | undefined>;
  findById(id: string): Promise<ShipmentRow | undefined>;
  /** In the order of their positions. */
  parcels(shipmentId: string): Promise<readonly ParcelRow[]>;
  claim(intent: PurchaseIntent): Promise<ShipmentRow | undefined>;
  savePrepared(shipmentId: string, prepared: readonly PreparedRequest[]): Promise<readonly ParcelRow[] | undefined>; // prettier-ignore
  markSent(row: ShipmentRow, group: PurchaseGroup): Promise<boolean>;
  saveLabels(row: ShipmentRow, group: PurchaseGroup, labels: readonly PurchasedLabel[]): Promise<GroupOutcome>; // prettier-ignore
  refuseGroup(row: ShipmentRow, group: PurchaseGroup, failure: StoredFailure): Promise<GroupOutcome>;
  isInFlight(shipmentId: string, group: PurchaseGroup): Promise<boolean>;
  isClaimedByOpenPurchase(row: ShipmentRow): Promise<boolean>;
  saveFailure(row: ShipmentRow, failure: StoredFailure): Promise<void>;
  conclude(shipmentId: string): Promise<Conclusion>;
  startCancelling(row: ShipmentRow, groups: readonly PurchaseGroup[], by: Actor): Promise<boolean>;
  close(row: ShipmentRow, failure?: StoredFailure): Promise<boolean>;
}

export function createPurchaseRecords(db: Database): PurchaseRecords {
  const rows = createIdempotentRows<ShipmentRow>(db, 'shipments', openStatuses);
  const { lease } = rows;
  return {
    rows,
    find: ({ tenantId, idempotencyKey }) =>
      db
        .selectFrom('shipments')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('idempotency_key', '=', idempotencyKey)
        .executeTakeFirst(),
    findById: (id) => db.selectFrom('shipments').selectAll().where('id', '=', id).executeTakeFirst(),
    parcels: (id) =>
      db.selectFrom('parcels').selectAll().where('shipment_id', '=', id).orderBy('position').execute(),
    claim: (intent) => claimPurchase(db, lease, intent),
    savePrepared: (id, prepared) => savePrepared(db, lease, id, prepared),
    markSent: (row, group) => markSent(db, lease, row, group),
    saveLabels: (row, group, labels) => saveLabels(db, lease, row, group, labels),
    refuseGroup: (row, group, failure) => refuseGroup(db, lease, row, group, failure),
    isInFlight: (id, group) => isInFlight(db, id, group),
    isClaimedByOpenPurchase: (row) => isClaimedByOpenPurchase(db, row),
    saveFailure: (row, failure) => saveFailure(db, lease, row, failure),
    conclude: (id) => concludePurchase(db, lease, id),
    startCancelling: (row, groups, by) => startCancelling(db, lease, row, groups, by),
    close: (row, failure) => closePurchase(db, lease, row, failure),
  };
}
