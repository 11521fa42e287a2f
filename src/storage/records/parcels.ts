import type { Kysely, Updateable } from 'kysely';

import type { PurchasedLabel, ShipmentForm } from '../../domain/shipment.ts';
import type { ParcelTable, Tables } from '../tables.ts';

/** Columns of a parcel whose label is purchased. */
export const purchasedColumns = ({
  reference,
  price,
  quotedAmount,
  charges,
  trackingNumber,
  label,
}: PurchasedLabel) =>
  ({
    state: 'PURCHASED',
    reference: reference ?? null,
    price: price ? JSON.stringify(price) : null,
    quoted_amount: quotedAmount ? JSON.stringify(quotedAmount) : null,
    charges: JSON.stringify(charges),
    tracking_number: trackingNumber ?? null,
    label_format: label.format,
    label: 'data' in label ? Buffer.from(label.data) : null,
    label_source: 'source' in label ? label.source : null,
  }) satisfies Updateable<ParcelTable>;

/** Inserts the forms to print with a parcel. Those without data are fetched when they are first read. */
export async function insertForms(
  db: Kysely<Tables>,
  shipmentId: string,
  position: number,
  forms: readonly ShipmentForm[],
): Promise<void> {
  if (forms.length === 0) return;
  const rows = forms.map(({ name, document }, number) => ({
    shipment_id: shipmentId,
    position,
    number,
    name,
    format: document.format,
    source: 'source' in document ? document.source : null,
    data: 'data' in document ? Buffer.from(document.data) : null,
  }));
  await db.insertInto('forms').values(rows).execute();
}
