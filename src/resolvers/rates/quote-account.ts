import type { Account } from '../../accounts/account.ts';
import type { Context } from '../../auth/context.ts';
import { outcome, ProviderError } from '../../domain/errors.ts';
import type { QuoteKey } from '../../loaders/quotes.ts';
import type { PricedQuote } from '../../loaders/shared-quotes.ts';

/**
 * Quotes rates at one account. Failures of the provider, of carriers behind it and of the deadline are in the quote's
 * `failures`. If `request.carriers` is given, the quote holds offers of these only, and an account that sells none of them
 * is not called.
 */
export async function quoteAccount(account: Account, key: QuoteKey, context: Context): Promise<PricedQuote> {
  const { carriers } = key.request;
  if (carriers === undefined) return quoteBefore(account, key, context);
  const isRequested = (carrier: string) => carriers.includes(carrier);
  const noOffers = new ProviderError(
    'REJECTED',
    `${account.name} has no rates of ${carriers.join(', ')} for this shipment`,
    {
      hint: 'Leave carriers out to see the rates of all carriers.',
    },
  );
  if (account.carriers && !account.carriers.some(isRequested)) return withoutOffers(noOffers, context);
  const { offers, failures, asOf } = await quoteBefore(account, key, context);
  const requested = offers.filter(({ carrier }) => isRequested(carrier));
  const isExplained = requested.length > 0 || (offers.length === 0 && failures.length > 0);
  return { offers: requested, failures: isExplained ? failures : [...failures, noOffers], asOf };
}

/** Stops waiting at the deadline; the provider's call goes on until the request ends. */
async function quoteBefore(account: Account, key: QuoteKey, context: Context): Promise<PricedQuote> {
  const { deadline } = key;
  const late = Promise.withResolvers<never>();
  const forget = deadline.onPassed(() =>
    // After the retry layer, which ends a repeated call at the deadline with the failure of the call before it.
    setImmediate(() => {
      late.reject(
        new ProviderError('TIMEOUT', `${account.name} did not respond before the deadline`, {
          hint: 'Retry, or raise deadlineMs.',
        }),
      );
    }),
  );
  const result = await outcome(() => Promise.race([context.loaders.quote(account).load(key), late.promise]));
  forget();
  return result instanceof ProviderError ? withoutOffers(result, context) : result;
}

const withoutOffers = (failure: ProviderError, { clock }: Context): PricedQuote => ({
  offers: [],
  failures: [failure],
  asOf: clock.now(),
});
