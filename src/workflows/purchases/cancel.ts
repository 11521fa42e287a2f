import { outcome, ProviderError } from '../../domain/errors.ts';
import type { Actor } from '../../storage/history.ts';
import { groupParcels, type PurchaseGroup } from '../../storage/purchases/groups.ts';
import type { ShipmentRow } from '../../storage/tables.ts';
import { settlementSignal } from '../../transport/breaker.ts';
import type { WorkflowDependencies } from '../dependencies.ts';
import { preparedRequest, requestTimeoutMs } from './send.ts';

/** Cancels the labels that a leased purchase may have bought, as `Purchases.cancel`. */
export async function cancelAttempts(
  { storage: { purchases, history }, adapterOf }: WorkflowDependencies,
  row: ShipmentRow,
  by: Actor,
): Promise<readonly string[]> {
  const labels = adapterOf(row.tenant_id, row.account_id)?.labels;
  if (labels?.cancelAttempt === undefined) return [`labels cannot be cancelled by key at ${row.provider}`];
  const groups = groupParcels(await purchases.parcels(row.id)).filter(mayBePurchased);
  if (!(await purchases.startCancelling(row, groups, by))) return ['another process has taken it over'];
  const reasons: string[] = [];
  for (const group of groups) {
    const call = { signal: settlementSignal(requestTimeoutMs) };
    const refund = await outcome(() => labels.cancelAttempt!(preparedRequest(group), call));
    if (refund instanceof ProviderError) {
      reasons.push(refund.message);
      await history.append(row, 'UNCERTAIN', `${group.attemptId} ${refund.code}`);
      continue;
    }
    if (!refund.voided) reasons.push(`a refund was asked for (${refund.reference ?? group.attemptId}), which is decided later`); // prettier-ignore
    await history.append(row, refund.voided ? 'VOIDED' : 'REFUND_HEARD', `${group.attemptId} ${refund.status}`); // prettier-ignore
  }
  return reasons;
}

const mayBePurchased = ({ parcels }: PurchaseGroup) =>
  parcels.some(({ state }) => state === 'SENT' || state === 'PURCHASED');
