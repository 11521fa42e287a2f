import { sql } from 'kysely';

import type { Database } from './database.ts';
import type { ParcelRow, ShipmentRow } from './tables.ts';

/** A shipment with its parcels, as the ledger has it; a label only by whether there is one. */
export type StoredShipment = ShipmentRow & { readonly parcels: readonly StoredParcel[] };
export type StoredParcel = Omit<ParcelRow, 'label' | 'request' | 'attempt'>;

export interface ShipmentFilter {
  readonly status?: readonly ShipmentRow['status'][];
  readonly accountIds?: readonly string[];
  readonly reference?: string;
  readonly trackingNumber?: string;
  readonly createdAfter?: Date;
  readonly createdBefore?: Date;
}

export interface Page {
  readonly shipments: readonly StoredShipment[];
  readonly hasNextPage: boolean;
}

export interface Shipments {
  /** One slot an id, in order. */
  byIds(tenantId: string, ids: readonly string[]): Promise<readonly (StoredShipment | undefined)[]>;
  /** The shipment that a number was bought with, one slot a number. */
  byNumbers(tenantId: string, numbers: readonly string[]): Promise<readonly (StoredShipment | undefined)[]>;
  /** Newest first, after the cursor. */
  page(tenantId: string, first: number, after: Cursor | undefined, filter: ShipmentFilter): Promise<Page>;
}

/** The place of a shipment in the list. */
export interface Cursor {
  readonly createdAt: Date;
  readonly id: string;
}

const parcelColumns = [
  'shipment_id',
  'position',
  'parcel',
  'price',
  'charges',
  'tracking_number',
  'label_format',
  'label_source',
  'refund',
] as const;

export function createShipments(db: Database): Shipments {
  return {
    async byIds(tenantId, ids) {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom('shipments')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('id', 'in', [...ids])
        .execute();
      const found = new Map((await withParcels(db, rows)).map((shipment) => [shipment.id, shipment]));
      return ids.map((id) => found.get(id));
    },
    async byNumbers(tenantId, numbers) {
      if (numbers.length === 0) return [];
      const rows = await db
        .selectFrom('shipments')
        .selectAll('shipments')
        .innerJoin('parcels', 'parcels.shipment_id', 'shipments.id')
        .where('tenant_id', '=', tenantId)
        .where('tracking_number', 'in', [...numbers])
        .execute();
      const found = await withParcels(db, rows);
      return numbers.map((number) =>
        found.find(({ parcels }) => parcels.some((parcel) => parcel.tracking_number === number)),
      );
    },
    async page(tenantId, first, after, filter) {
      let query = db.selectFrom('shipments').selectAll('shipments').where('tenant_id', '=', tenantId);
      if (filter.status) query = query.where('status', 'in', [...filter.status]);
      if (filter.accountIds) query = query.where('account_id', 'in', [...filter.accountIds]);
      if (filter.reference) query = query.where('reference', '=', filter.reference);
      if (filter.createdAfter) query = query.where('created_at', '>=', filter.createdAfter);
      if (filter.createdBefore) query = query.where('created_at', '<', filter.createdBefore);
      if (filter.trackingNumber !== undefined) {
        query = query.where('id', 'in', (eb) =>
          eb
            .selectFrom('parcels')
            .select('shipment_id')
            .where('tracking_number', '=', filter.trackingNumber!),
        );
      }
      if (after) {
        query = query.where(sql<boolean>`(created_at, id) < (${after.createdAt}, ${after.id})`);
      }
      const rows = await query
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(first + 1)
        .execute();
      return { shipments: await withParcels(db, rows.slice(0, first)), hasNextPage: rows.length > first };
    },
  };
}

export async function readShipment(
  db: Database,
  tenantId: string,
  id: string,
): Promise<StoredShipment | undefined> {
  const [shipment] = await createShipments(db).byIds(tenantId, [id]);
  return shipment;
}

async function withParcels(db: Database, rows: readonly ShipmentRow[]): Promise<StoredShipment[]> {
  if (rows.length === 0) return [];
  const parcels = await db
    .selectFrom('parcels')
    .select(parcelColumns)
    .where(
      'shipment_id',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('position')
    .execute();
  const byShipment = Map.groupBy(parcels, (parcel) => parcel.shipment_id);
  return rows.map((row) => ({ ...row, parcels: byShipment.get(row.id) ?? [] }));
}
