import { sql, type Updateable } from 'kysely';

import type { Money } from '../../domain/money.ts';
import { labelName, type Refund } from '../../domain/shipment.ts';
import type { Database } from '../database.ts';
import { appendHistory } from '../history.ts';
import type { ParcelRow, ParcelTable, ShipmentRow, StoredRefund } from '../tables.ts';
import { unwatchShipment } from '../watch-changes.ts';
import { enqueueShipmentEvent } from '../webhooks/shipment-events.ts';

/** Providers decide on refunds after days: an open refund is checked four times a day. */
export const refundCheckIntervalMs = 6 * 60 * 60 * 1000;

/** Refunds of labels. All times are epoch milliseconds. */
export interface RefundRecords {
  shipment(id: string): Promise<ShipmentRow>;
  /** The parcels of a shipment whose labels are purchased and not voided, by position. */
  purchasedParcels(shipmentId: string): Promise<readonly ParcelRow[]>;
  /** At most 50 parcels whose refund is due for a check, longest due first. */
  dueParcels(now: number): Promise<readonly ParcelRow[]>;
  countOpen(): Promise<number>;
  /** Schedules the next check of a parcel's refund; null for none. */
  scheduleCheck(parcel: ParcelRow, at: number | null): Promise<void>;
  /**
   * Schedules a check now of labels by tracking number, or by reference where they have none: of open refunds, and of
   * refunds requested outside of this server.
   */
  scheduleChecks(tenantId: string, labelNames: readonly string[], now: number): Promise<void>;
  /** Stores a refund's status. `isFinal` where the provider does not report a later one. */
  save(row: ShipmentRow, parcel: ParcelRow, refund: Refund, now: number, isFinal: boolean): Promise<void>;
  /** Makes a PURCHASED shipment VOIDED where every label is. */
  closeVoided(shipmentId: string): Promise<void>;
}

/** The name of a parcel's label in the history. */
export const parcelName = ({ tracking_number, reference }: ParcelRow): string =>
  labelName({ trackingNumber: tracking_number ?? undefined, reference: reference ?? undefined });

export function createRefundRecords(db: Database): RefundRecords {
  return {
    shipment: (id) => db.selectFrom('shipments').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    purchasedParcels: (shipmentId) =>
      db
        .selectFrom('parcels')
        .selectAll()
        .where('shipment_id', '=', shipmentId)
        .where('state', '=', 'PURCHASED')
        .orderBy('position')
        .execute(),
    dueParcels: (now) =>
      db
        .selectFrom('parcels')
        .selectAll()
        .where('refund_due_at', '<=', new Date(now))
        .orderBy('refund_due_at')
        .limit(50)
        .execute(),
    async countOpen() {
      const { open } = await db
        .selectFrom('parcels')
        .select((eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('open'))
        .where('refund_due_at', 'is not', null)
        .executeTakeFirstOrThrow();
      return open;
    },
    async scheduleCheck({ shipment_id, position }, at) {
      await db
        .updateTable('parcels')
        .set({ refund_due_at: at === null ? null : new Date(at) })
        .where('shipment_id', '=', shipment_id)
        .where('position', '=', position)
        .execute();
    },
    async scheduleChecks(tenantId, labelNames, now) {
      if (labelNames.length === 0) return;
      await db
        .updateTable('parcels')
        .set({ refund_due_at: new Date(now) })
        .where((eb) =>
          eb.or([
            eb('tracking_number', 'in', [...labelNames]),
            eb.and([eb('tracking_number', 'is', null), eb('reference', 'in', [...labelNames])]),
          ]),
        )
        .where((eb) =>
          eb.or([
            eb('refund_due_at', 'is not', null),
            eb.and([eb('refund', 'is', null), eb('state', '=', 'PURCHASED')]),
          ]),
        )
        .where('shipment_id', 'in', (eb) =>
          eb.selectFrom('shipments').select('id').where('tenant_id', '=', tenantId),
        )
        .execute();
    },
    async save(row, parcel, refund, now, isFinal) {
      const requestedAt = parcel.refund?.requestedAt ?? new Date(now).toISOString();
      const columns = refundColumns({ ...refund, requestedAt }, parcel.price, now);
      await db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('parcels')
          .set({ ...columns, ...(isFinal ? { refund_due_at: null } : {}) })
          .where('shipment_id', '=', row.id)
          .where('position', '=', parcel.position)
          // The shipment may have failed and been retried since the parcel was read.
          .where('attempt_id', 'is not distinct from', parcel.attempt_id)
          .execute();
        const event = refund.voided ? 'VOIDED' : 'REFUND_HEARD';
        await appendHistory(transaction, row, event, `${parcelName(parcel)} ${refund.status}`);
        const isNews = refund.status !== parcel.refund?.status;
        if (isNews) await enqueueShipmentEvent(transaction, row.id, 'REFUND_UPDATED');
      });
    },
    async closeVoided(shipmentId) {
      await db.transaction().execute(async (transaction) => {
        const { rows } = await sql`update shipments set status = 'VOIDED'
          where id = ${shipmentId} and status = 'PURCHASED'
            and not exists (select 1 from parcels where shipment_id = ${shipmentId} and state <> 'VOIDED')
          returning id`.execute(transaction);
        if (rows.length === 0) return;
        await enqueueShipmentEvent(transaction, shipmentId, 'SHIPMENT_VOIDED');
        await unwatchShipment(transaction, shipmentId);
      });
    },
  };
}

/** Columns of a parcel with a refund. A refund without an amount is of the whole price. */
export function refundColumns(
  refund: Refund & Pick<StoredRefund, 'requestedAt'>,
  price: Money | null,
  now: number,
) {
  const amount = refund.status === 'REFUNDED' ? (refund.amount ?? price ?? undefined) : undefined;
  return {
    refund: JSON.stringify({ ...refund, amount } satisfies StoredRefund),
    refund_due_at: refund.status === 'REQUESTED' ? new Date(now + refundCheckIntervalMs) : null,
    ...(refund.voided ? { state: 'VOIDED' as const } : {}),
  } satisfies Updateable<ParcelTable>;
}
