import { createHash } from 'node:crypto';
import { isZip, isZipOf, positionOf, timeZoneOf } from './geography.ts';

/** The part of an address that is verified. */
export interface PostalAddress {
  name: string | null;
  company: string | null;
  street1: string | null;
  street2: string | null;
  city: string | null;
  state: string | null;
  zip: string | null;
  country: string | null;
}

export interface VerificationError {
  code: string;
  field: string;
  message: string;
  suggestion: string | null;
}

/** The result of a verification. Errors beside success are warnings. */
export interface VerificationResult {
  success: boolean;
  errors: VerificationError[];
  /** The fields that the verification changes. */
  corrected: Partial<PostalAddress> & { residential?: boolean | null };
  details: { latitude: number | null; longitude: number | null; time_zone: string | null } | null;
}

const errorOf = (code: string, field: string, message: string): VerificationError => ({
  code,
  field,
  message,
  suggestion: null,
});
const notFound = errorOf('E.ADDRESS.NOT_FOUND', 'address', 'Address not found');
const noHouseNumber = errorOf('E.HOUSE_NUMBER.MISSING', 'street1', 'House number is missing');
const required = (field: string) => errorOf('E.INPUT.INVALID', field, 'Required');
const badUnit = errorOf(
  'E.SECONDARY_INFORMATION.INVALID',
  'street2',
  'Invalid secondary information(Apt/Suite#)',
);
const noUnit = errorOf(
  'E.SECONDARY_INFORMATION.MISSING',
  'street2',
  'Missing secondary information(Apt/Suite#)',
);

const failure = (...errors: VerificationError[]): VerificationResult => ({
  success: false,
  errors,
  corrected: {},
  details: null,
});

/** The three valid addresses of the recordings, by corrected street and five-digit ZIP. */
const recordedAddresses: Record<
  string,
  { plus4: string; residential: boolean; latitude: number; longitude: number; errors?: VerificationError[] }
> = {
  '179 N HARBOR DR 90277': { plus4: '2506', residential: false, latitude: 33.8436, longitude: -118.39177 },
  '388 TOWNSEND ST APT 20 94107': {
    plus4: '1670',
    residential: true,
    latitude: 37.77551,
    longitude: -122.39697,
  },
  '417 MONTGOMERY ST FL 5 94104': {
    plus4: '1129',
    residential: false,
    latitude: 37.79342,
    longitude: -122.40288,
    errors: [badUnit],
  },
};

/**
 * Verifies an address as EasyPost's test mode does. Guess where no recording exists: a United States address is valid
 * with a house number and a plausible state and ZIP; it is not found with house number `000`, an unknown state, a ZIP
 * out of use or of another state, or a street named unknown or nowhere. An apartment building without an apartment is valid with a warning.
 */
export function verify(address: PostalAddress): VerificationResult {
  if (!address.street1) return failure(required('street1'));
  if ((address.country ?? 'US') !== 'US') return verifyForeign(address);
  if (!address.zip && !(address.city && address.state)) return failure(required('zip'));

  const street = abbreviateStreet([address.street1, address.street2].filter(Boolean).join(' '));
  const isBox = /^(P O|PO) BOX \d/.test(street);
  if (!isBox && !/^\d/.test(street)) return failure(notFound, noHouseNumber);
  const timeZone = timeZoneOf(address.state ?? '');
  if (
    timeZone === undefined ||
    !isZip(address.zip) ||
    !isZipOf(address.zip, address.state!) ||
    /^0+ /.test(street) ||
    /\b(UNKNOWN|NOWHERE|NONEXISTENT)\b/.test(street) ||
    !/[A-Z]{2}/.test(street)
  ) {
    return failure(notFound);
  }

  const zip5 = address.zip.slice(0, 5);
  const recorded = recordedAddresses[`${street} ${zip5}`];
  const hash = createHash('sha1').update(`${street} ${zip5}`).digest();
  const [latitude, longitude] = positionOf(zip5);
  const hasApartments = Object.keys(recordedAddresses).some((key) => key.startsWith(`${street} APT `));
  return {
    success: true,
    errors: recorded?.errors ?? (hasApartments ? [noUnit] : /\bFL \d+$/.test(street) ? [badUnit] : []),
    corrected: {
      ...upperCase(address, 'name', 'company', 'city', 'state'),
      street1: street,
      street2: '',
      zip: `${zip5}-${recorded?.plus4 ?? String(1000 + (hash.readUInt16BE(0) % 9000))}`,
      residential: recorded?.residential ?? (address.company === null && !isBox),
    },
    details: {
      latitude: recorded?.latitude ?? round(latitude + (hash[2]! - 128) / 10_000),
      longitude: recorded?.longitude ?? round(longitude + (hash[3]! - 128) / 10_000),
      time_zone: timeZone,
    },
  };
}

