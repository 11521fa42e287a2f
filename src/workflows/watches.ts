import type { Clock } from '../domain/clock.ts';
import { InputError } from '../domain/errors.ts';
import type { ParcelNumber } from '../domain/tracking.ts';
import type { NewWatch, Watches as WatchRecords } from '../storage/watches.ts';

/** Parcels that are asked for until they have arrived. */
export interface Watches {
  /** Throws an `InputError` TOO_MANY where the tenant would watch more than `limit`. */
  add(tenantId: string, parcels: readonly NewWatch[], limit: number): Promise<void>;
  remove(tenantId: string, parcels: readonly ParcelNumber[]): Promise<void>;
}

export const createWatchWorkflow = (records: WatchRecords, clock: Clock): Watches => ({
  async add(tenantId, parcels, limit) {
    if (await records.add(tenantId, parcels, clock.now(), limit)) return;
    const message = `you may watch ${limit} parcels at once; end the watch of some, or ask for a higher limit`;
    throw new InputError([{ code: 'TOO_MANY', field: ['input', 'numbers'], message }]);
  },
  remove: (tenantId, parcels) => records.remove(tenantId, parcels),
});
