import { sum, type Money } from '../../../domain/money.ts';
import { packagingOf, type Offer, type RateRequest } from '../../../domain/rate.ts';
import { serviceName } from './mail-classes.ts';
import { rateRefSchema, type RateRef } from './provider-ref.ts';

/** Returns an offer for each service that every parcel has, with the total price of all parcels. */
export function combineOffers(
  [first = [], ...rest]: readonly (readonly Offer[])[],
  { parcels }: RateRequest,
): Offer[] {
  return first.flatMap((offer) => {
    const others = rest.map((offers) => offers.find(({ service }) => service.code === offer.service.code));
    const all = [offer, ...others];
    if (!all.every((one) => one !== undefined)) return [];
    return all.length === 1 ? [offer] : [combine(all, packagingOf(parcels))];
  });
}

function combine(offers: readonly Offer[], packaging: string | undefined): Offer {
  const [first] = offers as [Offer];
  const charges = Map.groupBy(
    offers.flatMap((offer) => offer.charges),
    ({ name }) => name,
  );
  const retailPrices = allOrNone(offers.map((offer) => offer.retailPrice));
  const days = allOrNone(offers.map((offer) => offer.estimatedDays));
  const dates = allOrNone(offers.map((offer) => offer.estimatedDeliveryDate));
  const rateRefs = offers.map((offer) => rateRefSchema.parse(offer.providerRef));
  return {
    ...first,
    service: {
      ...first.service,
      name: serviceName(first.service.providerCode!, packaging) ?? first.service.name,
    },
    price: total(offers.map((offer) => offer.price)),
    charges: [...charges].map(([name, some]) => ({ name, amount: total(some.map(({ amount }) => amount)) })),
    retailPrice: retailPrices && total(retailPrices),
    estimatedDays: days && Math.max(...days),
    estimatedDeliveryDate: dates?.toSorted().at(-1),
    guaranteed: offers.every((offer) => offer.guaranteed),
    providerRef: {
      ...rateRefs[0]!,
      parcels: rateRefs.flatMap(({ parcels }) => parcels),
    } satisfies RateRef,
  };
}

const total = ([first, ...rest]: readonly Money[]) => sum(first!, ...rest);

const allOrNone = <T>(values: readonly (T | undefined)[]) =>
  values.every((value) => value !== undefined) ? values : undefined;
