import type { Logger } from 'pino';

import type { Account } from '../accounts/account.ts';
import { ProviderError, type Outcome } from '../domain/errors.ts';
import type { Quote, RateRequest } from '../domain/rate.ts';
import type { RateQuoteStore } from '../storage/rate-quotes.ts';
import { withFallback } from '../storage/unavailable.ts';
import { callForBatch } from './call-batch.ts';
import { learnQuote, type RateCardServices } from './rate-card.ts';

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
export interface QuoteServices extends RateCardServices {
  readonly storage: RateCardServices['storage'] & { readonly rateQuotes: RateQuoteStore };
}

/** Quotes a request, and keeps a quote without failures for the requests that follow, and for the account's rate card. */
export const askForQuote =
  (account: Account, services: QuoteServices) =>
  async (
    questions: readonly QuoteQuestion[],
    signal: AbortSignal,
    logs: Iterable<Logger>,
  ): Promise<Outcome<PricedQuote>[]> => {
    const { storage, clock } = services;
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
    const complete = quotes.flatMap((each, index) =>
      each instanceof ProviderError || each.failures.length > 0
        ? []
        : [{ ...questions[index]!, quote: each }],
    );
    const kept = complete.map(({ factors, quote: { offers } }) => ({ factors, offers, asOf, expiresAt }));
    if (expiresAt > clock.now()) await withFallback(() => storage.rateQuotes.save(kept), () => {}); // prettier-ignore
    for (const each of complete) await learnQuote(account, each.request, each.quote, asOf, services);
    return quotes.map((each) => (each instanceof ProviderError ? each : { ...each, asOf }));
  };
