import { sql, type Selectable } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/postgres';

import type { LabelledParcel } from '../domain/label.ts';
import type { Database } from './database.ts';
import { countRows, emptyPage, selectPage, type Page, type PageRequest } from './pages.ts';
import type { FormTable, ParcelRow, ShipmentRow } from './tables.ts';

/** A shipment with its parcels and forms, without the documents. */
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

export interface Shipments {
  /** One entry for each id, in order; undefined where there is none. */
  byIds(tenantId: string, ids: readonly string[]): Promise<readonly (StoredShipment | undefined)[]>;
  /** The shipment of each tracking number, in order; undefined where there is none. */
  byNumbers(tenantId: string, numbers: readonly string[]): Promise<readonly (StoredShipment | undefined)[]>;
  /** The account with which each number was purchased; a number that is no shipment's is missing. */
  accountIdsByNumber(tenantId: string, numbers: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Newest first. */
  page(tenantId: string, request: PageRequest, filter: ShipmentFilter): Promise<Page<StoredShipment>>;
  count(tenantId: string, filter: ShipmentFilter): Promise<number>;
  /** The purchased parcels of shipments with the references of their labels, in the order of the ids. */
  labelled(tenantId: string, ids: readonly string[]): Promise<readonly LabelledParcel[]>;
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
  'reprint_format',
  'refund',
] as const;

export function createShipments(db: Database): Shipments {
  return {
    async byIds(tenantId, ids) {
      if (ids.length === 0) return [];
      const rows = await selectShipments(db, tenantId)
        .where('id', 'in', [...ids])
        .execute();
      const found = new Map(rows.map((shipment) => [shipment.id, shipment]));
      return ids.map((id) => found.get(id));
    },
    async byNumbers(tenantId, numbers) {
      if (numbers.length === 0) return [];
      const found = await selectShipments(db, tenantId)
        .where('id', 'in', (eb) =>
          eb
            .selectFrom('parcels')
            .select('shipment_id')
            .where('tracking_number', 'in', [...numbers]),
        )
        .execute();
      return numbers.map((number) =>
        found.find(({ parcels }) => parcels.some((parcel) => parcel.tracking_number === number)),
      );
    },
    async accountIdsByNumber(tenantId, numbers) {
      if (numbers.length === 0) return new Map();
      const rows = await db
        .selectFrom('shipments')
        .innerJoin('parcels', 'parcels.shipment_id', 'shipments.id')
        .select(['tracking_number', 'account_id'])
        .where('tenant_id', '=', tenantId)
        .where('tracking_number', 'in', [...numbers])
        .execute();
      return new Map(rows.map((row) => [row.tracking_number!, row.account_id]));
    },
    async page(tenantId, request, filter) {
      const query = filtered(db, tenantId, filter);
      return query === undefined ? emptyPage : selectPage(query, request);
    },
    async count(tenantId, filter) {
      const query = filtered(db, tenantId, filter);
      return query === undefined ? 0 : countRows(query);
    },
    async labelled(tenantId, ids) {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom('shipments')
        .innerJoin('parcels', 'parcels.shipment_id', 'shipments.id')
        .selectAll('shipments')
        .select([
          'parcel',
          'tracking_number',
          'attempt_id',
          'request',
          'parcels.reference as label_reference',
        ])
        .where('tenant_id', '=', tenantId)
        .where('id', 'in', [...ids])
        .where('state', '=', 'PURCHASED')
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
          // Purchases made before the column existed: the day of the purchase is the best guess.
          shipDate: row.ship_date ?? row.created_at.toISOString().slice(0, 10),
          trackingNumber: row.tracking_number ?? undefined,
          label: {
            trackingNumber: row.tracking_number ?? undefined,
            prepared: { attemptId: row.attempt_id!, request: row.request },
            reference: row.label_reference ?? undefined,
          },
        }));
    },
  };
}

/** Selects the shipments that meet a filter; undefined where none can. */
function filtered(db: Database, tenantId: string, filter: ShipmentFilter) {
  const lists = [filter.status, filter.accountIds, filter.ids];
  if (lists.some((list) => list?.length === 0)) return undefined;
  let query = selectShipments(db, tenantId);
  if (filter.status) query = query.where('status', 'in', [...filter.status]);
  if (filter.accountIds) query = query.where('account_id', 'in', [...filter.accountIds]);
  if (filter.ids) query = query.where('id', 'in', [...filter.ids]);
  if (filter.reference) {
    query = query
      .where('reference', '=', filter.reference)
      .where(sql<boolean>`hashtextextended(reference, 0) = hashtextextended(${filter.reference}, 0)`);
  }
  if (filter.createdAfter) query = query.where('created_at', '>=', filter.createdAfter);
  if (filter.createdBefore) query = query.where('created_at', '<', filter.createdBefore);
  if (filter.trackingNumber !== undefined) {
    query = query.where('id', 'in', (eb) =>
      eb.selectFrom('parcels').select('shipment_id').where('tracking_number', '=', filter.trackingNumber!),
    );
  }
  return query;
}

/** Selects shipments with their parcels and forms, by one statement. */
const selectShipments = (db: Database, tenantId: string) =>
  db
    .selectFrom('shipments')
    .selectAll('shipments')
    .select((shipments) =>
      jsonArrayFrom(
        shipments
          .selectFrom('parcels')
          .select(parcelColumns)
          .select((parcels) =>
            jsonArrayFrom(
              parcels
                .selectFrom('forms')
                .select(['number', 'name', 'format'])
                .whereRef('forms.shipment_id', '=', 'parcels.shipment_id')
                .whereRef('forms.position', '=', 'parcels.position')
                .orderBy('number'),
            ).as('forms'),
          )
          .whereRef('parcels.shipment_id', '=', 'shipments.id')
          .orderBy('position'),
      ).as('parcels'),
    )
    .where('tenant_id', '=', tenantId);
