import type { WebhookEventName } from '../../domain/webhook-events.ts';
import type { Database } from '../database.ts';
import type { WebhookEndpointRow } from '../tables.ts';

/** The webhook endpoints of tenants. Secrets are sealed by the caller. */
export interface WebhookEndpoints {
  /** Oldest first. */
  list(tenantId: string): Promise<readonly WebhookEndpointRow[]>;
  find(tenantId: string, id: string): Promise<WebhookEndpointRow | undefined>;
  create(endpoint: NewWebhookEndpoint): Promise<WebhookEndpointRow>;
  /** Replaces the secret; the one that it replaces stays valid until `previousUntil`, epoch milliseconds. */
  rotate(endpoint: WebhookEndpointRow, secret: string, previousUntil: number): Promise<WebhookEndpointRow>;
  /** Stops deliveries to an endpoint whose receiver no longer exists. */
  deactivate(id: string): Promise<void>;
  /** Deletes an endpoint and its deliveries. */
  delete(endpoint: WebhookEndpointRow): Promise<void>;
}

export interface NewWebhookEndpoint {
  readonly id: string;
  readonly tenantId: string;
  readonly url: string;
  readonly events: readonly WebhookEventName[];
  readonly secret: string;
}

export function createWebhookEndpoints(db: Database): WebhookEndpoints {
  const ofTenant = (tenantId: string) =>
    db.selectFrom('webhook_endpoints').selectAll().where('tenant_id', '=', tenantId);
  return {
    list: (tenantId) => ofTenant(tenantId).orderBy('created_at').orderBy('id').execute(),
    find: (tenantId, id) => ofTenant(tenantId).where('id', '=', id).executeTakeFirst(),
    create: ({ id, tenantId, url, events, secret }) =>
      db
        .insertInto('webhook_endpoints')
        .values({ id, tenant_id: tenantId, url, events: JSON.stringify(events), secret })
        .returningAll()
        .executeTakeFirstOrThrow(),
    rotate: ({ id }, secret, previousUntil) =>
      db
        .updateTable('webhook_endpoints')
        .set((eb) => ({
          secret,
          previous_secret: eb.ref('secret'),
          previous_until: new Date(previousUntil),
        }))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow(),
    async deactivate(id) {
      await db.updateTable('webhook_endpoints').set({ active: false }).where('id', '=', id).execute();
    },
    async delete({ id }) {
      await db.deleteFrom('webhook_endpoints').where('id', '=', id).execute();
    },
  };
}
