import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import { arrivedTooLate } from '../../domain/failures.ts';
import { labelName, type PurchasedLabel } from '../../domain/shipment.ts';
import type { Database } from '../database.ts';
import { appendHistory } from '../history.ts';
import { retryNever } from '../records/idempotent-rows.ts';
import { released } from '../leases.ts';
import { purchasedColumns } from '../records/parcels.ts';
import type { ShipmentRow, Transaction } from '../tables.ts';
import type { PurchaseGroup } from './groups.ts';

/*
 * Labels that arrive after their shipment failed or its key was retried: a process stalled between sending the request
 * and storing the label, and another process took the row over. A label whose key was retried becomes a shipment of its
 * own, an orphan, whose key and rate hash are the original's followed by a blank and the attempt's id.
 */

/** Makes a FAILED shipment UNCERTAIN since a label of it arrived; it stays compensating only where another parcel failed. */
export async function reopen(
  transaction: Transaction,
  { id, tenant_id, rate_hash }: ShipmentRow,
): Promise<ShipmentRow> {
  // Another key may have bought the rate meanwhile, and a rate hash is unique.
  const { rows } = await sql<ShipmentRow>`update shipments set status = 'UNCERTAIN', retry_at = null,
    rate_hash = case when exists (
      select 1 from shipments other where other.tenant_id = ${tenant_id} and other.rate_hash = ${rate_hash}
      and other.status <> 'FAILED') then ${`${rate_hash} ${id}`} else ${rate_hash} end,
    compensating = compensating and exists (
      select 1 from parcels where shipment_id = ${id} and state in ('REFUSED', 'VOIDED'))
    where id = ${id} returning *`.execute(transaction);
  return rows[0]!;
}

/** Keeps imports and other purchases from writing these labels, by their names, until the transaction ends. */
export const lockLabels = (transaction: Transaction, tenantId: string, names: readonly string[]) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`${tenantId} `} || name, 0))
    from unnest(${sql.val([...new Set(names)].sort())}::text[]) as name`.execute(transaction);

/**
 * Returns the id of another shipment that owns one of these labels. That happens where a provider sells one label for each
 * quote and returns it to every buyer, or where a label was imported. Carriers reuse tracking numbers after years, so a
 * label that is not `late` is compared by the provider's own reference. Orphans of the same rate are not other owners.
 */
export async function findOtherOwner(
  transaction: Transaction,
  { id, tenant_id, provider, rate_hash }: ShipmentRow,
  labels: readonly PurchasedLabel[],
  late: boolean,
): Promise<string | undefined> {
  const compared = labels.filter(({ reference }) => late || reference !== undefined);
  const numbers = compared.map(({ trackingNumber }) => trackingNumber ?? null);
  const references = compared.map(({ reference }) => reference ?? null);
  const { rows } = await sql<{ id: string }>`select shipments.id from parcels
    join shipments on shipments.id = shipment_id
    join unnest(${sql.val(numbers)}::text[], ${sql.val(references)}::text[]) as label(number, reference)
      on (tracking_number = number and parcels.reference is not distinct from label.reference
        or number is null and tracking_number is null and parcels.reference = label.reference)
    where tenant_id = ${tenant_id} and provider = ${provider} and state in ('PURCHASED', 'VOIDED')
    and (shipments.id = ${id} or status <> 'FAILED')
    and (${late} or not starts_with(rate_hash, ${`${rate_hash} `})) limit 1`.execute(transaction);
  return rows[0]?.id;
}

/** Inserts labels whose key was retried as an orphaned shipment that is compensating: they are voided. */
export async function insertOrphan(
  transaction: Transaction,
  current: ShipmentRow,
  group: PurchaseGroup,
  labels: readonly PurchasedLabel[],
): Promise<void> {
  const row = { ...current, id: `shp_${randomUUID()}` };
  await transaction
    .insertInto('shipments')
    .values({
      ...row,
      created_at: undefined,
      idempotency_key: `${current.idempotency_key} ${group.attemptId}`,
      rate_hash: `${current.rate_hash} ${group.attemptId}`,
      status: 'UNCERTAIN',
      service: JSON.stringify(current.service),
      sender: JSON.stringify(current.sender),
      recipient: JSON.stringify(current.recipient),
      quoted_price: current.quoted_price && JSON.stringify(current.quoted_price),
      max_price: current.max_price && JSON.stringify(current.max_price),
      failure: JSON.stringify(arrivedTooLate),
      compensating: true,
      ...retryNever,
      ...released,
    })
    .execute();
  for (const [index, label] of labels.entries()) {
    const { position, parcel, attempt_id, request, sent_at } = group.parcels[index]!;
    await transaction
      .insertInto('parcels')
      .values({
        shipment_id: row.id,
        position,
        parcel: JSON.stringify(parcel),
        attempt_id,
        request: JSON.stringify(request),
        sent_at,
        ...purchasedColumns(label),
      })
      .execute();
    await appendHistory(transaction, row, 'BOUGHT', labelName(label));
  }
  await appendHistory(transaction, row, 'UNCERTAIN', arrivedTooLate.code);
}

/** Refuses orphaned copies of labels that now arrived at the purchase that they belong to. */
export async function discardOrphans(
  transaction: Transaction,
  { tenant_id, rate_hash }: ShipmentRow,
  labels: readonly PurchasedLabel[],
): Promise<void> {
  const names = sql.val(labels.map(labelName));
  await sql`update parcels set state = 'REFUSED' from shipments where shipments.id = shipment_id
    and tenant_id = ${tenant_id} and starts_with(rate_hash, ${`${rate_hash} `})
    and (tracking_number = any(${names}) or tracking_number is null and parcels.reference = any(${names}))`.execute(
    transaction,
  );
}

/** Returns whether an orphaned label may yet belong to a purchase of the same rate that is open. */
export async function isClaimedByOpenPurchase(
  db: Database,
  { tenant_id, rate_hash }: ShipmentRow,
): Promise<boolean> {
  const [rate, attemptId] = rate_hash.split(' ');
  if (attemptId === undefined) return false;
  const { rows } = await sql`select 1 from shipments where tenant_id = ${tenant_id} and rate_hash = ${rate}
    and status in ('PURCHASING', 'UNCERTAIN')`.execute(db);
  return rows.length > 0;
}
