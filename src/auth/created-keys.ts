import type { Clock } from '../domain/clock.ts';
import type { ApiKeys } from '../storage/records/api-keys.ts';

/** For so long a change by another replica, such as the deletion of a key, may go unnoticed. */
const keptMs = 1_000;
/** Digests that are remembered, those of unknown keys among them. */
const maxKept = 10_000;

type Found = Awaited<ReturnType<ApiKeys['grantOf']>>;

/** Creates the function that looks up keys that were created at run time, and notes that they were used. */
export function createKeyLookup(keys: ApiKeys, clock: Clock): (hash: string) => Promise<Found> {
  const kept = new Map<string, { readonly at: number; readonly found: Promise<Found> }>();
  return async (hash) => {
    const now = clock.now();
    let entry = kept.get(hash);
    if (entry === undefined || now - entry.at >= keptMs) {
      if (kept.size >= maxKept) kept.clear();
      entry = { at: now, found: keys.grantOf(hash) };
      kept.set(hash, entry);
      entry.found.then(
        // Not awaited: a request does not wait for a note, or fail for want of it.
        (found) => found && void keys.markUsed(found.id, now).catch(() => {}),
        () => kept.delete(hash),
      );
    }
    return entry.found;
  };
}
