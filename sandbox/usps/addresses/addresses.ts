import type { FastifyInstance } from 'fastify';
import { knownAddresses, knownCities, type KnownAddress } from './known-addresses.ts';
import { guard } from '../oauth/gateway.ts';
import { placeOf, zipIn } from './places.ts';
import { businessError, checkedQuery, envelope, type Refusal } from '../errors.ts';
import type { UspsState } from '../state.ts';

const version = '/addresses/v3/';

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

/** A standardised address with what delivery knows of it. */
export interface Standardised {
  streetAddress: string;
  secondaryAddress: string | null;
  city: string;
  state: string;
  ZIPCode: string;
  ZIPPlus4: string | null;
  urbanization: string | null;
  deliveryPoint: string;
  carrierRoute: string;
  confirmation: 'Y' | 'D' | 'S' | 'N';
  business: boolean;
  /** `32` more information needed, `22` several match and none is the default. */
  correction?: '32' | '22';
}

/** Why an address has no answer; each with the document's words and the workbook's code. */
export type Miss = keyof typeof misses;
const misses = {
  notFound: ['There is no match for the address requested.', '010005', 'Address Not Found'],
  multiple: [
    'More than one address was found matching the requested address.',
    '010006',
    'Multiple addresses were found for the information you entered, and no default exists.',
  ],
  insufficient: [
    'The address information in the request is insufficient to match.',
    '010001',
    'Invalid Address',
  ],
  cityAndState: ['The city and state are missing or together unverifiable.', '010004', 'Invalid City'],
} as const;

const correctionTexts = {
  '32': 'Default address: The address you entered was found but more information is needed (such as an apartment, suite, or box number) to match to a specific address.',
  '22': 'Multiple addresses were found for the information you entered, and no default exists.',
};

const states =
  'AA|AE|AL|AK|AP|AS|AZ|AR|CA|CO|CT|DE|DC|FM|FL|GA|GU|HI|ID|IL|IN|IA|KS|KY|LA|ME|MH|MD|MA|MI|MN|MS|MO|MP|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PW|PA|PR|RI|SC|SD|TN|TX|UT|VT|VI|VA|WA|WV|WI|WY';
export const statePattern = new RegExp(`^(${states})$`);

const anything = /^/;
const addressQuery = {
  firm: /^.{0,50}$/,
  streetAddress: anything,
  secondaryAddress: anything,
  city: anything,
  state: statePattern,
  urbanization: anything,
  ZIPCode: /^\d{5}$/,
  ZIPPlus4: /^\d{4}$/,
};

export function addressRoutes(app: FastifyInstance, world: UspsState) {
  const onRequest = guard(world, 'addresses', version);

  app.get('/addresses/v3/address', { onRequest }, async (request) => {
    const query = checkedQuery(version, '/address', request.query, addressQuery, ['streetAddress', 'state']);
    const found = standardise(query as unknown as AddressInput);
    if (typeof found === 'string') throw missOf(world, found);
    return {
      firm: query.firm?.toUpperCase() ?? null,
      address: addressOf(found),
      additionalInfo: {
        deliveryPoint: found.deliveryPoint,
        carrierRoute: found.carrierRoute,
        DPVConfirmation: found.confirmation,
        DPVCMRA: 'N',
        business: found.business ? 'Y' : 'N',
        centralDeliveryPoint: 'N',
        vacant: 'N',
      },
      corrections:
        found.correction === undefined
          ? // The guide shows this where there is nothing to correct.
            [{ code: '', text: '' }]
          : [{ code: found.correction, text: correctionTexts[found.correction] }],
      matches: found.correction === undefined ? [{ code: '31', text: 'Single Response - exact match' }] : [],
    };
  });

  app.get('/addresses/v3/zipcode', { onRequest }, async (request) => {
    const query = checkedQuery(version, '/zipcode', request.query, addressQuery, [
      'streetAddress',
      'city',
      'state',
    ]);
    const found = standardise(query as unknown as AddressInput);
    // The document has no 404 here.
    if (typeof found === 'string') throw workbookMiss(found);
    return {
      ...(query.firm === undefined ? {} : { firm: query.firm.toUpperCase() }),
      address: addressOf(found),
    };
  });

  app.get('/addresses/v3/city-state', { onRequest }, async (request) => {
    const { ZIPCode = '' } = checkedQuery(version, '/city-state', request.query, { ZIPCode: /^\d{5}$/ }, [
      'ZIPCode',
    ]);
    const place = placeOf(ZIPCode);
    // Guess: the document has no 404 here, the workbook has a code.
    if (place === undefined) throw businessError(version, '010002', 'Invalid ZIP Code', 'ZIPCode');
    return { city: cityOf(ZIPCode), state: place.state, ZIPCode };
  });
}

