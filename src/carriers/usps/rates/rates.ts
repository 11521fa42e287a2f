import { ProviderError } from '../../../domain/errors.ts';
import { sum, type Money } from '../../../domain/money.ts';
import { packagingOf, type Offer, type Quote, type RateRequest } from '../../../domain/rate.ts';
import type { CallOptions } from '../../adapter.ts';
import { fanOut } from '../../fan-out.ts';
import type { Usps } from '../client.ts';
import {
  fromOptions,
  nameOf,
  optionsAnswer,
  ticketSchema,
  toOptionsRequest,
  type Pricing,
  type UspsTicket,
} from './shipping-options.ts';
import { parcelFields } from './packaging.ts';
import { atHome } from './direction.ts';

/** Rates with their commitments: one distinct parcel a call, several price types in it. */
export const quoteRates =
  (usps: Usps, pricing: Pricing) => (requests: readonly RateRequest[], call: CallOptions) =>
    fanOut(requests, (request) => quoteOne(usps, pricing, request, call));

export type AskRates = ReturnType<typeof quoteRates>;

async function quoteOne(usps: Usps, pricing: Pricing, given: RateRequest, call: CallOptions): Promise<Quote> {
  const request = { ...given, from: atHome(given.from), to: atHome(given.to) };
  const asked = request.parcels.map((parcel, position) => {
    const json = toOptionsRequest(request, position, pricing);
    return { position, json, key: JSON.stringify([json, parcel.packaging ?? null]) };
  });
  const distinct = [...Map.groupBy(asked, ({ key }) => key).values()].map(([first]) => first!);
  const answers = await fanOut(distinct, ({ position, json }) =>
    quoteParcel(usps, pricing, request, position, json, call),
  );
  const offersOf = new Map(distinct.map(({ key }, index) => [key, answers[index]!]));
  const ofParcels = asked.map(({ key }) => {
    const offers = offersOf.get(key)!;
    if (offers instanceof ProviderError) throw offers;
    return offers;
  });
  const offers = together(ofParcels, request);
  if (offers.length === 0) {
    throw new ProviderError('REJECTED', 'USPS has no service that takes all of these parcels', {
      field: ['parcels'],
      hint: 'Ask for rates of each parcel alone.',
    });
  }
  return { offers, failures: [] };
}

async function quoteParcel(
  usps: Usps,
  pricing: Pricing,
  request: RateRequest,
  position: number,
  json: unknown,
  call: CallOptions,
): Promise<readonly Offer[]> {
  const answer = await usps
    .ask(
      optionsAnswer,
      {
        api: 'shipping-options',
        method: 'POST',
        path: '/shipments/v3/options/search',
        json,
        repeatable: true,
      },
      call.signal,
      parcelFields(position),
    )
    .catch((error: unknown) => {
      throw error instanceof ProviderError ? ofParcel(error, position) : error;
    });
  const offers = fromOptions(answer, request, position, pricing.priceType);
  if (offers.length > 0) return offers;
  const price = `${pricing.priceType.toLowerCase()} price`;
  throw new ProviderError('REJECTED', `USPS has no ${price} for this parcel as asked`, {
    field: ['parcels', String(position)],
    hint: 'Check weight, size, packaging and options: every service has limits.',
  });
}

/** A refusal to price (030020) names no parameter, and is about the parcel all the same. */
function ofParcel(failure: ProviderError, position: number): ProviderError {
  if (failure.field || !failure.providerCode?.startsWith('0300')) return failure;
  const field = ['parcels', String(position)];
  return new ProviderError(failure.code, failure.message, { ...failure, field, cause: failure });
}

/** The services that every parcel has, each for all of them. */
function together([first = [], ...rest]: (readonly Offer[])[], { parcels }: RateRequest): Offer[] {
  return first.flatMap((offer) => {
    const others = rest.map((offers) => offers.find((each) => each.service.code === offer.service.code));
    const all = [offer, ...others];
    if (!all.every((each) => each !== undefined)) return [];
    return all.length === 1 ? [offer] : [added(all, packagingOf(parcels))];
  });
}

function added(offers: readonly Offer[], packaging: string | undefined): Offer {
  const [first] = offers as [Offer];
  const total = ([each, ...more]: readonly Money[]) => sum(each!, ...more);
  const ofAll = <T>(values: readonly (T | undefined)[]) =>
    values.every((value) => value !== undefined) ? values : undefined;
  const charges = Map.groupBy(
    offers.flatMap((offer) => offer.charges),
    ({ name }) => name,
  );
  const retail = ofAll(offers.map((offer) => offer.retailPrice));
  const days = ofAll(offers.map((offer) => offer.estimatedDays));
  const dates = ofAll(offers.map((offer) => offer.estimatedDeliveryDate));
  const ticket = ticketSchema.parse(first.providerRef);
  return {
    ...first,
    service: {
      ...first.service,
      name: nameOf(first.service.providerCode!, packaging) ?? first.service.name,
    },
    price: total(offers.map((offer) => offer.price)),
    charges: [...charges].map(([name, each]) => ({ name, amount: total(each.map(({ amount }) => amount)) })),
    retailPrice: retail && total(retail),
    estimatedDays: days && Math.max(...days),
    estimatedDeliveryDate: dates?.toSorted().at(-1),
    guaranteed: offers.every((offer) => offer.guaranteed),
    providerRef: {
      ...ticket,
      parcels: offers.flatMap((offer) => ticketSchema.parse(offer.providerRef).parcels),
    } satisfies UspsTicket,
  };
}
