import type { Kysely } from 'kysely';

import type { Database } from './database.ts';
import type { HistoryRow, Tables } from './tables.ts';

/** The originator of a change. */
export interface Actor {
  /** Digest of the caller's API key, or `os:` and the name of a user of the machine. */
  readonly actor: string;
  /** Left out where no HTTP request caused it. */
  readonly requestId?: string;
}

/** Events of shipments and operations. The API shows these values. */
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
  | 'REPRINTED'
  | 'RESOLVED_BY_HAND';

/** A shipment or an operation. */
export interface Subject {
  readonly id: string;
  readonly tenant_id: string;
  readonly account_id: string;
}

export interface History {
  /** Oldest first. */
  of(tenantId: string, subjectId: string): Promise<readonly HistoryRow[]>;
  append(subject: Subject, event: HistoryEvent, detail?: string, by?: Actor): Promise<void>;
}

/**
 * Appends an event, in the transaction of the change that it records where there is one. `detail` is a tracking number, an
 * attempt's id or a failure's code, nothing personal. `by` is left out for changes that the server makes by itself.
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
    append: (subject, event, detail, by) => appendHistory(db, subject, event, detail, by),
  };
}
