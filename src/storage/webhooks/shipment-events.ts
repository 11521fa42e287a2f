import { jsonArrayFrom } from 'kysely/helpers/postgres';

import type { WebhookEventName } from '../../domain/webhook-events.ts';
import type { Transaction } from '../tables.ts';
import { enqueueWebhooks } from './outbox.ts';

/** Sends a shipment as it is now to the tenant's webhook endpoints of the event. Names nobody. */
export async function enqueueShipmentEvent(
  transaction: Transaction,
  shipmentId: string,
  event: Exclude<WebhookEventName, 'TRACKER_UPDATED'>,
): Promise<void> {
  const { tenant_id, status, reference, account_id, carrier, parcels } = await transaction
    .selectFrom('shipments')
    .select(['tenant_id', 'status', 'reference', 'account_id', 'carrier'])
    .select((shipments) =>
      jsonArrayFrom(
        shipments
          .selectFrom('parcels')
          .select(['tracking_number', 'price', 'refund'])
          .whereRef('shipment_id', '=', 'shipments.id')
          .orderBy('position'),
      ).as('parcels'),
    )
    .where('id', '=', shipmentId)
    .executeTakeFirstOrThrow();
  const data = {
    id: shipmentId,
    status,
    reference,
    accountId: account_id,
    carrier,
    parcels: parcels.map(({ tracking_number, price, refund }) => ({
      trackingNumber: tracking_number,
      price,
      refund: refund && { status: refund.status, amount: refund.amount },
    })),
  };
  await enqueueWebhooks(transaction, tenant_id, [{ event, subject: shipmentId, data }]);
}
