import { isDeepStrictEqual } from 'node:util';

import type { Offer } from './rate.ts';

/** The card of one account: prices of a zone and a parcel, learned from answers of the provider. */
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
  /** The different requests that have confirmed it, up to as many as are needed. */
  readonly confirmedBy: readonly string[];
}

/** The entries that answer one request. */
export interface CardEntries {
  readonly card?: RateCard;
  readonly zone?: CardEntry<string>;
  readonly price?: CardEntry<readonly Offer[]>;
}

/** The entries after an answer. */
export interface ChangedEntries extends Required<CardEntries> {
  /** The answer contradicts the card, or comes from a newer price list: all entries are deleted that have a value. */
  readonly dropped: boolean;
}

/** What the answer to one request says. */
export interface CardObservation extends Pick<
  RateCard,
  'shipDate' | 'pricesSince' | 'asOf' | 'holdsUntil' | 'checkAt'
> {
  readonly zone: string;
  readonly offers: readonly Offer[];
  /** Identifies the places of the request, and the request as a whole. */
  readonly places: string;
  readonly request: string;
}

/** Two requests of other places, or of another weight, have to agree: a repetition proves nothing about others. */
const confirmationsNeeded = 2;

/** Whenever prices may have changed, this many answers have to agree before the card is used again. */
const agreementsNeeded = 3;

/** Returns the offers for a ship date by the card's entries; undefined unless they are confirmed, and hold now. */
export function confirmedOffers(
  { card, zone, price }: CardEntries,
  shipDate: string,
  now: number,
): readonly Offer[] | undefined {
  const holds = card?.shipDate === shipDate && now < card.holdsUntil && card.agreements >= agreementsNeeded;
  return holds && isConfirmed(zone) && isConfirmed(price) ? price!.value : undefined;
}

const isConfirmed = (entry: CardEntry<unknown> | undefined) =>
  entry?.value !== undefined && entry.confirmedBy.length >= confirmationsNeeded;

/** Returns the entries as an answer changes them; undefined where it is of an earlier ship date than the card. */
export function learn({ card, zone, price }: CardEntries, seen: CardObservation): ChangedEntries | undefined {
  if (card && seen.shipDate < card.shipDate) return undefined;
  const isNewList = Boolean(card?.pricesSince && seen.pricesSince && seen.pricesSince > card.pricesSince);
  if (isNewList) ({ zone, price } = { zone: kept(zone), price: kept(price) });
  const nextZone = confirm(zone, seen.zone, seen.places);
  const nextPrice = confirm(price, seen.offers, seen.request);
  const isPriceWrong = price?.value !== undefined && nextPrice.value === undefined;
  const isZoneWrong = isConfirmed(zone) && nextZone.value === undefined;
  const dropped = isNewList || isPriceWrong || isZoneWrong;
  const agrees = price?.value !== undefined && !dropped;
  const isSamePeriod = card?.shipDate === seen.shipDate && seen.asOf < card.holdsUntil && !dropped;
  const earlier = isSamePeriod ? card.agreements : 0;
  const { shipDate, pricesSince, asOf, holdsUntil, checkAt } = seen;
  return {
    card: {
      shipDate,
      pricesSince: pricesSince ?? card?.pricesSince,
      agreements: earlier + (agrees ? 1 : 0),
      ...(agrees || !isSamePeriod ? { asOf, holdsUntil, checkAt } : pickTimes(card)),
    },
    zone: nextZone,
    price: nextPrice,
    dropped,
  };
}

const pickTimes = ({ asOf, holdsUntil, checkAt }: RateCard) => ({ asOf, holdsUntil, checkAt });

/** The entry after all others are deleted: a contradicted one stays. */
const kept = <T>(entry: CardEntry<T> | undefined) => (entry && entry.value === undefined ? entry : undefined);

function confirm<T>(entry: CardEntry<T> | undefined, value: T, by: string): CardEntry<T> {
  if (entry === undefined) return { value, confirmedBy: [by] };
  if (entry.value === undefined) return entry;
  if (!isDeepStrictEqual(entry.value, value)) return { confirmedBy: [] };
  const isKnown = entry.confirmedBy.includes(by) || entry.confirmedBy.length >= confirmationsNeeded;
  return isKnown ? entry : { value, confirmedBy: [...entry.confirmedBy, by] };
}
