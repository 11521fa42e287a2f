import type { Logger } from 'pino';

import type { Account } from '../accounts/account.ts';
import type { Clock } from '../domain/clock.ts';
import { ProviderError, type Outcome } from '../domain/errors.ts';
import type { Quote, RateRequest } from '../domain/rate.ts';
import type { RateQuoteStore } from '../storage/rate-quotes.ts';
import { withFallback } from '../storage/unavailable.ts';
import { callForBatch } from './call-batch.ts';

/** A quote, and the time at which it was asked for, in epoch milliseconds. */
export interface PricedQuote extends Quote {
  readonly asOf: number;
}

/** A request for rates, and the text that is the same for all requests with the same quote. */
export interface QuoteQuestion {
  readonly request: RateRequest;
  readonly factors: string;
}

/** The services by which quotes are shared. */
export interface QuoteServices {
  readonly storage: { readonly rateQuotes: RateQuoteStore };
  readonly clock: Clock;
}

/** Quotes a request, and keeps a quote without failures for the requests that follow. */
export const askForQuote =
  (account: Account, { storage, clock }: QuoteServices) =>
  async (
    questions: readonly QuoteQuestion[],
    signal: AbortSignal,
    logs: Iterable<Logger>,
  ): Promise<Outcome<PricedQuote>[]> => {
    const { quote, quoteSharing } = account.adapter;
    // The provider may price a request at any time from now on: until prices may change, all of them are the same.
    const asOf = clock.now();
    const expiresAt = Math.min(asOf + (account.rateCacheMs ?? 0), quoteSharing!.pricesHoldUntil(asOf));
    const quotes = await callForBatch({ account, logs, signal, size: questions.length }, () =>
      quote!(
        questions.map(({ request }) => request),
        { signal },
      ),
    );
    const kept = quotes.flatMap((each, index) =>
      each instanceof ProviderError || each.failures.length > 0
        ? []
        : [{ factors: questions[index]!.factors, offers: each.offers, asOf, expiresAt }],
    );
    if (expiresAt > clock.now()) await withFallback(() => storage.rateQuotes.save(kept), () => {}); // prettier-ignore
    return quotes.map((each) => (each instanceof ProviderError ? each : { ...each, asOf }));
  };
