import type { LabelApi } from '../../carriers/adapter.ts';
import type { ParcelRow, ShipmentRow } from '../../storage/tables.ts';
import type { WorkflowDependencies } from '../dependencies.ts';
import { fetchLabels } from '../documents.ts';
import { requestVoid } from '../refunds.ts';

/**
 * Ends a purchase of which no request is in progress: fetches its labels where it is PURCHASED, else voids those of a
 * purchase that failed, and closes it. Returns false where another process has taken it over.
 */
export async function conclude(
  dependencies: WorkflowDependencies,
  { id }: ShipmentRow,
  labels: LabelApi | undefined,
): Promise<boolean> {
  const { purchases, documents } = dependencies.storage;
  const { row, isLeased, parcels } = await purchases.conclude(id);
  if (row.status === 'PURCHASED') {
    await fetchLabels(documents, id, parcels.filter(({ label }) => label === null), labels); // prettier-ignore
    return true;
  }
  if (!isLeased) return false;
  if (row.compensating && labels?.void && !(await purchases.isClaimedByOpenPurchase(row))) {
    await compensate(dependencies, row, parcels, labels);
  }
  return purchases.close(row);
}

/** Voids purchased labels. One that can't be voided stays, and leaves the purchase UNCERTAIN. */
async function compensate(
  dependencies: WorkflowDependencies,
  row: ShipmentRow,
  parcels: readonly ParcelRow[],
  labels: LabelApi,
): Promise<void> {
  // The provider decides on refunds that are requested already.
  for (const parcel of parcels.filter(({ state, refund }) => state === 'PURCHASED' && refund === null)) {
    await requestVoid(dependencies, row, parcel, labels).catch(() => {});
  }
}
