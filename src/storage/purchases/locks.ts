import type { Lease } from '../leases.ts';
import type { ShipmentRow, Transaction } from '../tables.ts';

/** Statuses of a purchase that is in progress, or of unknown outcome. */
export const openStatuses = ['PURCHASING', 'UNCERTAIN'] as const;

/** Locks a shipment's row until the transaction ends. */
export const lockShipment = (transaction: Transaction, id: string): Promise<ShipmentRow> =>
  transaction.selectFrom('shipments').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow();

export const holdsLease = ({ worker, status }: ShipmentRow, lease: Lease): boolean =>
  worker === lease.worker && (openStatuses as readonly string[]).includes(status);

/** Locks a shipment's row; returns undefined where this process has lost its lease. */
export async function lockLeased(
  transaction: Transaction,
  lease: Lease,
  id: string,
): Promise<ShipmentRow | undefined> {
  const row = await lockShipment(transaction, id);
  return holdsLease(row, lease) ? row : undefined;
}
