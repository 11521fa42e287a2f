import { sql } from 'kysely';

import type { ParcelNumber, Tracking } from '../domain/tracking.ts';
import type { Database } from './database.ts';

/** The last tracking received for a parcel, with its source and time. */
export interface StoredTracking {
  readonly carrier?: string;
  readonly accountId: string;
  readonly state: Tracking;
  /** Time of receipt in epoch milliseconds. */
  readonly asOf: number;
}

export interface TrackerStore {
  /** Returns one entry for each parcel, in order. A parcel without carrier is found where only one stored parcel has its number. */
  read(tenantId: string, parcels: readonly ParcelNumber[]): Promise<readonly (StoredTracking | undefined)[]>;
  /**
   * Saves received tracking unless the stored one is newer. Where both have the provider's own time of change, that decides;
   * otherwise, and where those are equal, the time of receipt does.
   */
  save(tenantId: string, received: readonly (StoredTracking & { trackingNumber: string })[]): Promise<void>;
}

export function createTrackerStore(db: Database): TrackerStore {
  return {
    async read(tenantId, parcels) {
      if (parcels.length === 0) return [];
      const rows = await db
        .selectFrom('trackers')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('tracking_number', 'in', [...new Set(parcels.map((parcel) => parcel.trackingNumber))])
        .execute();
      const rowsByNumber = Map.groupBy(rows, (row) => row.tracking_number);
      return parcels.map(({ trackingNumber, carrier }) => {
        const candidates = rowsByNumber.get(trackingNumber) ?? [];
        const row = carrier
          ? candidates.find((candidate) => candidate.carrier === carrier)
          : candidates.length === 1
            ? candidates[0]
            : undefined;
        return (
          row && {
            carrier: row.carrier || undefined,
            accountId: row.account_id,
            state: row.state,
            asOf: row.as_of.getTime(),
          }
        );
      });
    },
    async save(tenantId, received) {
      // Each row is written once, and every process writes rows in the same order, which prevents deadlocks.
      const oldestFirst = [...received].sort(
        (a, b) => compare(a.state.changedAt ?? '', b.state.changedAt ?? '') || a.asOf - b.asOf,
      );
      const newest = new Map(
        oldestFirst.map((tracking) => [`${tracking.trackingNumber} ${tracking.carrier ?? ''}`, tracking]),
      );
      if (newest.size === 0) return;
      await db
        .insertInto('trackers')
        .values(
          [...newest.keys()].sort().map((key) => {
            const { trackingNumber, carrier, accountId, state, asOf } = newest.get(key)!;
            return {
              tenant_id: tenantId,
              tracking_number: trackingNumber,
              carrier: carrier ?? '',
              account_id: accountId,
              state: JSON.stringify(state),
              as_of: new Date(asOf),
            };
          }),
        )
        .onConflict((conflict) =>
          conflict
            .columns(['tenant_id', 'tracking_number', 'carrier'])
            .doUpdateSet((eb) => ({
              account_id: eb.ref('excluded.account_id'),
              state: eb.ref('excluded.state'),
              as_of: sql<Date>`greatest(trackers.as_of, excluded.as_of)`,
            }))
            .where(isNewer),
        )
        .execute();
    },
  };
}

/** Times in one format compare as text. */
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const isNewer = sql<boolean>`case
  when trackers.state->>'changedAt' is null or excluded.state->>'changedAt' is null
    then trackers.as_of <= excluded.as_of
  else (trackers.state->>'changedAt', trackers.as_of) <= (excluded.state->>'changedAt', excluded.as_of)
end`;
