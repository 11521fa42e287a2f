import type { RateFragment } from '../generated/graphql.ts';

export type Order = 'price' | 'arrival';

/** Compares amounts: a float is exact enough for their order, though not for their sums. */
const byPrice = (a: RateFragment, b: RateFragment) =>
  a.price.currencyCode.localeCompare(b.price.currencyCode) || Number(a.price.amount) - Number(b.price.amount);

/** Services of unknown duration come last. */
const byArrival = (a: RateFragment, b: RateFragment) =>
  (a.estimatedDays ?? 1e3) - (b.estimatedDays ?? 1e3) || byPrice(a, b);

export const orderRates = (rates: readonly RateFragment[], order: Order): RateFragment[] =>
  rates.toSorted(order === 'price' ? byPrice : byArrival);
