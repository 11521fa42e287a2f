import { ProviderError } from '../../../domain/errors.ts';
import type { Quote, RateRequest } from '../../../domain/rate.ts';
import { toUsAddress } from '../../../domain/us-address.ts';
import type { CallOptions } from '../../adapter.ts';
import { mapOutcomes } from '../../map-outcomes.ts';
import type { Usps } from '../client.ts';
import { requireState } from '../addresses/state.ts';
import { requireLineWeights } from '../labels/customs-form.ts';
import { requireLabelAddress } from '../labels/label-address.ts';
import { combineOffers } from './combine-offers.ts';
import { parcelPaths } from './packaging.ts';
import type { Pricing } from './pricing.ts';
import { toRateRequest } from './rate-request.ts';
import { requirementsOf, withRequirements } from './requirements.ts';
import { fromRateResponse, rateResponseSchema } from './rate-response.ts';

/** Quotes rates with their delivery commitments: one call for each distinct parcel, which asks for several price types. */
export const quoteRates =
  (usps: Usps, pricing: Pricing) => (requests: readonly RateRequest[], call: CallOptions) =>
    mapOutcomes(requests, async (given) => {
      const request = withUsAddresses(given);
      return withRequirements(await quoteOne(usps, pricing, request, call), request);
    });

export type QuoteRates = ReturnType<typeof quoteRates>;

/** Returns what a quote depends on: what USPS is asked for, the packaging, and what a label needs beyond that. */
export const priceFactors = (pricing: Pricing) => (given: RateRequest) => {
  const request = withUsAddresses(given);
  const parcels = toParcelRequests(pricing, request);
  return { parcels: parcels.map(({ key }) => key), requires: requirementsOf(request) };
};

/** Rewrites the addresses of territories as USPS has them. */
export const withUsAddresses = (request: RateRequest): RateRequest => ({
  ...request,
  from: toUsAddress(request.from),
  to: toUsAddress(request.to),
});

/** Maps each parcel to the body of its search; equal keys get equal offers. Throws for a request whose label USPS would refuse. */
function toParcelRequests(pricing: Pricing, request: RateRequest) {
  // A label with longer lines is refused, so the offer could not be bought.
  requireLabelAddress(request.from, 'from');
  requireLabelAddress(request.to, 'to');
  requireState(request.from, ['from']);
  requireState(request.to, ['to']);
  requireLineWeights(request);
  return request.parcels.map((parcel, position) => {
    const json = toRateRequest(request, position, pricing);
    return { position, json, key: JSON.stringify([json, parcel.packaging ?? null]) };
  });
}

async function quoteOne(
  usps: Usps,
  pricing: Pricing,
  request: RateRequest,
  call: CallOptions,
): Promise<Quote> {
  const parcels = toParcelRequests(pricing, request);
  const distinct = [...Map.groupBy(parcels, ({ key }) => key).values()].map(([first]) => first!);
  const outcomes = await mapOutcomes(distinct, ({ position, json }) =>
    quoteParcel(usps, pricing, request, position, json, call),
  );
  const outcomeOf = new Map(distinct.map(({ key }, index) => [key, outcomes[index]!]));
  const quotes = parcels.map(({ key }) => {
    const quote = outcomeOf.get(key)!;
    if (quote instanceof ProviderError) throw quote;
    return quote;
  });
  const pricesSince = quotes
    .flatMap((quote) => quote.pricesSince ?? [])
    .sort()
    .at(-1);
  const offers = combineOffers(
    quotes.map((quote) => quote.offers),
    request,
  );
  const messages = Map.groupBy(
    quotes.flatMap(({ failures }) => failures),
    ({ message }) => message,
  );
  const failures = [...messages.values()].map(([first]) => first!);
  if (offers.length > 0 || failures.length > 0) return { offers, failures, pricesSince };
  throw new ProviderError('REJECTED', 'USPS has no service that accepts all of these parcels', {
    field: ['parcels'],
    hint: 'Request rates for each parcel alone.',
  });
}

async function quoteParcel(
  usps: Usps,
  pricing: Pricing,
  request: RateRequest,
  position: number,
  json: unknown,
  call: CallOptions,
): Promise<Quote> {
  const search = {
    api: 'shipping-options',
    method: 'POST',
    path: '/shipments/v3/options/search',
    json,
    repeatable: true,
  } as const;
  const response = await usps
    .fetchJson(rateResponseSchema, search, call.signal, parcelPaths(position))
    .catch((error: unknown) => {
      throw error instanceof ProviderError ? withParcelField(error, position) : error;
    });
  const quote = fromRateResponse(response, request, position, pricing.priceType);
  if (quote.offers.length > 0 || quote.failures.length > 0) return quote;
  const price = `${pricing.priceType.toLowerCase()} price`;
  throw new ProviderError('REJECTED', `USPS has no ${price} for this parcel with these options`, {
    field: ['parcels', String(position)],
    hint: 'Check weight, size, packaging and options: every service has limits.',
  });
}

/** Adds the parcel to a pricing error: its codes (0300xx) are about the parcel, though they may name no parameter. */
function withParcelField(failure: ProviderError, position: number): ProviderError {
  if (failure.field || !failure.providerCode?.startsWith('0300')) return failure;
  const field = ['parcels', String(position)];
  return new ProviderError(failure.code, failure.message, { ...failure, field, cause: failure });
}
