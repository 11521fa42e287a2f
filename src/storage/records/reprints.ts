import { sql } from 'kysely';

import type { LabelFormat } from '../../domain/shipment.ts';
import type { Database } from '../database.ts';
import { appendHistory, type Actor } from '../history.ts';
import type { ParcelRow, ShipmentRow } from '../tables.ts';
import { parcelName } from './refunds.ts';

/** Labels in other formats than those in which they were purchased. */
export interface ReprintRecords {
  has(parcel: ParcelRow, format: LabelFormat): Promise<boolean>;
  /** Makes the API show a parcel's label in a format. Returns false where the ledger does not have it so. */
  show(parcel: ParcelRow, format: LabelFormat): Promise<boolean>;
  /** Stores a label in a further format, which the API then shows. Stores nothing of a shipment that was redacted. */
  save(row: ShipmentRow, parcel: ParcelRow, reprint: Reprint, by: Actor): Promise<void>;
}

export interface Reprint {
  readonly format: LabelFormat;
  readonly data: Uint8Array;
}

export function createReprintRecords(db: Database): ReprintRecords {
  return {
    async has({ shipment_id, position, label_format }, format) {
      if (label_format === format) return true;
      const kept = await db
        .selectFrom('reprints')
        .select('position')
        .where('shipment_id', '=', shipment_id)
        .where('position', '=', position)
        .where('format', '=', format)
        .executeTakeFirst();
      return kept !== undefined;
    },
    async show({ shipment_id, position }, format) {
      const { rows } = await sql`update parcels set reprint_format = nullif(${format}, label_format)
        where shipment_id = ${shipment_id} and position = ${position} and (label_format = ${format} or exists (
          select 1 from reprints where reprints.shipment_id = ${shipment_id} and reprints.position = ${position}
          and format = ${format})) returning position`.execute(db);
      return rows.length > 0;
    },
    save: (row, parcel, { format, data }, by) =>
      db.transaction().execute(async (transaction) => {
        const { shipment_id, position } = parcel;
        const kept = await transaction
          .selectFrom('shipments')
          .select('id')
          .where('id', '=', row.id)
          .where('redacted_at', 'is', null)
          .forUpdate()
          .executeTakeFirst();
        if (kept === undefined) return;
        await transaction
          .insertInto('reprints')
          .values({ shipment_id, position, format, data: Buffer.from(data) })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        await transaction
          .updateTable('parcels')
          .set({ reprint_format: format })
          .where('shipment_id', '=', shipment_id)
          .where('position', '=', position)
          .execute();
        await appendHistory(transaction, row, 'REPRINTED', `${parcelName(parcel)} ${format}`, by);
      }),
  };
}
