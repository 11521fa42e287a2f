import type { TrackingUpdate } from '../carriers/webhooks.ts';
import type { TrackerStore } from '../storage/trackers.ts';

/** Stores tracking states that an account's provider reported. `at` is the time of the report, epoch milliseconds. */
export async function saveTrackingUpdates(
  trackers: TrackerStore,
  tenantId: string,
  accountId: string,
  updates: readonly TrackingUpdate[],
  at: number,
): Promise<void> {
  await trackers.save(
    tenantId,
    updates.map(({ parcel, tracking }) => ({ ...parcel, accountId, state: tracking, asOf: at })),
  );
}
