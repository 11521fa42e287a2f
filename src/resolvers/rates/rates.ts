import type { Account, AccountFailure } from '../../accounts/account.ts';
import { accountOrRemoved, selectForRates } from '../../accounts/select-account.ts';
import { ProviderError } from '../../domain/errors.ts';
import { compareOffers, offerKey, packagingOf, quotedAt, type Quote } from '../../domain/rate.ts';
import { requiredPaths } from '../../domain/requirements.ts';
import type { Resolvers } from '../../generated/resolvers-types.ts';
import { currentPlan, NotSent } from '../../transport/call-plan.ts';
import { createDeadline } from '../../transport/deadline.ts';
import { unwrapFailure } from '../errors.ts';
import { requireCaller } from '../require-caller.ts';
import { selects } from '../selects.ts';
import { quoteAccount } from './quote-account.ts';
import { toCarriers, toRateRequest } from './rate-request.ts';
import { createRates, openRate } from './sealed-rate.ts';

const defaultDeadlineMs = 15_000;

/** A quote that is planned offers no rates whose transit times would be asked for. */
function planTransitTimes(quotes: readonly { readonly account: Account; readonly quote: Quote }[]): void {
  for (const { account, quote } of quotes) {
    const notSent = quote.failures.find((failure) => failure instanceof NotSent);
    if (account.adapter.transitTimes) notSent?.follow({ calls: 1, when: 'rates are offered' });
  }
}

export const rateResolvers: Resolvers = {
  Query: {
    async rates(_, { input }, context, info) {
      const caller = requireCaller(context);
      const request = toRateRequest(input, context);
      const accounts = selectForRates(caller, input.accountIds, ['input', 'accountIds']);
      if (accounts instanceof ProviderError) {
        return { rates: [], failures: [{ error: accounts }], pending: [] };
      }
      const deadlineMs = input.deadlineMs ?? defaultDeadlineMs;
      const elapsedMs = performance.now() - context.receivedAt;
      const deadline = createDeadline(deadlineMs - elapsedMs, context.clock, context.signal);
      const key = {
        request: { ...request, carriers: toCarriers(input) },
        deadline,
        maxAgeMs: input.maxAgeSeconds == null ? undefined : input.maxAgeSeconds * 1000,
      };
      const quotes = await Promise.all(
        accounts.map(async (account) => ({
          account,
          quote: await quoteAccount(account, key, context),
        })),
      );
      const failures: AccountFailure[] = quotes.flatMap(({ account, quote }) =>
        quote.failures.map((error) => ({ account, error })),
      );
      if (currentPlan() && selects(info, 'transitTimes')) planTransitTimes(quotes);
      const createRate = createRates(request, context);
      return {
        rates: quotes
          .flatMap(({ account, quote: { offers, asOf } }) =>
            offers.map((offer) => ({ account, offer, asOf })),
          )
          .sort((a, b) => compareOffers(a.offer, b.offer))
          .map(({ account, offer, asOf }) => createRate(account, offer, asOf)),
        failures,
        pending: [],
      };
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
    carrier: ({ offer }) => offer.carrier,
    service: ({ offer }) => offer.service,
    price: ({ offer }) => offer.price,
    charges: ({ offer }) => offer.charges,
    listPrice: ({ offer }) => offer.listPrice ?? null,
    retailPrice: ({ offer }) => offer.retailPrice ?? null,
    priceType: ({ offer }) => offer.priceType ?? null,
    estimatedDays: ({ offer }) => offer.estimatedDays ?? null,
    estimatedDeliveryDate: ({ offer }) => offer.estimatedDeliveryDate ?? null,
    guaranteed: ({ offer }) => offer.guaranteed,
    zone: ({ offer }) => offer.zone ?? null,
    requires: ({ request, offer }) => requiredPaths(request, offer),
    transitTimes: async ({ account: { id, ...quotedBy }, offer }, _, context) => {
      const account = accountOrRemoved(context.caller, id, quotedBy);
      currentPlan()?.choose(account.id, 'it quoted the rate');
      const times = await unwrapFailure(account, () =>
        context.loaders.transitTimes(account).load(offer.providerRef),
      );
      return times ?? null;
    },
    estimated: ({ offer }) => offer.estimated ?? false,
    asOf: ({ expiresAt }) => new Date(quotedAt(expiresAt)).toISOString(),
    expiresAt: ({ expiresAt }) => new Date(expiresAt).toISOString(),
  },
};
