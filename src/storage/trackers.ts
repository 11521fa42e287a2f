import { sql, type Insertable, type Kysely } from 'kysely';

import { eventId, trackerId, type ParcelNumber, type TrackingEvent } from '../domain/tracking.ts';
import { differs, mergeTracking, type ReceivedTracking } from '../domain/tracking-merge.ts';
import type { Database } from './database.ts';
import type { Tables, TrackerRow, TrackerTable, Transaction } from './tables.ts';
import { rescheduleWatches, type AnsweredParcel } from './watch-changes.ts';
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
   */
  save(tenantId: string, received: readonly TrackingToSave[]): Promise<readonly number[]>;
  /** Returns the trackers of some numbers with a version above `version`, in the order of their versions. */
  changes(tenantId: string, numbers: readonly string[], version: number): Promise<readonly ChangedTracker[]>;
  /** Returns the version of the tenant's last change; 0 where there was none. */
  latestVersion(tenantId: string): Promise<number>;
}

/** The channel on which a save notifies of changes; the payload is the tenant's id. */
export const trackerChannel = 'parcelgraph_trackers';

export function createTrackerStore(db: Database): TrackerStore {
  return {
    async read(tenantId, parcels) {
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
    },
    async save(tenantId, received) {
      if (received.length === 0) return [];
      return db.transaction().execute(async (transaction) => {
        // One save of a tenant at a time, so that changes are committed in the order of their versions.
        const lock = `trackers ${tenantId}`;
        await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(transaction);
        const numbers = [...new Set(received.map(({ trackingNumber }) => trackingNumber))];
        const stored = await selectTrackers(transaction, tenantId, numbers).execute();
        const merged = mergeReceived(stored, received);
        const changed = merged.filter(({ isChanged }) => isChanged);
        const version = changed.length > 0 ? await latestVersion(transaction, tenantId) : 0;
        changed.forEach((tracker, index) => (tracker.version = version + index + 1));
        await upsert(
          transaction,
          merged.map((tracker) => toRow(tenantId, tracker)),
        );
        await enqueueWebhooks(transaction, tenantId, changed.map(toWebhookEvent));
        await rescheduleWatches(transaction, tenantId, merged.map(toAnswered));
        if (changed.length > 0) await sql`select pg_notify(${trackerChannel}, ${tenantId})`.execute(transaction); // prettier-ignore
        const versions = new Map(merged.map(({ parcel, version }) => [keyOf(parcel), version]));
        return received.map((parcel) => versions.get(keyOf(parcel))!);
      });
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

/** A tracker as it is after a save. */
interface MergedTracker {
  readonly parcel: ParcelNumber;
  readonly tracking: ReceivedTracking;
  readonly isChanged: boolean;
  version: number;
}

const keyOf = ({ trackingNumber, carrier }: ParcelNumber) => `${trackingNumber} ${carrier ?? ''}`;

/** Merges everything that was received of each parcel, oldest first, into its row. */
function mergeReceived(stored: readonly TrackerRow[], received: readonly TrackingToSave[]): MergedTracker[] {
  const rows = new Map(stored.map((row) => [keyOf(toParcel(row)), toStoredTracking(row)]));
  const merged = new Map<string, MergedTracker>();
  for (const { trackingNumber, carrier, accountId, state, asOf } of received.toSorted(
    (a, b) => a.asOf - b.asOf,
  )) {
    const key = keyOf({ trackingNumber, carrier });
    const row = rows.get(key);
    const known = merged.get(key)?.tracking ?? row;
    const tracking = known ? mergeTracking(known, { accountId, state, asOf }) : { accountId, state, asOf };
    merged.set(key, {
      parcel: { trackingNumber, carrier },
      tracking,
      isChanged: row === undefined || differs(row.state, tracking.state),
      version: row?.version ?? 0,
    });
  }
  return [...merged.values()];
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

const toParcel = ({ tracking_number, carrier }: TrackerRow): ParcelNumber => ({
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
