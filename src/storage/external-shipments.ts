import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import type { ExternalShipment, ExternalLabel } from '../carriers/webhooks.ts';
import type { Database } from './database.ts';
import { appendHistory } from './history.ts';
import { addForms } from '../workflows/documents.ts';
import { lockNumbers, purchasedColumns } from './late-arrivals.ts';
import { refundColumns } from '../workflows/refunds.ts';
import type { Transaction } from './tables.ts';

/** The account that something was bought with. */
export interface Buyer {
  readonly id: string;
  readonly provider: string;
  readonly environment: string;
}

/** Adds what was bought elsewhere and is not here yet; returns how many that were. */
export async function addExternalShipments(
  transaction: Transaction,
  tenantId: string,
  buyer: Buyer,
  heard: readonly ExternalShipment[],
  at: number,
): Promise<number> {
  await lockNumbers(transaction, tenantId, heard.map(({ purchased }) => purchased.trackingNumber)); // prettier-ignore
  const ours = await knownReferences(
    transaction,
    tenantId,
    heard.map(({ reference, purchased }) => ({ reference, trackingNumber: purchased.trackingNumber })),
  );
  let added = 0;
  for (const each of heard) {
    if (!ours.has(each.reference) && (await add(transaction, tenantId, buyer, each, at))) added += 1;
  }
  return added;
}

/**
 * Which of them are here: by their number, or as what is being bought, whose number is not known yet while its prepared
 * request names it.
 */
export async function knownReferences(
  db: Database,
  tenantId: string,
  heard: readonly ExternalLabel[],
): Promise<ReadonlySet<string>> {
  const references = heard.map(({ reference }) => reference);
  const numbers = heard.map(({ trackingNumber }) => trackingNumber);
  const { rows } = await sql<{ reference: string }>`
    select reference from unnest(${sql.val(references)}::text[], ${sql.val(numbers)}::text[]) as heard(reference, number)
    where exists (select 1 from shipments join parcels on shipment_id = shipments.id
        where tenant_id = ${tenantId} and tracking_number = heard.number)
      or exists (select 1 from shipments join parcels on shipment_id = shipments.id
        where tenant_id = ${tenantId} and status in ('PURCHASING', 'UNCERTAIN')
        and position(heard.reference in request::text) > 0)`.execute(db);
  return new Set(rows.map(({ reference }) => reference));
}

/** False where somebody else has just added it. */
async function add(
  transaction: Transaction,
  tenantId: string,
  buyer: Buyer,
  heard: ExternalShipment,
  at: number,
): Promise<boolean> {
  const { purchased, refund } = heard;
  const name = nameOf(buyer, heard);
  const row = await transaction
    .insertInto('shipments')
    .values({
      id: `shp_${randomUUID()}`,
      tenant_id: tenantId,
      idempotency_key: name,
      input_hash: name,
      rate_hash: name,
      account_id: buyer.id,
      provider: buyer.provider,
      environment: buyer.environment,
      status: refund?.voided ? 'VOIDED' : 'PURCHASED',
      carrier: heard.carrier,
      service: JSON.stringify(heard.service),
      sender: JSON.stringify(heard.from),
      recipient: JSON.stringify(heard.to),
      quoted_price: JSON.stringify(purchased.quotedAmount),
      is_return: heard.isReturn,
      ship_date: heard.shipDate,
      reference: heard.buyerReference ?? null,
      undoing: false,
      created_at: new Date(heard.createdAt),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning(['id', 'tenant_id', 'account_id'])
    .executeTakeFirst();
  if (row === undefined) return false;
  await transaction
    .insertInto('parcels')
    .values({
      shipment_id: row.id,
      position: 0,
      parcel: JSON.stringify(heard.parcel),
      attempt: heard.prepared.attemptId,
      request: JSON.stringify(heard.prepared.request),
      ...purchasedColumns({ ...purchased, reference: heard.reference }),
      ...(refund && refundColumns(refund, purchased.price, at)),
    })
    .execute();
  await addForms(transaction, row.id, 0, purchased.forms ?? []);
  await appendHistory(transaction, row, 'IMPORTED', purchased.trackingNumber);
  return true;
}

/** What stands in place of a caller's key and of a rate: longer than any key that a caller may send. */
const nameOf = ({ provider }: Buyer, { reference }: ExternalShipment) =>
  `imported from ${provider}: ${reference}`.padEnd(256, '.');
