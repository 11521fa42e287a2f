import { formatOfFile, type LabelFormat, type LabelLink } from '../../domain/shipment.ts';
import type { Database } from '../database.ts';
import type { OperationRow, ParcelRow, ShipmentRow } from '../tables.ts';

export type DocumentLocation = Omit<LabelLink, 'expiresAt'>;

/** A label or a form of a parcel, with what decides whether it may be printed. */
export interface ParcelDocument
  extends
    Pick<ShipmentRow, 'tenant_id' | 'account_id' | 'redacted_at'>,
    Pick<ParcelRow, 'state' | 'refund' | 'tracking_number'> {
  readonly format: LabelFormat;
  /** Where the provider keeps it. */
  readonly source: string | null;
  readonly data: Uint8Array | null;
  /** The name of a form: "Commercial invoice". */
  readonly formName?: string;
}

export type ManifestDocument = Pick<
  OperationRow,
  'tenant_id' | 'account_id' | 'result' | 'document' | 'redacted_at'
>;

/** A label that is not stored yet. */
export type MissingLabel = Pick<ParcelRow, 'position' | 'label_source'>;

/** Documents to print. A file that arrives decides the format of its document. Data that arrives after a document was redacted is not stored. */
export interface DocumentRecords {
  label(location: DocumentLocation): Promise<ParcelDocument | undefined>;
  reprint(location: DocumentLocation): Promise<ParcelDocument | undefined>;
  form(location: DocumentLocation): Promise<ParcelDocument | undefined>;
  manifest(id: string): Promise<ManifestDocument | undefined>;
  missingLabels(shipmentId: string): Promise<readonly MissingLabel[]>;
  hasLabel(shipmentId: string): Promise<boolean>;
  saveLabel(shipmentId: string, label: MissingLabel, data: Uint8Array): Promise<void>;
  saveForm(location: DocumentLocation, data: Uint8Array): Promise<void>;
  saveManifest(id: string, data: Uint8Array): Promise<void>;
}

export function createDocumentRecords(db: Database): DocumentRecords {
  return {
    label: (location) =>
      selectParcel(db, location)
        .select(['label_format as format', 'label_source as source', 'label as data'])
        .executeTakeFirst(),
    reprint: async (location) => {
      const row = await selectParcel(db, location)
        .leftJoin('reprints', (join) =>
          join
            .onRef('reprints.shipment_id', '=', 'parcels.shipment_id')
            .onRef('reprints.position', '=', 'parcels.position')
            .on('format', '=', location.reprint!),
        )
        .select('data')
        .executeTakeFirst();
      return row && { ...row, format: location.reprint!, source: null };
    },
    form: (location) =>
      selectParcel(db, location)
        .innerJoin('forms', (join) =>
          join
            .onRef('forms.shipment_id', '=', 'parcels.shipment_id')
            .onRef('forms.position', '=', 'parcels.position'),
        )
        .select(['format', 'source', 'data', 'name as formName'])
        .where('number', '=', location.form!)
        .executeTakeFirst(),
    manifest: (id) =>
      db
        .selectFrom('operations')
        .select(['tenant_id', 'account_id', 'result', 'document', 'redacted_at'])
        .where('id', '=', id)
        .where('kind', '=', 'MANIFEST')
        .executeTakeFirst(),
    missingLabels: (shipmentId) =>
      db
        .selectFrom('parcels')
        .select(['position', 'label_source'])
        .where('shipment_id', '=', shipmentId)
        .where('label', 'is', null)
        .execute(),
    async hasLabel(shipmentId) {
      const row = await db
        .selectFrom('parcels')
        .select('position')
        .where('shipment_id', '=', shipmentId)
        .where('label', 'is not', null)
        .executeTakeFirst();
      return row !== undefined;
    },
    async saveLabel(shipmentId, { position, label_source }, data) {
      await db
        .updateTable('parcels')
        .set({ label: Buffer.from(data), label_format: formatOfFile(data) })
        .where('shipment_id', '=', shipmentId)
        .where('position', '=', position)
        .where('label_source', '=', label_source)
        .execute();
    },
    async saveForm({ id, position, form }, data) {
      await db
        .updateTable('forms')
        .set({ data: Buffer.from(data), format: formatOfFile(data) })
        .where('shipment_id', '=', id)
        .where('position', '=', position)
        .where('number', '=', form!)
        .where('source', 'is not', null)
        .execute();
    },
    async saveManifest(id, data) {
      await db
        .updateTable('operations')
        .set({ document: Buffer.from(data) })
        .where('id', '=', id)
        .where('redacted_at', 'is', null)
        .execute();
    },
  };
}

const selectParcel = (db: Database, { id, position }: DocumentLocation) =>
  db
    .selectFrom('shipments')
    .innerJoin('parcels', 'parcels.shipment_id', 'shipments.id')
    .select(['tenant_id', 'account_id', 'redacted_at', 'state', 'refund', 'tracking_number'])
    .where('id', '=', id)
    .where('parcels.position', '=', position);
