import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { mayTrack, type UspsClient } from '../oauth/clients.ts';
import { callerOf, guard } from '../oauth/gateway.ts';
import { scansUntil, timeZoneOf, type Parcel, type Scan } from './tracking-simulation.ts';
import { placeOf, wallTime } from '../addresses/places.ts';
import type { Refusal } from '../errors.ts';
import { calendarDate, checkedQuery, envelope, gatewayFault, validated } from '../errors.ts';
import type { UspsState } from '../state.ts';

const v3 = '/tracking/v3';
const v3r2 = '/tracking/v3r2';

/** The items are closed (contract, 8.2); 35 is the most that two sources found. */
const batch = z
  .array(
    z.strictObject({
      trackingNumber: z.string(),
      mailingDate: z
        .string()
        .regex(/^\d{4}-\d{2}-\d{2}$/)
        .optional(),
      destinationZIPCode: z
        .string()
        .regex(/^\d{5}$/)
        .optional(),
    }),
  )
  .min(1)
  .max(35);

const notAvailable =
  'Tracking is not available for this item. This may be because the tracking number is invalid; USPS has not yet received payment; USPS has not yet received the item; the item does not include tracking; or other reasons.';

export function trackingRoutes(app: FastifyInstance, world: UspsState) {
  app.get<{ Params: { number: string } }>(
    '/tracking/v3/tracking/:number',
    { onRequest: guard(world, 'tracking', v3) },
    async (request) => {
      const { expand = 'SUMMARY' } = checkedQuery(
        v3,
        '/tracking/{trackingNumber}',
        request.query,
        { expand: /^(SUMMARY|DETAIL)$/, destinationZIPCode: /^\d{5}$/, mailingDate: calendarDate },
        [],
      );
      const found = find(world, callerOf(request), request.params.number);
      if (typeof found === 'string') throw v3Miss(found, request);
      return expand === 'DETAIL' ? detailOf(world, found, false) : summaryOf(world, found);
    },
  );

  app.post(
    '/tracking/v3r2/tracking',
    { onRequest: [guard(world, 'tracking', v3r2), refuseWithoutV3r2(world)] },
    async (request, reply) => {
      const items = validated(v3r2, batch, request.body);
      const results = items.map(({ trackingNumber }) => {
        const found = find(world, callerOf(request), trackingNumber);
        return typeof found === 'string' ? { trackingNumber, miss: found } : detailOf(world, found, true);
      });
      const misses = results.filter((each): each is { trackingNumber: string; miss: Miss } => 'miss' in each);
      const foreign = misses.some((each) => each.miss === 'foreign');
      if (foreign && (items.length === 1 || world.switches.foreignInBatch === 'batch')) {
        throw notAuthorised(v3r2, request);
      }
      if (misses.length === 0) return results;
      const allFailed = misses.length === items.length;
      if (items.length === 1 || (allFailed && world.switches.allFailedStatus === 404)) {
        throw envelope(v3r2, 404, notAvailable);
      }
      return reply
        .code(207)
        .send(results.map((each) => ('miss' in each ? failedItem(world, request, each) : each)));
    },
  );
}

/** v3r2 is a product of its own; what an app without it hears is a switch. */
function refuseWithoutV3r2(world: UspsState) {
  return async (request: FastifyRequest) => {
    if (callerOf(request).tracking === 'v3r2') return;
    switch (world.switches.withoutV3r2) {
      case 'gateway-fault':
        throw gatewayFault();
      case 'not-found':
        throw envelope(v3r2, 404);
      case 'client-invalid':
        throw envelope(v3r2, 401, 'The client application identifier is invalid.', [], {
          'WWW-Authenticate': 'Bearer realm="https://api.usps.com"',
        });
    }
  };
}

type Miss = 'unknown' | 'silent' | 'foreign';
interface Found {
  parcel: Parcel;
  /** Newest first, at least one. */
  scans: [Scan, ...Scan[]];
}

/** By the bare number, or with the `420` and ZIP Code that stand before it in the barcode. */
function find(world: UspsState, client: UspsClient, asked: string): Found | Miss {
  const number = asked.replace(/\s/g, '').replace(/^420\d{5}(?:\d{4})?(?=9\d{21}$)/, '');
  const parcel = world.store.get<Parcel>('usps.parcel', number);
  if (parcel === undefined) return 'unknown';
  if (!mayTrack(client, parcel.mid)) return 'foreign';
  const now = world.clock.now();
  if (now < parcel.created + world.switches.labelLagMs) return 'silent';
  const [newest, ...older] = scansUntil(parcel, now);
  return newest === undefined ? 'silent' : { parcel, scans: [newest, ...older] };
}

