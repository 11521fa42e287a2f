import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import type { PreparedRequest } from '../carriers/adapter.ts';
import { InputError } from '../domain/errors.ts';
import { compareMoney, sum, type Money } from '../domain/money.ts';
import type { PurchasedLabel } from '../domain/shipment.ts';
import type { Database } from './database.ts';
import { cancelledByHand, lostBeforeSending, soldBefore } from '../workflows/failures.ts';
import { appendHistory, type Actor } from './history.ts';
import { addForms } from '../workflows/documents.ts';
import {
  insertOrphan,
  lockNumbers,
  discardOrphans,
  reopen,
  purchasedColumns,
  findOtherOwner,
  type PurchaseGroup,
} from './late-arrivals.ts';
import {
  maybeInFlight,
  released,
  retryLater,
  retryNever,
  type Lease,
  type IdempotencyKey,
} from '../workflows/idempotency.ts';
import type { PurchaseIntent } from '../workflows/purchases.ts';
import type { ShipmentRow, StoredFailure, Transaction } from './tables.ts';

/** What was heard of a lot. */
export type GroupOutcome = 'SOLD' | 'REFUSED' | 'UNKNOWN';

/** Statuses of a purchase that is being made, or not known to be made. */
export const open = ['PURCHASING', 'UNCERTAIN'] as const;
const isOpen = ({ status }: ShipmentRow) => status === 'PURCHASING' || status === 'UNCERTAIN';
const rateIndex = 'shipments_once_a_rate';

/** Purchases as they are written. */
export function createPurchaseQueries(db: Database) {
  return {
    ofKey: ({ tenantId, idempotencyKey }: IdempotencyKey) =>
      db
        .selectFrom('shipments')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('idempotency_key', '=', idempotencyKey)
        .executeTakeFirst(),
    byId: (id: string) =>
      db.selectFrom('shipments').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    find: (id: string) => db.selectFrom('shipments').selectAll().where('id', '=', id).executeTakeFirst(),
    parcelsOf: (id: string) =>
      db.selectFrom('parcels').selectAll().where('shipment_id', '=', id).orderBy('position').execute(),
    async isInFlight({ id }: ShipmentRow, { attempt }: PurchaseGroup): Promise<boolean> {
      const { rows } = await sql`select 1 from parcels where shipment_id = ${id} and attempt = ${attempt}
        and ${maybeInFlight}`.execute(db);
      return rows.length > 0;
    },
  };
}

/**
 * What is written of a purchase, each step in one transaction. Where another process has taken the purchase over, a step
 * changes nothing, and says so by false where that matters; what was sold counts all the same.
 */
