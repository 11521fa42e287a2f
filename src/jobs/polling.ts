import type { Logger } from 'pino';

import type { Account } from '../accounts/account.ts';
import type { Accounts } from '../accounts/open-accounts.ts';
import type { Clock } from '../domain/clock.ts';
import type { SharedRequests } from '../loaders/shared-requests.ts';
import { isOutage, toQuestion, type WatchedParcels } from '../loaders/watched-parcels.ts';
import type { Watches } from '../storage/watches.ts';
import type { BackgroundPolicy } from '../transport/quota-window.ts';

/** The share of a quota that polls leave to callers, and the part of its even rate that they may use. */
export const defaultPolicy: BackgroundPolicy = { foregroundReserve: 0.05, pollingShare: 1 };

/** Calls of one round to an account whose provider does not count them. EasyPost accepts five a second. */
const callsPerRound = 5;
/** Parcels that are asked for together: a round claims no more than it asks for within the time of a claim. */
const maxCallsAtOnce = 20;

export interface PollingOptions {
  readonly accounts: Pick<Accounts, 'caller'>;
  readonly shared: Pick<SharedRequests, 'tracking'>;
  readonly watched: WatchedParcels;
  readonly watches: Pick<Watches, 'dueAccounts'>;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Polling {
  /** Asks accounts for the watched parcels that are due, as far as their quotas allow. Several replicas share the parcels. */
  pollDue(): Promise<void>;
  /** Lets `pollDue` begin no further call. */
  stop(): void;
}

export function createPolling({ accounts, shared, watched, watches, clock, log }: PollingOptions): Polling {
  let isStopped = false;
  const { signal } = new AbortController();

  const pollAccount = async (account: Account): Promise<void> => {
    const { adapter } = account;
    const policy = { ...defaultPolicy, ...account.policy };
    const size = adapter.trackBatching?.size ?? 1;
    while (!isStopped) {
      const calls = (await adapter.backgroundTrackCalls?.(policy)) ?? callsPerRound;
      const parcels = await watched.claim(account, size * Math.min(calls, maxCallsAtOnce));
      if (parcels.length === 0) return;
      const asked = parcels.map((parcel) => ({
        key: [parcel.trackingNumber, parcel.carrier].join(' '),
        question: toQuestion(parcel),
      }));
      const outcomes = await shared.tracking(account).load(asked, { signal, log });
      await watched.save(account, parcels, outcomes);
      const isDown = outcomes.every(isOutage);
      if (isDown || adapter.backgroundTrackCalls === undefined) return;
    }
  };

  return {
    async pollDue() {
      const due = await watches.dueAccounts(clock.now());
      const asked = due.flatMap(({ tenantId, accountId }) => {
        const caller = accounts.caller(tenantId);
        return caller?.accounts.filter(({ id, adapter }) => id === accountId && adapter.track) ?? [];
      });
      const poll = (account: Account) =>
        pollAccount(account).catch((err: unknown) =>
          log.error({ err, account: account.id }, 'polling an account failed'),
        );
      await Promise.all(asked.map(poll));
    },
    stop: () => void (isStopped = true),
  };
}
