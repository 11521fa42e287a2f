import { createHash } from 'node:crypto';
import { isZip, positionOf, timeZoneOf } from './places.ts';

/** The part of an address that is judged. */
export interface Place {
  name: string | null;
  company: string | null;
  street1: string | null;
  street2: string | null;
  city: string | null;
  state: string | null;
  zip: string | null;
  country: string | null;
}

export interface Finding {
  code: string;
  field: string;
  message: string;
  suggestion: string | null;
}

/** What a check found: the findings, and the corrected address when there is one. */
export interface Verdict {
  success: boolean;
  findings: Finding[];
  corrected: Partial<Place> & { residential?: boolean | null };
  details: { latitude: number | null; longitude: number | null; time_zone: string | null } | null;
}

const finding = (code: string, field: string, message: string): Finding => ({
  code,
  field,
  message,
  suggestion: null,
});
const notFound = finding('E.ADDRESS.NOT_FOUND', 'address', 'Address not found');
const noHouseNumber = finding('E.HOUSE_NUMBER.MISSING', 'street1', 'House number is missing');
const required = (field: string) => finding('E.INPUT.INVALID', field, 'Required');
const badUnit = finding(
  'E.SECONDARY_INFORMATION.INVALID',
  'street2',
  'Invalid secondary information(Apt/Suite#)',
);
const noUnit = finding(
  'E.SECONDARY_INFORMATION.MISSING',
  'street2',
  'Missing secondary information(Apt/Suite#)',
);

const failure = (...findings: Finding[]): Verdict => ({
  success: false,
  findings,
  corrected: {},
  details: null,
});

/** The three good addresses of the recordings, by corrected street and five digits. */
const known: Record<
  string,
  { plus4: string; residential: boolean; latitude: number; longitude: number; findings?: Finding[] }
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
    findings: [badUnit],
  },
};

/**
 * Judges an address as EasyPost's test mode would. What the recordings do not show is a guess: a United States
 * address with house number, state and ZIP that look real is good; `000`, an unknown state, a ZIP out of use and a
 * street that calls itself unknown or nowhere are not; a building of flats without a flat is good with a warning.
 */
export function verify(place: Place): Verdict {
  if (!place.street1) return failure(required('street1'));
  if ((place.country ?? 'US') !== 'US') return verifyAbroad(place);
  if (!place.zip && !(place.city && place.state)) return failure(required('zip'));

  const street = shortened([place.street1, place.street2].filter(Boolean).join(' '));
  const isBox = /^(P O|PO) BOX \d/.test(street);
  if (!isBox && !/^\d/.test(street)) return failure(notFound, noHouseNumber);
  const timeZone = timeZoneOf(place.state ?? '');
  if (
    timeZone === undefined ||
    !isZip(place.zip) ||
    /^0+ /.test(street) ||
    /\b(UNKNOWN|NOWHERE|NONEXISTENT)\b/.test(street) ||
    !/[A-Z]{2}/.test(street)
  ) {
    return failure(notFound);
  }

  const zip5 = place.zip.slice(0, 5);
  const fact = known[`${street} ${zip5}`];
  const lot = createHash('sha1').update(`${street} ${zip5}`).digest();
  const [latitude, longitude] = positionOf(zip5);
  const flats = Object.keys(known).some((key) => key.startsWith(`${street} APT `));
  return {
    success: true,
    findings: fact?.findings ?? (flats ? [noUnit] : /\bFL \d+$/.test(street) ? [badUnit] : []),
    corrected: {
      ...upper(place, 'name', 'company', 'city', 'state'),
      street1: street,
      street2: '',
      zip: `${zip5}-${fact?.plus4 ?? String(1000 + (lot.readUInt16BE(0) % 9000))}`,
      residential: fact?.residential ?? (place.company === null && !isBox),
    },
    details: {
      latitude: fact?.latitude ?? rounded(latitude + (lot[2]! - 128) / 10_000),
      longitude: fact?.longitude ?? rounded(longitude + (lot[3]! - 128) / 10_000),
      time_zone: timeZone,
    },
  };
}

/**
 * Guess throughout: no recording verifies an address outside the United States. City and postal code in the
 * country's form make it good; `residential` stays unknown, as documented.
 */
function verifyAbroad(place: Place): Verdict {
  const country = abroad[place.country!.toUpperCase()];
  if (country === undefined) {
    return failure(finding('E.COUNTRY.UNSUPPORTED', 'country', 'Country not supported'));
  }
  if (!place.city) return failure(required('city'));
  if (/\bunknown\b/i.test(place.street1!) || !country.zip.test(place.zip ?? '')) return failure(notFound);
  if (!/\d/.test(place.street1!)) return failure(notFound, noHouseNumber);
  return {
    success: true,
    findings: [],
    corrected: {
      ...upper(place, 'name', 'company', 'street1', 'street2', 'city', 'state', 'zip', 'country'),
      residential: null,
    },
    details: { latitude: country.latitude, longitude: country.longitude, time_zone: country.timeZone },
  };
}

const abroad: Record<string, { zip: RegExp; latitude: number; longitude: number; timeZone: string }> = {
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

const suffixes: Record<string, string> = {
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

/** Upper case without punctuation, in the Postal Service's abbreviations. */
const shortened = (street: string) =>
  street
    .toUpperCase()
    .replace(/[.,]/g, ' ')
    .trim()
    .split(/\s+/)
    .map((word) => suffixes[word] ?? word)
    .join(' ');

export const upper = (place: Place, ...fields: (keyof Place)[]): Partial<Place> =>
  Object.fromEntries(fields.map((field) => [field, place[field]?.toUpperCase() ?? null]));

const rounded = (degrees: number) => Number(degrees.toFixed(5));
