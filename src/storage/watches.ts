import { sql } from 'kysely';

import { nextPoll } from '../domain/polling.ts';
import { hasArrived, type ParcelNumber, type TrackingStatus } from '../domain/tracking.ts';
import type { Database } from './database.ts';
import type { Transaction, WatchRow } from './tables.ts';
import { insertWatches, isAmong, keyColumns, removeWatches } from './watch-changes.ts';

/** A parcel under watch that a process has claimed: no other one claims it for two minutes. */
export interface ClaimedWatch extends ParcelNumber {
  /** When it last changed, or the watch began; epoch milliseconds. */
  readonly changedAt: number;
  /** `Tracking.reference` of the account's last answer. */
  readonly reference?: string;
}

/** A parcel to watch, and the account that is asked for it. */
export interface NewWatch extends ParcelNumber {
  readonly accountId: string;
}

/** The result of a poll without an answer. */
export interface PostponedWatch extends ParcelNumber {
  /** The account that is asked next. */
  readonly accountId: string;
  /** Epoch milliseconds; undefined ends the watch. */
  readonly dueAt?: number;
}

export interface WatchClaim {
  readonly tenantId: string;
  readonly accountId: string;
  /** Epoch milliseconds. */
  readonly dueBefore: number;
  readonly limit: number;
  /** Tracking numbers that are not claimed. */
  readonly except?: readonly string[];
}

/** The parcels under watch. An answer about one, whoever asked, sets when it is due next (`TrackerStore.save`). */
export interface Watches {
  /**
   * Watches parcels, due when their last answer says, and returns true; false where the tenant would have more than
   * `limit`. One that is watched already, or has arrived, is left as it is.
   */
  add(tenantId: string, parcels: readonly NewWatch[], now: number, limit: number): Promise<boolean>;
  remove(tenantId: string, parcels: readonly ParcelNumber[]): Promise<void>;
  /** Lists the accounts with parcels that are due. */
  dueAccounts(now: number): Promise<readonly { readonly tenantId: string; readonly accountId: string }[]>;
  /** Claims parcels that are due, the longest due first. */
  claim(claim: WatchClaim): Promise<readonly ClaimedWatch[]>;
  postpone(tenantId: string, postponed: readonly PostponedWatch[]): Promise<void>;
}

