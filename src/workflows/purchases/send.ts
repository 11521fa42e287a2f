import pMap from 'p-map';

import type { LabelApi } from '../../carriers/adapter.ts';
import { ProviderError } from '../../domain/errors.ts';
import { toStoredFailure } from '../../domain/failures.ts';
import type { PreparedRequest } from '../../domain/prepared-request.ts';
import type { GroupOutcome, PurchaseGroup } from '../../storage/purchases/groups.ts';
import type { ShipmentRow } from '../../storage/tables.ts';
import { currentCalls } from '../../transport/call-record.ts';
import type { WorkflowDependencies } from '../dependencies.ts';

/** A request that was sent is not aborted when its caller disconnects; it has this time. */
export const requestTimeoutMs = 90_000;
/** How many labels of one shipment are purchased at a time. */
const concurrency = 4;

/** How sending ended. */
export interface SendResult {
  /** Another process has taken the purchase over. */
  readonly lostLease: boolean;
  /** The last error that is not the provider's. */
  readonly error?: unknown;
}

/** Purchases groups until one is refused or the lease is lost; groups in progress are completed. */
export async function sendGroups(
  dependencies: WorkflowDependencies,
  row: ShipmentRow,
  groups: readonly PurchaseGroup[],
  labels: LabelApi,
): Promise<SendResult> {
  let isRefused = false;
  let lostLease = false;
  let error: unknown;
  const send = async (group: PurchaseGroup) => {
    if (isRefused || lostLease) return;
    if (!(await dependencies.storage.purchases.markSent(row, group))) {
      lostLease = true;
      return;
    }
    const groupOutcome = await purchaseGroup(dependencies, row, group, labels).catch((thrown: unknown) => {
      error = thrown;
    });
    isRefused ||= groupOutcome === 'REFUSED';
  };
  await pMap(groups, send, { concurrency });
  return { lostLease, error };
}

/** Purchases a group and stores the outcome. Throws errors that are not the provider's. */
async function purchaseGroup(
  { storage: { purchases } }: WorkflowDependencies,
  row: ShipmentRow,
  group: PurchaseGroup,
  labels: LabelApi,
): Promise<GroupOutcome> {
  try {
    const signal = AbortSignal.timeout(requestTimeoutMs);
    const purchased = await labels.buy(preparedRequest(group), { signal });
    for (const { price } of purchased) currentCalls()?.charge(row.account_id, price);
    return await purchases.saveLabels(row, group, purchased);
  } catch (error) {
    const failure = toStoredFailure(error);
    if (error instanceof ProviderError && error.refused) return purchases.refuseGroup(row, group, failure);
    await purchases.saveFailure(row, failure);
    if (error instanceof ProviderError) return 'UNKNOWN';
    throw error;
  }
}

export const preparedRequest = ({ attemptId, parcels }: PurchaseGroup): PreparedRequest => ({
  attemptId,
  request: parcels[0]!.request,
});
