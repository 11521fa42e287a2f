import DataLoader from 'dataloader';

import type { Account } from '../accounts/account.ts';
import { unsupported } from '../accounts/unsupported.ts';
import { mapOutcomes } from '../carriers/map-outcomes.ts';
import type { Address, Verification } from '../domain/address.ts';
import type { ProviderError } from '../domain/errors.ts';
import type { MailJob } from '../domain/mail.ts';
import type { Quote, RateRequest, TransitTimes } from '../domain/rate.ts';
import type { StoredShipment } from '../storage/shipments.ts';
import { withDeadline } from '../transport/deadline.ts';
import type { LoaderScope } from './scope.ts';
import { callForBatch } from './call-batch.ts';
import { trackerLoader } from './trackers.ts';

/** The key of the quote loader: a request, and the signal that aborts when its caller stops waiting (`createDeadline`). */
export interface QuoteKey {
  readonly request: RateRequest;
  readonly deadline: AbortSignal;
}

export type Loaders = ReturnType<typeof createLoaders>;

/**
 * Creates the loaders of one request. They batch what its resolvers load into as few provider calls as possible, with
 * one loader per account, so that a slow account does not delay the others. A provider's failure rejects the `load` of
 * its key only.
 */
export function createLoaders(scope: LoaderScope) {
  const { caller, storage, log, signal, shared } = scope;
  const tenantId = caller?.tenant.id ?? '';
  return {
    verification: perAccount((account) => {
      const { verify } = account.adapter;
      return new DataLoader<Address, Verification, string>(
        (addresses) => {
          if (!verify) return failAll(addresses, unsupported(account, 'verify addresses'));
          const keys = addresses.map((address) => JSON.stringify([tenantId, account.id, address]));
          return shared.verification.load(keys, signal, (indices, signal) => {
            const batch = indices.map((index) => addresses[index]!);
            return callForBatch({ account, log, signal, size: batch.length }, () =>
              verify(batch, { signal }),
            );
          });
        },
        { cacheKeyFn: JSON.stringify },
      );
    }),

    // Not shared across requests: a quote may create an object at its provider.
    quote: perAccount((account) => {
      const { quote } = account.adapter;
      return new DataLoader<QuoteKey, Quote, string>(
        async (keys) => {
          if (!quote) return failAll(keys, unsupported(account, 'quote rates'));
          const requests = keys.map(({ request }) => request);
          const until = withDeadline(signal, ...keys.map(({ deadline }) => deadline));
          return callForBatch({ account, log, signal: until, size: keys.length }, () =>
            quote(requests, { signal: until }),
          );
        },
        { cacheKeyFn: ({ request }) => JSON.stringify(request) },
      );
    }),

    /** By `Offer.providerRef`. */
    transitTimes: perAccount((account) => {
      const { transitTimes } = account.adapter;
      return new DataLoader<unknown, TransitTimes | undefined, string>(
        async (providerRefs) =>
          transitTimes
            ? callForBatch({ account, log, signal, size: providerRefs.length }, () =>
                transitTimes(providerRefs, { signal }),
              )
            : providerRefs.map(() => undefined),
        { cacheKeyFn: JSON.stringify },
      );
    }),

    /** By the provider's own id. */
    mailJob: perAccount((account) => {
      const { mail } = account.adapter;
      return new DataLoader<string, MailJob>((ids) =>
        mail
          ? callForBatch({ account, log, signal, size: ids.length }, () =>
              mapOutcomes(ids, (id) => mail.job(id, { signal })),
            )
          : failAll(ids, unsupported(account, 'send mail')),
      );
    }),

    tracker: trackerLoader(scope),

    shipment: new DataLoader<string, StoredShipment | undefined>((ids) =>
      storage.shipments.byIds(tenantId, ids),
    ),

    shipmentByNumber: new DataLoader<string, StoredShipment | undefined>((numbers) =>
      storage.shipments.byNumbers(tenantId, numbers),
    ),
  };
}

function perAccount<Loader>(create: (account: Account) => Loader): (account: Account) => Loader {
  const loaders = new Map<Account, Loader>();
  return (account) => {
    const loader = loaders.get(account) ?? create(account);
    loaders.set(account, loader);
    return loader;
  };
}

const failAll = async (keys: readonly unknown[], error: ProviderError) => keys.map(() => error);
