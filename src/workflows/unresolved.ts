import type { IdempotentKind } from '../domain/operation.ts';
import type { Actor } from '../storage/history.ts';
import type { OperationRow, ShipmentRow } from '../storage/tables.ts';
import type { WorkflowDependencies } from './dependencies.ts';
import {
  resolveOperation,
  resolveShipment,
  type ManualFinding,
  type Resolution,
} from './manual-resolution.ts';
import type { Operations } from './operations.ts';
import type { Purchases } from './purchases/purchases.ts';

/** A purchase or an operation of unknown outcome. */
export interface Unresolved {
  readonly id: string;
  readonly kind: IdempotentKind;
  readonly tenant: string;
  readonly account: string;
  readonly provider: string;
  /** RFC 3339. */
  readonly since: string;
  readonly key: string;
  /** Ids of a purchase's attempts: the idempotency keys at providers that accept them. */
  readonly attempts: readonly string[];
  readonly failure?: { readonly code: string; readonly message: string; readonly hint?: string };
  /** Of labels that are purchased for certain. */
  readonly trackingNumbers: readonly string[];
  readonly parcels?: number;
}

/** What to do about purchases and operations of unknown outcome. */
export const howToResolve = 'Check each at its provider, then run: npm run purchases -- resolve';

export interface UnresolvedWork {
  /** Everything that is UNCERTAIN, oldest first. */
  list(): Promise<readonly Unresolved[]>;
  /** How many of each kind are UNCERTAIN. */
  count(): Promise<Readonly<Record<IdempotentKind, number>>>;
  /** Reconciles one of them, or all, and lists those left. */
  reconcile(id?: string): Promise<readonly Unresolved[]>;
  /** Ends an UNCERTAIN one according to what was found at the provider. */
  resolve(id: string, finding: ManualFinding, by: Actor): Promise<Resolution>;
  /** Cancels, by its attempts, what an UNCERTAIN purchase bought, and ends it as cancelled. */
  cancel(id: string, by: Actor): Promise<Resolution>;
}

export function createUnresolvedWork(
  dependencies: WorkflowDependencies,
  purchases: Purchases,
  operations: Operations,
): UnresolvedWork {
  const { unresolved } = dependencies.storage;
  const list = async (): Promise<Unresolved[]> => {
    const [shipments, others] = await Promise.all([unresolved.shipments(), unresolved.operations()]);
    return [
      ...shipments.map((row) => ({
        ...toUnresolved(row, 'PURCHASE'),
        attempts: [...new Set(row.attemptIds)],
        trackingNumbers: row.trackingNumbers,
        parcels: row.parcelCount,
      })),
      ...others.map((row) => ({ ...toUnresolved(row, row.kind), attempts: [], trackingNumbers: [] })),
    ].sort((a, b) => (a.since < b.since ? -1 : 1));
  };

  return {
    list,
    count: () => unresolved.count(),
    async reconcile(id) {
      for (const each of (await list()).filter((one) => id === undefined || one.id === id)) {
        // One that fails stays in the list, and does not keep the others from being reconciled.
        await (each.kind === 'PURCHASE' ? purchases : operations).reconcile(each.id).catch(() => {});
      }
      return list();
    },
    resolve: (id, finding, by) =>
      id.startsWith('shp_')
        ? resolveShipment(dependencies, id, finding, by)
        : resolveOperation(dependencies, id, finding, by),
    async cancel(id, by) {
      const reasons = await purchases.cancel(id, by);
      if (reasons === undefined) {
        return { refused: `${id} is no UNCERTAIN purchase, or a process is asking about it right now` };
      }
      if (reasons.length > 0) return { refused: `${id} stays UNCERTAIN: ${reasons.join('; ')}` };
      return resolveShipment(dependencies, id, { found: 'cancelled' }, by);
    },
  };
}

function toUnresolved(row: ShipmentRow | OperationRow, kind: IdempotentKind) {
  const { code, message, hint } = row.failure ?? {};
  return {
    id: row.id,
    kind,
    tenant: row.tenant_id,
    account: row.account_id,
    provider: row.provider,
    since: row.created_at.toISOString(),
    key: row.idempotency_key,
    failure: code && message ? { code, message, hint } : undefined,
  };
}
