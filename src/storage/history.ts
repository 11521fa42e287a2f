import type { Kysely } from 'kysely';

import type { Database } from './database.ts';
import type { HistoryRow, Tables } from './tables.ts';

/** Who wants something done, for the record. */
export interface Actor {
  /** The caller's key by its digest, or who was at the server itself. */
  readonly actor: string;
  /** Left out where no request brought it. */
  readonly requestId?: string;
}

/** What can happen to a shipment or an errand. */
export type HistoryEvent =
  | 'ASKED'
  | 'SENT'
  | 'BOUGHT'
  | 'DONE'
  | 'REFUSED'
  | 'FAILED'
  | 'UNCERTAIN'
  | 'RECALLED'
  | 'IMPORTED'
  | 'VOID_ASKED'
  | 'VOIDED'
  | 'REFUND_HEARD'
  | 'CANCELLED'
  | 'RESOLVED_BY_HAND';

/** A shipment or an errand, as far as the record names it. */
export interface Subject {
  readonly id: string;
  readonly tenant_id: string;
  readonly account_id: string;
}

export interface History {
  /** Oldest first. */
  of(tenantId: string, subjectId: string): Promise<readonly HistoryRow[]>;
}

/**
 * Adds to the record, in the transaction of what it records where there is one. `detail` is a tracking number or a
 * failure's code: nothing personal. `by` is left out where the server does it by itself.
 */
export async function appendHistory(
  db: Kysely<Tables>,
  { id, tenant_id, account_id }: Subject,
  event: HistoryEvent,
  detail?: string,
  by?: Actor,
): Promise<void> {
  await db
    .insertInto('history')
    .values({
      tenant_id,
      subject_id: id,
      account_id,
      event,
      actor: by?.actor ?? null,
      request_id: by?.requestId ?? null,
      detail: detail ?? null,
    })
    .execute();
}

export function createHistory(db: Database): History {
  return {
    of: (tenantId, subjectId) =>
      db
        .selectFrom('history')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('subject_id', '=', subjectId)
        .orderBy('id')
        .execute(),
  };
}
