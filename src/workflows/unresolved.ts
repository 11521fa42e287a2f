import { sql } from 'kysely';

import type { Database } from '../storage/database.ts';
import type { Operations } from './operations.ts';
import type { Actor } from '../storage/history.ts';
import type { AdapterOf, Purchases } from './purchases.ts';
import type { OperationKind, OperationRow, ShipmentRow } from '../storage/tables.ts';
import {
  resolveOperation,
  resolveShipment,
  type Resolution,
  type ManualFinding,
} from './manual-resolution.ts';

export type UnresolvedKind = 'shipmentPurchase' | OperationKind;

/** A purchase or an errand of which nobody knows what became of it. */
export interface Unresolved {
  readonly id: string;
  readonly kind: UnresolvedKind;
  readonly tenant: string;
  readonly account: string;
  readonly provider: string;
  /** RFC 3339. */
  readonly since: string;
  readonly key: string;
  /** Names of its attempts, a parcel's or that of several: the keys that providers know them by which take keys. */
  readonly attempts: readonly string[];
  readonly failure?: { readonly code: string; readonly message: string; readonly hint?: string };
  /** Of labels that were sold for certain. */
  readonly trackingNumbers: readonly string[];
  readonly parcels?: number;
}

export interface UnresolvedWork {
  /** Everything that is UNCERTAIN, the oldest first. */
  list(): Promise<readonly Unresolved[]>;
  /** How many of each kind are UNCERTAIN. */
  count(): Promise<Readonly<Record<UnresolvedKind, number>>>;
  /** Asks the provider of one of them, or of all, and lists what is left. */
  reconcile(id?: string): Promise<readonly Unresolved[]>;
  /** Ends what is UNCERTAIN as somebody says who looked. */
  resolve(id: string, verdict: ManualFinding, by: Actor): Promise<Resolution>;
  /** Has the provider cancel what an UNCERTAIN purchase bought, by its attempts, and ends it as cancelled. */
  cancel(id: string, by: Actor): Promise<Resolution>;
}

export function createUnresolvedWork(
  db: Database,
  purchases: Purchases,
  errands: Operations,
  carrierOf: AdapterOf,
): UnresolvedWork {
  const list = async () => {
    const [shipments, others] = await Promise.all([
      db
        .selectFrom('shipments')
        .selectAll()
        .select((eb) =>
          eb
            .selectFrom('parcels')
            .whereRef('shipment_id', '=', 'id')
            .select(eb.fn.countAll<string>().as('count'))
            .as('parcels'),
        )
        .select((eb) =>
          eb
            .selectFrom('parcels')
            .whereRef('shipment_id', '=', 'id')
            .select(
              sql<string[]>`coalesce(array_agg(tracking_number order by position)
                filter (where tracking_number is not null and state = 'SOLD'), '{}')`.as('numbers'),
            )
            .as('numbers'),
        )
        .select((eb) =>
          eb
            .selectFrom('parcels')
            .whereRef('shipment_id', '=', 'id')
            .select(
              sql<string[]>`coalesce(array_agg(attempt order by position) filter (where attempt is not null), '{}')`.as('attempts'), // prettier-ignore
            )
            .as('attempts'),
        )
        .where('status', '=', 'UNCERTAIN')
        .execute(),
      db.selectFrom('errands').selectAll().where('status', '=', 'UNCERTAIN').execute(),
    ]);
    return [
      ...shipments.map((row) => ({
        ...told(row, 'shipmentPurchase'),
        attempts: [...new Set(row.attempts)],
        trackingNumbers: row.numbers ?? [],
        parcels: Number(row.parcels),
      })),
      ...others.map((row) => ({ ...told(row, row.kind), attempts: [], trackingNumbers: [] })),
    ].sort((a, b) => (a.since < b.since ? -1 : 1));
  };

  return {
    list,
    async count() {
      const { rows } = await sql<{ kind: UnresolvedKind; count: number }>`
        select 'shipmentPurchase' as kind, count(*)::integer as count from shipments where status = 'UNCERTAIN'
        union all select kind, count(*)::integer from errands where status = 'UNCERTAIN' group by kind`.execute(
        db,
      );
      const none = { shipmentPurchase: 0, pickupSchedule: 0, manifestCreate: 0, mailJobCreate: 0 };
      return { ...none, ...Object.fromEntries(rows.map(({ kind, count }) => [kind, count])) };
    },
    async reconcile(id) {
      for (const each of (await list()).filter((one) => id === undefined || one.id === id)) {
        // What fails at one must not keep the others waiting; it stays in the list.
        await (each.kind === 'shipmentPurchase' ? purchases : errands).reconcile(each.id).catch(() => {});
      }
      return list();
    },
    resolve: (id, verdict, by) =>
      id.startsWith('shp_')
        ? resolveShipment(db, id, verdict, by, carrierOf)
        : resolveOperation(db, id, verdict, by),
    async cancel(id, by) {
      const kept = await purchases.cancel(id, by);
      if (kept === undefined) {
        return { refused: `${id} is no UNCERTAIN purchase, or a process is asking about it right now` };
      }
      if (kept.length > 0) return { refused: `${id} stays UNCERTAIN: ${kept.join('; ')}` };
      return resolveShipment(db, id, { found: 'cancelled' }, by, carrierOf);
    },
  };
}

function told(row: ShipmentRow | OperationRow, kind: Unresolved['kind']) {
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
