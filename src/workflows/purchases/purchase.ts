import { ProviderError } from '../../domain/errors.ts';
import { accountRemoved, toStoredFailure } from '../../domain/failures.ts';
import type { LabelRequest } from '../../domain/label.ts';
import { groupParcels } from '../../storage/purchases/groups.ts';
import type { ShipmentRow } from '../../storage/tables.ts';
import type { WorkflowDependencies } from '../dependencies.ts';
import { conclude } from './conclude.ts';
import { requestTimeoutMs, sendGroups } from './send.ts';

/**
 * Purchases the labels of a claimed shipment: prepares the requests, sends them, and concludes. Returns false where another
 * process has taken the shipment over.
 */
export async function purchaseLabels(
  dependencies: WorkflowDependencies,
  row: ShipmentRow,
  request: LabelRequest,
): Promise<boolean> {
  const { purchases } = dependencies.storage;
  const labels = dependencies.adapterOf(row.tenant_id, row.account_id)?.labels;
  if (labels === undefined) return purchases.close(row, accountRemoved);
  let parcels;
  try {
    const prepared = await labels.prepare(request, { signal: AbortSignal.timeout(requestTimeoutMs) });
    parcels = await purchases.savePrepared(row.id, prepared);
  } catch (error) {
    // Preparing purchases nothing, so every error means that the purchase failed.
    const isClosed = await purchases.close(row, toStoredFailure(error));
    if (!(error instanceof ProviderError)) throw error;
    return isClosed;
  }
  if (parcels === undefined) return false;
  const { lostLease, error } = await sendGroups(dependencies, row, groupParcels(parcels), labels);
  if (lostLease) return false;
  const isConcluded = await conclude(dependencies, row, labels);
  if (error !== undefined) throw error;
  return isConcluded;
}
