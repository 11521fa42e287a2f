import type { Caller } from '../accounts/account.ts';
import { selectForTracking } from '../accounts/select-account.ts';
import type { Clock } from '../domain/clock.ts';
import type { Watches } from '../storage/watches.ts';

const batchSize = 1000;
/** Longer than any parcel waits for its next poll. */
const yearMs = 366 * 24 * 60 * 60 * 1000;

/**
 * Leaves the watched parcels of an account that was removed to the next one that tracks them, which asks for them at once.
 * Those that no account tracks wait until the account is set again.
 */
export async function reassignWatches(
  { watches, clock }: { readonly watches: Pick<Watches, 'claim' | 'postpone'>; readonly clock: Clock },
  caller: Caller,
  accountId: string,
): Promise<void> {
  const tenantId = caller.tenant.id;
  const now = clock.now();
  for (;;) {
    const parcels = await watches.claim({ tenantId, accountId, dueBefore: now + yearMs, limit: batchSize });
    const moved = parcels.flatMap((parcel) => {
      const [next] = selectForTracking(caller, parcel, undefined);
      return next ? [{ ...parcel, accountId: next.id, dueAt: now }] : [];
    });
    await watches.postpone(tenantId, moved);
    if (parcels.length < batchSize) return;
  }
}
