import { sql } from 'kysely';

import type { Database } from './database.ts';
import type { AdapterOf } from '../workflows/purchases.ts';

/** How many were blanked, or would be. */
export interface Redacted {
  readonly shipments: number;
  readonly errands: number;
  readonly trackers: number;
}

export interface Retention {
  /**
   * Deletes what names people in whatever is older than so many days: addresses, documents, requests, signatures. What
   * is left can be counted, listed, tracked and given back; what is not settled stays whole.
   */
  redact(days: number, dryRun?: boolean): Promise<Redacted>;
}

const atOnce = 200;

export function createRetention(db: Database, carrierOf: AdapterOf): Retention {
  return {
    async redact(days, dryRun = false) {
      if (dryRun) return count(db, days);
      const done = { shipments: 0, errands: 0, trackers: 0 };
      const steps = {
        shipments: () => blankShipments(db, days, carrierOf),
        errands: () => blankErrands(db, days),
        trackers: () => blankTrackers(db, days),
      };
      for (const [name, step] of Object.entries(steps) as [keyof Redacted, () => Promise<number>][]) {
        for (let some = await step(); some > 0; some = await step()) done[name] += some;
      }
      return done;
    },
  };
}

const before = (days: number) => sql`now() - ${days} * interval '1 day'`;

/** What was tried again, or found out after long, is as old as that. */
const due = (table: 'shipments' | 'errands', days: number) => sql`blanked_at is null
  and status not in ('PURCHASING', 'OPEN', 'UNCERTAIN') and created_at < ${before(days)}
  and not exists (select 1 from history
    where subject_id = ${sql.table(table)}.id and event in ('ASKED', 'BOUGHT', 'DONE', 'RESOLVED_BY_HAND') and at >= ${before(days)})`;

/** What of a place that a carrier tells would name a person; city and postal code are the parcel's. */
const personal = ['name', 'company', 'street1', 'street2', 'phone', 'email'];
const isTold = (days: number) => sql`as_of < ${before(days)} and (state ? 'signedBy' or exists (
  select 1 from jsonb_array_elements(state->'events') as event
  where jsonb_typeof(event->'location') = 'object' and event->'location' ?| ${sql.val(personal)}::text[]))`;

async function count(db: Database, days: number): Promise<Redacted> {
  const { rows } = await sql<Redacted>`select
    (select count(*)::integer from shipments where ${due('shipments', days)}) as shipments,
    (select count(*)::integer from errands where ${due('errands', days)}) as errands,
    (select count(*)::integer from trackers where ${isTold(days)}) as trackers`.execute(db);
  return rows[0]!;
}

function blankShipments(db: Database, days: number, carrierOf: AdapterOf): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ id: string; tenant_id: string; account_id: string }>`
      update shipments set sender = '{}', recipient = '{}', failure = failure - 'providerMessage', blanked_at = now()
      where id in (select id from shipments where ${due('shipments', days)} limit ${atOnce} for update skip locked)
      returning id, tenant_id, account_id`.execute(transaction);
    if (rows.length === 0) return 0;
    const shipments = new Map(rows.map((row) => [row.id, row]));
    const parcels = await transaction
      .selectFrom('parcels')
      .select(['shipment_id', 'position', 'request'])
      .where('shipment_id', 'in', [...shipments.keys()])
      .execute();
    for (const { shipment_id, position, request } of parcels) {
      const { tenant_id, account_id } = shipments.get(shipment_id)!;
      await transaction
        .updateTable('forms')
        .set({ source: null, data: null })
        .where('shipment_id', '=', shipment_id)
        .execute();
      const kept = request && carrierOf(tenant_id, account_id)?.labels?.redact?.(request);
      await transaction
        .updateTable('parcels')
        .set({ label: null, label_source: null, request: kept ? JSON.stringify(kept) : null })
        .where('shipment_id', '=', shipment_id)
        .where('position', '=', position)
        .execute();
    }
    return rows.length;
  });
}

/** A form shows an address, and so does where it lies; a file's name may be anybody's. */
async function blankErrands(db: Database, days: number): Promise<number> {
  const { rows } = await sql`update errands set request = null, document = null, blanked_at = now(),
      asked = asked - 'fileName', result = result - 'form' - 'uploadUrl', failure = failure - 'providerMessage'
    where id in (select id from errands where ${due('errands', days)} limit ${atOnce} for update skip locked)
    returning id`.execute(db);
  return rows.length;
}

async function blankTrackers(db: Database, days: number): Promise<number> {
  const { rows } = await sql`update trackers set state = jsonb_set(state - 'signedBy', '{events}', (
      select coalesce(jsonb_agg(
        case when jsonb_typeof(event->'location') = 'object'
          then jsonb_set(event, '{location}', (event->'location') - ${sql.val(personal)}::text[])
          else event end order by place), '[]')
      from jsonb_array_elements(state->'events') with ordinality as told(event, place)))
    where (tenant_id, tracking_number, carrier) in (
      select tenant_id, tracking_number, carrier from trackers where ${isTold(days)} limit ${atOnce}
      for update skip locked)
    returning tracking_number`.execute(db);
  return rows.length;
}
