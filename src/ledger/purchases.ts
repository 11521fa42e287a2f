import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import type { Carrier, LabelDesk, LabelOrder, Prepared } from '../carriers/carrier.ts';
import { InputError, outcome, ProviderError } from '../domain/errors.ts';
import type { Clock } from '../domain/clock.ts';
import { compareMoney, sum, type Money } from '../domain/money.ts';
import type { SoldParcel } from '../domain/shipment.ts';
import type { Database } from './database.ts';
import {
  accountGone,
  cancelledByHand,
  lostBeforeSending,
  mayBeUnderWay,
  soldBefore,
  storedFailure,
} from './failures.ts';
import { note, type Actor } from './history.ts';
import { addForms, keepLabels } from './labels.ts';
import {
  isAwaited,
  keepApart,
  lockNumbers,
  releaseApart,
  reopen,
  soldColumns,
  standElsewhere,
  type Lot,
} from './late-labels.ts';
import { createOnce, inFlight, released, retryLater, retryNever, type Key } from './once.ts';
import { giveBack } from './refunds.ts';
import { readShipment, type StoredShipment } from './shipments.ts';
import type { ParcelRow, ShipmentRow, StoredFailure, Transaction } from './tables.ts';

/** What a caller wants bought, judged and complete. */
export interface PurchaseIntent extends Key {
  readonly by: Actor;
  /** Of the rate id, which buys once. */
  readonly rateHash: string;
  readonly account: { readonly id: string; readonly provider: string; readonly environment: string };
  readonly order: LabelOrder;
}

/** An account's carrier; undefined where the account is gone. */
export type CarrierOf = (tenantId: string, accountId: string) => Carrier | undefined;

export interface Purchases {
  /** The shipment that this key stands for, settled; undefined where the key is new or may try again. */
  find(key: Key): Promise<StoredShipment | undefined>;
  /** Buys once, whoever asks however often with the key; the outcome is the shipment's status. */
  buy(intent: PurchaseIntent): Promise<StoredShipment>;
  /** Settles what a crash or a lost answer left open, by asking: all of it, or what is due; returns how many are uncertain. */
  settle(all: boolean): Promise<number>;
  /** Asks what became of one of them now, where it is not settled. */
  ask(id: string): Promise<void>;
  /**
   * Has what an UNCERTAIN one may have bought cancelled by the attempts that its provider knows, and leaves it
   * UNCERTAIN; tells why not, for each that was not. Undefined where it is not UNCERTAIN, or a process works on it.
   */
  cancel(id: string, by: Actor): Promise<readonly string[] | undefined>;
  /** Resolves when no purchase of this process is under way. */
  idle(): Promise<void>;
}

/** A purchase that was sent is never aborted by its caller; this is its own end. */
const sentTimeoutMs = 90_000;
/** So many labels of one shipment are bought side by side. */
const atOnce = 4;

/** How sending went: another process took over, something of ours failed. */
interface Sending {
  taken: boolean;
  fault?: unknown;
}
/** What was heard of a lot. */
type Heard = 'SOLD' | 'REFUSED' | 'UNKNOWN';

