import { dateAt } from '../../../domain/calendar.ts';
import { crossesCustoms } from '../../../domain/customs.ts';
import type { Quote, RateRequest } from '../../../domain/rate.ts';
import type { CardQuestion, RateCardRules } from '../../adapter.ts';
import { pricesHoldUntil } from '../../price-changes.ts';
import type { Pricing } from './pricing.ts';
import { toRateRequest } from './rate-request.ts';
import { withUsAddresses } from './rates.ts';

/**
 * Prefixes of ZIP codes whose zones differ from one ZIP code to the next: islands, and military and diplomatic posts.
 * Elsewhere a zone is that of two prefixes of three digits. Guess: the contract has no zone chart. An answer that names
 * another zone for a route drops all that is known of zones.
 */
const mixedPrefixes = /^(00[6-9]|09\d|340|96[2-9])/;

/**
 * The rate card of an account: a domestic price depends on the zone, the weight that is charged, and the size (Notice 123).
 * Sizes are compared as they are, so that no limit of cubic, dimensional or nonstandard prices is repeated here.
 */
export const rateCard = (pricing: Pricing, checkIntervalMs: number): RateCardRules => ({
  checkIntervalMs,
  pricesHoldUntil,
  questionOf: (request, now) => questionOf(pricing, withUsAddresses(request), now),
  entryOf,
});

/** International prices, customs, several parcels, and prices of a day that is still to come are left to USPS. */
function questionOf(pricing: Pricing, request: RateRequest, now: number): CardQuestion | undefined {
  const { from, to, parcels, customs } = request;
  if (parcels.length !== 1 || customs || to.country !== 'US' || crossesCustoms(from, to)) return undefined;
  if (request.shipDate !== dateAt(from, now)) return undefined;
  const search = toRateRequest(request, 0, pricing);
  if (!('destinationZIPCode' in search)) return undefined;
  const { originZIPCode, destinationZIPCode, packageDescription, ...common } = search;
  if (!originZIPCode || !destinationZIPCode) return undefined;
  const { weight, mailingDate: shipDate, ...description } = packageDescription;
  return {
    shipDate,
    route: JSON.stringify([areaOf(originZIPCode), areaOf(destinationZIPCode)]),
    places: JSON.stringify([originZIPCode, destinationZIPCode]),
    parcel: JSON.stringify([common, description, chargedWeight(weight), parcels[0]!.packaging ?? null]),
    weight: String(weight),
  };
}

const areaOf = (zip: string) => (mixedPrefixes.test(zip) ? zip : zip.slice(0, 3));

/**
 * The weight by which USPS charges: prices change at whole ounces below a pound, the last at 15.999, and at whole pounds
 * from there on. Some classes have wider steps; none has narrower ones.
 */
const chargedWeight = (pounds: number) =>
  pounds < 1 ? `${Math.ceil(pounds * 16)} oz` : `${Math.ceil(pounds)} lb`;

/** Prices without what depends on the places and the day: the days until delivery. A flat rate may name zone 00: none. */
function entryOf({ offers, pricesSince }: Quote) {
  const [zone, ...others] = new Set(offers.map((offer) => offer.zone));
  if (zone === undefined || zone === '00' || others.length > 0) return undefined;
  const timeless = offers.map(({ estimatedDays: _, estimatedDeliveryDate: __, ...offer }) => ({
    ...offer,
    guaranteed: false,
  }));
  return { zone, offers: timeless, pricesSince };
}
