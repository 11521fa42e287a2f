import { sql, type Insertable, type Kysely, type OnConflictBuilder } from 'kysely';

import { nextPoll, purchasedPollDelayMs } from '../domain/polling.ts';
import type { ParcelNumber, TrackingStatus } from '../domain/tracking.ts';
import type { Tables, Transaction, WatchTable } from './tables.ts';

/** Watches the parcels of a shipment that was purchased just now. */
export async function watchPurchased(transaction: Transaction, shipmentId: string): Promise<void> {
  await transaction
    .insertInto('watches')
    .columns(['tenant_id', 'carrier', 'tracking_number', 'account_id', 'changed_at', 'due_at'])
    .expression((eb) =>
      eb
        .selectFrom('parcels')
        .innerJoin('shipments', 'shipments.id', 'parcels.shipment_id')
        .select(['tenant_id', 'carrier', 'tracking_number', 'account_id'])
        .select(sql<Date>`now()`.as('changed_at'))
        .select(sql<Date>`now() + ${purchasedPollDelayMs} * interval '1 millisecond'`.as('due_at'))
        .where('shipments.id', '=', shipmentId)
        .where('tracking_number', 'is not', null),
    )
    .onConflict(askThroughNewAccount)
    .execute();
}

/** Ends the watch of a shipment's parcels. */
export async function unwatchShipment(transaction: Transaction, shipmentId: string): Promise<void> {
  await sql`delete from watches using parcels join shipments on shipments.id = parcels.shipment_id
    where shipments.id = ${shipmentId} and watches.tenant_id = shipments.tenant_id
      and watches.tracking_number = parcels.tracking_number and watches.carrier = shipments.carrier`.execute(
    transaction,
  );
}

/** An answer about a parcel. */
export interface AnsweredParcel extends ParcelNumber {
  readonly status: TrackingStatus;
  /** Epoch milliseconds. */
  readonly asOf: number;
  readonly isChanged: boolean;
}

/**
 * Sets when answered parcels are due next, and ends the watch of those that arrived. A watch stays as it is where another save
 * stores a change of its parcel at the same moment.
 */
export async function rescheduleWatches(
  db: Kysely<Tables>,
  tenantId: string,
  answered: readonly AnsweredParcel[],
): Promise<void> {
  const byNumber = Map.groupBy(answered, ({ trackingNumber }) => trackingNumber);
  const watches = await db
    .selectFrom('watches')
    .select(['tracking_number', 'carrier', 'changed_at'])
    .where('tenant_id', '=', tenantId)
    .where('tracking_number', 'in', [...byNumber.keys()])
    .execute();
  const answers = watches.flatMap(({ tracking_number, carrier, changed_at }) => {
    const answer = byNumber.get(tracking_number)!.find((each) => carrier === '' || each.carrier === carrier);
    if (answer === undefined) return [];
    const changedAt = answer.isChanged ? answer.asOf : changed_at.getTime();
    const dueAt = nextPoll(answer.status, answer.asOf, changedAt);
    const times = { changed_at: new Date(changedAt), due_at: dueAt && new Date(dueAt) };
    return [{ tracking_number, carrier, read_changed_at: changed_at, ...times }];
  });
  const ended = answers.filter(({ due_at }) => due_at === undefined);
  await removeWatches(db, tenantId, ended.map(({ tracking_number, carrier }) => ({ trackingNumber: tracking_number, carrier }))); // prettier-ignore
  const due = answers.filter(({ due_at }) => due_at !== undefined);
  if (due.length === 0) return;
  await sql`update watches set due_at = later.due_at, changed_at = later.changed_at, leased_until = null
    from jsonb_to_recordset(${JSON.stringify(due)}::jsonb)
      as later (tracking_number text, carrier text, due_at timestamptz, changed_at timestamptz, read_changed_at timestamptz)
    where watches.tenant_id = ${tenantId} and ${isAmong(due)} and watches.tracking_number = later.tracking_number
      and watches.carrier = later.carrier and watches.changed_at = later.read_changed_at`.execute(db);
}

/** Adds watches, or changes the account of those that exist. */
export async function insertWatches(
  transaction: Transaction,
  rows: readonly Insertable<WatchTable>[],
): Promise<void> {
  if (rows.length === 0) return;
  await transaction.insertInto('watches').values(rows).onConflict(askThroughNewAccount).execute();
}

/** A watch that exists is asked through the new row's account from now on, and stays due as it was. */
const askThroughNewAccount = (conflict: OnConflictBuilder<Tables, 'watches'>) =>
  conflict
    .columns(['tenant_id', 'tracking_number', 'carrier'])
    .doUpdateSet((eb) => ({ account_id: eb.ref('excluded.account_id') }));

export async function removeWatches(
  db: Kysely<Tables>,
  tenantId: string,
  parcels: readonly ParcelNumber[],
): Promise<void> {
  if (parcels.length === 0) return;
  const rows = parcels.map(keyColumns);
  await sql`delete from watches using jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as ended (tracking_number text, carrier text)
    where watches.tenant_id = ${tenantId} and ${isAmong(rows)} and watches.tracking_number = ended.tracking_number
      and watches.carrier = ended.carrier`.execute(db);
}

/** Matches the watches of some rows. Postgres assumes a hundred rows in JSON, and without this reads all watches of the tenant. */
export const isAmong = (rows: readonly { readonly tracking_number: string }[]) =>
  sql`watches.tracking_number = any(${rows.map(({ tracking_number }) => tracking_number)}::text[])`;

/** The columns that identify a parcel of a tenant. */
export const keyColumns = ({ trackingNumber, carrier }: ParcelNumber) => ({
  tracking_number: trackingNumber,
  carrier: carrier ?? '',
});