/** v3 says 400 with a code of the workbook; the texts begin with a number of the old XML service. */
function v3Miss(miss: Miss, request: FastifyRequest): Refusal {
  if (miss === 'foreign') return notAuthorised(v3, request);
  const [code, text] =
    miss === 'silent'
      ? [
          '150001',
          '12: A status update is not yet available on your package. It will be available when the shipper provides an update or the package is given to USPS. Check back soon. Sign up for Informed Delivery<SUP>reg;</SUP> to receive notifications for packages addressed to you. - ',
        ]
      : [
          '150002',
          '7: The tracking number may be incorrect or the status update is not yet available. Please verify your tracking number and try again later. - ',
        ];
  return envelope(v3, 400, text, [{ title: text, detail: '', code }]);
}

/** Access controls since 2026-04-01 (contract, 8.5). */
const foreignText = (path: string) =>
  `The requested MID is not authorized to access ${path}; USPS implemented Tracking API Access Controls 4/1/2026`;
const notAuthorised = (version: string, request: FastifyRequest) =>
  envelope(version, 403, foreignText(request.url.split('?', 1)[0]!));

function failedItem(
  world: UspsState,
  request: FastifyRequest,
  failed: { trackingNumber: string; miss: Miss },
) {
  const foreign = failed.miss === 'foreign';
  return {
    ...(world.switches.echoFailedNumbers ? { trackingNumber: failed.trackingNumber } : {}),
    statusCode: foreign ? '403' : '404',
    error: { message: foreign ? foreignText(request.url) : notAvailable },
  };
}

/** DETAIL of v3, with the renamed and nested fields of v3r2 where that was asked. */
function detailOf(world: UspsState, { parcel, scans }: Found, r2: boolean) {
  const { documentMode } = world.switches;
  const [newest] = scans;
  // Booleans were recorded as strings, mail classes with HTML, a single service as a bare string.
  const flag = (value: boolean) => (documentMode ? value : String(value));
  // The guide marks wall-clock times as if they were Greenwich's; recordings do not.
  const zone = documentMode ? 'Z' : '';
  const delivered = newest.statusCategory === 'Delivered';
  const expected = delivered ? undefined : parcel.expectedDelivery;
  const services = servicesOf(parcel.mailClass);
  const intake = wallTime(parcel.created, 'America/Chicago').local;
  return {
    destinationCity: parcel.destinationCity,
    destinationState: placeOf(parcel.destinationZIP)?.state ?? null,
    [r2 ? 'destinationZIPCode' : 'destinationZIP']: parcel.destinationZIP,
    emailEnabled: flag(true),
    ...(!r2 && expected !== undefined ? { expectedDeliveryTimeStamp: `${expected}T00:00:00${zone}` } : {}),
    ...(r2 && expected !== undefined
      ? { deliveryDateExpectation: { expectedDeliveryDate: expected, predictedDeliveryDate: expected } }
      : {}),
    kahalaIndicator: flag(false),
    mailClass: documentMode ? parcel.mailClass : (mailClassTexts[parcel.mailClass] ?? parcel.mailClass),
    mailType: mailTypeOf(parcel, documentMode),
    ...(parcel.destinationCountry === undefined ? {} : { destinationCountryCode: parcel.destinationCountry }),
    originCity: parcel.originCity,
    originState: placeOf(parcel.originZIP)?.state ?? null,
    originZIP: parcel.originZIP,
    proofOfDeliveryEnabled: flag(false),
    restoreEnabled: flag(false),
    [documentMode ? 'RRAMenabled' : 'RRAMEnabled']: flag(false),
    RREEnabled: flag(false),
    services: services.length === 1 && !documentMode ? services[0] : services,
    serviceTypeCode: parcel.trackingNumber.slice(2, 5),
    status: newest.eventType,
    statusCategory: newest.statusCategory,
    statusSummary: sentenceOf(parcel, newest),
    tableCode: 'T',
    [documentMode ? 'uniqueMailPieceId' : 'uniqueMailPieceID']: parcel.trackingNumber.slice(-9),
    mailPieceIntakeDate: documentMode ? `${intake}Z` : `${intake.replace('T', ' ')}.000000`,
    trackingEvents: scans.slice(0, 99).map((scan) => {
      const event = eventOf(parcel, scan, r2, documentMode);
      return documentMode ? withoutNulls(event) : event;
    }),
    trackingNumber: parcel.trackingNumber,
  };
}

/** Guess: the abbreviation of what goes abroad was not recorded. */
function mailTypeOf({ destinationCountry }: Parcel, documentMode: boolean): string {
  if (destinationCountry === undefined) return documentMode ? 'DOMESTIC_MAIL' : 'DM';
  return documentMode ? 'INTERNATIONAL_OUTBOUND' : 'IO';
}

