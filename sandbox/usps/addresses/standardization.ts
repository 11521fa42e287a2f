import { knownAddresses, knownCities, type KnownAddress } from './known-addresses.ts';
import { placeOf, soleCityOf, zipIn, zipOfCity } from './places.ts';
import { directionOf, standardizeCity, standardizeStreet, streetWithoutSuffix } from './street-lines.ts';

export interface AddressInput {
  firm?: string | undefined;
  streetAddress: string;
  secondaryAddress?: string | undefined;
  city?: string | undefined;
  state: string;
  urbanization?: string | undefined;
  ZIPCode?: string | undefined;
  ZIPPlus4?: string | undefined;
}

/** A standardized address with its delivery data. */
export interface StandardizedAddress {
  streetAddress: string;
  secondaryAddress: string | null;
  city: string;
  cityAbbreviation?: string;
  state: string;
  ZIPCode: string;
  ZIPPlus4: string | null;
  urbanization: string | null;
  deliveryPoint: string;
  carrierRoute: string;
  confirmation: 'Y' | 'D' | 'S' | 'N';
  business: boolean;
  /** `32`: more information is needed. `22`: several addresses match and none is the default. */
  correction?: '32' | '22';
}

/** The reason why no single address matches. */
export type AddressMatchError = 'notFound' | 'multiple' | 'insufficient' | 'cityAndState';

/**
 * Standardizes an address. Known addresses are corrected from the table; any other plausible one is confirmed.
 * Guess: the sandbox does not find a street with `NOWHERE` or the number 000, and finds house numbers from 90000 to
 * 99999 without confirming them.
 */
export function standardizeAddress(input: AddressInput): StandardizedAddress | AddressMatchError {
  if (!input.city && !input.ZIPCode) return 'insufficient';
  const { street, secondary } = standardizeStreet(input.streetAddress, input.secondaryAddress);
  const city = input.city === undefined ? undefined : standardizeCity(input.city);
  if (street === '' || /NOWHERE/.test(street) || /^0+ /.test(street)) return 'notFound';
  if (!/^(\d|PO BOX \d|GENERAL DELIVERY|RR \d|PSC \d|UNIT \d|CMR \d)/.test(street)) return 'insufficient';

  const known = knownAddress(street, city, input);
  if (known?.urbanization !== undefined && !isIn(known, input)) {
    if (input.urbanization) return 'notFound';
    return standardizeKnown({ ...known, several: 'correction' }, secondary, input);
  }
  if (known?.several === 'not-found') return 'multiple';
  if (known !== undefined) return standardizeKnown(known, secondary, input);

  const place = input.ZIPCode === undefined ? undefined : placeOf(input.ZIPCode);
  if (input.ZIPCode !== undefined && place === undefined && city === undefined) return 'notFound';
  // In another state than that of the ZIP Code only a city that is known there is found.
  const find = place === undefined ? zipIn : zipOfCity;
  const zip = place?.state === input.state ? input.ZIPCode : city && find(city, input.state);
  if (zip === undefined) return city === undefined ? 'notFound' : 'cityAndState';
  const digits = String(hash(`${street} ${secondary ?? ''} ${zip}`)).padStart(6, '0');
  const unconfirmed = /^9\d{4} /.test(street);
  return {
    streetAddress: street,
    secondaryAddress: secondary,
    // A city that contradicts the ZIP Code is corrected; elsewhere a ZIP Code may have several.
    city: knownCities[zip] ?? soleCityOf(zip) ?? city ?? cityOf(zip),
    state: input.state,
    ZIPCode: zip,
    ZIPPlus4: unconfirmed ? null : (input.ZIPPlus4 ?? digits.slice(-4)),
    urbanization: input.urbanization?.toUpperCase() ?? null,
    deliveryPoint: unconfirmed ? '' : digits.slice(0, 2),
    carrierRoute: unconfirmed ? '' : `C0${digits.slice(1, 3)}`,
    confirmation: unconfirmed ? 'N' : 'Y',
    business: (input.firm ?? '') !== '',
  };
}

/** The known address in the same ZIP Code or city whose street differs at most by its suffix or a missing direction. */
function knownAddress(
  street: string,
  city: string | undefined,
  input: AddressInput,
): KnownAddress | undefined {
  const name = streetWithoutSuffix(street);
  const direction = directionOf(street);
  const candidates = knownAddresses.filter(
    (each) =>
      streetWithoutSuffix(each.street) === name &&
      (direction === '' || direction === directionOf(each.street)) &&
      each.state === input.state &&
      (each.zip === input.ZIPCode || each.city === city),
  );
  const sameArea = candidates.filter((each) => isIn(each, input));
  const best = sameArea.length > 0 ? sameArea : candidates;
  return best.find((each) => each.street === street) ?? best[0];
}

/** Compares urbanizations without the word for them. */
function isIn(known: KnownAddress, input: AddressInput): boolean {
  const nameOf = (urbanization = '') => urbanization.toUpperCase().replace(/^URB(\.|ANIZACI[OÓ]N)?\s+/, '');
  return nameOf(known.urbanization) === nameOf(input.urbanization);
}

function standardizeKnown(
  known: KnownAddress,
  secondary: string | null,
  input: AddressInput,
): StandardizedAddress {
  const needed = known.units !== undefined;
  const confirmation = !needed ? 'Y' : secondary === null ? 'D' : known.units!.test(secondary) ? 'Y' : 'S';
  const several = known.several === 'correction';
  return {
    streetAddress: known.street,
    secondaryAddress: secondary,
    city: known.cityAbbreviation ?? known.city,
    ...(known.cityAbbreviation === undefined ? {} : { cityAbbreviation: known.cityAbbreviation }),
    state: known.state,
    ZIPCode: known.zip,
    ZIPPlus4: several ? null : known.plus4,
    urbanization: several ? null : (known.urbanization ?? input.urbanization?.toUpperCase() ?? null),
    deliveryPoint: several ? '' : known.deliveryPoint,
    carrierRoute: several ? '' : known.route,
    confirmation: several ? 'N' : confirmation,
    business: known.business,
    ...(several ? { correction: '22' as const } : {}),
    ...(confirmation === 'D' ? { correction: '32' as const } : {}),
  };
}

/** The name of a ZIP Code's city. */
export const cityOf = (zip: string) => knownCities[zip] ?? soleCityOf(zip) ?? placeOf(zip)?.city ?? '';

/** FNV-1a: the same address gets the same invented digits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value % 1_000_000;
}
