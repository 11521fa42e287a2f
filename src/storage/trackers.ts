import { sql } from 'kysely';

import type { ParcelNumber, Tracking } from '../domain/tracking.ts';
import type { Database } from './database.ts';

/** What we last heard of a parcel, from whom and when. */
export interface KnownTracking {
  readonly carrier?: string;
  readonly accountId: string;
  readonly state: Tracking;
  /** Epoch milliseconds. */
  readonly asOf: number;
}

export interface TrackerStore {
  /** One slot a parcel, in order. A parcel without carrier is found by its number where only one is known by it. */
  read(tenantId: string, parcels: readonly ParcelNumber[]): Promise<readonly (KnownTracking | undefined)[]>;
  /**
   * Keeps what was heard, unless something later was heard meanwhile: by the provider's own time of the change where
   * both states have one, else and among equals by when it was heard.
   */
  save(tenantId: string, heard: readonly (KnownTracking & { trackingNumber: string })[]): Promise<void>;
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
      const byNumber = Map.groupBy(rows, (row) => row.tracking_number);
      return parcels.map(({ trackingNumber, carrier }) => {
        const known = byNumber.get(trackingNumber) ?? [];
        const row = carrier
          ? known.find((each) => each.carrier === carrier)
          : known.length === 1
            ? known[0]
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
    async save(tenantId, heard) {
      // A statement touches each row once, and touches them in one order whoever writes, so that nobody waits in a ring.
      const inTime = [...heard].sort(
        (a, b) => compare(a.state.changedAt ?? '', b.state.changedAt ?? '') || a.asOf - b.asOf,
      );
      const rows = new Map(inTime.map((each) => [`${each.trackingNumber} ${each.carrier ?? ''}`, each]));
      if (rows.size === 0) return;
      await db
        .insertInto('trackers')
        .values(
          [...rows.keys()].sort().map((key) => {
            const each = rows.get(key)!;
            return {
              tenant_id: tenantId,
              tracking_number: each.trackingNumber,
              carrier: each.carrier ?? '',
              account_id: each.accountId,
              state: JSON.stringify(each.state),
              as_of: new Date(each.asOf),
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

/** Times of one form compare as texts. */
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const isNewer = sql<boolean>`case
  when trackers.state->>'changedAt' is null or excluded.state->>'changedAt' is null
    then trackers.as_of <= excluded.as_of
  else (trackers.state->>'changedAt', trackers.as_of) <= (excluded.state->>'changedAt', excluded.as_of)
end`;