export function createWatches(db: Database): Watches {
  return {
    add: (tenantId, parcels, now, limit) =>
      db.transaction().execute(async (transaction) => {
        // One at a time, so that two do not pass the limit together.
        const lock = `watches ${tenantId}`;
        await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(transaction);
        const rows = await toWatchRows(transaction, tenantId, parcels, now);
        const { others } = await countOthers(transaction, tenantId, rows);
        if (rows.length > 0 && others + rows.length > limit) return false;
        await insertWatches(transaction, rows);
        return true;
      }),
    remove: (tenantId, parcels) => removeWatches(db, tenantId, parcels),
    async dueAccounts(now) {
      // Reads one row an account, however many parcels it has.
      const { rows } = await sql<{ tenantId: string; accountId: string }>`
        with recursive accounts as (
          (select tenant_id, account_id from watches order by tenant_id, account_id limit 1)
          union all
          select later.tenant_id, later.account_id from accounts, lateral (
            select tenant_id, account_id from watches
            where (watches.tenant_id, watches.account_id) > (accounts.tenant_id, accounts.account_id)
            order by tenant_id, account_id limit 1) as later)
        select tenant_id as "tenantId", account_id as "accountId" from accounts, lateral (
          select due_at from watches where watches.tenant_id = accounts.tenant_id
            and watches.account_id = accounts.account_id order by due_at limit 1) as first
        where first.due_at <= ${new Date(now)}`.execute(db);
      return rows;
    },
    async claim({ tenantId, accountId, dueBefore, limit, except = [] }) {
      const { rows } = await sql<{ tracking_number: string; carrier: string; changed_at: Date; reference: string | null }>`
        with due as materialized (
          select tracking_number, carrier from watches
          where tenant_id = ${tenantId} and account_id = ${accountId} and due_at <= ${new Date(dueBefore)}
            and (leased_until is null or leased_until < now())
            and tracking_number not in (select jsonb_array_elements_text(${JSON.stringify(except)}::jsonb))
          order by due_at, tracking_number limit ${limit} for update skip locked),
        claimed as (
          update watches set leased_until = now() + interval '2 minutes' from due
          where watches.tenant_id = ${tenantId} and watches.tracking_number = due.tracking_number
            and watches.carrier = due.carrier
          returning watches.*)
        select claimed.tracking_number, claimed.carrier, claimed.changed_at, trackers.state->>'reference' as reference
        from claimed left join trackers on trackers.tenant_id = claimed.tenant_id
          and trackers.tracking_number = claimed.tracking_number and trackers.carrier = claimed.carrier
          and trackers.account_id = claimed.account_id`.execute(db); // prettier-ignore
      return rows.map(({ tracking_number, carrier, changed_at, reference }) => ({
        trackingNumber: tracking_number,
        carrier: carrier || undefined,
        changedAt: changed_at.getTime(),
        reference: reference ?? undefined,
      }));
    },
    async postpone(tenantId, postponed) {
      const ended = postponed.filter(({ dueAt }) => dueAt === undefined);
      const rows = postponed
        .filter(({ dueAt }) => dueAt !== undefined)
        .map((each) => ({ ...keyColumns(each), account_id: each.accountId, due_at: new Date(each.dueAt!) }));
      await removeWatches(db, tenantId, ended);
      if (rows.length === 0) return;
      await sql`update watches set account_id = later.account_id, due_at = later.due_at, leased_until = null
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          as later (tracking_number text, carrier text, account_id text, due_at timestamptz)
        where watches.tenant_id = ${tenantId} and ${isAmong(rows)} and watches.tracking_number = later.tracking_number
          and watches.carrier = later.carrier`.execute(db);
    },
  };
}

/** Returns the rows of parcels that have not arrived. */
async function toWatchRows(
  transaction: Transaction,
  tenantId: string,
  parcels: readonly NewWatch[],
  now: number,
): Promise<readonly Omit<WatchRow, 'leased_until'>[]> {
  const known = await transaction
    .selectFrom('trackers')
    .select(['tracking_number', 'carrier', 'as_of', sql<TrackingStatus>`state->>'status'`.as('status')])
    .where('tenant_id', '=', tenantId)
    .where(
      'tracking_number',
      'in',
      parcels.map(({ trackingNumber }) => trackingNumber),
    ) // prettier-ignore
    .execute();
  return parcels.flatMap(({ accountId, ...parcel }) => {
    const key = keyColumns(parcel);
    const tracker = known.find((row) => row.tracking_number === key.tracking_number && row.carrier === key.carrier); // prettier-ignore
    if (tracker && hasArrived(tracker.status)) return [];
    const answeredAt = tracker?.as_of.getTime();
    const dueAt = answeredAt === undefined ? now : nextPoll(tracker!.status, answeredAt, answeredAt)!;
    const times = { changed_at: new Date(now), due_at: new Date(dueAt) };
    return [{ tenant_id: tenantId, ...key, account_id: accountId, ...times }];
  });
}

/** Counts the tenant's watched parcels that are not among the rows. */
async function countOthers(
  transaction: Transaction,
  tenantId: string,
  rows: readonly Pick<WatchRow, 'tracking_number' | 'carrier'>[],
): Promise<{ others: number }> {
  const keys = JSON.stringify(rows.map(({ tracking_number, carrier }) => ({ tracking_number, carrier })));
  const { rows: counted } = await sql<{ others: number }>`
    select count(*)::integer as others from watches where tenant_id = ${tenantId} and not exists (
      select 1 from jsonb_to_recordset(${keys}::jsonb) as own (tracking_number text, carrier text)
      where own.tracking_number = watches.tracking_number and own.carrier = watches.carrier)`.execute(
    transaction,
  );
  return counted[0]!;
}
