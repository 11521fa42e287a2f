import { sql, type Insertable, type Kysely } from 'kysely';

import { eventId, trackerId, type ParcelNumber, type TrackingEvent } from '../domain/tracking.ts';
import { differs, isSame, mergeTracking, type ReceivedTracking } from '../domain/tracking-merge.ts';
import type { Database } from './database.ts';
import type { Tables, TrackerRow, TrackerTable, Transaction } from './tables.ts';
import { keyColumns, rescheduleWatches, type AnsweredParcel } from './watch-changes.ts';
import { enqueueWebhooks, type WebhookEventToSend } from './webhooks/outbox.ts';

/** The last known tracking of a parcel, with its source and time. */
export interface StoredTracking extends ReceivedTracking {
  readonly carrier?: string;
  /** Counts the changes of the tenant's trackers; higher after each change that a client sees. */
  readonly version: number;
}

/** A stored tracking with the number of its parcel. */
export type ChangedTracker = StoredTracking & ParcelNumber;

/** A provider's answer about a parcel. */
export type TrackingToSave = ReceivedTracking & ParcelNumber;

export interface TrackerStore {
  /** Returns one entry for each parcel, in order. A parcel without carrier is found where only one stored parcel has its number. */
  read(tenantId: string, parcels: readonly ParcelNumber[]): Promise<readonly (StoredTracking | undefined)[]>;
  /**
   * Merges received tracking into what is stored (`mergeTracking`), sends what changed to the tenant's webhook endpoints, and sets when
   * watched parcels are due next. Returns the version of each parcel, in the order received.
   *
   * @param known what was read of each parcel before its provider was asked. Default: it is read
   */
  save(
    tenantId: string,
    received: readonly TrackingToSave[],
    known?: readonly (StoredTracking | undefined)[],
  ): Promise<readonly number[]>;
  /** Returns the trackers of some numbers with a version above `version`, in the order of their versions. */
  changes(tenantId: string, numbers: readonly string[], version: number): Promise<readonly ChangedTracker[]>;
  /** Returns the version of the tenant's last change; 0 where there was none. */
  latestVersion(tenantId: string): Promise<number>;
}

/** The channel on which a save notifies of changes; the payload is the tenant's id. */
export const trackerChannel = 'parcelgraph_trackers';

export function createTrackerStore(db: Database): TrackerStore {
  return {
    read: (tenantId, parcels) => read(db, tenantId, parcels),
    async save(tenantId, received, known) {
      const before = known ?? (await read(db, tenantId, received));
      const versions = await saveConfirmed(db, tenantId, received, before);
      const others = received.filter((parcel) => !versions.has(keyOf(parcel)));
      if (others.length > 0) {
        const saved = await db.transaction().execute((transaction) => saveMerged(transaction, tenantId, others)); // prettier-ignore
        for (const { parcel, version } of saved) versions.set(keyOf(parcel), version);
      }
      return received.map((parcel) => versions.get(keyOf(parcel))!);
    },
    async changes(tenantId, numbers, version) {
      const rows = await selectTrackers(db, tenantId, numbers)
        .where('version', '>', version as unknown as string)
        .orderBy('version')
        .execute();
      return rows.map((row) => ({ ...toStoredTracking(row), ...toParcel(row) }));
    },
    latestVersion: (tenantId) => latestVersion(db, tenantId),
  };
}

async function read(
  db: Database,
  tenantId: string,
  parcels: readonly ParcelNumber[],
): Promise<(StoredTracking | undefined)[]> {
  if (parcels.length === 0) return [];
  const numbers = [...new Set(parcels.map(({ trackingNumber }) => trackingNumber))];
  const rows = await selectTrackers(db, tenantId, numbers).execute();
  const rowsByNumber = Map.groupBy(rows, (row) => row.tracking_number);
  return parcels.map(({ trackingNumber, carrier }) => {
    const candidates = rowsByNumber.get(trackingNumber) ?? [];
    const row = carrier
      ? candidates.find((candidate) => candidate.carrier === carrier)
      : candidates.length === 1
        ? candidates[0]
        : undefined;
    return row && toStoredTracking(row);
  });
}

