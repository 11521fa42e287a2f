import { ProviderError } from '../../domain/errors.ts';
import type { Resolvers } from '../../generated/resolvers-types.ts';
import type { Account, AccountFailure } from '../../accounts/account.ts';
import { quoteAccounts, type Quoting } from './quote-accounts.ts';
import type { SealedRate } from './sealed-rate.ts';

/** The source of `RateQuote`. */
interface QuoteMessage {
  readonly rates: readonly SealedRate[];
  readonly failures: readonly AccountFailure[];
  readonly pending: readonly Account[];
}

export const ratesStreamResolvers: Resolvers = {
  Subscription: {
    ratesStream: {
      // Not a generator itself, so that an invalid input fails the operation before its first message.
      subscribe: async (_, { input }, context) => messages(quoteAccounts(input, context)),
      resolve: (message: QuoteMessage) => message,
    },
  },
};

/** Yields a message for each account, in the order in which they respond. */
async function* messages(quoting: Quoting | ProviderError): AsyncGenerator<QuoteMessage> {
  if (quoting instanceof ProviderError) {
    yield { rates: [], failures: [{ error: quoting }], pending: [] };
    return;
  }
  const { accounts, quotes, answer } = quoting;
  const open = new Map(accounts.map((account, index) => [account, quotes[index]!]));
  while (open.size > 0) {
    const quote = await Promise.race(open.values());
    open.delete(quote.account);
    yield { ...answer([quote]), pending: [...open.keys()] };
  }
}
