import type { Account, AccountFailure } from '../../accounts/account.ts';
import { selectForRates } from '../../accounts/select-account.ts';
import type { Context } from '../../auth/context.ts';
import { ProviderError } from '../../domain/errors.ts';
import { compareOffers } from '../../domain/rate.ts';
import type { RatesInput } from '../../generated/resolvers-types.ts';
import type { PricedQuote } from '../../loaders/shared-quotes.ts';
import { createDeadline } from '../../transport/deadline.ts';
import { requireCaller } from '../require-caller.ts';
import { quoteAccount } from './quote-account.ts';
import { toCarriers, toRateRequest } from './rate-request.ts';
import { createRates, type SealedRate } from './sealed-rate.ts';

const defaultDeadlineMs = 15_000;

/** Returns how long accounts are waited for: a twentieth, and at most 50 ms, is kept for the response itself. */
const waitBefore = (deadlineMs: number) => deadlineMs - Math.min(50, deadlineMs / 20);

/** The quote of one account. */
export interface AccountQuote {
  readonly account: Account;
  readonly quote: PricedQuote;
}

/** What a question for rates asks: the accounts, their quotes as they arrive, and how a part of them is answered. */
export interface Quoting {
  readonly accounts: readonly Account[];
  /** One a account, in their order. None rejects: a failure is in its quote. */
  readonly quotes: readonly Promise<AccountQuote>[];
  /** Builds the rates, cheapest first within a currency, and the failures of some quotes. */
  answer(quotes: readonly AccountQuote[]): {
    readonly rates: readonly SealedRate[];
    readonly failures: readonly AccountFailure[];
  };
}

/**
 * Validates the input and asks every account at once, until the deadline. Returns the reason where no account can be asked;
 * throws an `InputError` for what no provider could accept.
 */
export function quoteAccounts(input: RatesInput, context: Context): Quoting | ProviderError {
  const caller = requireCaller(context);
  const request = toRateRequest(input, context);
  const accounts = selectForRates(caller, input.accountIds, ['input', 'accountIds']);
  if (accounts instanceof ProviderError) return accounts;
  const elapsedMs = performance.now() - context.receivedAt;
  const waitMs = waitBefore(input.deadlineMs ?? defaultDeadlineMs) - elapsedMs;
  const key = {
    request: { ...request, carriers: toCarriers(input) },
    deadline: createDeadline(waitMs, context.clock),
    maxAgeMs: input.maxAgeSeconds == null ? undefined : input.maxAgeSeconds * 1000,
  };
  const createRate = createRates(request, context);
  return {
    accounts,
    quotes: accounts.map(async (account) => ({ account, quote: await quoteAccount(account, key, context) })),
    answer: (quotes) => ({
      rates: quotes
        .flatMap(({ account, quote: { offers, asOf } }) => offers.map((offer) => ({ account, offer, asOf })))
        .sort((a, b) => compareOffers(a.offer, b.offer))
        .map(({ account, offer, asOf }) => createRate(account, offer, asOf)),
      failures: quotes.flatMap(({ account, quote }) => quote.failures.map((error) => ({ account, error }))),
    }),
  };
}
