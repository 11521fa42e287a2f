import DataLoader from 'dataloader';

import { unsupported } from '../accounts/unsupported.ts';
import { mapOutcomes } from '../carriers/map-outcomes.ts';
import type { Address, Verification } from '../domain/address.ts';
import type { ProviderError } from '../domain/errors.ts';
import type { MailJob } from '../domain/mail.ts';
import type { TransitTimes } from '../domain/rate.ts';
import type { StoredShipment } from '../storage/shipments.ts';
import { callForBatch } from './call-batch.ts';
import { perAccount } from './per-account.ts';
import { quoteLoader } from './quotes.ts';
import type { LoaderScope } from './scope.ts';
import { trackerLoader } from './trackers.ts';

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
    verification: perAccount(
      (account) =>
        new DataLoader<Address, Verification, string>(
          (addresses) => {
            if (!account.adapter.verify) return failAll(addresses, unsupported(account, 'verify addresses'));
            const asked = addresses.map((address) => ({ key: JSON.stringify(address), question: address }));
            return shared.verification(account).load(asked, { signal, log });
          },
          { cacheKeyFn: JSON.stringify },
        ),
    ),

    quote: quoteLoader(scope),

    /** By `Offer.providerRef`. */
    transitTimes: perAccount((account) => {
      const { transitTimes } = account.adapter;
      return new DataLoader<unknown, TransitTimes | undefined, string>(
        async (providerRefs) =>
          transitTimes
            ? callForBatch({ account, logs: [log], signal, size: providerRefs.length }, () =>
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
          ? callForBatch({ account, logs: [log], signal, size: ids.length }, () =>
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

const failAll = async (keys: readonly unknown[], error: ProviderError) => keys.map(() => error);
