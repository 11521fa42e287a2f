import { crossesCustoms } from '../../../domain/customs.ts';
import type { Quote, RateRequest } from '../../../domain/rate.ts';

/**
 * Returns what labels need beyond their addresses: the tariff number of each line on the customs form of a domestic parcel.
 * Without one USPS wants a category and subcategory of its own (160055), which it publishes nowhere.
 */
export function requirementsOf({ from, to, customs }: RateRequest): string[] | undefined {
  if (to.country !== 'US' || !crossesCustoms(from, to)) return undefined;
  return customs?.items.map((_, index) => `customs.items.${index}.hsTariffNumber`);
}

/** Adds to each offer what its label needs. */
export function withRequirements(quote: Quote, request: RateRequest): Quote {
  const requires = requirementsOf(request);
  return requires ? { ...quote, offers: quote.offers.map((offer) => ({ ...offer, requires })) } : quote;
}
