import type { FastifyInstance } from 'fastify';
import { standardizeAddress } from '../addresses/standardization.ts';
import { statePattern } from '../addresses/states.ts';
import { dropoffLocations, dropoffQuery } from './dropoff.ts';
import { authorizeRequest } from '../oauth/gateway.ts';
import { coordinatesOf, milesBetween, placeOf, zipIn } from '../addresses/places.ts';
import { postOffices, type PostOffice } from './post-offices.ts';
import { businessError } from '../errors.ts';
import { validateQuery, openApiError } from '../validation.ts';
import type { UspsState } from '../state.ts';

const version = '/locations/v3';
const anyText = /^/;
const decimal = /^-?\d+(\.\d+)?$/;
/** Matches a list of the words, separated by commas. */
const listOf = (words: string) => {
  const one = `(${words.split(' ').join('|')})`;
  return new RegExp(`^${one}(,${one})*$`);
};

const query = {
  streetAddress: anyText,
  secondaryAddress: anyText,
  city: anyText,
  state: statePattern,
  urbanization: anyText,
  ZIPCode: /^\d{5}/,
  ZIPPlus4: /^\d{4}/,
  LAT: decimal,
  LONG: decimal,
  postOfficeType: listOf('CONTRACT_POSTAL_UNIT POST_OFFICE SELF_SERVICE_KIOSK VILLAGE_POST_OFFICE'),
  mailingService: listOf(
    'CARRIER_SERVICES GENERAL_DELIVERY GLOBAL_EXPRESS_GUARANTEED LABEL_BROKER LABEL_BROKER_SELF-SERVICE_KIOSK PRIORITY_MAIL_INTERNATIONAL PO_BOX SELF-SERVICE_KIOSK USPS_CONNECT_LOCAL',
  ),
  businessService: listOf(
    'BULK_MAIL_ACCEPTANCE BUSINESS_REPLY_MAIL_ACCOUNT_BALANCE BULK_MAIL_ACCOUNT_BALANCE BULK_MAIL_NEW_PERMIT BUSINESS_REPLY_MAIL_NEW_PERMIT CALL_REFERRAL',
  ),
  passportService: listOf('PASSPORT_APPOINTMENT PASSPORT_PHOTO PASSPORT_WALK-IN'),
  pickupService: listOf(
    'PICKUP_ACCOUNTABLE_MAIL PICKUP_HOLD_MAIL PICKUP_NOTICE_LEFT_MAIL PICKUP_PARCEL_LOCKER HOLD_FOR_PICKUP',
  ),
  financialService: listOf(
    'BURIAL_FLAG DUCK_STAMP GIFT_CARDS GREETING_CARDS MONEY_ORDER_DOMESTIC MONEY_ORDER_INQUIRY',
  ),
  hours: /^(WEEKDAY_AFTER_5|SATURDAY_HOURS|SUNDAY_HOURS|24-HOUR_FACILITIES)$/,
  radius: /^([1-9]|[1-9]\d|100)$/,
  length: decimal,
  width: decimal,
  height: decimal,
  offset: /^\d+$/,
  limit: /^([1-9]|[1-9]\d|100)$/,
};
type Query = Partial<Record<keyof typeof query, string>>;

/** The Locations API: post offices around a place, nearest first, and facilities for drop shipments. */
export function locationRoutes(app: FastifyInstance, state: UspsState) {
  const onRequest = authorizeRequest(state, 'locations', version);

  app.get('/locations/v3/post-office-locations', { onRequest }, async (request) => {
    const filters: Query = validateQuery(version, '/post-office-locations', request.query, query, []);
    checkDimensions(filters);
    const center = centerOf(filters);
    const limit = Number(filters.limit ?? 20);
    const offset = Number(filters.offset ?? 0);
    const found = postOffices
      .filter((office) => matchesFilters(office, filters))
      .map((office) => ({
        office,
        distance: milesBetween(center.latitude, center.longitude, office.latitude, office.longitude),
      }))
      .filter(({ distance }) => distance <= Number(filters.radius ?? 20))
      .sort((a, b) => a.distance - b.distance);
    return {
      locations: found
        .slice(offset, offset + limit)
        .map(({ office, distance }) => locationOf(office, Math.round(distance * 10) / 10)),
      metadata: {
        totalCount: found.length,
        page: Math.floor(offset / limit) + 1,
        totalPages: Math.ceil(found.length / limit),
        limit,
        offset,
        links: [],
      },
    };
  });

  app.get('/locations/v3/dropoff-locations', { onRequest }, async (request) =>
    dropoffLocations(
      state,
      validateQuery(version, '/dropoff-locations', request.query, dropoffQuery, ['destinationZIPCode']),
    ),
  );
}

/** Throws unless dimensions are positive, and present for a parcel locker. */
function checkDimensions(filters: Query) {
  for (const name of ['length', 'width', 'height'] as const) {
    if (filters[name] !== undefined && Number(filters[name]) <= 0) {
      throw openApiError(version, [
        `ERROR - [Parameter '${name}'] Numeric instance is not strictly greater than the required minimum 0: []`,
      ]);
    }
  }
  if (
    filters.pickupService?.includes('PICKUP_PARCEL_LOCKER') &&
    !(filters.length && filters.width && filters.height)
  ) {
    throw businessError(
      version,
      '160231',
      "PICKUP_PARCEL_LOCKER' service requires dimensions",
      'pickupService',
    );
  }
}

