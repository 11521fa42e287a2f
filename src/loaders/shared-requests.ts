import type { Account } from '../accounts/account.ts';
import type { TrackingRequest } from '../carriers/adapter.ts';
import type { Address, Verification } from '../domain/address.ts';
import type { Outcome } from '../domain/errors.ts';
import type { Tracking } from '../domain/tracking.ts';
import { callForBatch } from './call-batch.ts';
import { countJoined } from './count-answers.ts';
import { perAccount } from './per-account.ts';
import { SharedCalls, type Timer } from './shared-calls.ts';
import { askForTracking } from './tracking-calls.ts';
import type { WatchedParcels } from './watched-parcels.ts';
import { askForQuote, type PricedQuote, type QuoteQuestion, type QuoteServices } from './shared-quotes.ts';

/** The calls that all requests of the process share, by account. The methods that they call are present. */
export interface SharedRequests {
  readonly tracking: (account: Account) => SharedCalls<TrackingRequest, Outcome<Tracking>>;
  readonly verification: (account: Account) => SharedCalls<Address, Outcome<Verification>>;
  readonly quotes: (account: Account) => SharedCalls<QuoteQuestion, Outcome<PricedQuote>>;
}

export interface SharedServices extends QuoteServices {
  /** Default: no parcel is watched. */
  readonly watched?: WatchedParcels;
}

/** `after` measures how long questions wait for each other. Default: real time, also where `clock` is moved. */
export function createSharedRequests(services: SharedServices, after?: Timer): SharedRequests {
  return {
    tracking: perAccount(
      (account) =>
        new SharedCalls({
          batching: account.adapter.trackBatching,
          whenQuotaLow: account.policy?.whenQuotaLow,
          after,
          onJoined: countJoined(account, 'track'),
          ask: askForTracking(account, services.watched),
        }),
    ),
    verification: perAccount(
      (account) =>
        new SharedCalls({
          onJoined: countJoined(account, 'verify'),
          ask: (addresses, signal, logs) =>
            callForBatch({ account, logs, signal, size: addresses.length }, () =>
              account.adapter.verify!(addresses, { signal }),
            ),
        }),
    ),
    quotes: perAccount(
      (account) =>
        new SharedCalls({
          batching: { size: 1 },
          onJoined: countJoined(account, 'quote'),
          ask: askForQuote(account, services),
        }),
    ),
  };
}
