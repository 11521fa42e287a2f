import { sql } from 'kysely';

import type { Database } from '../database.ts';
import type { ShipmentRow, Transaction } from '../tables.ts';

/** How many rows were redacted, or would be. */
export interface Redacted {
  readonly shipments: number;
  readonly operations: number;
  readonly trackers: number;
}

/** How many rows a redaction would take. */
export interface Redactable extends Redacted {
  /** Shipments among them with a label that may still be voided, which stays possible. */
  readonly voidable: number;
  /** Shipments and operations that are left whole, since they are UNCERTAIN or in progress. */
  readonly open: number;
}

/** Returns the part of a sent request that names no person and suffices to void its label; undefined for none. */
export type RedactRequest = (
  shipment: Pick<ShipmentRow, 'tenant_id' | 'account_id'>,
  request: unknown,
) => unknown;

/**
 * Deletes personal data from rows older than `days`: addresses, documents, requests, signatures. Open purchases and
 * operations are left whole. Each deletion takes at most 200 rows and returns how many it took.
 */
export interface RedactionRecords {
  count(days: number): Promise<Redactable>;
  shipments(days: number, redactRequest: RedactRequest): Promise<number>;
  operations(days: number): Promise<number>;
  trackers(days: number): Promise<number>;
}

const batchSize = 200;

export function createRedactionRecords(db: Database): RedactionRecords {
  return {
    async count(days) {
      const { rows } = await sql<Redactable>`select
        (select count(*)::integer from shipments where ${isDue('shipments', days)}) as shipments,
        (select count(*)::integer from operations where ${isDue('operations', days)}) as operations,
        (select count(*)::integer from trackers where ${isPersonal(days)}) as trackers,
        (select count(*)::integer from shipments where ${isDue('shipments', days)} and exists (
          select 1 from parcels where shipment_id = id and parcels.state = 'PURCHASED' and refund is null)) as voidable,
        (select count(*)::integer from shipments where ${isOpen} and created_at < ${before(days)})
          + (select count(*)::integer from operations where ${isOpen} and created_at < ${before(days)}) as open`.execute(
        db,
      );
      return rows[0]!;
    },
    shipments: (days, redactRequest) =>
      db.transaction().execute((transaction) => redactShipments(transaction, days, redactRequest)),
    operations: (days) => redactOperations(db, days),
    trackers: (days) => redactTrackers(db, days),
  };
}

const before = (days: number) => sql`now() - ${days} * interval '1 day'`;

/** UNCERTAIN includes purchases that are compensating: their request is what voids the labels. */
const isOpen = sql`status in ('PURCHASING', 'PENDING', 'UNCERTAIN')`;

/** A row that was retried, or resolved late, is as old as that event. */
const isDue = (table: 'shipments' | 'operations', days: number) => sql`redacted_at is null
  and not ${isOpen} and created_at < ${before(days)}
  and not exists (select 1 from history where subject_id = ${sql.table(table)}.id
    and event in ('ASKED', 'BOUGHT', 'DONE', 'RESOLVED_BY_HAND') and at >= ${before(days)})`;

/** Fields of a tracking event's location that may name a person; city and postal code stay. */
const personalFields = ['name', 'company', 'street1', 'street2', 'urbanization', 'phone', 'email'];
const isPersonal = (days: number) => sql`as_of < ${before(days)} and (state ? 'signedBy' or exists (
  select 1 from jsonb_array_elements(state->'events') as event
  where jsonb_typeof(event->'location') = 'object' and event->'location' ?| ${sql.val(personalFields)}::text[]))`;

async function redactShipments(
  transaction: Transaction,
  days: number,
  redactRequest: RedactRequest,
): Promise<number> {
  const { rows } = await sql<Pick<ShipmentRow, 'id' | 'tenant_id' | 'account_id'>>`
    update shipments set sender = '{}', recipient = '{}', failure = failure - 'providerMessage', redacted_at = now()
    where id in (select id from shipments where ${isDue('shipments', days)} limit ${batchSize} for update skip locked)
    returning id, tenant_id, account_id`.execute(transaction);
  if (rows.length === 0) return 0;
  const shipments = new Map(rows.map((row) => [row.id, row]));
  const ids = [...shipments.keys()];
  await transaction
    .updateTable('forms')
    .set({ source: null, data: null })
    .where('shipment_id', 'in', ids)
    .execute();
  await transaction.deleteFrom('reprints').where('shipment_id', 'in', ids).execute();
  const parcels = await transaction
    .selectFrom('parcels')
    .select(['shipment_id', 'position', 'request'])
    .where('shipment_id', 'in', ids)
    .execute();
  for (const { shipment_id, position, request } of parcels) {
    const redacted = request && redactRequest(shipments.get(shipment_id)!, request);
    await transaction
      .updateTable('parcels')
      .set({
        label: null,
        label_source: null,
        reprint_format: null,
        request: redacted ? JSON.stringify(redacted) : null,
      })
      .where('shipment_id', '=', shipment_id)
      .where('position', '=', position)
      .execute();
  }
  return rows.length;
}

/** A form and its source show an address, and a file's name may name a person. */
async function redactOperations(db: Database, days: number): Promise<number> {
  const { rows } = await sql`update operations set request = null, document = null, redacted_at = now(),
      input = input - 'fileName', result = result - 'form' - 'uploadUrl', failure = failure - 'providerMessage'
    where id in (select id from operations where ${isDue('operations', days)} limit ${batchSize} for update skip locked)
    returning id`.execute(db);
  return rows.length;
}

async function redactTrackers(db: Database, days: number): Promise<number> {
  const { rows } = await sql`update trackers set state = jsonb_set(state - 'signedBy', '{events}', (
      select coalesce(jsonb_agg(
        case when jsonb_typeof(event->'location') = 'object'
          then jsonb_set(event, '{location}', (event->'location') - ${sql.val(personalFields)}::text[])
          else event end order by position), '[]')
      from jsonb_array_elements(state->'events') with ordinality as events(event, position)))
    where (tenant_id, tracking_number, carrier) in (
      select tenant_id, tracking_number, carrier from trackers where ${isPersonal(days)} limit ${batchSize}
      for update skip locked)
    returning tracking_number`.execute(db);
  return rows.length;
}