const placeFields = 'streetAddress/secondaryAddress/city/state/ZIPCode/ZIPPlus4/LAT/LONG';

/** Coordinates of the place that a query names by an address, a city and state, a ZIP Code, or coordinates. */
function centerOf(filters: Query): { latitude: number; longitude: number } {
  const { streetAddress, city, state, ZIPCode, LAT, LONG } = filters;
  const placesGiven = [
    streetAddress !== undefined,
    streetAddress === undefined && (city !== undefined || state !== undefined),
    streetAddress === undefined && ZIPCode !== undefined,
    LAT !== undefined || LONG !== undefined,
  ].filter(Boolean).length;
  if (placesGiven > 1) {
    throw businessError(
      version,
      '160230',
      'only one of a complete domestic address, city & state, ZIPCode, or LAT & LONG is required',
      placeFields,
    );
  }
  if (LAT !== undefined && LONG !== undefined) return { latitude: Number(LAT), longitude: Number(LONG) };
  const isPlace = city !== undefined && state !== undefined;
  const complete = streetAddress === undefined ? isPlace || ZIPCode !== undefined : isPlace || (ZIPCode !== undefined && state !== undefined); // prettier-ignore
  if (!complete || placesGiven === 0) {
    throw businessError(
      version,
      '160171',
      'one of a complete domestic address, city & state, ZIPCode, or LAT & LONG is required',
      placeFields,
    );
  }
  const center =
    streetAddress === undefined
      ? coordinatesOfCity(city, state, ZIPCode)
      : coordinatesOfAddress(filters, streetAddress);
  if (center !== undefined) return center;
  throw businessError(version, '160033', 'No geocode candidates found for requested address');
}

function coordinatesOfAddress(filters: Query, streetAddress: string) {
  const found = standardizeAddress({ ...filters, streetAddress, state: filters.state ?? '' });
  return typeof found === 'string' ? undefined : coordinatesOfCity(found.city, found.state, found.ZIPCode);
}

/** The coordinates of the post office in that ZIP Code or city, or approximate ones. */
function coordinatesOfCity(city: string | undefined, state: string | undefined, zip: string | undefined) {
  const town = city?.toUpperCase().replace(/^ST\.? /, 'SAINT ');
  const office =
    postOffices.find((each) => each.ZIPCode === zip?.slice(0, 5)) ??
    postOffices.find((each) => each.city === town && each.state === state);
  if (office !== undefined) return office;
  const nearbyZip = zip?.slice(0, 5) ?? (state === undefined ? undefined : zipIn(town, state));
  return nearbyZip === undefined ? undefined : coordinatesOf(nearbyZip);
}

const isOpenAfterFive = (office: PostOffice) => office.weekdays[1] > '1700';

/** Guess: each of them is a post office with all services that its record does not exclude. */
function matchesFilters(office: PostOffice, filters: Query): boolean {
  if (filters.postOfficeType !== undefined && !filters.postOfficeType.split(',').includes('POST_OFFICE'))
    return false;
  if (filters.passportService !== undefined && !office.passports) return false;
  if (filters.pickupService?.includes('PICKUP_PARCEL_LOCKER')) return false;
  switch (filters.hours) {
    case 'WEEKDAY_AFTER_5':
      return isOpenAfterFive(office);
    case 'SATURDAY_HOURS':
      return office.saturday !== undefined;
    case 'SUNDAY_HOURS':
    case '24-HOUR_FACILITIES':
      return false;
    default:
      return true;
  }
}

function locationOf(office: PostOffice, distance: number) {
  const day = (dayOfWeek: string, hours: [string, string] | undefined) => ({
    dayOfWeek,
    times: hours === undefined ? [] : [{ openTime: hours[0], closeTime: hours[1] }],
  });
  const hours = [
    ...['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'].map((name) => day(name, office.weekdays)),
    day('SATURDAY', office.saturday),
    day('SUNDAY', undefined),
  ];
  const { timeZone = 'America/New_York', state = '' } = placeOf(office.ZIPCode) ?? {};
  return {
    facilityName: office.name,
    facilityAddress: {
      streetAddress: office.streetAddress,
      city: office.city,
      state: office.state,
      ZIPCode: office.ZIPCode,
      ZIPPlus4: office.ZIPPlus4,
    },
    facilityID: office.id,
    geoCoordinates: { latitude: office.latitude, longitude: office.longitude },
    postOfficeType: 'POST_OFFICE',
    distance,
    phoneNumbers: { phone: '8002758777' },
    services: [
      { service: 'BUSINESS', hours },
      ...['GENERAL_DELIVERY', 'PO_BOX', 'MONEY_ORDER_DOMESTIC', 'HOLD_FOR_PICKUP'].map((service) => ({
        service,
        hours,
      })),
      ...(office.passports ? [{ service: 'PASSPORT_APPOINTMENT', hours }] : []),
    ],
    temporaryClosure: false,
    specialHours: [],
    parking: office.saturday === undefined ? 'STREET' : 'LOT',
    timeZone,
    DSTObserved: !['AZ', 'HI', 'PR'].includes(state),
  };
}
