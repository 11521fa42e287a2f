import type { FastifyInstance } from 'fastify';
import { commitmentFor } from '../prices/commitments.ts';
import { authorizeRequest } from '../oauth/gateway.ts';
import { dateAt, isMilitary, zoneBetween } from '../addresses/places.ts';
import { nearestPostOffice, postOffices, type PostOffice } from '../locations/post-offices.ts';
import { businessError } from '../errors.ts';
import { calendarDate, validateQuery } from '../validation.ts';
import type { UspsState } from '../state.ts';

const version = '/service-standards/v3';
const classes = [
  'PRIORITY_MAIL_EXPRESS',
  'PRIORITY_MAIL',
  'USPS_GROUND_ADVANTAGE',
  'MEDIA_MAIL',
  'LIBRARY_MAIL',
  'BOUND_PRINTED_MATTER',
  'PARCEL_SELECT',
];
const zip = /^(\d{3}|\d{5}|\d{5}-?\d{4})$/;
const decimal = /^\d+(\.\d+)?$/;

/** The API has no document; these are the queries of the guide (contract, section 9). */
const standards = {
  originZIPCode: zip,
  destinationZIPCode: zip,
  mailClass: new RegExp(`^(${classes.join('|')}|ALL)$`),
  destinationType: /^(STREET|PO_BOX|HOLD_FOR_PICKUP)$/,
  serviceTypeCodes: /^\d{3}(,\d{3})*$/,
};
const estimates = {
  ...standards,
  acceptanceDate: calendarDate,
  acceptanceTime: /^\d{2}:?\d{2}$/,
  destinationEntryFacilityType: /^[A-Z_]+$/,
  weight: decimal,
  length: decimal,
  width: decimal,
  height: decimal,
};
const required = ['originZIPCode', 'destinationZIPCode'];

/** The Service Standards API: delivery days between two ZIP Codes. */
export function serviceStandardRoutes(app: FastifyInstance, state: UspsState) {
  const onRequest = authorizeRequest(state, 'service-standards', version);

  app.get('/service-standards/v3/estimates', { onRequest }, async (request) => {
    const query = validateQuery(version, '/estimates', request.query, estimates, required);
    const time = (query.acceptanceTime ?? '12:00').replace(':', '').padEnd(4, '0');
    const isHeld = query.destinationType === 'HOLD_FOR_PICKUP';
    return standardsOf(state, query, time).map((each) => ({
      mailClass: each.mailClass,
      destinationType: query.destinationType ?? 'STREET',
      acceptanceDateTime: `${each.accepted}T${time.slice(0, 2)}:${time.slice(2)}:00Z`,
      effectiveAcceptanceDate: each.effective,
      cutOffTime: cutOff,
      serviceStandard: each.days,
      serviceStandardMessage: `${each.days}-Day`,
      acceptanceLocations: { facilityType: 'POST OFFICE', ...addressOf(officeNear(each.origin)) },
      delivery: {
        scheduledDeliveryDateTime: each.date,
        ...(isHeld ? { holdForPickupLocation: pickupAt(officeNear(each.destination)) } : {}),
      },
    }));
  });

  app.get('/service-standards/v3/standards', { onRequest }, async (request) => {
    const query = validateQuery(version, '/standards', request.query, standards, required);
    return standardsOf(state, query, '1200').map((each) => ({
      mailClass: each.mailClass,
      originZIPCode: Number(each.origin),
      destinationZIPCode: Number(each.destination),
      days: each.days,
      effectiveAcceptanceDate: each.effective,
      scheduledDeliveryDate: each.date,
    }));
  });
}

/** A parcel brought later counts as accepted on the next day. */
const cutOff = 1700;
const day = 86_400_000;

function standardsOf(state: UspsState, query: Partial<Record<string, string>>, time: string) {
  const [origin, destination] = [query.originZIPCode, query.destinationZIPCode].map((text = '') =>
    text.slice(0, 5).padEnd(5, '0'),
  ) as [string, string];
  const zone = zoneBetween(origin, destination);
  if (zone === undefined) {
    throw businessError(
      version,
      '040001',
      'A Commitment or Service Standard is not available for this ZIP Code pair.',
      'originZIPCode, destinationZIPCode',
    );
  }
  const now = state.clock.now();
  const [first, last] = [dateAt(now - day, origin), dateAt(now + 30 * day, origin)];
  const accepted = query.acceptanceDate ?? dateAt(now, origin);
  if (accepted < first || accepted > last) {
    const american = (date: string) => date.replace(/(\d{4})-(\d\d)-(\d\d)/, '$2/$3/$1');
    throw businessError(
      version,
      '040002',
      `Invalid AcceptDate ${american(accepted)}. AcceptDate must be between ${american(first)} and ${american(last)}.`,
      'acceptanceDate',
    );
  }
  const next = (date: string) => new Date(Date.parse(date) + day).toISOString().slice(0, 10);
  const late = Number(time) > cutOff ? next(accepted) : accepted;
  const effective = new Date(late).getUTCDay() === 0 ? next(late) : late;
  const requestedClasses =
    query.mailClass === undefined || query.mailClass === 'ALL' ? classes : [query.mailClass];
  return requestedClasses.flatMap((mailClass) => {
    const commitment = commitmentFor(mailClass, zone, effective, isMilitary(destination));
    if (commitment === undefined || commitment.date === '') return [];
    const days = Number.parseInt(commitment.name, 10);
    return [{ mailClass, origin, destination, accepted, effective, days, date: commitment.date }];
  });
}

const officeNear = (zipCode: string): PostOffice =>
  postOffices.find((office) => office.ZIPCode === zipCode) ?? nearestPostOffice(zipCode)!;

/** ZIP Codes are numbers, as in the guide, and lose their leading zeros. */
const addressOf = (office: PostOffice) => ({
  streetAddress: office.streetAddress,
  city: office.city,
  state: office.state,
  ZIPCode: Number(office.ZIPCode),
  ZIPPlus4: Number(office.ZIPPlus4),
});

/** A closed day has the text `0000`; the other values are numbers. */
function pickupAt(office: PostOffice) {
  const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'];
  return {
    facilityName: office.name,
    ...addressOf(office),
    closeTimes: {
      ...Object.fromEntries(weekdays.map((name) => [name, Number(office.weekdays[1])])),
      Saturday: office.saturday === undefined ? '0000' : Number(office.saturday[1]),
      Sunday: '0000',
      holidays: '0000',
    },
  };
}
