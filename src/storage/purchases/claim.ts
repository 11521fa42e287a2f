import { randomUUID } from 'node:crypto';

import { InputError } from '../../domain/errors.ts';
import type { LabelRequest } from '../../domain/label.ts';
import type { Database } from '../database.ts';
import { appendHistory, type Actor } from '../history.ts';
import { retryNever, toStoredHash, type IdempotencyKey } from '../records/idempotent-rows.ts';
import type { Lease } from '../leases.ts';
import { checkSpendLimit, type DailySpendLimit } from './spend-limit.ts';
import type { PurchasingAccount, ShipmentRow, Transaction } from '../tables.ts';

/** A purchase that a caller requests, validated and complete. */
export interface PurchaseIntent extends IdempotencyKey {
  readonly by: Actor;
  /** Hash of the rate id: a rate buys once. */
  readonly rateHash: string;
  readonly account: PurchasingAccount;
  readonly request: LabelRequest;
  /** Whether the parcels are watched once they are purchased. Default: false. */
  readonly isWatched?: boolean;
  /** Default: no limit. */
  readonly spendLimit?: DailySpendLimit;
}

const rateIndex = 'shipments_rate_hash';

/**
 * Writes the intent as a leased PURCHASING shipment: a new row, or the FAILED row of the same key. Returns undefined
 * where the key has a row that did not fail. Throws an `InputError` (RATE_USED) where another key bought the rate, and (SPEND_LIMIT_EXCEEDED) where
 * it may cost more than is left of the caller's limit.
 */
export async function claimPurchase(
  db: Database,
  lease: Lease,
  intent: PurchaseIntent,
): Promise<ShipmentRow | undefined> {
  for (;;) {
    try {
      return await db.transaction().execute((transaction) => insertShipment(transaction, lease, intent));
    } catch (error) {
      if ((error as { constraint?: string }).constraint !== rateIndex) throw error;
    }
    const owners = await findOwners(db, intent);
    // Two calls with one key at the same moment collide on the rate too: the other call then owns both.
    if (owners.some((owner) => owner.idempotency_key === intent.idempotencyKey)) return undefined;
    if (owners[0] !== undefined) throw rateUsed(owners[0].id);
    // The purchase that had the rate has failed since, so the rate can be bought.
  }
}

/** The shipments that own the key or the rate. */
const findOwners = (db: Database, { tenantId, idempotencyKey, rateHash }: PurchaseIntent) =>
  db
    .selectFrom('shipments')
    .select(['id', 'idempotency_key'])
    .where('tenant_id', '=', tenantId)
    .where('status', '<>', 'FAILED')
    .where((eb) => eb.or([eb('idempotency_key', '=', idempotencyKey), eb('rate_hash', '=', rateHash)]))
    .execute();

async function insertShipment(
  transaction: Transaction,
  lease: Lease,
  intent: PurchaseIntent,
): Promise<ShipmentRow | undefined> {
  const columns = { ...columnsOf(intent), ...lease };
  const id = `shp_${randomUUID()}`;
  const row = await transaction
    .insertInto('shipments')
    .values({
      id,
      tenant_id: intent.tenantId,
      idempotency_key: intent.idempotencyKey,
      ...columns,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'idempotency_key'])
        .doUpdateSet(columns)
        .where('shipments.status', '=', 'FAILED'),
    )
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { spendLimit, request } = intent;
  if (spendLimit) await checkSpendLimit(transaction, intent.tenantId, spendLimit, request.maxPrice);
  // A retry keeps its row, and with it the parcels that failed.
  if (row.id !== id) await transaction.deleteFrom('parcels').where('shipment_id', '=', row.id).execute();
  await insertParcels(transaction, row.id, request);
  await appendHistory(transaction, row, 'ASKED', intent.idempotencyKey, intent.by);
  return row;
}

async function insertParcels(
  transaction: Transaction,
  shipmentId: string,
  { request, format }: LabelRequest,
): Promise<void> {
  await transaction
    .insertInto('parcels')
    .values(
      request.parcels.map((parcel, position) => ({
        shipment_id: shipmentId,
        position,
        parcel: JSON.stringify(parcel),
        state: 'PENDING' as const,
        label_format: format,
      })),
    )
    .execute();
}

const columnsOf = ({
  rateHash,
  account,
  request,
  isWatched = false,
  spendLimit,
  ...key
}: PurchaseIntent) => ({
  input_hash: toStoredHash(key),
  rate_hash: rateHash,
  account_id: account.id,
  provider: account.provider,
  environment: account.environment,
  status: 'PURCHASING' as const,
  carrier: request.offer.carrier,
  service: JSON.stringify(request.offer.service),
  sender: JSON.stringify(request.from),
  recipient: JSON.stringify(request.to),
  quoted_price: JSON.stringify(request.offer.price),
  max_price: JSON.stringify(request.maxPrice),
  is_return: request.request.options?.isReturn ?? false,
  ship_date: request.request.shipDate,
  is_watched: isWatched,
  reference: request.reference ?? null,
  spender: spendLimit?.spender ?? null,
  spent_on: spendLimit?.day ?? null,
  failure: null,
  compensating: false,
  ...retryNever,
  redacted_at: null,
});

const rateUsed = (shipmentId: string) =>
  new InputError([
    {
      code: 'RATE_USED',
      field: ['input', 'rateId'],
      message: `has bought the shipment ${shipmentId}: send the idempotency key that you bought it with to get it again, or ask for rates again to buy another label`,
    },
  ]);
