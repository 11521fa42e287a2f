import { localTime, placeOf } from '../addresses/places.ts';
import type { UspsState } from '../state.ts';
import { timeZoneOf, type Parcel, type Scan } from './tracking-simulation.ts';

/** A parcel with its scans. */
export interface TrackedParcel {
  parcel: Parcel;
  /** Newest first; at least one. */
  scans: [Scan, ...Scan[]];
}

/** The details of v3, or with the renamed and nested fields of v3r2. */
export function detailResponse(state: UspsState, { parcel, scans }: TrackedParcel, r2: boolean) {
  const { documentMode } = state.switches;
  const [newest] = scans;
  // Recorded: booleans as text, mail classes with HTML, a single service without a list.
  const flag = (value: boolean) => (documentMode ? value : String(value));
  // The guide marks local times with a Z; recordings do not.
  const zone = documentMode ? 'Z' : '';
  const delivered = newest.statusCategory === 'Delivered';
  const expected = delivered ? undefined : parcel.expectedDelivery;
  const services = serviceTexts(parcel.mailClass);
  const intake = localTime(parcel.created, 'America/Chicago').local;
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
    statusSummary: statusSummary(parcel, newest),
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

/** Guess: no recording has the abbreviation of international mail. */
function mailTypeOf({ destinationCountry }: Parcel, documentMode: boolean): string {
  if (destinationCountry === undefined) return documentMode ? 'DOMESTIC_MAIL' : 'DM';
  return documentMode ? 'INTERNATIONAL_OUTBOUND' : 'IO';
}

const withoutNulls = (event: object) =>
  Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null));

function eventOf(parcel: Parcel, scan: Scan, r2: boolean, documentMode: boolean) {
  const { local, offset } = localTime(scan.at, timeZoneOf(parcel, scan));
  const utc = new Date(scan.at).toISOString().slice(0, 19);
  // Recorded: the UTC time follows the local date, even where the UTC date is another.
  const greenwich = documentMode ? `${utc}Z` : `${local.slice(0, 10)}${utc.slice(10)}Z`;
  return {
    eventType: scan.eventType,
    eventTimestamp: `${local.slice(0, 16)}:00${documentMode ? 'Z' : ''}`,
    // The announcement in a mailer's file is not a scan and has no UTC time.
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

/** A summary has sentences only and no status (document). */
export function summaryResponse(state: UspsState, { parcel, scans }: TrackedParcel) {
  const expected = scans[0].statusCategory === 'Delivered' ? undefined : parcel.expectedDelivery;
  return {
    trackingNumber: parcel.trackingNumber,
    ...(expected === undefined ? {} : { expectedDeliveryDate: expected }),
    eventSummaries: scans
      .slice(0, 99)
      .map((scan, index) =>
        index === 0
          ? statusSummary(parcel, scan)
          : [scan.eventType, ...dateAndTime(parcel, scan), placeText(scan)].filter(Boolean).join(', '),
      ),
  };
}

function statusSummary(parcel: Parcel, scan: Scan): string {
  const [day, time] = dateAndTime(parcel, scan);
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

/** "November 22, 2024" and "1:58 pm", in the scan's local time. */
function dateAndTime(parcel: Parcel, scan: Scan): [day: string, time: string] {
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

const serviceTexts = (mailClass: string) => [
  'USPS Tracking<SUP>&#174;</SUP>',
  ...(/GROUND|PRIORITY/.test(mailClass) ? ['Up to $100 insurance included'] : []),
];
