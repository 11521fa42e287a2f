import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import type { ExternalLabel, ExternalShipment } from '../../domain/external-shipment.ts';
import { labelName } from '../../domain/shipment.ts';
import type { Database } from '../database.ts';
import { appendHistory } from '../history.ts';
import { insertForms, purchasedColumns } from './parcels.ts';
import { lockLabels } from '../purchases/late-arrivals.ts';
import { refundColumns } from './refunds.ts';
import type { PurchasingAccount, Transaction } from '../tables.ts';

/**
 * Inserts shipments that were purchased by another system with an account, unless they are stored already. `at` is when the
 * provider reported them, epoch milliseconds. Returns how many were inserted.
 */
export async function insertExternalShipments(
  transaction: Transaction,
  tenantId: string,
  account: PurchasingAccount,
  shipments: readonly ExternalShipment[],
  at: number,
): Promise<number> {
  const names = shipments.map(({ reference, purchased }) => labelName({ ...purchased, reference }));
  await lockLabels(transaction, tenantId, names);
  const labels = shipments.map(({ reference, purchased: { trackingNumber } }) => ({ reference, trackingNumber })); // prettier-ignore
  const known = await knownReferences(transaction, tenantId, labels);
  let inserted = 0;
  for (const shipment of shipments) {
    if (known.has(shipment.reference)) continue;
    if (await insert(transaction, tenantId, account, shipment, at)) inserted += 1;
  }
  return inserted;
}

/**
 * Returns the references of labels that are stored: by their tracking number, by their reference where they have none, or
 * in the prepared request of an open purchase, whose tracking number is not known yet.
 */
export async function knownReferences(
  db: Database,
  tenantId: string,
  labels: readonly ExternalLabel[],
): Promise<ReadonlySet<string>> {
  const references = labels.map(({ reference }) => reference);
  const numbers = labels.map(({ trackingNumber }) => trackingNumber ?? null);
  const { rows } = await sql<{ reference: string }>`
    select reference from unnest(${sql.val(references)}::text[], ${sql.val(numbers)}::text[]) as label(reference, number)
    where exists (select 1 from shipments join parcels on shipment_id = shipments.id
        where tenant_id = ${tenantId} and (tracking_number = label.number
          or tracking_number is null and parcels.reference = label.reference))
      or exists (select 1 from shipments join parcels on shipment_id = shipments.id
        where tenant_id = ${tenantId} and status in ('PURCHASING', 'UNCERTAIN')
        and position(label.reference in request::text) > 0)`.execute(db);
  return new Set(rows.map(({ reference }) => reference));
}

/** Returns false where another process has just inserted it. */
async function insert(
  transaction: Transaction,
  tenantId: string,
  account: PurchasingAccount,
  shipment: ExternalShipment,
  at: number,
): Promise<boolean> {
  const { purchased, refund } = shipment;
  const key = keyOf(account, shipment);
  const row = await transaction
    .insertInto('shipments')
    .values({
      id: `shp_${randomUUID()}`,
      tenant_id: tenantId,
      idempotency_key: key,
      input_hash: key,
      rate_hash: key,
      account_id: account.id,
      provider: account.provider,
      environment: account.environment,
      status: refund?.voided ? 'VOIDED' : 'PURCHASED',
      carrier: shipment.carrier,
      service: JSON.stringify(shipment.service),
      sender: JSON.stringify(shipment.from),
      recipient: JSON.stringify(shipment.to),
      quoted_price: purchased.quotedAmount ? JSON.stringify(purchased.quotedAmount) : null,
      is_return: shipment.isReturn,
      ship_date: shipment.shipDate,
      reference: shipment.buyerReference ?? null,
      compensating: false,
      created_at: new Date(shipment.createdAt),
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
      parcel: JSON.stringify(shipment.parcel),
      attempt_id: shipment.prepared.attemptId,
      request: JSON.stringify(shipment.prepared.request),
      ...purchasedColumns({ ...purchased, reference: shipment.reference }),
      ...(refund && refundColumns(refund, purchased.price ?? null, at)),
    })
    .execute();
  await insertForms(transaction, row.id, 0, purchased.forms ?? []);
  await appendHistory(
    transaction,
    row,
    'IMPORTED',
    labelName({ ...purchased, reference: shipment.reference }),
  );
  return true;
}

/** Stands in place of a caller's key and of a rate; longer than any key that a caller may send. */
const keyOf = ({ provider }: PurchasingAccount, { reference }: ExternalShipment) =>
  `imported from ${provider}: ${reference}`.padEnd(256, '.');
