import type { Context } from '../../auth/context.ts';
import type { ShipmentFilter, StoredShipment } from '../../storage/shipments.ts';
import { ledgerConnection, toPageRequest, type LedgerConnection, type PageArgs } from '../pagination.ts';
import { requireCaller } from '../require-caller.ts';

/** The source of `ShipmentConnection`. */
export type ShipmentConnectionSource = LedgerConnection<StoredShipment>;

/** Reads a page of the caller's shipments, newest first. */
export async function shipmentPage(
  args: PageArgs,
  filter: ShipmentFilter,
  context: Context,
): Promise<ShipmentConnectionSource> {
  const { tenant } = requireCaller(context);
  const { shipments } = context.storage;
  const page = await shipments.page(tenant.id, toPageRequest(args), filter);
  return ledgerConnection(page, () => shipments.count(tenant.id, filter));
}
