import { sql } from 'kysely';

import type { LabelDocumentContent } from '../../domain/label-document.ts';
import type { LabelFormat } from '../../domain/shipment.ts';
import type { Database } from '../database.ts';

/** The formats that the ledger has of one parcel's label. */
export interface LabelFormats {
  readonly shipment_id: string;
  readonly position: number;
  /** The format as purchased. */
  readonly label_format: LabelFormat;
  /** False where the label as purchased is still at its provider only. */
  readonly is_stored: boolean;
  readonly reprints: readonly LabelFormat[];
}

/** Which labels a document has; the file is made when it is downloaded. */
export interface LabelDocumentRecords {
  /** The formats of the labels of these shipments, in no order. */
  formats(shipmentIds: readonly string[]): Promise<readonly LabelFormats[]>;
  save(document: StoredLabelDocument): Promise<void>;
  find(id: string): Promise<StoredLabelDocument | undefined>;
  /** Deletes what has expired. */
  prune(now: number): Promise<void>;
}

export interface StoredLabelDocument extends LabelDocumentContent {
  readonly id: string;
  readonly expiresAt: Date;
}

export function createLabelDocumentRecords(db: Database): LabelDocumentRecords {
  return {
    async formats(shipmentIds) {
      if (shipmentIds.length === 0) return [];
      const { rows } = await sql<LabelFormats>`
        select p.shipment_id, p.position, p.label_format, p.label is not null as is_stored,
          array(select r.format from reprints r where r.shipment_id = p.shipment_id and r.position = p.position) as reprints
        from parcels p where p.shipment_id in (${sql.join(shipmentIds)})`.execute(db);
      return rows;
    },
    async save({ id, expiresAt, ...content }) {
      await db
        .insertInto('label_documents')
        .values({ id, content: JSON.stringify(content), expires_at: expiresAt })
        .execute();
    },
    async find(id) {
      const row = await db
        .selectFrom('label_documents')
        .select(['content', 'expires_at'])
        .where('id', '=', id)
        .executeTakeFirst();
      return row && { id, expiresAt: row.expires_at, ...row.content };
    },
    async prune(now) {
      await db.deleteFrom('label_documents').where('expires_at', '<=', new Date(now)).execute();
    },
  };
}
