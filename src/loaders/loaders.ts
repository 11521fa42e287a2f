import DataLoader from 'dataloader';

import { fanOut } from '../carriers/fan-out.ts';
import type { Account, Caller } from '../accounts/account.ts';
import type { Address, Verification } from '../domain/address.ts';
import type { Clock } from '../domain/clock.ts';
import type { ProviderError } from '../domain/errors.ts';
import { type Outcome } from '../domain/errors.ts';
import type { MailJob } from '../domain/mail.ts';
import type { Quote, RateRequest, TransitTimes } from '../domain/rate.ts';
import type { Tracking } from '../domain/tracking.ts';
import type { Ledger } from '../workflows/ledger.ts';
import type { StoredShipment } from '../storage/shipments.ts';
import { unsupported } from '../accounts/unsupported.ts';
import { InFlight } from './in-flight.ts';
import { trackerLoader } from './trackers.ts';

/** What all requests of the process share: what is being asked right now. */
export interface SharedRequests {
  readonly tracking: InFlight<Outcome<Tracking>>;
  readonly verification: InFlight<Outcome<Verification>>;
}

export const createSharedRequests = (): SharedRequests => ({
  tracking: new InFlight(),
  verification: new InFlight(),
});

/** What one request's loaders are bound to; credentials are bound already, in the caller's accounts. */
export interface LoaderScope {
  readonly caller: Caller | undefined;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly shared: SharedRequests;
}

export type Loaders = ReturnType<typeof createLoaders>;

/**
 * Fresh loaders for one request: many questions of one operation become the fewest calls. Each account has its own,
 * so that a slow one keeps nobody else's answers. A provider's failure is thrown to whoever loads that slot.
 */
export function createLoaders(scope: LoaderScope) {
  const { caller, ledger, signal, shared } = scope;
  const tenantId = caller?.tenant.id ?? '';
  return {
    verification: eachAccount((account) => {
      const { verify } = account.adapter;
      return new DataLoader<Address, Verification, string>(
        (addresses) => {
          if (!verify) return nobody(addresses, unsupported(account, 'verify addresses'));
          const keys = addresses.map((address) => JSON.stringify([tenantId, account.id, address]));
          return shared.verification.answers(keys, signal, (indices, signal) =>
            verify(
              indices.map((index) => addresses[index]!),
              { signal },
            ),
          );
        },
        { cacheKeyFn: JSON.stringify },
      );
    }),

    // A quote may create something at its provider, so it is shared within one operation only.
    quote: eachAccount((account) => {
      const { quote } = account.adapter;
      return new DataLoader<RateRequest, Quote, string>(
        (requests) =>
          quote ? quote(requests, { signal }) : nobody(requests, unsupported(account, 'quote rates')),
        { cacheKeyFn: JSON.stringify },
      );
    }),

    transitTimes: eachAccount((account) => {
      const { transitTimes } = account.adapter;
      return new DataLoader<unknown, TransitTimes | undefined, string>(
        async (tickets) => (transitTimes ? transitTimes(tickets, { signal }) : tickets.map(() => undefined)),
        { cacheKeyFn: JSON.stringify },
      );
    }),

    mailJob: eachAccount((account) => {
      const { mail } = account.adapter;
      return new DataLoader<string, MailJob>((ids) =>
        mail ? fanOut(ids, (id) => mail.job(id, { signal })) : nobody(ids, unsupported(account, 'send mail')),
      );
    }),

    tracker: trackerLoader(scope),

    shipment: new DataLoader<string, StoredShipment | undefined>((ids) =>
      ledger.shipments.byIds(tenantId, ids),
    ),

    shipmentByNumber: new DataLoader<string, StoredShipment | undefined>((numbers) =>
      ledger.shipments.byNumbers(tenantId, numbers),
    ),
  };
}

function eachAccount<L>(create: (account: Account) => L): (account: Account) => L {
  const loaders = new Map<Account, L>();
  return (account) => {
    const loader = loaders.get(account) ?? create(account);
    loaders.set(account, loader);
    return loader;
  };
}

const nobody = async (questions: readonly unknown[], error: ProviderError) => questions.map(() => error);
