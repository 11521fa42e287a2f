import type { LabelApi } from '../carriers/adapter.ts';
import { ProviderError } from '../domain/errors.ts';
import type { LabelReference } from '../domain/label.ts';
import type { Actor } from '../storage/history.ts';
import { parcelName, refundCheckIntervalMs } from '../storage/records/refunds.ts';
import type { StoredShipment } from '../storage/shipments.ts';
import type { ParcelRow, ShipmentRow } from '../storage/tables.ts';
import { currentCalls } from '../transport/call-record.ts';
import { settlementSignal } from '../transport/breaker.ts';
import type { WorkflowDependencies } from './dependencies.ts';
import { createShared } from './shared.ts';

/** Voided labels and their refunds. */
export interface Refunds {
  /**
   * Voids a shipment's labels, or checks their refunds where they were requested before; idempotent. Throws the provider's
   * `ProviderError` where it refuses one.
   */
  void(tenantId: string, shipmentId: string, by: Actor): Promise<StoredShipment>;
  /** Checks refunds that are due, since providers decide on them days later. Returns how many are open. */
  checkDue(): Promise<number>;
  /** Schedules a check now of refunds by tracking number, or by reference where there is none, whichever system requested them. */
  scheduleRefundCheck(tenantId: string, labelNames: readonly string[]): Promise<void>;
}

const timeoutMs = 60_000;
/** Longer than `timeoutMs`: a void whose response was lost, by a crash too, is checked after it. */
const lostResponseMs = 2 * 60 * 1000;

export function createRefunds(dependencies: WorkflowDependencies): Refunds {
  const { storage, clock } = dependencies;
  const shared = createShared<void>();
  return {
    async void(tenantId, shipmentId, by) {
      await shared(shipmentId, () => voidShipment(dependencies, tenantId, shipmentId, by));
      return (await storage.shipments.byIds(tenantId, [shipmentId]))[0]!;
    },
    async checkDue() {
      for (const parcel of await storage.refunds.dueParcels(clock.now())) {
        await checkParcel(dependencies, parcel);
      }
      return storage.refunds.countOpen();
    },
    scheduleRefundCheck: (tenantId, labelNames) =>
      storage.refunds.scheduleChecks(tenantId, labelNames, clock.now()),
  };
}

/** Voids every label of a shipment; a label that can't be voided does not keep the others from it. */
async function voidShipment(
  dependencies: WorkflowDependencies,
  tenantId: string,
  shipmentId: string,
  by: Actor,
): Promise<void> {
  const {
    storage: { refunds },
    adapterOf,
    clock,
  } = dependencies;
  const row = await refunds.shipment(shipmentId);
  const labels = adapterOf(tenantId, row.account_id)?.labels;
  if (labels?.void === undefined) {
    throw new ProviderError('NOT_SUPPORTED', 'the account that bought the label cannot void labels');
  }
  let firstError: unknown;
  for (const parcel of await refunds.purchasedParcels(shipmentId)) {
    const isRequested = parcel.refund?.status === 'REQUESTED';
    if (!isRequested) await refunds.scheduleCheck(parcel, clock.now() + lostResponseMs);
    const work = isRequested ? checkRefund(dependencies, row, parcel, labels) : requestVoid(dependencies, row, parcel, labels, by); // prettier-ignore
    await work.catch((error: unknown) => void (firstError ??= error));
  }
  await refunds.closeVoided(shipmentId);
  if (firstError !== undefined) throw firstError;
}

/** Checks a refund that is due, or repeats the void where its response was lost. */
async function checkParcel(dependencies: WorkflowDependencies, parcel: ParcelRow): Promise<void> {
  const {
    storage: { refunds },
    adapterOf,
    clock,
  } = dependencies;
  const row = await refunds.shipment(parcel.shipment_id);
  const labels = adapterOf(row.tenant_id, row.account_id)?.labels;
  await refunds.scheduleCheck(parcel, clock.now() + refundCheckIntervalMs);
  try {
    if (parcel.refund !== null || labels?.void === undefined)
      await checkRefund(dependencies, row, parcel, labels); // prettier-ignore
    else await requestVoid(dependencies, row, parcel, labels);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
  }
  await refunds.closeVoided(row.id);
}

/** Voids one label, or requests its refund, and stores the refund. */
export async function requestVoid(
  { storage: { refunds, history }, clock }: Pick<WorkflowDependencies, 'storage' | 'clock'>,
  row: ShipmentRow,
  parcel: ParcelRow,
  labels: LabelApi,
  by?: Actor,
): Promise<void> {
  await history.append(row, 'VOID_ASKED', parcelName(parcel), by);
  try {
    const refund = await labels.void!(labelReference(parcel), { signal: settlementSignal(timeoutMs) });
    if (refund.status === 'REFUNDED') {
      currentCalls()?.refund(row.account_id, refund.amount ?? parcel.price ?? undefined);
    }
    await refunds.save(row, parcel, refund, clock.now(), labels.refund === undefined);
  } catch (error) {
    if (error instanceof ProviderError && error.refused) await refunds.scheduleCheck(parcel, null);
    throw error;
  }
}

/** Stores a refund's current status, where the provider reports it. */
async function checkRefund(
  { storage: { refunds }, clock }: WorkflowDependencies,
  row: ShipmentRow,
  parcel: ParcelRow,
  labels: LabelApi | undefined,
): Promise<void> {
  if (labels?.refund === undefined) return;
  const refund = await labels.refund(labelReference(parcel), { signal: AbortSignal.timeout(timeoutMs) });
  await refunds.save(row, parcel, refund, clock.now(), false);
}

/** Identifies a purchased label at its provider. */
export const labelReference = (parcel: ParcelRow): LabelReference => ({
  trackingNumber: parcel.tracking_number ?? undefined,
  prepared: { attemptId: parcel.attempt_id!, request: parcel.request },
  reference: parcel.reference ?? undefined,
});
