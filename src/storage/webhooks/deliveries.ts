import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import type { WebhookDeliveryStatus } from '../../domain/webhook-events.ts';
import type { Database } from '../database.ts';
import { countRows, selectPage, type Page, type PageRequest } from '../pages.ts';
import type { WebhookDeliveryRow, WebhookEndpointRow } from '../tables.ts';
import { enqueueWebhooks } from './outbox.ts';

/** The result of one attempt. */
export interface DeliveryAttempt {
  readonly status: WebhookDeliveryStatus;
  /** Undefined where the receiver did not answer. */
  readonly statusCode?: number;
  readonly error?: string;
  /** Epoch milliseconds; undefined for none. */
  readonly nextAttemptAt?: number;
}

export interface WebhookDeliveries {
  /**
   * Leases deliveries that are due, at most `limit`, for 30 seconds. Of one endpoint and subject it takes the oldest one
   * alone, so that a receiver gets the changes of a parcel in order.
   */
  claimDue(now: number, limit: number): Promise<readonly ClaimedDelivery[]>;
  saveAttempt(id: string, attempt: DeliveryAttempt): Promise<void>;
  /** Adds a delivery to one endpoint, whether or not the endpoint is active. */
  add(endpoint: WebhookEndpointRow, data: object): Promise<WebhookDeliveryRow>;
  find(tenantId: string, id: string): Promise<WebhookDeliveryRow | undefined>;
  /** Makes a delivery due again, with all its attempts. */
  repeat(id: string, now: number): Promise<WebhookDeliveryRow>;
  /** Newest first. */
  page(endpointId: string, failedOnly: boolean, request: PageRequest): Promise<Page<WebhookDeliveryRow>>;
  count(endpointId: string, failedOnly: boolean): Promise<number>;
  /** Deletes ended deliveries that are older than 30 days. */
  prune(): Promise<void>;
}

/** A delivery with what sending it needs. */
export interface ClaimedDelivery extends WebhookDeliveryRow {
  readonly endpoint: WebhookEndpointRow;
}

export function createWebhookDeliveries(db: Database): WebhookDeliveries {
  const ofEndpoint = (endpointId: string, failedOnly: boolean) => {
    const rows = db.selectFrom('webhook_deliveries').where('endpoint_id', '=', endpointId);
    return failedOnly ? rows.where('status', 'in', ['RETRYING', 'DEAD']) : rows;
  };
  const findRow = (id: string) => db.selectFrom('webhook_deliveries').selectAll().where('id', '=', id);
  return {
    async claimDue(now, limit) {
      const { rows } = await sql<WebhookDeliveryRow>`
        update webhook_deliveries set leased_until = now() + interval '30 seconds', attempts = attempts + 1
        where id in (
          select id from webhook_deliveries as due
          where status in ('PENDING', 'RETRYING') and next_attempt_at <= ${new Date(now)}
            and (leased_until is null or leased_until < now())
            and not exists (
              select 1 from webhook_deliveries as earlier
              where earlier.endpoint_id = due.endpoint_id and earlier.subject = due.subject
                and earlier.position < due.position and earlier.status in ('PENDING', 'RETRYING'))
          order by position limit ${limit} for update skip locked)
        returning *`.execute(db);
      if (rows.length === 0) return [];
      const ids = rows.map(({ endpoint_id }) => endpoint_id);
      const endpoints = await db.selectFrom('webhook_endpoints').selectAll().where('id', 'in', ids).execute();
      return rows.flatMap((row) => {
        const endpoint = endpoints.find(({ id }) => id === row.endpoint_id);
        return endpoint ? [{ ...row, endpoint }] : [];
      });
    },
    async saveAttempt(id, { status, statusCode, error, nextAttemptAt }) {
      await db
        .updateTable('webhook_deliveries')
        .set({
          status,
          last_status_code: statusCode ?? null,
          last_error: error ?? null,
          next_attempt_at: nextAttemptAt === undefined ? null : new Date(nextAttemptAt),
          leased_until: null,
        })
        .where('id', '=', id)
        .execute();
    },
    add: ({ id, tenant_id, events }, data) =>
      db.transaction().execute(async (transaction) => {
        const [added] = await enqueueWebhooks(
          transaction,
          tenant_id,
          [{ event: events[0]!, subject: `test ${randomUUID()}`, data }],
          id,
        );
        return added!;
      }),
    find: (tenantId, id) => findRow(id).where('tenant_id', '=', tenantId).executeTakeFirst(),
    repeat: (id, now) =>
      db
        .updateTable('webhook_deliveries')
        .set({ status: 'PENDING', attempts: 0, next_attempt_at: new Date(now) })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow(),
    page: (endpointId, failedOnly, request) =>
      selectPage(ofEndpoint(endpointId, failedOnly).selectAll(), request),
    count: (endpointId, failedOnly) => countRows(ofEndpoint(endpointId, failedOnly)),
    async prune() {
      await sql`delete from webhook_deliveries
        where status in ('DELIVERED', 'DEAD') and created_at < now() - interval '30 days'`.execute(db);
    },
  };
}
