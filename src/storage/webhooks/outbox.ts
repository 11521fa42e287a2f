import { randomUUID } from 'node:crypto';

import { webhookPayload, type WebhookEventName } from '../../domain/webhook-events.ts';
import type { Transaction, WebhookDeliveryRow } from '../tables.ts';

/** A change that webhook endpoints receive. */
export interface WebhookEventToSend {
  readonly event: WebhookEventName;
  /** The id of the tracker or shipment. Events about one subject are delivered in their order. */
  readonly subject: string;
  /** JSON. Holds no name, street, phone or e-mail address. */
  readonly data: object;
}

/**
 * Adds deliveries to the tenant's active endpoints of each event, in the transaction of the change, or to `endpointId`
 * alone. Returns them.
 */
export async function enqueueWebhooks(
  transaction: Transaction,
  tenantId: string,
  events: readonly WebhookEventToSend[],
  endpointId?: string,
): Promise<readonly WebhookDeliveryRow[]> {
  if (events.length === 0) return [];
  const endpoints = await transaction
    .selectFrom('webhook_endpoints')
    .select(['id', 'events'])
    .where('tenant_id', '=', tenantId)
    .where((eb) => (endpointId === undefined ? eb('active', '=', true) : eb('id', '=', endpointId)))
    .execute();
  const at = new Date();
  const rows = events.flatMap(({ event, subject, data }) =>
    endpoints
      .filter((endpoint) => endpoint.events.includes(event))
      .map((endpoint) => ({
        id: `whd_${randomUUID()}`,
        endpoint_id: endpoint.id,
        tenant_id: tenantId,
        event,
        subject,
        payload: webhookPayload(event, at, data),
        status: 'PENDING' as const,
        next_attempt_at: new Date(0),
      })),
  );
  if (rows.length === 0) return [];
  return transaction.insertInto('webhook_deliveries').values(rows).returningAll().execute();
}
