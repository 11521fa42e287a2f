import { isDeepStrictEqual } from 'node:util';

import type { Offer } from './rate.ts';

/** The card of one account: zones of routes, and prices of parcels in a zone, learned from answers of the provider. */
export interface RateCard {
  /** The card holds for parcels of this ship date alone, YYYY-MM-DD. */
  readonly shipDate: string;
  /** The day since which its prices apply, where the provider tells it. */
  readonly pricesSince?: string;
  /** How many answers have agreed with it since prices may last have changed. */
  readonly agreements: number;
  /** When the last answer agreed with it, and until when prices can't have changed since; epoch milliseconds. */
  readonly asOf: number;
  readonly holdsUntil: number;
  /** When the next spot check is due, in epoch milliseconds. */
  readonly checkAt: number;
}

/** What answers say of one route, or of one parcel in a zone. */
export interface CardEntry<T> {
  /** Undefined where answers differed: the entry is not used again. */
  readonly value?: T;
  /** The places, or the weights, that answers were for, up to as many as confirm it for others. */
  readonly confirmedBy: readonly string[];
}

export interface PriceEntry extends CardEntry<readonly Offer[]> {
  /** `RateCard.holdsUntil` of the last answer. */
  readonly holdsUntil: number;
}

/** The entries that answer one request. */
export interface CardEntries {
  /** Identifies the exact places of the request, and its exact weight. */
  readonly places: string;
  readonly weight: string;
  readonly card?: RateCard;
  readonly zone?: CardEntry<string>;
  readonly price?: PriceEntry;
}

/** The entries after an answer. */
export interface ChangedEntries {
  /** When the answer was asked for, in epoch milliseconds. */
  readonly asOf: number;
  readonly card: RateCard;
  readonly zone: CardEntry<string>;
  readonly price: PriceEntry;
  /** The answer contradicts what was known: all other zones, or prices, are deleted that have a value. */
  readonly dropsZones: boolean;
  readonly dropsPrices: boolean;
}

/** What the answer to one request says. */
export interface CardObservation extends Omit<RateCard, 'agreements'> {
  readonly zone: string;
  readonly offers: readonly Offer[];
}

/** An answer counts for its own places and weight; two different ones, for all that share the route or the parcel. */
const confirmationsNeeded = 2;

/** Whenever prices may have changed, this many answers have to agree before the card is used again. */
const agreementsNeeded = 3;

/** Returns the offers for a ship date by the card's entries; undefined unless they are confirmed, and hold now. */
export function confirmedOffers(
  { card, zone, price, places, weight }: CardEntries,
  shipDate: string,
  now: number,
): readonly Offer[] | undefined {
  const holds = card?.shipDate === shipDate && now < card.holdsUntil && card.agreements >= agreementsNeeded;
  return holds && isConfirmed(zone, places) && isConfirmed(price, weight) ? price!.value : undefined;
}

const isConfirmed = (entry: CardEntry<unknown> | undefined, by?: string) =>
  entry?.value !== undefined &&
  (entry.confirmedBy.length >= confirmationsNeeded || entry.confirmedBy.some((known) => known === by));

/** Returns the entries as an answer changes them; undefined where it is of an earlier ship date than the card. */
export function learn(entries: CardEntries, seen: CardObservation): ChangedEntries | undefined {
  const { card, places, weight } = entries;
  const { shipDate, pricesSince, asOf, holdsUntil, checkAt } = seen;
  if (card && shipDate < card.shipDate) return undefined;
  const isNewList = Boolean(card?.pricesSince && pricesSince && pricesSince > card.pricesSince);
  const price = isNewList ? undefined : entries.price;
  const zoneDiffers = differs(entries.zone, seen.zone);
  const priceDiffers = differs(price, seen.offers);
  // A price that differs on the same day was never one price; since another day it may have changed.
  const isChanged = isNewList || (priceDiffers && price!.holdsUntil !== holdsUntil);
  const dropsZones = zoneDiffers && isConfirmed(entries.zone);
  const dropsPrices = isNewList || priceDiffers;
  const isSamePeriod = card?.shipDate === shipDate && card.holdsUntil === holdsUntil;
  const earlier = isSamePeriod && !dropsZones && !dropsPrices ? card.agreements : 0;
  const agrees = price?.value !== undefined && !priceDiffers && !zoneDiffers;
  const checked = agrees || !isSamePeriod ? { asOf, checkAt } : { asOf: card.asOf, checkAt: card.checkAt };
  return {
    asOf,
    card: {
      shipDate,
      pricesSince: pricesSince ?? card?.pricesSince,
      agreements: earlier + (agrees ? 1 : 0),
      holdsUntil,
      ...checked,
    },
    zone: zoneDiffers ? { confirmedBy: [] } : confirm(entries.zone, seen.zone, places),
    price: {
      ...(priceDiffers && !isChanged
        ? { confirmedBy: [] }
        : confirm(isChanged ? undefined : price, seen.offers, weight)),
      holdsUntil,
    },
    dropsZones,
    dropsPrices,
  };
}

const differs = <T>(entry: CardEntry<T> | undefined, value: T) =>
  entry?.value !== undefined && !isDeepStrictEqual(entry.value, value);

/** Adds who confirms an entry, unless it was contradicted. */
function confirm<T>(entry: CardEntry<T> | undefined, value: T, by: string): CardEntry<T> {
  if (entry === undefined) return { value, confirmedBy: [by] };
  const { confirmedBy } = entry;
  const isKnown = confirmedBy.includes(by) || confirmedBy.length >= confirmationsNeeded;
  return entry.value === undefined || isKnown ? entry : { value, confirmedBy: [...confirmedBy, by] };
}