/** The document puts misses at 404 without items, the error workbook at 400 with a code. */
function missOf(world: UspsState, miss: Miss): Refusal {
  return world.switches.addressNotFound === 'workbook'
    ? workbookMiss(miss)
    : envelope('v3', 404, misses[miss][0]);
}

function workbookMiss(miss: Miss): Refusal {
  const [, code, detail] = misses[miss];
  return businessError(version, code, detail, 'streetAddress');
}

/** The live service prints the fields of foreign addresses too, as nulls. */
function addressOf(found: Standardised) {
  return {
    streetAddress: found.streetAddress,
    streetAddressAbbreviation: null,
    secondaryAddress: found.secondaryAddress,
    city: found.city,
    cityAbbreviation: null,
    state: found.state,
    postalCode: null,
    province: null,
    ZIPCode: found.ZIPCode,
    ZIPPlus4: found.ZIPPlus4,
    urbanization: found.urbanization,
    country: null,
    countryISOCode: null,
  };
}

/**
 * The best standardised address. Known ones are corrected from the table; any other plausible one is confirmed.
 * Guess: `NOWHERE` in the street and the number 000 are what this sandbox cannot find, numbers of five digits
 * from 90000 are found and not confirmed.
 */
export function standardise(input: AddressInput): Standardised | Miss {
  if (!input.city && !input.ZIPCode) return 'insufficient';
  const { street, secondary } = standardStreet(input.streetAddress, input.secondaryAddress);
  const city = input.city === undefined ? undefined : standardCity(input.city);
  if (street === '' || /NOWHERE/.test(street) || /^0+ /.test(street)) return 'notFound';
  if (!/^(\d|PO BOX \d|GENERAL DELIVERY|RR \d|PSC \d|UNIT \d|CMR \d)/.test(street)) return 'insufficient';

  const known = knownAddress(street, city, input);
  if (known?.several === 'refused') return 'multiple';
  if (known !== undefined) return knownAnswer(known, secondary, input);

  const place = input.ZIPCode === undefined ? undefined : placeOf(input.ZIPCode);
  if (input.ZIPCode !== undefined && place === undefined && city === undefined) return 'notFound';
  const zip = place?.state === input.state ? input.ZIPCode : city && zipIn(city, input.state);
  if (zip === undefined) return city === undefined ? 'notFound' : 'cityAndState';
  const digits = String(hash(`${street} ${secondary ?? ''} ${zip}`)).padStart(6, '0');
  const unconfirmed = /^9\d{4} /.test(street);
  return {
    streetAddress: street,
    secondaryAddress: secondary,
    city: city ?? cityOf(zip),
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

/** A table row in the same ZIP Code or city whose street is the same but for a wrong suffix or a missing direction. */
function knownAddress(
  street: string,
  city: string | undefined,
  input: AddressInput,
): KnownAddress | undefined {
  const bare = bareStreet(street);
  const direction = directionOf(street);
  const candidates = knownAddresses.filter(
    (each) =>
      bareStreet(each.street) === bare &&
      (direction === '' || direction === directionOf(each.street)) &&
      each.state === input.state &&
      (each.zip === input.ZIPCode || each.city === city),
  );
  return candidates.find((each) => each.street === street) ?? candidates[0];
}

function knownAnswer(known: KnownAddress, secondary: string | null, input: AddressInput): Standardised {
  const needed = known.units !== undefined;
  const confirmation = !needed ? 'Y' : secondary === null ? 'D' : known.units!.test(secondary) ? 'Y' : 'S';
  const several = known.several === 'answered';
  return {
    streetAddress: known.street,
    secondaryAddress: secondary,
    city: known.city,
    state: known.state,
    ZIPCode: known.zip,
    ZIPPlus4: several ? null : known.plus4,
    urbanization: input.urbanization?.toUpperCase() ?? null,
    deliveryPoint: several ? '' : known.deliveryPoint,
    carrierRoute: several ? '' : known.route,
    confirmation: several ? 'N' : confirmation,
    business: known.business,
    ...(several ? { correction: '22' as const } : {}),
    ...(confirmation === 'D' ? { correction: '32' as const } : {}),
  };
}

const cityOf = (zip: string) => knownCities[zip] ?? placeOf(zip)?.city ?? '';

/** Publication 28 abbreviates; `ST. LOUIS` is the one that it spells out. */
const standardCity = (city: string) => words(city).join(' ').replace(/^ST /, 'SAINT ');

const words = (text: string) => text.toUpperCase().replace(/[.,]/g, ' ').trim().split(/\s+/).filter(Boolean);

/** Publication 28, appendix C1: the suffixes that are common. */
const suffixes: Record<string, string> = {
  ALLEY: 'ALY',
  AVENUE: 'AVE',
  AV: 'AVE',
  BOULEVARD: 'BLVD',
  CIRCLE: 'CIR',
  COURT: 'CT',
  COVE: 'CV',
  CROSSING: 'XING',
  DRIVE: 'DR',
  EXPRESSWAY: 'EXPY',
  FREEWAY: 'FWY',
  HEIGHTS: 'HTS',
  HIGHWAY: 'HWY',
  LANE: 'LN',
  PARKWAY: 'PKWY',
  PLACE: 'PL',
  PLAZA: 'PLZ',
  POINT: 'PT',
  ROAD: 'RD',
  SQUARE: 'SQ',
  STREET: 'ST',
  STR: 'ST',
  TERRACE: 'TER',
  TRAIL: 'TRL',
  TURNPIKE: 'TPKE',
};
const suffixWords = new Set([...Object.values(suffixes), 'WAY', 'LOOP', 'ROW', 'PATH']);

const directions: Record<string, string> = {
  NORTH: 'N',
  SOUTH: 'S',
  EAST: 'E',
  WEST: 'W',
  NORTHEAST: 'NE',
  NORTHWEST: 'NW',
  SOUTHEAST: 'SE',
  SOUTHWEST: 'SW',
};
const directionWords = new Set(Object.values(directions));

/** Publication 28, appendix C2. */
const units: Record<string, string> = {
  APARTMENT: 'APT',
  APT: 'APT',
  BUILDING: 'BLDG',
  BLDG: 'BLDG',
  DEPARTMENT: 'DEPT',
  DEPT: 'DEPT',
  FLOOR: 'FL',
  FL: 'FL',
  ROOM: 'RM',
  RM: 'RM',
  SUITE: 'STE',
  STE: 'STE',
  UNIT: 'UNIT',
  '#': '#',
};

/** The street line and the unit, wherever the caller put them. */
function standardStreet(streetAddress: string, secondaryAddress: string | undefined) {
  const line = words(streetAddress.replace(/#/g, ' # '));
  const extra = words((secondaryAddress ?? '').replace(/#/g, ' # '));
  // The guide's own example has the direction "NW" in the second line.
  if (extra.length === 1 && directionWords.has(directions[extra[0]!] ?? extra[0]!)) line.push(extra.shift()!);
  const unitAt = line.findIndex(
    (word, index) => index > 1 && units[word] !== undefined && index < line.length - 1,
  );
  if (unitAt > 0) extra.unshift(...line.splice(unitAt));
  const street = line.map((word, index) => {
    if (index === 0 || line.length < 3) return word;
    const next = line[index + 1];
    const last =
      next === undefined || (directionWords.has(directions[next] ?? next) && index === line.length - 2);
    if (directions[word] !== undefined && ((index === 1 && line.length > 3) || next === undefined))
      return directions[word];
    return last ? (suffixes[word] ?? word) : word;
  });
  const secondary = extra.map((word) => units[word] ?? word).join(' ');
  return {
    street: street.join(' ').replace(/^P O BOX/, 'PO BOX'),
    secondary: secondary === '' ? null : secondary,
  };
}

const bareStreet = (street: string) =>
  street
    .replace(/'/g, '')
    .split(' ')
    .filter((word, index) => index === 0 || !(suffixWords.has(word) || directionWords.has(word)))
    .join(' ');

const directionOf = (street: string) =>
  street
    .split(' ')
    .filter((word) => directionWords.has(word))
    .join(' ');

/** FNV-1a, so that made-up digits stay the same for the same address. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value % 1_000_000;
}