export function createPurchaseRecords(db: Database, hold: Lease) {
  /** Locks the row until the transaction ends. */
  const locked = (transaction: Transaction, id: string) =>
    transaction
      .selectFrom('shipments')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirstOrThrow();
  /** As `locked`; undefined where it is not this process's to work on any more. */
  const held = async (transaction: Transaction, id: string) => {
    const row = await locked(transaction, id);
    return row.worker === hold.worker && isOpen(row) ? row : undefined;
  };

  /** Writes the intent: a new row, or the row of this key that failed before, with what is tried now. */
  async function claim(intent: PurchaseIntent): Promise<string | undefined> {
    const { tenantId, idempotencyKey, inputHash, rateHash, account, request, by } = intent;
    const wanted = {
      input_hash: inputHash,
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
      price_limit: JSON.stringify(request.maxPrice),
      is_return: request.request.options?.isReturn ?? false,
      ship_date: request.request.shipDate,
      reference: request.reference ?? null,
      failure: null,
      undoing: false,
      ...retryNever,
      blanked_at: null,
      ...hold,
    };
    try {
      return await db.transaction().execute(async (transaction) => {
        const row = await transaction
          .insertInto('shipments')
          .values({
            id: `shp_${randomUUID()}`,
            tenant_id: tenantId,
            idempotency_key: idempotencyKey,
            ...wanted,
          })
          .onConflict((conflict) =>
            conflict
              .columns(['tenant_id', 'idempotency_key'])
              .doUpdateSet(wanted)
              .where('shipments.status', '=', 'FAILED'),
          )
          .returning('id')
          .executeTakeFirst();
        if (row === undefined) return undefined;
        await transaction.deleteFrom('parcels').where('shipment_id', '=', row.id).execute();
        await transaction
          .insertInto('parcels')
          .values(
            request.request.parcels.map((parcel, position) => ({
              shipment_id: row.id,
              position,
              parcel: JSON.stringify(parcel),
              state: 'INTENDED' as const,
              label_format: request.format,
            })),
          )
          .execute();
        const subject = { id: row.id, tenant_id: tenantId, account_id: account.id };
        await appendHistory(transaction, subject, 'ASKED', idempotencyKey, by);
        return row.id;
      });
    } catch (error) {
      if ((error as { constraint?: string }).constraint !== rateIndex) throw error;
      // Two that come with one key at once collide on its rate too: then the other was first with both.
      const { rows } = await sql`select id from shipments where tenant_id = ${tenantId}
        and idempotency_key = ${idempotencyKey} and status <> 'FAILED'`.execute(db);
      if (rows.length > 0) return undefined;
      throw rateUsed();
    }
  }

  const keepPrepared = (id: string, prepared: readonly PreparedRequest[]) =>
    db.transaction().execute(async (transaction) => {
      if (!(await held(transaction, id))) return false;
      for (const [position, { attemptId, request }] of prepared.entries()) {
        await transaction
          .updateTable('parcels')
          .set({ attempt: attemptId, request: JSON.stringify(request) })
          .where('shipment_id', '=', id)
          .where('position', '=', position)
          .execute();
      }
      return true;
    });

  /** Written before a byte goes out. */
  async function markSent(row: ShipmentRow, { attempt }: PurchaseGroup): Promise<boolean> {
    return db.transaction().execute(async (transaction) => {
      if (!(await held(transaction, row.id))) return false;
      const { rows } = await sql`update parcels set state = 'SENT', sent_at = now()
        where shipment_id = ${row.id} and attempt = ${attempt} and state in ('INTENDED', 'SENT')
        returning position`.execute(transaction);
      if (rows.length > 0) await appendHistory(transaction, row, 'SENT', attempt);
      return rows.length > 0;
    });
  }

  const refuse = (row: ShipmentRow, lot: PurchaseGroup, failure: StoredFailure) =>
    db.transaction().execute(async (transaction): Promise<GroupOutcome> => {
      // Whoever has taken it over asks again, and may have heard better.
      if (!(await held(transaction, row.id))) return 'UNKNOWN';
      await transaction
        .updateTable('parcels')
        .set({ state: 'REFUSED' })
        .where('shipment_id', '=', row.id)
        .where('attempt', '=', lot.attempt)
        .where('state', '=', 'SENT')
        .execute();
      // From here on it is not to be, whatever happens to this process.
      await transaction
        .updateTable('shipments')
        .set({ undoing: true, failure: JSON.stringify(failure) })
        .where('id', '=', row.id)
        .execute();
      await appendHistory(transaction, row, 'REFUSED', failure.code);
      return 'REFUSED';
    });

  /** Writes down what was sold; a label that is another shipment's is no sale of this one. */
  async function record(
    row: ShipmentRow,
    lot: PurchaseGroup,
    sold: readonly PurchasedLabel[],
  ): Promise<GroupOutcome> {
    const owner = await keepSold(row, lot, sold);
    return owner === undefined ? 'SOLD' : refuse(row, lot, soldBefore(owner));
  }

  /**
   * What was sold, in one transaction with the purchase's success where it was the last. It counts whoever holds the
   * row by now, and whatever was thought of it before. Answers the shipment that it belongs to, where that is another.
   */
  const keepSold = (row: ShipmentRow, lot: PurchaseGroup, sold: readonly PurchasedLabel[]) =>
    db.transaction().execute(async (transaction): Promise<string | undefined> => {
      const now = await locked(transaction, row.id);
      const parcels = await transaction
        .selectFrom('parcels')
        .select(['position', 'state'])
        .where('shipment_id', '=', row.id)
        .where('attempt', '=', lot.attempt)
        .execute();
      if (parcels.some(({ state }) => state === 'SOLD' || state === 'VOIDED')) return;
      const isLate = parcels.length === 0 || now.status === 'FAILED';
      await lockNumbers(transaction, row.tenant_id, sold.map(({ trackingNumber }) => trackingNumber)); // prettier-ignore
      const owner = await findOtherOwner(transaction, now, sold, isLate);
      if (owner !== undefined) return isLate ? undefined : owner;
      if (parcels.length === 0) return void (await insertOrphan(transaction, now, lot, sold));
      for (const [index, each] of sold.entries()) {
        await transaction
          .updateTable('parcels')
          .set(purchasedColumns(each))
          .where('shipment_id', '=', row.id)
          .where('position', '=', lot.parcels[index]!.position)
          .execute();
        await addForms(transaction, row.id, lot.parcels[index]!.position, each.forms ?? []);
        await appendHistory(transaction, row, 'BOUGHT', each.trackingNumber);
      }
      await discardOrphans(transaction, now, sold);
      if (now.status === 'FAILED') await reopen(transaction, now);
      await finish(transaction, row.id);
    });

  /** PURCHASED where every label is there, for no more than was allowed. */
  async function finish(transaction: Transaction, id: string): Promise<void> {
    const { undoing, price_limit } = await transaction
      .selectFrom('shipments')
      .select(['undoing', 'price_limit'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const parcels = await transaction
      .selectFrom('parcels')
      .select(['state', 'quotable'])
      .where('shipment_id', '=', id)
      .execute();
    if (undoing || parcels.some(({ state }) => state !== 'SOLD')) return;
    const [first, ...rest] = parcels.map(({ quotable }) => quotable!);
    const price = sum(first!, ...rest);
    const dearer = price_limit !== null && compareMoney(price, price_limit) > 0;
    const outcome = dearer
      ? { undoing: true, failure: JSON.stringify(priceChanged(price_limit, price)) }
      : { status: 'PURCHASED' as const, failure: null, ...retryNever, ...released };
    await transaction.updateTable('shipments').set(outcome).where('id', '=', id).execute();
  }

  /** When nothing is under way any more: what it all comes to. */
  const conclude = (id: string) =>
    db.transaction().execute(async (transaction) => {
      // Two that ended side by side did not see each other's success.
      await finish(transaction, id);
      const now = await locked(transaction, id);
      const parcels = await transaction
        .selectFrom('parcels')
        .selectAll()
        .where('shipment_id', '=', id)
        .orderBy('position')
        .execute();
      return { now, isOurs: now.worker === hold.worker && isOpen(now), parcels };
    });

  /** Written before the first is cancelled, so that whoever hears of it has it back. */
  const giveUp = (row: ShipmentRow, lots: readonly PurchaseGroup[], by: Actor) =>
    db.transaction().execute(async (transaction) => {
      const now = await held(transaction, row.id);
      if (now === undefined) return false;
      const failure = now.undoing ? now.failure : cancelledByHand;
      await transaction
        .updateTable('shipments')
        .set({ undoing: true, failure: JSON.stringify(failure) })
        .where('id', '=', row.id)
        .execute();
      for (const { attempt } of lots) await appendHistory(transaction, row, 'VOID_ASKED', attempt, by);
      return true;
    });

  const doubt = (row: ShipmentRow, failure: StoredFailure) =>
    db
      .updateTable('shipments')
      .set({ failure: JSON.stringify(failure) })
      .where('id', '=', row.id)
      .where('worker', '=', hold.worker)
      .where('status', 'in', open)
      .where('undoing', '=', false)
      .execute();

  /** FAILED where certainly no label is left, else UNCERTAIN. */
  const close = (row: ShipmentRow, told?: StoredFailure) =>
    db.transaction().execute(async (transaction) => {
      const now = await held(transaction, row.id);
      if (now === undefined) return false;
      const { rows } = await sql`select 1 from parcels where shipment_id = ${row.id}
        and state in ('SENT', 'SOLD')`.execute(transaction);
      const failure = told ?? now.failure ?? lostBeforeSending;
      const status = rows.length > 0 ? 'UNCERTAIN' : 'FAILED';
      await transaction
        .updateTable('shipments')
        .set({
          status,
          failure: JSON.stringify(failure),
          ...(status === 'UNCERTAIN' ? retryLater : retryNever),
          ...released,
        })
        .where('id', '=', row.id)
        .execute();
      await appendHistory(transaction, row, status, failure.code);
      return true;
    });

  return { claim, keepPrepared, markSent, refuse, record, conclude, giveUp, doubt, close };
}

function priceChanged(limit: Money, price: Money): StoredFailure {
  return {
    code: 'PRICE_CHANGED',
    message: `the label cost ${price.amount} ${price.currencyCode}, ${limit.amount} ${limit.currencyCode} was allowed, so it goes back`,
    hint: 'Ask for rates again, or allow the price with maxPrice.',
  };
}

const rateUsed = () =>
  new InputError([
    {
      code: 'RATE_USED',
      field: ['input', 'rateId'],
      message: 'this rate has been bought; ask for rates again',
    },
  ]);
