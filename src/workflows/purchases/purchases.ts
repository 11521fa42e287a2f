import type { Actor } from '../../storage/history.ts';
import type { IdempotencyKey } from '../../storage/records/idempotent-rows.ts';
import type { PurchaseIntent } from '../../storage/purchases/claim.ts';
import type { StoredShipment } from '../../storage/shipments.ts';
import type { ShipmentRow } from '../../storage/tables.ts';
import type { WorkflowDependencies } from '../dependencies.ts';
import { createIdempotency } from '../idempotency.ts';
import { cancelAttempts } from './cancel.ts';
import { purchaseLabels } from './purchase.ts';
import { reconcilePurchase } from './reconcile.ts';

/** Purchases of labels, each once for its idempotency key. */
export interface Purchases {
  /** Returns the key's shipment, reconciled; undefined where the key is new, or failed and may be retried. */
  find(key: IdempotencyKey): Promise<StoredShipment | undefined>;
  /** Purchases once for the key, however often it is called; the outcome is the shipment's status. */
  buy(intent: PurchaseIntent): Promise<StoredShipment>;
  /** Reconciles purchases after crashes and lost responses: all, or those that are due. Returns how many are UNCERTAIN. */
  reconcileDue(all: boolean): Promise<number>;
  /** Reconciles one purchase now where its outcome is unknown. */
  reconcile(id: string): Promise<void>;
  /**
   * Cancels, by their attempts, the labels that an UNCERTAIN purchase may have bought, and leaves it UNCERTAIN. Returns a
   * reason for each attempt that was not cancelled; undefined where it is not UNCERTAIN, or a process works on it.
   */
  cancel(id: string, by: Actor): Promise<readonly string[] | undefined>;
  /** Resolves when no purchase of this process is in progress. */
  drain(): Promise<void>;
}

export function createPurchases(dependencies: WorkflowDependencies): Purchases {
  const { purchases, shipments } = dependencies.storage;
  const idempotency = createIdempotency<ShipmentRow>({
    rows: purchases.rows,
    kindOf: () => 'PURCHASE',
    find: purchases.find,
    reconcile: (row) => reconcilePurchase(dependencies, row),
  });
  const read = async (tenantId: string, id: string) => (await shipments.byIds(tenantId, [id]))[0]!;
  return {
    async find(key) {
      const row = await idempotency.find(key);
      return row && read(key.tenantId, row.id);
    },
    async buy(intent) {
      const id = await idempotency.run(
        intent,
        () => purchases.claim(intent),
        (row) => purchaseLabels(dependencies, row, intent.request),
      );
      return read(intent.tenantId, id);
    },
    reconcile: idempotency.reconcile,
    async cancel(id, by) {
      const row = await purchases.findById(id);
      if (row?.status !== 'UNCERTAIN') return undefined;
      return idempotency.withLease(row, () => cancelAttempts(dependencies, row, by));
    },
    reconcileDue: idempotency.reconcileDue,
    drain: idempotency.drain,
  };
}
