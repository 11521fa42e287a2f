import { accountOrRemoved } from '../../accounts/select-account.ts';
import { ProviderError } from '../../domain/errors.ts';
import { offerKey, packagingOf, quotedAt } from '../../domain/rate.ts';
import { requiredPaths } from '../../domain/requirements.ts';
import type { Resolvers } from '../../generated/resolvers-types.ts';
import { currentPlan, NotSent } from '../../transport/call-plan.ts';
import { unwrapFailure } from '../errors.ts';
import { requireCaller } from '../require-caller.ts';
import { selects } from '../selects.ts';
import { quoteAccounts, type AccountQuote } from './quote-accounts.ts';
import { openRate } from './sealed-rate.ts';

/** A quote that is planned offers no rates whose transit times would be asked for. */
function planTransitTimes(quotes: readonly AccountQuote[]): void {
  for (const { account, quote } of quotes) {
    const notSent = quote.failures.find((failure) => failure instanceof NotSent);
    if (account.adapter.transitTimes) notSent?.follow({ calls: 1, when: 'rates are offered' });
  }
}

export const rateResolvers: Resolvers = {
  Query: {
    async rates(_, { input }, context, info) {
      const quoting = quoteAccounts(input, context);
      if (quoting instanceof ProviderError) {
        return { rates: [], failures: [{ error: quoting }], pending: [] };
      }
      const quotes = await Promise.all(quoting.quotes);
      if (currentPlan() && selects(info, 'transitTimes')) planTransitTimes(quotes);
      return { ...quoting.answer(quotes), pending: [] };
    },
  },
  Rate: {
    id: ({ id }) => id(),
    __resolveReference: ({ id }, context) => {
      requireCaller(context);
      return openRate(id, context) ?? null;
    },
    offerKey: ({ account, offer, request }) => offerKey(account.id, offer, packagingOf(request.parcels)),
    packaging: ({ request }) => packagingOf(request.parcels) ?? null,
    account: ({ account }, _, context) => accountOrRemoved(context.caller, account.id, account),
    requires: ({ request, offer }) => requiredPaths(request, offer),
    transitTimes: async ({ account: { id, ...quotedBy }, offer }, _, context) => {
      const account = accountOrRemoved(context.caller, id, quotedBy);
      currentPlan()?.choose(account.id, 'it quoted the rate');
      const times = await unwrapFailure(account, () =>
        context.loaders.transitTimes(account).load(offer.providerRef),
      );
      return times ?? null;
    },
    estimated: ({ estimated }) => estimated ?? false,
    asOf: ({ expiresAt }) => new Date(quotedAt(expiresAt)).toISOString(),
    expiresAt: ({ expiresAt }) => new Date(expiresAt).toISOString(),
  },
};