const withoutNulls = (event: object) =>
  Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null));

function eventOf(parcel: Parcel, scan: Scan, r2: boolean, documentMode: boolean) {
  const { local, offset } = wallTime(scan.at, timeZoneOf(parcel, scan));
  const utc = new Date(scan.at).toISOString().slice(0, 19);
  // Recorded: the Greenwich time stands beside the local day, also after midnight.
  const greenwich = documentMode ? `${utc}Z` : `${local.slice(0, 10)}${utc.slice(10)}Z`;
  return {
    eventType: scan.eventType,
    eventTimestamp: `${local.slice(0, 16)}:00${documentMode ? 'Z' : ''}`,
    // What a mailer's file announced was not scanned, and has no Greenwich time.
    ...(scan.eventCode === 'MA' ? {} : { GMTTimestamp: greenwich, GMTOffset: offset }),
    eventCountry: null,
    eventCity: scan.city,
    eventState: scan.state,
    [r2 ? 'eventZIPCode' : 'eventZIP']: scan.ZIP,
    firm: null,
    name: scan.name ?? null,
    authorizedAgent: documentMode ? false : 'false',
    eventCode: scan.eventCode,
    ...(r2 ? {} : { additionalProp: null }),
  };
}

/** SUMMARY is prose only, and has no status (document). */
function summaryOf(world: UspsState, { parcel, scans }: Found) {
  const expected = scans[0].statusCategory === 'Delivered' ? undefined : parcel.expectedDelivery;
  return {
    trackingNumber: parcel.trackingNumber,
    ...(expected === undefined ? {} : { expectedDeliveryDate: expected }),
    eventSummaries: scans
      .slice(0, 99)
      .map((scan, index) =>
        index === 0
          ? sentenceOf(parcel, scan)
          : [scan.eventType, ...dayAndTime(parcel, scan), placeText(scan)].filter(Boolean).join(', '),
      ),
  };
}

function sentenceOf(parcel: Parcel, scan: Scan): string {
  const [day, time] = dayAndTime(parcel, scan);
  const place = placeText(scan);
  const inPlace = place === '' ? '' : ` in ${place}`;
  switch (scan.statusCategory) {
    case 'Delivered':
      return `Your item was delivered in or at the mailbox at ${time} on ${day}${inPlace}.`;
    case 'Accepted':
      return `USPS is now in possession of your item as of ${time} on ${day}${inPlace}.`;
    case 'Out for Delivery':
      return `Your item is out for delivery on ${day} at ${time}${inPlace}.`;
    case 'Pre-Shipment':
      return `A shipping label has been prepared for your item at ${time} on ${day}${inPlace}. This does not indicate receipt by the USPS or the actual mailing date.`;
    case 'Moving Through Network':
      return `Your item ${scan.eventType.startsWith('Departed') ? 'departed' : 'arrived at'} our USPS facility${inPlace} on ${day} at ${time}. The item is currently in transit to the destination.`;
    default:
      return `${scan.eventType}: ${time} on ${day}${inPlace}.`;
  }
}

const placeText = (scan: Scan) =>
  scan.city === null ? '' : scan.state === null ? scan.city : `${scan.city}, ${scan.state} ${scan.ZIP}`;

/** "November 22, 2024" and "1:58 pm", on the wall where it happened. */
function dayAndTime(parcel: Parcel, scan: Scan): [day: string, time: string] {
  const timeZone = timeZoneOf(parcel, scan);
  return [
    new Intl.DateTimeFormat('en-US', { timeZone, dateStyle: 'long' }).format(scan.at),
    new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', minute: '2-digit' })
      .format(scan.at)
      .toLowerCase()
      .replace(/\s/u, ' '),
  ];
}

const mailClassTexts: Record<string, string> = {
  USPS_GROUND_ADVANTAGE: 'USPS Ground Advantage<SUP>&#153;</SUP>',
  PRIORITY_MAIL: 'Priority Mail<SUP>&reg;</SUP>',
  PRIORITY_MAIL_EXPRESS: 'Priority Mail Express<SUP>&reg;</SUP>',
  MEDIA_MAIL: 'Media Mail',
  LIBRARY_MAIL: 'Library Mail',
  BOUND_PRINTED_MATTER: 'Bound Printed Matter',
  PARCEL_SELECT: 'Parcel Select',
};

const servicesOf = (mailClass: string) => [
  'USPS Tracking<SUP>&#174;</SUP>',
  ...(/GROUND|PRIORITY/.test(mailClass) ? ['Up to $100 insurance included'] : []),
];
