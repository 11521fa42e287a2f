import DataLoader from 'dataloader';

import type { Account } from '../accounts/account.ts';
import { unsupported } from '../accounts/unsupported.ts';
import { mapOutcomes } from '../carriers/map-outcomes.ts';
import type { Address, Verification } from '../domain/address.ts';
import type { ProviderError } from '../domain/errors.ts';
import type { MailJob } from '../domain/mail.ts';
import type { Quote, RateRequest, TransitTimes } from '../domain/rate.ts';
import type { StoredShipment } from '../storage/shipments.ts';
import type { LoaderScope } from './scope.ts';
import { trackerLoader } from './trackers.ts';

export type Loaders = ReturnType<typeof createLoaders>;

/**
 * Creates the loaders of one request. They batch what its resolvers load into as few provider calls as possible, with
 * one loader per account, so that a slow account does not delay the others. A provider's failure rejects the `load` of
 * its key only.
 */
export function createLoaders(scope: LoaderScope) {
  const { caller, storage, signal, shared } = scope;
  const tenantId = caller?.tenant.id ?? '';
  return {
    verification: perAccount((account) => {
      const { verify } = account.adapter;
      return new DataLoader<Address, Verification, string>(
        (addresses) => {
          if (!verify) return failAll(addresses, unsupported(account, 'verify addresses'));
          const keys = addresses.map((address) => JSON.stringify([tenantId, account.id, address]));
          return shared.verification.load(keys, signal, (indices, signal) =>
            verify(
              indices.map((index) => addresses[index]!),
              { signal },
            ),
          );
        },
        { cacheKeyFn: JSON.stringify },
      );
    }),

    // Not shared across requests: a quote may create an object at its provider.
    quote: perAccount((account) => {
      const { quote } = account.adapter;
      return new DataLoader<RateRequest, Quote, string>(
        (requests) =>
          quote ? quote(requests, { signal }) : failAll(requests, unsupported(account, 'quote rates')),
        { cacheKeyFn: JSON.stringify },
      );
    }),

    /** By `Offer.providerRef`. */
    transitTimes: perAccount((account) => {
      const { transitTimes } = account.adapter;
      return new DataLoader<unknown, TransitTimes | undefined, string>(
        async (providerRefs) =>
          transitTimes ? transitTimes(providerRefs, { signal }) : providerRefs.map(() => undefined),
        { cacheKeyFn: JSON.stringify },
      );
    }),

    /** By the provider's own id. */
    mailJob: perAccount((account) => {
      const { mail } = account.adapter;
      return new DataLoader<string, MailJob>((ids) =>
        mail
          ? mapOutcomes(ids, (id) => mail.job(id, { signal }))
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