/**
 * Guess: no recording verifies an address outside the United States. It is valid with a city and a postal code in the
 * country's form; `residential` stays null, as documented.
 */
function verifyForeign(address: PostalAddress): VerificationResult {
  const country = countries[address.country!.toUpperCase()];
  if (country === undefined) {
    return failure(errorOf('E.COUNTRY.UNSUPPORTED', 'country', 'Country not supported'));
  }
  if (!address.city) return failure(required('city'));
  if (/\bunknown\b/i.test(address.street1!) || !country.zip.test(address.zip ?? '')) return failure(notFound);
  if (!/\d/.test(address.street1!)) return failure(notFound, noHouseNumber);
  return {
    success: true,
    errors: [],
    corrected: {
      ...upperCase(address, 'name', 'company', 'street1', 'street2', 'city', 'state', 'zip', 'country'),
      residential: null,
    },
    details: { latitude: country.latitude, longitude: country.longitude, time_zone: country.timeZone },
  };
}

const countries: Record<string, { zip: RegExp; latitude: number; longitude: number; timeZone: string }> = {
  CA: { zip: /^[a-z]\d[a-z] ?\d[a-z]\d$/i, latitude: 45.42, longitude: -75.7, timeZone: 'America/Toronto' },
  MX: { zip: /^\d{5}$/, latitude: 19.43, longitude: -99.13, timeZone: 'America/Mexico_City' },
  GB: {
    zip: /^[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}$/i,
    latitude: 51.51,
    longitude: -0.13,
    timeZone: 'Europe/London',
  },
  DE: { zip: /^\d{5}$/, latitude: 52.52, longitude: 13.4, timeZone: 'Europe/Berlin' },
  FR: { zip: /^\d{5}$/, latitude: 48.86, longitude: 2.35, timeZone: 'Europe/Paris' },
  BE: { zip: /^\d{4}$/, latitude: 50.85, longitude: 4.35, timeZone: 'Europe/Brussels' },
  NL: { zip: /^\d{4} ?[a-z]{2}$/i, latitude: 52.37, longitude: 4.9, timeZone: 'Europe/Amsterdam' },
  AU: { zip: /^\d{4}$/, latitude: -33.87, longitude: 151.21, timeZone: 'Australia/Sydney' },
  JP: { zip: /^\d{3}-?\d{4}$/, latitude: 35.68, longitude: 139.69, timeZone: 'Asia/Tokyo' },
};

const abbreviations: Record<string, string> = {
  STREET: 'ST',
  AVENUE: 'AVE',
  ROAD: 'RD',
  DRIVE: 'DR',
  LANE: 'LN',
  BOULEVARD: 'BLVD',
  COURT: 'CT',
  PLACE: 'PL',
  PARKWAY: 'PKWY',
  HIGHWAY: 'HWY',
  SQUARE: 'SQ',
  TERRACE: 'TER',
  CIRCLE: 'CIR',
  NORTH: 'N',
  SOUTH: 'S',
  EAST: 'E',
  WEST: 'W',
  APARTMENT: 'APT',
  SUITE: 'STE',
  FLOOR: 'FL',
  BUILDING: 'BLDG',
};

/** Returns a street in upper case, without punctuation, with the abbreviations of USPS Publication 28. */
const abbreviateStreet = (street: string) =>
  street
    .toUpperCase()
    .replace(/[.,]/g, ' ')
    .trim()
    .split(/\s+/)
    .map((word) => abbreviations[word] ?? word)
    .join(' ');

/** Returns the named fields in upper case. */
export const upperCase = (
  address: PostalAddress,
  ...fields: (keyof PostalAddress)[]
): Partial<PostalAddress> =>
  Object.fromEntries(fields.map((field) => [field, address[field]?.toUpperCase() ?? null]));

const round = (degrees: number) => Number(degrees.toFixed(5));

export const isUs = (address: PostalAddress) => (address.country ?? 'US').toUpperCase() === 'US';
