import type { LabelApi } from '../../carriers/adapter.ts';
import { ProviderError } from '../../domain/errors.ts';
import { accountRemoved, maybeInProgress, neverSent, toStoredFailure } from '../../domain/failures.ts';
import { groupParcels, type GroupOutcome, type PurchaseGroup } from '../../storage/purchases/groups.ts';
import type { ShipmentRow } from '../../storage/tables.ts';
import { settlementSignal } from '../../transport/breaker.ts';
import type { WorkflowDependencies } from '../dependencies.ts';
import { conclude } from './conclude.ts';
import { preparedRequest, requestTimeoutMs, sendGroups } from './send.ts';

/** After a crash or a lost response: asks for the outcome of every request that was sent, and completes the purchase. */
export async function reconcilePurchase(dependencies: WorkflowDependencies, row: ShipmentRow): Promise<void> {
  const { purchases } = dependencies.storage;
  const labels = dependencies.adapterOf(row.tenant_id, row.account_id)?.labels;
  const parcels = await purchases.parcels(row.id);
  if (labels === undefined) {
    const isStarted = parcels.some(({ state }) => state === 'SENT' || state === 'PURCHASED');
    await purchases.close(row, isStarted ? accountRemoved : neverSent);
    return;
  }
  for (const group of groupParcels(parcels)) {
    if (group.parcels.some(({ state }) => state === 'SENT')) await reconcileGroup(dependencies, row, group, labels); // prettier-ignore
  }
  await sendRest(dependencies, row, labels);
  await conclude(dependencies, row, labels);
}

/** Sends what was never sent, where other labels of the shipment are purchased and none failed. */
async function sendRest(
  dependencies: WorkflowDependencies,
  row: ShipmentRow,
  labels: LabelApi,
): Promise<void> {
  const { purchases } = dependencies.storage;
  const parcels = await purchases.parcels(row.id);
  const { compensating } = await purchases.rows.byId(row.id);
  if (compensating || parcels.every(({ state }) => state !== 'PURCHASED')) return;
  const pending = groupParcels(parcels).filter(({ parcels: [first] }) => first!.state === 'PENDING');
  await sendGroups(dependencies, row, pending, labels);
}

/** Asks for the outcome of a group's request, and stores it. An error says nothing about the outcome. */
async function reconcileGroup(
  { storage: { purchases, history } }: WorkflowDependencies,
  row: ShipmentRow,
  group: PurchaseGroup,
  labels: LabelApi,
): Promise<GroupOutcome> {
  try {
    const signal = settlementSignal(requestTimeoutMs);
    const purchased = await labels.reconcile(preparedRequest(group), { signal });
    if (purchased) {
      const groupOutcome = await purchases.saveLabels(row, group, purchased);
      await history.append(row, 'RECALLED', group.attemptId);
      return groupOutcome;
    }
  } catch (error) {
    await purchases.saveFailure(row, { ...toStoredFailure(error), refused: false });
    if (error instanceof ProviderError) return 'UNKNOWN';
    throw error;
  }
  if (!(await purchases.isInFlight(row.id, group))) return purchases.refuseGroup(row, group, neverSent);
  await purchases.saveFailure(row, maybeInProgress);
  return 'UNKNOWN';
}
