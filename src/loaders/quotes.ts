import DataLoader from 'dataloader';

import type { Account } from '../accounts/account.ts';
import { unsupported } from '../accounts/unsupported.ts';
import type { QuoteSharing } from '../carriers/adapter.ts';
import { outcome, ProviderError, type Outcome } from '../domain/errors.ts';
import type { RateRequest } from '../domain/rate.ts';
import { withFallback } from '../storage/unavailable.ts';
import { extendDeadline, followSignal, type Deadline } from '../transport/deadline.ts';
import { callForBatch } from './call-batch.ts';
import { countFromLedger } from './count-answers.ts';
import { estimateQuote, takeCheck, type Estimate } from './rate-card.ts';
import { perAccount } from './per-account.ts';
import type { LoaderScope } from './scope.ts';
import type { PricedQuote } from './shared-quotes.ts';

/** The key of the quote loader. */
export interface QuoteKey {
  readonly request: RateRequest;
  /** When the caller stops waiting. */
  readonly deadline: Deadline;
  /** The age of a quote that may be shared. Default: what the account sets, which is also the most. */
  readonly maxAgeMs?: number;
}

/** Creates loaders that share quotes of equal requests where the account's adapter allows it. */
export const quoteLoader = (scope: LoaderScope) =>
  perAccount((account) => {
    const sharing = account.adapter.quoteSharing;
    return new DataLoader<QuoteKey, PricedQuote, string>(
      (keys) => (sharing ? loadShared(keys, account, sharing, scope) : loadOwn(keys, account, scope)),
      { cacheKeyFn: ({ request, maxAgeMs }) => JSON.stringify([request, maxAgeMs]) },
    );
  });

async function loadOwn(keys: readonly QuoteKey[], account: Account, { clock, log, signal }: LoaderScope) {
  const { quote } = account.adapter;
  if (!quote) return keys.map(() => unsupported(account, 'quote rates'));
  const requests = keys.map(({ request }) => request);
  const { controller, unfollow } = followSignal(signal);
  for (const { deadline } of keys) extendDeadline(controller.signal, deadline);
  const asOf = clock.now();
  const call = { account, logs: [log], signal: controller.signal, size: keys.length };
  const quotes = await callForBatch(call, () => quote(requests, { signal: controller.signal }));
  unfollow();
  return quotes.map((each) => (each instanceof ProviderError ? each : { ...each, asOf }));
}

/** Answers from the ledger what is fresh enough there, and asks the account for the rest. */
async function loadShared(
  keys: readonly QuoteKey[],
  account: Account,
  sharing: QuoteSharing,
  scope: LoaderScope,
): Promise<Outcome<PricedQuote>[]> {
  const { storage, clock, log, signal, shared } = scope;
  const now = clock.now();
  const questions = await Promise.all(
    keys.map(({ request }) =>
      outcome(async () => ({
        request,
        factors: JSON.stringify([account.key, sharing.priceFactors(request)]),
      })),
    ),
  );
  const valid = questions.flatMap((each) => (each instanceof ProviderError ? [] : each.factors));
  const stored = await withFallback(() => storage.rateQuotes.read(valid, now), () => new Map<string, never>()); // prettier-ignore
  return Promise.all(
    questions.map(async (question, index) => {
      if (question instanceof ProviderError) return question;
      const { deadline, maxAgeMs = Infinity } = keys[index]!;
      const fromLedger = (quote: PricedQuote) => {
        countFromLedger(account, 'quote');
        return quote;
      };
      const known = stored.get(question.factors);
      if (known && now - known.asOf < Math.min(maxAgeMs, account.rateCacheMs ?? 0)) return fromLedger(known);
      const found = await estimateQuote(account, question.request, scope);
      const estimate = found && now - found.asOf < maxAgeMs ? found : undefined;
      if (estimate && !(await isCheckDue(account, estimate, scope))) return fromLedger(estimate);
      // A call that was sent before prices may have changed is not joined afterwards.
      const key = JSON.stringify([question.factors, sharing.pricesHoldUntil(now)]);
      const [quote] = await shared.quotes(account).load([{ key, question }], { signal, log, deadline });
      return estimate && isUnanswered(quote) ? fromLedger(estimate) : quote!;
    }),
  );
}

/** A plan tells that the check is due, and leaves it to the operation. */
const isCheckDue = async (account: Account, estimate: Estimate, scope: LoaderScope) =>
  scope.planned ? estimate.checkAt <= scope.clock.now() : takeCheck(account, estimate, scope);

/** Failures that say nothing of the request: an estimate is as good as it was. */
const unanswered = new Set(['QUOTA_EXHAUSTED', 'RATE_LIMITED', 'UNAVAILABLE', 'TIMEOUT']);

const isUnanswered = (quote: Outcome<PricedQuote> | undefined) =>
  quote instanceof ProviderError && unanswered.has(quote.code);
