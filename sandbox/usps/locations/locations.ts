import type { FastifyInstance } from 'fastify';
import { standardise, statePattern } from '../addresses/addresses.ts';
import { dropoffLocations, dropoffQuery } from './dropoff.ts';
import { guard } from '../oauth/gateway.ts';
import { coordinatesOf, milesBetween, placeOf, zipIn } from '../addresses/places.ts';
import { postOffices, type PostOffice } from './post-offices.ts';
import { businessError, checkedQuery, oasError } from '../errors.ts';
import type { UspsState } from '../state.ts';

const locationsVersion = '/locations/v3';
const version = locationsVersion;
const anything = /^/;
const decimal = /^-?\d+(\.\d+)?$/;
/** A comma between the values of a list. */
const listOf = (words: string) => {
  const one = `(${words.split(' ').join('|')})`;
  return new RegExp(`^${one}(,${one})*$`);
};

const query = {
  streetAddress: anything,
  secondaryAddress: anything,
  city: anything,
  state: statePattern,
  urbanization: anything,
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

/** Post offices around a place, the nearest first, and the facilities that take drop shipments. */
export function locationRoutes(app: FastifyInstance, world: UspsState) {
  const onRequest = guard(world, 'locations', version);

  app.get('/locations/v3/post-office-locations', { onRequest }, async (request) => {
    const asked: Query = checkedQuery(version, '/post-office-locations', request.query, query, []);
    for (const name of ['length', 'width', 'height'] as const) {
      if (asked[name] !== undefined && Number(asked[name]) <= 0) {
        throw oasError(version, [
          `ERROR - [Parameter '${name}'] Numeric instance is not strictly greater than the required minimum 0: []`,
        ]);
      }
    }
    if (
      asked.pickupService?.includes('PICKUP_PARCEL_LOCKER') &&
      !(asked.length && asked.width && asked.height)
    ) {
      throw businessError(
        version,
        '160231',
        "PICKUP_PARCEL_LOCKER' service requires dimensions",
        'pickupService',
      );
    }
    const centre = centreOf(asked);
    const limit = Number(asked.limit ?? 20);
    const offset = Number(asked.offset ?? 0);
    const found = postOffices
      .filter((office) => suits(office, asked))
      .map((office) => ({
        office,
        distance: milesBetween(centre.latitude, centre.longitude, office.latitude, office.longitude),
      }))
      .filter(({ distance }) => distance <= Number(asked.radius ?? 20))
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
      world,
      checkedQuery(version, '/dropoff-locations', request.query, dropoffQuery, ['destinationZIPCode']),
    ),
  );
}

const kinds = 'streetAddress/secondaryAddress/city/state/ZIPCode/ZIPPlus4/LAT/LONG';

/** Exactly one of an address, city and state, ZIP Code, and coordinates. */
function centreOf(asked: Query): { latitude: number; longitude: number } {
  const { streetAddress, city, state, ZIPCode, LAT, LONG } = asked;
  const kindsGiven = [
    streetAddress !== undefined,
    streetAddress === undefined && (city !== undefined || state !== undefined),
    streetAddress === undefined && ZIPCode !== undefined,
    LAT !== undefined || LONG !== undefined,
  ].filter(Boolean).length;
  if (kindsGiven > 1) {
    throw businessError(
      version,
      '160230',
      'only one of a complete domestic address, city & state, ZIPCode, or LAT & LONG is required',
      kinds,
    );
  }
  if (LAT !== undefined && LONG !== undefined) return { latitude: Number(LAT), longitude: Number(LONG) };
  const isPlace = city !== undefined && state !== undefined;
  const complete = streetAddress === undefined ? isPlace || ZIPCode !== undefined : isPlace || (ZIPCode !== undefined && state !== undefined); // prettier-ignore
  if (!complete || kindsGiven === 0) {
    throw businessError(
      version,
      '160171',
      'one of a complete domestic address, city & state, ZIPCode, or LAT & LONG is required',
      kinds,
    );
  }
  const centre = streetAddress === undefined ? inTown(city, state, ZIPCode) : atDoor(asked, streetAddress);
  if (centre !== undefined) return centre;
  throw businessError(version, '160033', 'No geocode candidates found for requested address');
}

function atDoor(asked: Query, streetAddress: string) {
  const found = standardise({ ...asked, streetAddress, state: asked.state ?? '' });
  return typeof found === 'string' ? undefined : inTown(found.city, found.state, found.ZIPCode);
}

/** The post office of that ZIP Code or town stands in its middle; else roughly. */
function inTown(city: string | undefined, state: string | undefined, zip: string | undefined) {
  const town = city?.toUpperCase().replace(/^ST\.? /, 'SAINT ');
  const office =
    postOffices.find((each) => each.ZIPCode === zip?.slice(0, 5)) ??
    postOffices.find((each) => each.city === town && each.state === state);
  if (office !== undefined) return office;
  const somewhere = zip?.slice(0, 5) ?? (state === undefined ? undefined : zipIn(town, state));
  return somewhere === undefined ? undefined : coordinatesOf(somewhere);
}

const minutesLate = (office: PostOffice) => office.weekdays[1] > '1700';

/** Guess: every one of them is a post office with all services but those that it is said to lack. */
function suits(office: PostOffice, asked: Query): boolean {
  if (asked.postOfficeType !== undefined && !asked.postOfficeType.split(',').includes('POST_OFFICE'))
    return false;
  if (asked.passportService !== undefined && !office.passports) return false;
  if (asked.pickupService?.includes('PICKUP_PARCEL_LOCKER')) return false;
  switch (asked.hours) {
    case 'WEEKDAY_AFTER_5':
      return minutesLate(office);
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
