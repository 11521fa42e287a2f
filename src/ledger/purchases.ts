import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { sql } from 'kysely';

import type { LabelDesk, LabelOrder, PreparedLabel } from '../carriers/carrier.ts';
import { InputError, ProviderError } from '../domain/errors.ts';
import type { LabelFormat, SoldParcel } from '../domain/shipment.ts';
import type { Database } from './database.ts';
import { readShipment, type StoredShipment } from './shipments.ts';
import type { ShipmentRow, StoredFailure, StoredRefund } from './tables.ts';

/** What a caller wants bought, judged and complete. */
export interface PurchaseIntent {
  readonly tenantId: string;
  readonly idempotencyKey: string;
  /** Of all that was asked for. */
  readonly inputHash: string;
  readonly rateHash: string;
  readonly account: { readonly id: string; readonly provider: string; readonly environment: string };
  readonly order: LabelOrder;
}

/** Where a shipment's labels are bought; undefined where the account is gone. */
export type DeskOf = (tenantId: string, accountId: string) => LabelDesk | undefined;

export interface Purchases {
  /** The shipment that this key stands for, already bought or not; undefined where the key is new or may try again. */
  find(
    tenantId: string,
    idempotencyKey: string,
    inputHash: string,
    desk: DeskOf,
  ): Promise<StoredShipment | undefined>;
  /** Buys once, whoever asks however often with the key; the outcome is the shipment's status. */
  buy(intent: PurchaseIntent, desk: LabelDesk): Promise<StoredShipment>;
  /** Gives a label back, or tells how its refund stands; harmless when repeated. */
  void(tenantId: string, shipmentId: string, desk: LabelDesk): Promise<StoredShipment>;
  /** Settles what a crash or a lost answer left open, by asking; returns how many are still uncertain. */
  settle(desk: DeskOf): Promise<number>;
  /**
   * The label's document: from the ledger, or fetched once more where fetching failed at purchase; undefined where it
   * can't be had now.
   */
  label(shipmentId: string, position: number, desk: DeskOf): Promise<LabelFile | 'given back' | undefined>;
  /** Resolves when no purchase of this process is under way. */
  idle(): Promise<void>;
}

export interface LabelFile {
  readonly format: LabelFormat;
  readonly data: Uint8Array;
}

/** Longer than preparing and buying may take together, so that a live purchase is never taken for a dead one. */
const leaseSeconds = 150;
const waitForOthersMs = 100;
/** A purchase that was sent is never aborted by its caller; this is its own end. */
const sentTimeoutMs = 90_000;

