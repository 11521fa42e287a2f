import { createHash } from 'node:crypto';

import { sql } from 'kysely';

import type { Database } from '../database.ts';
import type { ReceivedWebhookRow } from '../tables.ts';

/** The account that a provider reports to. */
export interface WebhookSource {
  readonly tenantId: string;
  readonly accountId: string;
}

/** What providers sent to webhook URLs, byte for byte, after its signature was verified. */
export interface ReceivedWebhooks {
  /** Stores a body unless the account has received the same one before. `receivedAt` in epoch milliseconds. */
  add(source: WebhookSource, body: Buffer, receivedAt: number): Promise<void>;
  /** Lists the accounts with bodies that are not applied. */
  pendingSources(): Promise<readonly WebhookSource[]>;
  /**
   * Leases an account's oldest bodies that are not applied for 30 seconds, in the order of receipt. None while a process
   * applies others of that account.
   */
  claim(source: WebhookSource, limit: number): Promise<readonly ReceivedWebhookRow[]>;
  markApplied(row: ReceivedWebhookRow): Promise<void>;
  /** Makes what was received since then be applied again, and returns how much that is. */
  repeat(since: Date): Promise<number>;
  /** Deletes what was applied and received more than 30 days ago. */
  prune(now: number): Promise<void>;
}

const keptMs = 30 * 24 * 60 * 60 * 1000;

export function createReceivedWebhooks(db: Database): ReceivedWebhooks {
  return {
    async add({ tenantId, accountId }, body, receivedAt) {
      const digest = createHash('sha256').update(body).digest('base64url');
      const row = { tenant_id: tenantId, account_id: accountId, digest, body, received_at: new Date(receivedAt) }; // prettier-ignore
      await db
        .insertInto('received_webhooks')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async pendingSources() {
      const rows = await db
        .selectFrom('received_webhooks')
        .select(['tenant_id', 'account_id'])
        .distinct()
        .where('applied_at', 'is', null)
        .execute();
      return rows.map(({ tenant_id, account_id }) => ({ tenantId: tenant_id, accountId: account_id }));
    },
    claim: ({ tenantId, accountId }, limit) =>
      db.transaction().execute(async (transaction) => {
        // One process at a time, so that a later body is not claimed beside an earlier one.
        const lock = `received webhooks ${tenantId} ${accountId}`;
        await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(transaction);
        const { rows } = await sql<ReceivedWebhookRow>`
          with pending as materialized (
            select * from received_webhooks
            where tenant_id = ${tenantId} and account_id = ${accountId} and applied_at is null)
          update received_webhooks set leased_until = now() + interval '30 seconds'
          where tenant_id = ${tenantId} and account_id = ${accountId}
            and digest in (select digest from pending order by position limit ${limit})
            and not exists (select 1 from pending where leased_until > now())
          returning *`.execute(transaction);
        return rows.toSorted((a, b) => Number(a.position) - Number(b.position));
      }),
    async markApplied({ tenant_id, account_id, digest }) {
      await db
        .updateTable('received_webhooks')
        .set({ applied_at: sql<Date>`now()`, leased_until: null })
        .where('tenant_id', '=', tenant_id)
        .where('account_id', '=', account_id)
        .where('digest', '=', digest)
        .execute();
    },
    async repeat(since) {
      const { numUpdatedRows } = await db
        .updateTable('received_webhooks')
        .set({ applied_at: null })
        .where('received_at', '>=', since)
        .executeTakeFirstOrThrow();
      return Number(numUpdatedRows);
    },
    async prune(now) {
      await db
        .deleteFrom('received_webhooks')
        .where('applied_at', 'is not', null)
        .where('received_at', '<', new Date(now - keptMs))
        .execute();
    },
  };
}
