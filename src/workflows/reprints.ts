import type { LabelApi } from '../carriers/adapter.ts';
import type { LabelFormat } from '../domain/shipment.ts';
import type { Actor } from '../storage/history.ts';
import type { StoredShipment } from '../storage/shipments.ts';
import type { ParcelRow, ShipmentRow } from '../storage/tables.ts';
import type { WorkflowDependencies } from './dependencies.ts';
import { labelReference } from './refunds.ts';
import { createShared } from './shared.ts';

/** Purchased labels in other formats. */
export interface Reprints {
  /**
   * Reprints the labels of a purchased shipment in a format and stores them; the API shows them from then on. A label that
   * the ledger has in the format is not asked for again, nor is one twice by calls at once on one replica. Throws the
   * provider's `ProviderError` where it refuses one; the others are stored.
   */
  reprint(request: ReprintRequest): Promise<StoredShipment>;
}

export interface ReprintRequest {
  readonly tenantId: string;
  readonly shipmentId: string;
  readonly format: LabelFormat;
  /** The method of the account's adapter. */
  readonly reprint: NonNullable<LabelApi['reprint']>;
  readonly by: Actor;
}

const timeoutMs = 90_000;

export function createReprints({ storage }: WorkflowDependencies): Reprints {
  const shared = createShared<void>();
  return {
    async reprint(request) {
      const { tenantId, shipmentId, format } = request;
      await shared(`${shipmentId} ${format}`, () => reprintShipment(storage, request));
      return (await storage.shipments.byIds(tenantId, [shipmentId]))[0]!;
    },
  };
}

async function reprintShipment(
  storage: WorkflowDependencies['storage'],
  request: ReprintRequest,
): Promise<void> {
  const { refunds } = storage;
  const row = await refunds.shipment(request.shipmentId);
  let firstError: unknown;
  for (const parcel of await refunds.purchasedParcels(row.id)) {
    await reprintParcel(storage, row, parcel, request).catch((error: unknown) => void (firstError ??= error));
  }
  if (firstError !== undefined) throw firstError;
}

async function reprintParcel(
  { reprints }: WorkflowDependencies['storage'],
  row: ShipmentRow,
  parcel: ParcelRow,
  { format, reprint, by }: ReprintRequest,
): Promise<void> {
  if (await reprints.show(parcel, format)) return;
  const data = await reprint(labelReference(parcel), format, { signal: AbortSignal.timeout(timeoutMs) });
  await reprints.save(row, parcel, { format, data }, by);
}