/**
 * Saves the answers that confirm what the ledger has, by one statement that writes their time alone. Left out are rows that have
 * changed since they were read. A row that another answer confirms at the same moment keeps the time of that one. Returns
 * the versions of what it saved, by `keyOf`.
 */
async function saveConfirmed(
  db: Database,
  tenantId: string,
  received: readonly TrackingToSave[],
  before: readonly (StoredTracking | undefined)[],
): Promise<Map<string, number>> {
  const known = new Map(
    received.flatMap(({ trackingNumber }, index) => {
      const row = before[index];
      return row ? [[keyOf({ trackingNumber, carrier: row.carrier }), row] as const] : [];
    }),
  );
  const confirmed = mergeReceived(known, received).filter(({ isConfirmed }) => isConfirmed);
  if (confirmed.length === 0) return new Map();
  const answers = confirmed.map(({ parcel, tracking, version }) => ({
    ...keyColumns(parcel),
    version,
    as_of: new Date(tracking.asOf),
  }));
  const numbers = confirmed.map(({ parcel }) => parcel.trackingNumber);
  const { rows } = await sql<Pick<TrackerRow, 'tracking_number' | 'carrier'> & { is_watched: boolean }>`
    with confirmed as (
      select trackers.ctid as row_id, tracking_number, carrier, answer.as_of
      from trackers join jsonb_to_recordset(${JSON.stringify(answers)}::jsonb) as answer
        (tracking_number text, carrier text, version bigint, as_of timestamptz)
        using (tracking_number, carrier, version)
      where tenant_id = ${tenantId} and tracking_number = any(${numbers}::text[])
      order by tracking_number collate "C", carrier collate "C" for update of trackers),
    saved as (
      update trackers set as_of = greatest(trackers.as_of, confirmed.as_of)
      from confirmed where trackers.ctid = confirmed.row_id)
    select tracking_number, carrier, exists (
      select 1 from watches where watches.tenant_id = ${tenantId}
        and watches.tracking_number = confirmed.tracking_number) as is_watched
    from confirmed`.execute(db);
  const saved = new Map(rows.map((row) => [keyOf(toParcel(row)), row.is_watched]));
  const trackers = confirmed.filter(({ parcel }) => saved.has(keyOf(parcel)));
  const watched = trackers.filter(({ parcel }) => saved.get(keyOf(parcel)));
  // If the process ends before, the parcels stay due, and are asked for again.
  if (watched.length > 0) await rescheduleWatches(db, tenantId, watched.map(toAnswered));
  return new Map(trackers.map(({ parcel, version }) => [keyOf(parcel), version]));
}

/**
 * Saves the answers merged into their rows, with what follows from their changes. One transaction of a tenant does so at a
 * time, so that changes are committed in the order of their versions.
 */