/** Labels, bought once a key. */
export function createPurchases(db: Database, carrierOf: CarrierOf, clock: Clock): Purchases {
  const rowOf = (id: string) =>
    db.selectFrom('shipments').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const parcelsOf = (id: string) =>
    db.selectFrom('parcels').selectAll().where('shipment_id', '=', id).orderBy('position').execute();
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
    return row.worker === once.hold.worker && isOpen(row) ? row : undefined;
  };
  const deskOf = (row: ShipmentRow) => carrierOf(row.tenant_id, row.account_id)?.labels;

  const once = createOnce<ShipmentRow>(db, {
    table: 'shipments',
    open,
    mutationOf: () => 'shipmentPurchase',
    find: ({ tenantId, idempotencyKey }) =>
      db
        .selectFrom('shipments')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('idempotency_key', '=', idempotencyKey)
        .executeTakeFirst(),
    byId: rowOf,
    recall,
  });

  /** Writes the intent: a new row, or the row of this key that failed before, with what is tried now. */
  async function claim(intent: PurchaseIntent): Promise<string | undefined> {
    const { tenantId, idempotencyKey, inputHash, rateHash, account, order, by } = intent;
    const wanted = {
      input_hash: inputHash,
      rate_hash: rateHash,
      account_id: account.id,
      provider: account.provider,
      environment: account.environment,
      status: 'PURCHASING' as const,
      carrier: order.offer.carrier,
      service: JSON.stringify(order.offer.service),
      sender: JSON.stringify(order.from),
      recipient: JSON.stringify(order.to),
      quoted_price: JSON.stringify(order.offer.price),
      price_limit: JSON.stringify(order.limit),
      is_return: order.request.options?.isReturn ?? false,
      ship_date: order.request.shipDate,
      reference: order.reference ?? null,
      failure: null,
      undoing: false,
      ...retryNever,
      blanked_at: null,
      ...once.hold,
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
            order.request.parcels.map((parcel, position) => ({
              shipment_id: row.id,
              position,
              parcel: JSON.stringify(parcel),
              state: 'INTENDED' as const,
              label_format: order.format,
            })),
          )
          .execute();
        const subject = { id: row.id, tenant_id: tenantId, account_id: account.id };
        await note(transaction, subject, 'ASKED', idempotencyKey, by);
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

  /** False where another process has taken the purchase over. */
  async function purchase(id: string, order: LabelOrder): Promise<boolean> {
    const row = await rowOf(id);
    const desk = deskOf(row);
    if (desk === undefined) return close(row, accountGone);
    let isOurs: boolean;
    try {
      const prepared = await desk.prepare(order, { signal: AbortSignal.timeout(sentTimeoutMs) });
      isOurs = await keepPrepared(id, prepared);
    } catch (error) {
      // Preparing buys nothing, so whatever went wrong there is a plain failure.
      isOurs = await close(row, storedFailure(error));
      if (!(error instanceof ProviderError)) throw error;
      return isOurs;
    }
    if (!isOurs) return false;
    const { taken, fault } = await send(row, lotsOf(await parcelsOf(id)), desk);
    if (taken) return false;
    isOurs = await conclude(row, desk);
    if (fault !== undefined) throw fault;
    return isOurs;
  }

  /** False where another process has taken the purchase over. */
  const keepPrepared = (id: string, prepared: readonly Prepared[]) =>
    db.transaction().execute(async (transaction) => {
      if (!(await held(transaction, id))) return false;
      for (const [position, { attempt, request }] of prepared.entries()) {
        await transaction
          .updateTable('parcels')
          .set({ attempt, request: JSON.stringify(request) })
          .where('shipment_id', '=', id)
          .where('position', '=', position)
          .execute();
      }
      return true;
    });

  /** Sends what has not been sent, so many at once, until one is refused. */
  async function send(row: ShipmentRow, lots: readonly Lot[], desk: LabelDesk): Promise<Sending> {
    let refused = false;
    const sending: Sending = { taken: false };
    const waiting = lots.values();
    const work = async () => {
      for (const lot of waiting) {
        if (refused || sending.taken) return;
        if (!(await markSent(row, lot))) {
          sending.taken = true;
          return;
        }
        const answer = await bought(row, lot, desk).catch((fault: unknown) => void (sending.fault = fault));
        refused ||= answer === 'REFUSED';
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, lots.length) }, work));
    return sending;
  }

  /** Written before a byte goes out; false where another process has taken the purchase over. */
  async function markSent(row: ShipmentRow, { attempt }: Lot): Promise<boolean> {
    return db.transaction().execute(async (transaction) => {
      if (!(await held(transaction, row.id))) return false;
      const { rows } = await sql`update parcels set state = 'SENT', sent_at = now()
        where shipment_id = ${row.id} and attempt = ${attempt} and state in ('INTENDED', 'SENT')
        returning position`.execute(transaction);
      if (rows.length > 0) await note(transaction, row, 'SENT', attempt);
      return rows.length > 0;
    });
  }

  /** Buys a lot, and writes down what was heard of it; what went wrong on our side stays thrown. */
  async function bought(row: ShipmentRow, lot: Lot, desk: LabelDesk): Promise<Heard> {
    try {
      return await record(row, lot, await desk.buy(preparedOf(lot), { signal: AbortSignal.timeout(sentTimeoutMs) })); // prettier-ignore
    } catch (error) {
      const failure = storedFailure(error);
      if (error instanceof ProviderError && error.refused) return refuse(row, lot, failure);
      await doubt(row, failure);
      if (error instanceof ProviderError) return 'UNKNOWN';
      throw error;
    }
  }

  /** Asks what became of a lot, in the same way; a provider that refuses to tell has told nothing. */
  async function recalled(row: ShipmentRow, lot: Lot, desk: LabelDesk): Promise<Heard> {
    try {
      const sold = await desk.recall(preparedOf(lot), { signal: AbortSignal.timeout(sentTimeoutMs) });
      if (sold) {
        const heard = await record(row, lot, sold);
        await note(db, row, 'RECALLED', lot.attempt);
        return heard;
      }
    } catch (error) {
      await doubt(row, { ...storedFailure(error), refused: false });
      if (error instanceof ProviderError) return 'UNKNOWN';
      throw error;
    }
    const { rows } =
      await sql`select 1 from parcels where shipment_id = ${row.id} and attempt = ${lot.attempt}
      and ${inFlight}`.execute(db);
    if (rows.length === 0) return refuse(row, lot, lostBeforeSending);
    await doubt(row, mayBeUnderWay);
    return 'UNKNOWN';
  }

  const preparedOf = ({ attempt, parcels }: Lot): Prepared => ({ attempt, request: parcels[0]!.request });

  const refuse = (row: ShipmentRow, lot: Lot, failure: StoredFailure) =>
    db.transaction().execute(async (transaction): Promise<Heard> => {
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
      await note(transaction, row, 'REFUSED', failure.code);
      return 'REFUSED';
    });

  /** Writes down what was sold; a label that is another shipment's is no sale of this one. */
  async function record(row: ShipmentRow, lot: Lot, sold: readonly SoldParcel[]): Promise<Heard> {
    const owner = await keepSold(row, lot, sold);
    return owner === undefined ? 'SOLD' : refuse(row, lot, soldBefore(owner));
  }

  /**
   * What was sold, in one transaction with the purchase's success where it was the last. It counts whoever holds the
   * row by now, and whatever was thought of it before. Answers the shipment that it belongs to, where that is another.
   */
  const keepSold = (row: ShipmentRow, lot: Lot, sold: readonly SoldParcel[]) =>
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
      const owner = await standElsewhere(transaction, now, sold, isLate);
      if (owner !== undefined) return isLate ? undefined : owner;
      if (parcels.length === 0) return void (await keepApart(transaction, now, lot, sold));
      for (const [index, each] of sold.entries()) {
        await transaction
          .updateTable('parcels')
          .set(soldColumns(each))
          .where('shipment_id', '=', row.id)
          .where('position', '=', lot.parcels[index]!.position)
          .execute();
        await addForms(transaction, row.id, lot.parcels[index]!.position, each.forms ?? []);
        await note(transaction, row, 'BOUGHT', each.trackingNumber);
      }
      await releaseApart(transaction, now, sold);
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

  /** When nothing is under way any more: what it all comes to, and back with what is not to be; as `purchase`. */
  async function conclude(row: ShipmentRow, desk: LabelDesk | undefined): Promise<boolean> {
    const { now, isOurs, parcels } = await db.transaction().execute(async (transaction) => {
      // Two that ended side by side did not see each other's success.
      await finish(transaction, row.id);
      const now = await locked(transaction, row.id);
      const parcels = await transaction
        .selectFrom('parcels')
        .selectAll()
        .where('shipment_id', '=', row.id)
        .orderBy('position')
        .execute();
      return { now, isOurs: now.worker === once.hold.worker && isOpen(now), parcels };
    });
    if (now.status === 'PURCHASED') {
      await keepLabels(db, row.id, desk);
      return true;
    }
    if (!isOurs) return false;
    if (now.undoing && desk?.void && !(await isAwaited(db, now))) {
      // What was asked for already is decided by the provider in its own time.
      for (const parcel of parcels.filter(({ state, refund }) => state === 'SOLD' && refund === null)) {
        // A label that can't be had back stays, and is told of.
        await giveBack(db, row, parcel, desk, undefined, clock).catch(() => {});
      }
    }
    return close(row);
  }

  /** After a crash or a lost answer: asks what became of what was sent, and ends what was begun. */
  async function recall(row: ShipmentRow): Promise<void> {
    const desk = deskOf(row);
    const parcels = await parcelsOf(row.id);
    if (desk === undefined) {
      const isBegun = parcels.some(({ state }) => state === 'SENT' || state === 'SOLD');
      await close(row, isBegun ? accountGone : lostBeforeSending);
      return;
    }
    for (const lot of lotsOf(parcels)) {
      if (lot.parcels.some(({ state }) => state === 'SENT')) await recalled(row, lot, desk);
    }
    const now = await parcelsOf(row.id);
    const begun = now.some(({ state }) => state === 'SOLD');
    const { undoing } = await rowOf(row.id);
    // What was never sent certainly does not exist; it is bought now only where the others are.
    if (begun && !undoing) {
      await send(row, lotsOf(now).filter(({ parcels }) => parcels[0]!.state === 'INTENDED'), desk); // prettier-ignore
    }
    await conclude(row, desk);
  }

  /** As `Purchases.cancel`, of one that this process holds. */
  async function cancel(row: ShipmentRow, by: Actor): Promise<readonly string[]> {
    const desk = deskOf(row);
    if (desk?.cancelAttempt === undefined) return [`nobody can cancel by key at ${row.provider}`];
    const lots = lotsOf(await parcelsOf(row.id)).filter(mayBeSold);
    if (!(await giveUp(row, lots, by))) return ['another process has taken it over'];
    const kept: string[] = [];
    for (const lot of lots) {
      const call = { signal: AbortSignal.timeout(sentTimeoutMs) };
      const heard = await outcome(() => desk.cancelAttempt!(preparedOf(lot), call));
      const isRefused = heard instanceof ProviderError;
      if (isRefused) kept.push(heard.message);
      else if (!heard.voided)
        kept.push(`a refund was asked for (${heard.reference ?? lot.attempt}), which is decided later`);
      const event = isRefused ? 'UNCERTAIN' : heard.voided ? 'VOIDED' : 'REFUND_HEARD';
      await note(db, row, event, `${lot.attempt} ${isRefused ? heard.code : heard.status}`);
    }
    return kept;
  }

  /** Written before the first is cancelled, so that whoever hears of it has it back; as `purchase`. */
  const giveUp = (row: ShipmentRow, lots: readonly Lot[], by: Actor) =>
    db.transaction().execute(async (transaction) => {
      const now = await held(transaction, row.id);
      if (now === undefined) return false;
      const failure = now.undoing ? now.failure : cancelledByHand;
      await transaction
        .updateTable('shipments')
        .set({ undoing: true, failure: JSON.stringify(failure) })
        .where('id', '=', row.id)
        .execute();
      for (const { attempt } of lots) await note(transaction, row, 'VOID_ASKED', attempt, by);
      return true;
    });

  const doubt = (row: ShipmentRow, failure: StoredFailure) =>
    db
      .updateTable('shipments')
      .set({ failure: JSON.stringify(failure) })
      .where('id', '=', row.id)
      .where('worker', '=', once.hold.worker)
      .where('status', 'in', open)
      .where('undoing', '=', false)
      .execute();

  /** FAILED where certainly no label is left, else UNCERTAIN; as `purchase`. */
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
      await note(transaction, row, status, failure.code);
      return true;
    });

  const read = async (row: ShipmentRow) => (await readShipment(db, row.tenant_id, row.id))!;

  return {
    async find(key) {
      const row = await once.find(key);
      return row && read(row);
    },
    async buy(intent) {
      const work = (id: string) => purchase(id, intent.order);
      return read(await once.run(intent, () => claim(intent), work));
    },
    ask: (id) => once.ask(id),
    async cancel(id, by) {
      const row = await db.selectFrom('shipments').selectAll().where('id', '=', id).executeTakeFirst();
      if (row?.status !== 'UNCERTAIN') return undefined;
      return once.borrow(row, () => cancel(row, by));
    },
    settle: (all) => once.settle(all),
    idle: () => once.idle(),
  };
}

const open = ['PURCHASING', 'UNCERTAIN'] as const;
const isOpen = ({ status }: ShipmentRow) => status === 'PURCHASING' || status === 'UNCERTAIN';
const rateIndex = 'shipments_once_a_rate';

const mayBeSold = ({ parcels }: Lot) => parcels.some(({ state }) => state === 'SENT' || state === 'SOLD');

/** Parcels by the request that buys them, in the order of the first of each. */
function lotsOf(parcels: readonly ParcelRow[]): Lot[] {
  const prepared = parcels.filter(({ attempt }) => attempt !== null);
  return [...Map.groupBy(prepared, ({ attempt }) => attempt!)].map(([attempt, parcels]) => ({
    attempt,
    parcels,
  }));
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
