import { sql, type Selectable } from 'kysely';

import type { LabelledParcel } from '../carriers/adapter.ts';
import type { Database } from './database.ts';
import type { FormTable, ParcelRow, ShipmentRow } from './tables.ts';

/** A shipment with its parcels, as the ledger has it; a label only by whether there is one. */
export type StoredShipment = ShipmentRow & { readonly parcels: readonly StoredParcel[] };
export type StoredParcel = Pick<ParcelRow, (typeof parcelColumns)[number]> & {
  readonly forms: readonly StoredForm[];
};
export type StoredForm = Pick<Selectable<FormTable>, 'number' | 'name' | 'format'>;

export interface ShipmentFilter {
  readonly status?: readonly ShipmentRow['status'][];
  readonly accountIds?: readonly string[];
  readonly reference?: string;
  readonly trackingNumber?: string;
  readonly createdAfter?: Date;
  readonly createdBefore?: Date;
  readonly ids?: readonly string[];
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
  /** The sold parcels of shipments, with what names their labels at the provider, in the order of the ids. */
  labelled(tenantId: string, ids: readonly string[]): Promise<readonly LabelledParcel[]>;
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
  'state',
  'reference',
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
      const lists = [filter.status, filter.accountIds, filter.ids];
      if (lists.some((list) => list?.length === 0)) return { shipments: [], hasNextPage: false };
      let query = db.selectFrom('shipments').selectAll('shipments').where('tenant_id', '=', tenantId);
      if (filter.status) query = query.where('status', 'in', [...filter.status]);
      if (filter.accountIds) query = query.where('account_id', 'in', [...filter.accountIds]);
      if (filter.ids) query = query.where('id', 'in', [...filter.ids]);
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
    async labelled(tenantId, ids) {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom('shipments')
        .innerJoin('parcels', 'parcels.shipment_id', 'shipments.id')
        .selectAll('shipments')
        .select(['parcel', 'tracking_number', 'attempt', 'request', 'parcels.reference as sold_as'])
        .where('tenant_id', '=', tenantId)
        .where('id', 'in', [...ids])
        .where('state', '=', 'SOLD')
        .orderBy('position')
        .execute();
      return rows
        .sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
        .map((row) => ({
          carrier: row.carrier,
          service: row.service,
          parcel: row.parcel,
          from: row.sender,
          to: row.recipient,
          isReturn: row.is_return,
          // Bought before the date was kept: on that day, as nearly as we know.
          shipDate: row.ship_date ?? row.created_at.toISOString().slice(0, 10),
          trackingNumber: row.tracking_number!,
          label: {
            trackingNumber: row.tracking_number!,
            prepared: { attemptId: row.attempt!, request: row.request },
            reference: row.sold_as ?? undefined,
          },
        }));
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
  const ids = rows.map((row) => row.id);
  const [parcels, forms] = await Promise.all([
    db
      .selectFrom('parcels')
      .select(parcelColumns)
      .where('shipment_id', 'in', ids)
      .orderBy('position')
      .execute(),
    db
      .selectFrom('forms')
      .select(['shipment_id', 'position', 'number', 'name', 'format'])
      .where('shipment_id', 'in', ids)
      .orderBy('number')
      .execute(),
  ]);
  const placeOf = ({ shipment_id, position }: { shipment_id: string; position: number }) =>
    `${shipment_id} ${position}`;
  const byParcel = Map.groupBy(forms, placeOf);
  const withForms = parcels.map((parcel) => ({ ...parcel, forms: byParcel.get(placeOf(parcel)) ?? [] }));
  const byShipment = Map.groupBy(withForms, (parcel) => parcel.shipment_id);
  return rows.map((row) => ({ ...row, parcels: byShipment.get(row.id) ?? [] }));
}
