import { sql, type Updateable } from 'kysely';

import type { LabelApi, LabelReference } from '../carriers/adapter.ts';
import type { Clock } from '../domain/clock.ts';
import { ProviderError } from '../domain/errors.ts';
import type { Money } from '../domain/money.ts';
import type { Refund } from '../domain/shipment.ts';
import type { Database } from '../storage/database.ts';
import { appendHistory, type Actor } from '../storage/history.ts';
import type { AdapterOf } from './purchases.ts';
import { readShipment, type StoredShipment } from '../storage/shipments.ts';
import type { ParcelRow, ParcelTable, ShipmentRow, StoredRefund } from '../storage/tables.ts';

/** Labels that are given back, and what becomes of their price. */
export interface Refunds {
  /**
   * Gives a shipment's labels back, or tells how their refunds stand; harmless when repeated. Throws the provider's
   * refusal where it refuses one.
   */
  void(tenantId: string, shipmentId: string, by: Actor): Promise<StoredShipment>;
  /** Asks again about refunds that providers decide days later; returns how many are still open. */
  checkDue(): Promise<number>;
  /** Has these numbers' refunds asked about next, since something was heard of them, whoever asked for them. */
  scheduleRefundCheck(tenantId: string, trackingNumbers: readonly string[]): Promise<void>;
}

const timeoutMs = 60_000;
/** A decision takes days: asked about four times a day. */
const followMs = 6 * 60 * 60 * 1000;
/** Longer than a call takes. */
const soonMs = 2 * 60 * 1000;

export function createRefunds(db: Database, carrierOf: AdapterOf, clock: Clock): Refunds {
  const running = new Map<string, Promise<unknown>>();

  const voidOnce = async (tenantId: string, shipmentId: string, by: Actor): Promise<void> => {
    const row = await rowOf(db, shipmentId);
    const desk = carrierOf(tenantId, row.account_id)?.labels;
    if (desk?.void === undefined) {
      throw new ProviderError('NOT_SUPPORTED', 'the account that bought it takes no labels back');
    }
    let fault: unknown;
    for (const parcel of await soldOf(db, shipmentId)) {
      const isAsked = parcel.refund?.status === 'REQUESTED';
      // An answer that is lost, by a crash too, is asked for by `follow`.
      if (!isAsked) await due(db, parcel, clock.now() + soonMs);
      // One label that is not taken back keeps no other.
      await (
        isAsked ? hear(db, row, parcel, desk, clock) : voidLabel(db, row, parcel, desk, by, clock)
      ).catch((error: unknown) => void (fault ??= error));
    }
    await closeVoided(db, shipmentId);
    if (fault !== undefined) throw fault;
  };

  return {
    async void(tenantId, shipmentId, by) {
      // Two who ask at once are told the same.
      const mine = running.get(shipmentId) ?? voidOnce(tenantId, shipmentId, by).finally(() => running.delete(shipmentId)); // prettier-ignore
      running.set(shipmentId, mine);
      await mine;
      return (await readShipment(db, tenantId, shipmentId))!;
    },
    async checkDue() {
      const dueNow = await db
        .selectFrom('parcels')
        .selectAll()
        .where('refund_due_at', '<=', new Date(clock.now()))
        .orderBy('refund_due_at')
        .limit(50)
        .execute();
      for (const parcel of dueNow) {
        const row = await rowOf(db, parcel.shipment_id);
        const desk = carrierOf(row.tenant_id, row.account_id)?.labels;
        await due(db, parcel, clock.now() + followMs);
        const isAsked = parcel.refund !== null || desk?.void === undefined;
        await (
          isAsked ? hear(db, row, parcel, desk, clock) : voidLabel(db, row, parcel, desk, undefined, clock)
        ).catch((error: unknown) => {
          if (!(error instanceof ProviderError)) throw error;
        });
        await closeVoided(db, row.id);
      }
      const { open } = await db
        .selectFrom('parcels')
        .select((eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('open'))
        .where('refund_due_at', 'is not', null)
        .executeTakeFirstOrThrow();
      return open;
    },
    async scheduleRefundCheck(tenantId, trackingNumbers) {
      if (trackingNumbers.length === 0) return;
      await db
        .updateTable('parcels')
        .set({ refund_due_at: new Date(clock.now()) })
        .where('tracking_number', 'in', [...trackingNumbers])
        // One that nobody here asked for was given back elsewhere.
        .where((eb) =>
          eb.or([
            eb('refund_due_at', 'is not', null),
            eb.and([eb('refund', 'is', null), eb('state', '=', 'SOLD')]),
          ]),
        )
        .where('shipment_id', 'in', (eb) =>
          eb.selectFrom('shipments').select('id').where('tenant_id', '=', tenantId),
        )
        .execute();
    },
  };
}

/** Takes one label back, or asks for its refund. */
export async function voidLabel(
  db: Database,
  row: ShipmentRow,
  parcel: ParcelRow,
  desk: LabelApi,
  by: Actor | undefined,
  clock: Clock,
): Promise<void> {
  await appendHistory(db, row, 'VOID_ASKED', parcel.tracking_number ?? '', by);
  const call = { signal: AbortSignal.timeout(timeoutMs) };
  const refund = await desk.void!(soldLabel(parcel), call).catch(async (error: unknown) => {
    if (error instanceof ProviderError && error.refused) await due(db, parcel, null);
    throw error;
  });
  await write(db, row, parcel, refund, desk, clock);
}

/** Asks how a refund stands, where the provider tells. */
async function hear(
  db: Database,
  row: ShipmentRow,
  parcel: ParcelRow,
  desk: LabelApi | undefined,
  clock: Clock,
): Promise<void> {
  const refund = await desk?.refund?.(soldLabel(parcel), { signal: AbortSignal.timeout(timeoutMs) });
  if (refund) await write(db, row, parcel, refund, desk!, clock);
}

async function write(
  db: Database,
  row: ShipmentRow,
  parcel: ParcelRow,
  refund: Refund,
  desk: LabelApi,
  clock: Clock,
): Promise<void> {
  const now = clock.now();
  const requestedAt = parcel.refund?.requestedAt ?? new Date(now).toISOString();
  const heard = refundColumns({ ...refund, requestedAt }, parcel.price, now);
  await db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('parcels')
      .set({ ...heard, ...(desk.refund ? {} : { refund_due_at: null }) })
      .where('shipment_id', '=', row.id)
      .where('position', '=', parcel.position)
      // Its shipment may have failed and been tried again since.
      .where('attempt', 'is not distinct from', parcel.attempt)
      .execute();
    const event = refund.voided ? 'VOIDED' : 'REFUND_HEARD';
    await appendHistory(transaction, row, event, `${parcel.tracking_number} ${refund.status}`);
  });
}

