import type { Account, Caller } from '../accounts/account.ts';
import type { Accounts } from '../accounts/open-accounts.ts';
import { selectForTracking } from '../accounts/select-account.ts';
import type { TrackingRequest } from '../carriers/adapter.ts';
import type { Clock } from '../domain/clock.ts';
import { ProviderError, type Outcome } from '../domain/errors.ts';
import { nextPoll, pushedPollDelayMs } from '../domain/polling.ts';
import type { Tracking } from '../domain/tracking.ts';
import type { TrackerStore } from '../storage/trackers.ts';
import type { ClaimedWatch, PostponedWatch, Watches } from '../storage/watches.ts';

/** The parcels under watch that are due: what polls ask for, and what takes the empty places of a caller's call. */
export interface WatchedParcels {
  /** Claims parcels that are due at an account, at most `limit`, and none with a number of `except`. */
  claim(account: Account, limit: number, except?: readonly string[]): Promise<readonly ClaimedWatch[]>;
  /** Stores what the account answered about claimed parcels, in their order, and when each is asked for next. */
  save(
    account: Account,
    claimed: readonly ClaimedWatch[],
    outcomes: readonly Outcome<Tracking>[],
  ): Promise<void>;
}

/** What the account is asked about a watched parcel. */
export const toQuestion = ({ changedAt: _, ...parcel }: ClaimedWatch): TrackingRequest => ({
  ...parcel,
  watched: true,
});

/** Tells whether an account could not be asked at present, which says nothing about the parcel. */
export const isOutage = (outcome: Outcome<Tracking>): outcome is ProviderError =>
  outcome instanceof ProviderError && outcome.retryable && outcome.code !== 'NOT_FOUND';

/** A poll that failed for a reason that passes is repeated after at least this long. */
const retryMs = 60_000;

export function createWatchedParcels(
  accounts: Pick<Accounts, 'caller'>,
  {
    storage,
    clock,
  }: {
    readonly storage: { readonly watches: Watches; readonly trackers: TrackerStore };
    readonly clock: Clock;
  },
): WatchedParcels {
  return {
    async claim(account, limit, except) {
      const { tenantId } = account;
      if (tenantId === undefined || limit <= 0) return [];
      const dueBefore = clock.now() - (account.adapter.webhooks ? pushedPollDelayMs : 0);
      return storage.watches.claim({ tenantId, accountId: account.id, dueBefore, limit, except });
    },
    async save(account, claimed, outcomes) {
      const tenantId = account.tenantId!;
      const now = clock.now();
      const answered = claimed.flatMap(({ trackingNumber, carrier }, index) => {
        const state = outcomes[index]!;
        if (state instanceof ProviderError) return [];
        return [
          { trackingNumber, carrier: carrier ?? state.carrier, accountId: account.id, state, asOf: now },
        ];
      });
      const postponed = claimed.flatMap((parcel, index) => {
        const error = outcomes[index]!;
        return error instanceof ProviderError
          ? [postpone(parcel, error, account, accounts.caller(tenantId), now)]
          : [];
      });
      await storage.trackers.save(tenantId, answered);
      await storage.watches.postpone(tenantId, postponed);
    },
  };
}

/** An account that may not see a parcel leaves it to the next one. Otherwise it is asked again: soon where the reason passes. */
function postpone(
  parcel: ClaimedWatch,
  error: ProviderError,
  account: Account,
  caller: Caller | undefined,
  now: number,
): PostponedWatch {
  const { code, retryAfterSeconds = 0 } = error;
  if (caller && (code === 'ACCOUNT_NOT_AUTHORIZED' || code === 'NOT_SUPPORTED')) {
    const accounts = selectForTracking(caller, parcel, undefined);
    const next = accounts[accounts.findIndex(({ id }) => id === account.id) + 1];
    if (next) return { ...parcel, accountId: next.id, dueAt: now };
  }
  const dueAt = isOutage(error)
    ? now + Math.max(retryMs, retryAfterSeconds * 1000)
    : nextPoll('UNKNOWN', now, parcel.changedAt);
  return { ...parcel, accountId: account.id, dueAt };
}
