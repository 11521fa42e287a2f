import { randomUUID } from 'node:crypto';

import { sql, type Updateable } from 'kysely';

import type { PurchasedLabel } from '../domain/shipment.ts';
import type { Database } from './database.ts';
import { tooLate } from '../workflows/failures.ts';
import { appendHistory } from './history.ts';
import { released, retryNever } from '../workflows/idempotency.ts';
import type { ParcelRow, ParcelTable, ShipmentRow, Transaction } from './tables.ts';

/*
 * Labels that are heard of after their shipment was given up: a process stalled between sending and writing down, and
 * others have gone on since.
 */

/** Parcels that are bought by one request. */
export interface PurchaseGroup {
  readonly attempt: string;
  readonly parcels: readonly ParcelRow[];
}

/** A parcel's row once its label is there. */
export const purchasedColumns = ({
  reference,
  price,
  quotedAmount,
  charges,
  trackingNumber,
  label,
}: PurchasedLabel) =>
  ({
    state: 'SOLD',
    reference: reference ?? null,
    price: JSON.stringify(price),
    quotable: JSON.stringify(quotedAmount),
    charges: JSON.stringify(charges),
    tracking_number: trackingNumber,
    label_format: label.format,
    label: 'data' in label ? Buffer.from(label.data) : null,
    label_source: 'source' in label ? label.source : null,
  }) satisfies Updateable<ParcelTable>;

/** A label that is heard of after its shipment was given up: it stands after all, or is given back. */
export async function reopen(
  transaction: Transaction,
  { id, tenant_id, rate_hash }: ShipmentRow,
): Promise<void> {
  // Its rate may have been bought under another key in between.
  await sql`update shipments set status = 'UNCERTAIN', retry_at = null, ${sql.ref('rate_hash')} = case when exists (
      select 1 from shipments other where other.tenant_id = ${tenant_id} and other.rate_hash = ${rate_hash}
      and other.status <> 'FAILED') then ${`${rate_hash} ${id}`} else ${rate_hash} end,
    undoing = undoing and exists (
      select 1 from parcels where shipment_id = ${id} and state in ('REFUSED', 'VOIDED'))
    where id = ${id}`.execute(transaction);
}

/** Until the transaction ends nobody else writes down labels of these numbers: an import, or another purchase. */
export const lockNumbers = (transaction: Transaction, tenantId: string, numbers: readonly string[]) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`${tenantId} `} || number, 0))
    from unnest(${sql.val([...new Set(numbers)].sort())}::text[]) as number`.execute(transaction);

/**
 * The shipment that labels are of already, if there is one: a provider that sells one a quote hands it out to whoever
 * asks, and one that was bought elsewhere may have been imported. Numbers are given out anew after years, so a label that
 * is not `late` is known by the provider's own name of it. What was kept apart for this rate is not another's.
 */
export async function findOtherOwner(
  transaction: Transaction,
  { id, tenant_id, provider, rate_hash }: ShipmentRow,
  sold: readonly PurchasedLabel[],
  late: boolean,
): Promise<string | undefined> {
  const labels = sold.filter(({ reference }) => late || reference !== undefined);
  const numbers = labels.map(({ trackingNumber }) => trackingNumber);
  const references = labels.map(({ reference }) => reference ?? null);
  const { rows } = await sql<{ id: string }>`select shipments.id from parcels
    join shipments on shipments.id = shipment_id
    join unnest(${sql.val(numbers)}::text[], ${sql.val(references)}::text[]) as sold(number, name)
      on tracking_number = number and parcels.reference is not distinct from name
    where tenant_id = ${tenant_id} and provider = ${provider} and state in ('SOLD', 'VOIDED')
    and (shipments.id = ${id} or status <> 'FAILED')
    and (${late} or not starts_with(rate_hash, ${`${rate_hash} `})) limit 1`.execute(transaction);
  return rows[0]?.id;
}

/** A label whose key was tried again before it was heard of: a shipment of its own, which goes back. */
export async function insertOrphan(
  transaction: Transaction,
  now: ShipmentRow,
  lot: PurchaseGroup,
  sold: readonly PurchasedLabel[],
): Promise<void> {
  const row = { ...now, id: `shp_${randomUUID()}` };
  await transaction
    .insertInto('shipments')
    .values({
      ...row,
      created_at: undefined,
      idempotency_key: `${now.idempotency_key} ${lot.attempt}`,
      rate_hash: `${now.rate_hash} ${lot.attempt}`,
      status: 'UNCERTAIN',
      service: JSON.stringify(now.service),
      sender: JSON.stringify(now.sender),
      recipient: JSON.stringify(now.recipient),
      quoted_price: JSON.stringify(now.quoted_price),
      price_limit: now.price_limit && JSON.stringify(now.price_limit),
      failure: JSON.stringify(tooLate),
      undoing: true,
      ...retryNever,
      ...released,
    })
    .execute();
  for (const [index, each] of sold.entries()) {
    const { position, parcel, attempt, request, sent_at } = lot.parcels[index]!;
    await transaction
      .insertInto('parcels')
      .values({
        shipment_id: row.id,
        position,
        parcel: JSON.stringify(parcel),
        attempt,
        request: JSON.stringify(request),
        sent_at,
        ...purchasedColumns(each),
      })
      .execute();
    await appendHistory(transaction, row, 'BOUGHT', each.trackingNumber);
  }
  await appendHistory(transaction, row, 'UNCERTAIN', tooLate.code);
}

/** A label that was kept apart, and now is heard of by the purchase that it belongs to. */
export async function discardOrphans(
  transaction: Transaction,
  { tenant_id, rate_hash }: ShipmentRow,
  sold: readonly PurchasedLabel[],
): Promise<void> {
  const numbers = sold.map(({ trackingNumber }) => trackingNumber);
  await sql`update parcels set state = 'REFUSED' from shipments where shipments.id = shipment_id
    and tenant_id = ${tenant_id} and starts_with(rate_hash, ${`${rate_hash} `})
    and tracking_number = any(${sql.val(numbers)})`.execute(transaction);
}

/** A label that was kept apart may yet turn out to be that of the purchase that is under way. */
export async function isClaimedByOpenPurchase(
  db: Database,
  { tenant_id, rate_hash }: ShipmentRow,
): Promise<boolean> {
  const [rate, attempt] = rate_hash.split(' ');
  if (attempt === undefined) return false;
  const { rows } = await sql`select 1 from shipments where tenant_id = ${tenant_id} and rate_hash = ${rate}
    and status in ('PURCHASING', 'UNCERTAIN')`.execute(db);
  return rows.length > 0;
}