/** A parcel's row once something was heard of its refund; what is not decided is asked about again. */
export function refundColumns(
  refund: Refund & Pick<StoredRefund, 'requestedAt'>,
  price: Money | null,
  now: number,
) {
  const amount = refund.status === 'REFUNDED' ? (refund.amount ?? price ?? undefined) : undefined;
  return {
    refund: JSON.stringify({ ...refund, amount } satisfies StoredRefund),
    refund_due_at: refund.status === 'REQUESTED' ? new Date(now + followMs) : null,
    ...(refund.voided ? { state: 'VOIDED' as const } : {}),
  } satisfies Updateable<ParcelTable>;
}

/** VOIDED where every label is; before that the shipment stands. */
const closeVoided = (db: Database, shipmentId: string) =>
  sql`update shipments set status = 'VOIDED' where id = ${shipmentId} and status = 'PURCHASED'
    and not exists (select 1 from parcels where shipment_id = ${shipmentId} and state <> 'VOIDED')`.execute(
    db,
  );

/** When it is asked about next. */
const due = (db: Database, parcel: ParcelRow, at: number | null) =>
  db
    .updateTable('parcels')
    .set({ refund_due_at: at === null ? null : new Date(at) })
    .where('shipment_id', '=', parcel.shipment_id)
    .where('position', '=', parcel.position)
    .execute();

const rowOf = (db: Database, id: string) =>
  db.selectFrom('shipments').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

const soldOf = (db: Database, shipmentId: string) =>
  db
    .selectFrom('parcels')
    .selectAll()
    .where('shipment_id', '=', shipmentId)
    .where('state', '=', 'SOLD')
    .orderBy('position')
    .execute();

const soldLabel = (parcel: ParcelRow): LabelReference => ({
  trackingNumber: parcel.tracking_number!,
  prepared: { attemptId: parcel.attempt!, request: parcel.request },
  reference: parcel.reference ?? undefined,
});