async function saveMerged(
  transaction: Transaction,
  tenantId: string,
  received: readonly TrackingToSave[],
): Promise<readonly MergedTracker[]> {
  const lock = `trackers ${tenantId}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(transaction);
  const numbers = [...new Set(received.map(({ trackingNumber }) => trackingNumber))];
  const stored = await selectTrackers(transaction, tenantId, numbers).execute();
  const rows = new Map(stored.map((row) => [keyOf(toParcel(row)), toStoredTracking(row)]));
  const merged = mergeReceived(rows, received);
  const changed = merged.filter(({ isChanged }) => isChanged);
  const version = changed.length > 0 ? await latestVersion(transaction, tenantId) : 0;
  changed.forEach((tracker, index) => (tracker.version = version + index + 1));
  await upsert(
    transaction,
    merged.map((tracker) => toRow(tenantId, tracker)),
  );
  await enqueueWebhooks(transaction, tenantId, changed.map(toWebhookEvent));
  await rescheduleWatches(transaction, tenantId, merged.map(toAnswered));
  if (changed.length > 0) await sql`select pg_notify(${trackerChannel}, ${tenantId})`.execute(transaction);
  return merged;
}

/** A tracker as it is after a save. */
interface MergedTracker {
  readonly parcel: ParcelNumber;
  readonly tracking: ReceivedTracking;
  /** Whether it is what the ledger had, but for its time. */
  readonly isConfirmed: boolean;
  /** Whether a client sees a change. */
  readonly isChanged: boolean;
  version: number;
}

const keyOf = ({ trackingNumber, carrier }: ParcelNumber) => `${trackingNumber} ${carrier ?? ''}`;

/** Merges everything that was received of each parcel, oldest first, into its row. */
function mergeReceived(
  rows: ReadonlyMap<string, StoredTracking>,
  received: readonly TrackingToSave[],
): MergedTracker[] {
  const merged = new Map<string, ReceivedTracking & ParcelNumber>();
  for (const { trackingNumber, carrier, ...answer } of received.toSorted((a, b) => a.asOf - b.asOf)) {
    const key = keyOf({ trackingNumber, carrier });
    const known = merged.get(key) ?? rows.get(key);
    merged.set(key, { trackingNumber, carrier, ...(known ? mergeTracking(known, answer) : answer) });
  }
  // In the order in which every save locks its rows, so that two never wait for each other.
  const ordered = [...merged].sort(([a], [b]) => (a < b ? -1 : 1));
  return ordered.map(([key, { trackingNumber, carrier, ...tracking }]) => {
    const row = rows.get(key);
    const isConfirmed = row?.accountId === tracking.accountId && isSame(row.state, tracking.state);
    return {
      parcel: { trackingNumber, carrier },
      tracking,
      isConfirmed,
      isChanged: !isConfirmed && (row === undefined || differs(row.state, tracking.state)),
      version: row?.version ?? 0,
    };
  });
}

function toRow(
  tenantId: string,
  { parcel: { trackingNumber, carrier }, tracking: { accountId, state, asOf }, version }: MergedTracker,
): Insertable<TrackerTable> {
  return {
    tenant_id: tenantId,
    tracking_number: trackingNumber,
    carrier: carrier ?? '',
    account_id: accountId,
    state: JSON.stringify(state),
    as_of: new Date(asOf),
    version,
  };
}

const selectTrackers = (db: Kysely<Tables>, tenantId: string, numbers: readonly string[]) =>
  db
    .selectFrom('trackers')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where(sql<boolean>`tracking_number = any(${numbers}::text[])`);

async function latestVersion(db: Kysely<Tables>, tenantId: string): Promise<number> {
  const { version } = await db
    .selectFrom('trackers')
    .select((eb) => eb.fn.max('version').as('version'))
    .where('tenant_id', '=', tenantId)
    .executeTakeFirstOrThrow();
  return Number(version ?? 0);
}

const upsert = (transaction: Transaction, rows: readonly Insertable<TrackerTable>[]) =>
  transaction
    .insertInto('trackers')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'tracking_number', 'carrier']).doUpdateSet((eb) => ({
        account_id: eb.ref('excluded.account_id'),
        state: eb.ref('excluded.state'),
        as_of: eb.ref('excluded.as_of'),
        version: eb.ref('excluded.version'),
      })),
    )
    .execute();

const toParcel = ({
  tracking_number,
  carrier,
}: Pick<TrackerRow, 'tracking_number' | 'carrier'>): ParcelNumber => ({
  trackingNumber: tracking_number,
  carrier: carrier || undefined,
});

const toStoredTracking = ({ carrier, account_id, state, as_of, version }: TrackerRow): StoredTracking => ({
  carrier: carrier || undefined,
  accountId: account_id,
  state,
  asOf: as_of.getTime(),
  version: Number(version),
});

const toAnswered = ({ parcel, tracking: { state, asOf }, isChanged }: MergedTracker): AnsweredParcel => ({
  ...parcel,
  status: state.status,
  asOf,
  isChanged,
});

/** Names nobody: who signed, and for whom an event's place is named, is left out. */
function toWebhookEvent({ parcel, tracking: { state } }: MergedTracker): WebhookEventToSend {
  const id = trackerId(parcel);
  const { status, statusText, estimatedDelivery, estimatedDeliveryDate, events } = state;
  const latestEvent = events[0] && toEventData(parcel, events[0]);
  const data = { id, ...parcel, status, statusText, estimatedDelivery, estimatedDeliveryDate, latestEvent };
  return { event: 'TRACKER_UPDATED', subject: id, data };
}

function toEventData(parcel: ParcelNumber, { location, ...event }: TrackingEvent) {
  const { city, state, postalCode, country } = location ?? {};
  return {
    id: eventId(parcel, { ...event, location }),
    ...event,
    location: location && { city, state, postalCode, country },
  };
}