export function createPurchases(db: Database): Purchases {
  const running = new Map<string, Promise<unknown>>();
  const until = sql<Date>`now() + ${leaseSeconds} * interval '1 second'`;
  const leaseEnded = sql<boolean>`(leased_until is null or leased_until < now())`;

  /** One purchase of a key at a time in this process; between processes the lease decides. */
  const alone = async <T>(tenantId: string, key: string, work: () => Promise<T>): Promise<T> => {
    const name = JSON.stringify([tenantId, key]);
    for (let other = running.get(name); other !== undefined; other = running.get(name)) {
      await other.catch(() => {});
    }
    const mine = work().finally(() => running.delete(name));
    running.set(name, mine);
    return mine;
  };

  const rowOf = (tenantId: string, key: string) =>
    db
      .selectFrom('shipments')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('idempotency_key', '=', key)
      .executeTakeFirst();

  const take = async (row: Pick<ShipmentRow, 'id'>): Promise<boolean> => {
    const taken = await db
      .updateTable('shipments')
      .set({ leased_until: until })
      .where('id', '=', row.id)
      .where('status', 'in', ['PURCHASING', 'UNCERTAIN'])
      .where(leaseEnded)
      .returning('id')
      .executeTakeFirst();
    return taken !== undefined;
  };

  /** Waits for whoever works on it, takes it over when they are gone, and asks what became of it. */
  const settled = async (row: ShipmentRow, deskOf: DeskOf): Promise<ShipmentRow> => {
    let now = row;
    while (now.status === 'PURCHASING' || now.status === 'UNCERTAIN') {
      if (await take(now)) {
        await recall(now, deskOf(now.tenant_id, now.account_id));
        return (await rowOf(now.tenant_id, now.idempotency_key))!;
      }
      await sleep(waitForOthersMs);
      now = (await rowOf(row.tenant_id, row.idempotency_key))!;
    }
    return now;
  };

  const recall = async (row: ShipmentRow, desk: LabelDesk | undefined): Promise<void> => {
    const { attempt, request } = await db
      .selectFrom('parcels')
      .select(['attempt', 'request'])
      .where('shipment_id', '=', row.id)
      .executeTakeFirstOrThrow();
    // What was never prepared was never sent.
    if (attempt === null) return fail(row.id, lostBeforeSending);
    if (desk === undefined) {
      return doubt(row.id, { code: 'CREDENTIALS_MISSING', message: 'the account that bought it is gone' });
    }
    try {
      const sold = await desk.recall({ attempt, request }, { signal: AbortSignal.timeout(sentTimeoutMs) });
      if (sold === undefined) return await fail(row.id, lostBeforeSending);
      await record(row.id, sold);
      await keepDocument(row.id, desk);
    } catch (error) {
      await doubt(row.id, failureOf(error));
      if (!(error instanceof ProviderError)) throw error;
    }
  };

  const send = async (id: string, prepared: PreparedLabel, desk: LabelDesk): Promise<void> => {
    let sold: SoldParcel;
    try {
      sold = await desk.buy(prepared, { signal: AbortSignal.timeout(sentTimeoutMs) });
    } catch (error) {
      const refused = error instanceof ProviderError && error.refused;
      await (refused ? fail(id, failureOf(error)) : doubt(id, failureOf(error)));
      if (!(error instanceof ProviderError)) throw error;
      return;
    }
    await record(id, sold);
    await keepDocument(id, desk);
  };

  const record = (id: string, sold: SoldParcel) =>
    db.transaction().execute(async (transaction) => {
      await transaction
        .updateTable('parcels')
        .set({
          price: JSON.stringify(sold.price),
          charges: JSON.stringify(sold.charges),
          tracking_number: sold.trackingNumber,
          label_format: sold.label.format,
          label: 'data' in sold.label ? Buffer.from(sold.label.data) : null,
          label_source: 'source' in sold.label ? sold.label.source : null,
        })
        .where('shipment_id', '=', id)
        .where('position', '=', 0)
        .execute();
      await transaction
        .updateTable('shipments')
        .set({ status: 'PURCHASED', failure: null, leased_until: null })
        .where('id', '=', id)
        .execute();
    });

  /** A label that can't be fetched now never undoes its purchase: it is fetched when it is asked for. */
  const keepDocument = async (id: string, desk: LabelDesk | undefined): Promise<LabelFile | undefined> => {
    const row = await db
      .selectFrom('parcels')
      .select(['label', 'label_source', 'label_format'])
      .where('shipment_id', '=', id)
      .executeTakeFirst();
    if (row?.label) return { format: row.label_format, data: row.label };
    if (!row?.label_source || desk?.document === undefined) return undefined;
    const call = { signal: AbortSignal.timeout(sentTimeoutMs) };
    const data = await desk.document(row.label_source, call).catch((error: unknown) => {
      if (error instanceof ProviderError) return undefined;
      throw error;
    });
    if (data === undefined) return undefined;
    await db
      .updateTable('parcels')
      .set({ label: Buffer.from(data) })
      .where('shipment_id', '=', id)
      .execute();
    return { format: row.label_format, data };
  };

  const close = (id: string, status: 'FAILED' | 'UNCERTAIN', failure: StoredFailure) =>
    db
      .updateTable('shipments')
      .set({ status, failure: JSON.stringify(failure), leased_until: null })
      .where('id', '=', id)
      .execute()
      .then(() => {});
  const fail = (id: string, failure: StoredFailure) => close(id, 'FAILED', failure);
  const doubt = (id: string, failure: StoredFailure) => close(id, 'UNCERTAIN', failure);

  /** Writes the intent: a new row, or the row of this key that failed before, with what is tried now. */
  const claim = async (intent: PurchaseIntent): Promise<string | undefined> => {
    const { tenantId, idempotencyKey, inputHash, rateHash, account, order } = intent;
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
      reference: order.reference ?? null,
      failure: null,
      leased_until: until,
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
        const parcel = {
          parcel: JSON.stringify(order.request.parcel),
          attempt: null,
          request: null,
          label_format: order.format,
        };
        await transaction
          .insertInto('parcels')
          .values({ shipment_id: row.id, position: 0, ...parcel })
          .onConflict((conflict) => conflict.columns(['shipment_id', 'position']).doUpdateSet(parcel))
          .execute();
        return row.id;
      });
    } catch (error) {
      if ((error as { constraint?: string }).constraint === 'shipments_once_a_rate') throw rateUsed();
      throw error;
    }
  };

  const buyOnce = async (intent: PurchaseIntent, desk: LabelDesk): Promise<StoredShipment> => {
    for (;;) {
      const id = await claim(intent);
      if (id === undefined) {
        // Another process was first with this key.
        const { tenantId, idempotencyKey, inputHash } = intent;
        const other = await settled((await rowOf(tenantId, idempotencyKey))!, () => desk);
        if (other.status === 'FAILED') continue;
        if (other.input_hash !== inputHash) throw keyReused();
        return (await readShipment(db, tenantId, other.id))!;
      }
      let prepared: PreparedLabel;
      try {
        prepared = await desk.prepare(intent.order, { signal: AbortSignal.timeout(sentTimeoutMs / 2) });
      } catch (error) {
        // Preparing buys nothing, so whatever went wrong there is a plain failure.
        await fail(id, failureOf(error));
        if (!(error instanceof ProviderError)) throw error;
        return (await readShipment(db, intent.tenantId, id))!;
      }
      await db
        .updateTable('parcels')
        .set({ attempt: prepared.attempt, request: JSON.stringify(prepared.request) })
        .where('shipment_id', '=', id)
        .execute();
      await send(id, prepared, desk);
      return (await readShipment(db, intent.tenantId, id))!;
    }
  };

  return {
    async find(tenantId, idempotencyKey, inputHash, deskOf) {
      return alone(tenantId, idempotencyKey, async () => {
        const row = await rowOf(tenantId, idempotencyKey);
        if (row === undefined) return undefined;
        const now = await settled(row, deskOf);
        if (now.status === 'FAILED') return undefined;
        if (now.input_hash !== inputHash) throw keyReused();
        return readShipment(db, tenantId, now.id);
      });
    },
    buy: (intent, desk) => alone(intent.tenantId, intent.idempotencyKey, () => buyOnce(intent, desk)),
    void: (tenantId, shipmentId, desk) =>
      alone(tenantId, shipmentId, async () => {
        const shipment = await readShipment(db, tenantId, shipmentId);
        if (shipment === undefined || shipment.status !== 'PURCHASED') return shipment!;
        const stored = await db
          .selectFrom('parcels')
          .select(['tracking_number', 'attempt', 'request', 'price', 'refund'])
          .where('shipment_id', '=', shipmentId)
          .executeTakeFirstOrThrow();
        const ask = stored.refund?.status === 'REQUESTED' ? desk.refund : desk.void;
        if (ask === undefined) return shipment;
        const sold = {
          trackingNumber: stored.tracking_number!,
          prepared: { attempt: stored.attempt!, request: stored.request },
        };
        const refund = await ask(sold, { signal: AbortSignal.timeout(sentTimeoutMs) });
        const known: StoredRefund = {
          ...refund,
          amount: refund.status === 'REFUNDED' ? (stored.price ?? undefined) : undefined,
          requestedAt: stored.refund?.requestedAt ?? new Date().toISOString(),
        };
        await db.transaction().execute(async (transaction) => {
          const update = transaction.updateTable('parcels').set({ refund: JSON.stringify(known) });
          await update.where('shipment_id', '=', shipmentId).execute();
          if (!refund.voided) return;
          await transaction
            .updateTable('shipments')
            .set({ status: 'VOIDED' })
            .where('id', '=', shipmentId)
            .execute();
        });
        return (await readShipment(db, tenantId, shipmentId))!;
      }),
    async settle(deskOf) {
      const open = await db
        .selectFrom('shipments')
        .selectAll()
        .where('status', 'in', ['PURCHASING', 'UNCERTAIN'])
        .where(leaseEnded)
        .limit(100)
        .execute();
      for (const row of open) {
        await alone(row.tenant_id, row.idempotency_key, async () => {
          if (await take(row)) await recall(row, deskOf(row.tenant_id, row.account_id));
        });
      }
      const { left } = await db
        .selectFrom('shipments')
        .select((eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('left'))
        .where('status', '=', 'UNCERTAIN')
        .executeTakeFirstOrThrow();
      return left;
    },
    async label(shipmentId, position, deskOf) {
      const row = await db
        .selectFrom('shipments')
        .innerJoin('parcels', 'parcels.shipment_id', 'shipments.id')
        .select(['tenant_id', 'account_id', 'status', 'refund'])
        .where('id', '=', shipmentId)
        .where('position', '=', position)
        .executeTakeFirst();
      if (row?.status === 'VOIDED' || row?.refund?.status === 'REQUESTED') return 'given back';
      if (row?.status !== 'PURCHASED') return undefined;
      return keepDocument(shipmentId, deskOf(row.tenant_id, row.account_id));
    },
    async idle() {
      while (running.size > 0) await Promise.allSettled(running.values());
    },
  };
}

const lostBeforeSending: StoredFailure = {
  code: 'UNAVAILABLE',
  message: 'the purchase was cut short, and nothing was bought',
  hint: 'Call again with the same key.',
};

function failureOf(error: unknown): StoredFailure {
  if (!(error instanceof ProviderError))
    return { code: 'UNREADABLE', message: 'the purchase failed on our side' };
  const { code, message, hint, retryAfterSeconds, field, providerCode, providerMessage, refused } = error;
  return { code, message, hint, retryAfterSeconds, field, providerCode, providerMessage, refused };
}

const keyReused = () =>
  new InputError([
    {
      code: 'IDEMPOTENCY_KEY_REUSED',
      field: ['input', 'idempotencyKey'],
      message: 'this key has bought something else; use a new key for each purchase',
    },
  ]);

const rateUsed = () =>
  new InputError([
    {
      code: 'RATE_USED',
      field: ['input', 'rateId'],
      message: 'this rate has been bought; ask for rates again',
    },
  ]);
