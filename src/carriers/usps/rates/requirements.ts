import { crossesCustoms } from '../../../domain/customs.ts';
import type { Quote, RateRequest } from '../../../domain/rate.ts';

/**
 * Adds what labels need beyond their addresses: the tariff number of each line on the customs form of a domestic parcel.
 * Without one USPS wants a category and subcategory of its own (160055), which it publishes nowhere.
 */
export function withRequirements(quote: Quote, { from, to, customs }: RateRequest): Quote {
  if (to.country !== 'US' || !crossesCustoms(from, to) || !customs) return quote;
  const requires = customs.items.map((_, index) => `customs.items.${index}.hsTariffNumber`);
  return { ...quote, offers: quote.offers.map((offer) => ({ ...offer, requires })) };
}
