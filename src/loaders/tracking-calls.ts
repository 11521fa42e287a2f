import type { Logger } from 'pino';

import type { Account } from '../accounts/account.ts';
import type { TrackingRequest } from '../carriers/adapter.ts';
import type { Outcome } from '../domain/errors.ts';
import type { Tracking } from '../domain/tracking.ts';
import { withFallback } from '../storage/unavailable.ts';
import { callForBatch } from './call-batch.ts';
import { toQuestion, type WatchedParcels } from './watched-parcels.ts';

/** Tracks parcels by one account. Watched parcels that are due take the empty places of a call, which costs none more. */
export const askForTracking =
  (account: Account, watched?: WatchedParcels) =>
  async (
    parcels: readonly TrackingRequest[],
    signal: AbortSignal,
    logs: ReadonlySet<Logger>,
  ): Promise<readonly Outcome<Tracking>[]> => {
    const places = (account.adapter.trackBatching?.size ?? 0) - parcels.length;
    const numbers = parcels.map(({ trackingNumber }) => trackingNumber);
    const due = watched && places > 0 ? await withFallback(() => watched.claim(account, places, numbers), () => []) : []; // prettier-ignore
    const asked = [...parcels, ...due.map(toQuestion)];
    const outcomes = await callForBatch({ account, logs, signal, size: asked.length }, () =>
      account.adapter.track!(asked, { signal }),
    );
    if (due.length > 0) {
      const answers = outcomes.slice(parcels.length);
      // The caller does not wait for it. What is not saved is asked again.
      watched!.save(account, due, answers).catch((err: unknown) => {
        for (const log of logs) log.warn({ err, account: account.id }, 'answers about watched parcels were not saved'); // prettier-ignore
      });
    }
    return outcomes.slice(0, parcels.length);
  };
