import type { Store } from '../../store.ts';
import { uspsSandboxClient } from '../oauth/clients.ts';
import { otherMailersMid, uspsSandboxNumbers } from './tracking-numbers.ts';
import { momentAt, placeOf, localTime } from '../addresses/places.ts';

/** A parcel in the network, as the store keeps it. */
export interface Parcel {
  trackingNumber: string;
  /** The mailer, whose clients may track the parcel. */
  mid: string;
  mailClass: string;
  originZIP: string;
  originCity: string;
  destinationZIP: string;
  destinationCity: string;
  /** The ISO country code of an international parcel. */
  destinationCountry?: string;
  /** When the label was created, in epoch milliseconds. */
  created: number;
  /** The first event: `GX`, the label was created; `MA`, a mailer's file announced it; or none. Default: `GX`. */
  announcedAs?: 'GX' | 'MA' | 'nothing';
  /** When USPS accepts the parcel, in epoch milliseconds; undefined for a parcel that is never accepted. */
  accepted?: number | undefined;
  /** Hours from acceptance to the end. Default: 72. */
  travelHours?: number | undefined;
  /** How the simulation ends. Default: `delivered`. */
  ending?: Ending | undefined;
  /** Scans added by tests; they replace the simulated ones from the first of them on. */
  scans?: Scan[];
  /** A date, `YYYY-MM-DD`. */
  expectedDelivery?: string | undefined;
  /** The label exists and has no events yet. */
  silent?: boolean;
}

export type Ending = 'delivered' | 'attempt' | 'pickup' | 'returned' | 'alert';

/** One tracking event, with the status category that the parcel has from then on. */
export interface Scan {
  at: number;
  eventCode: string;
  eventType: string;
  statusCategory: string;
  /** Null while in transit. For a distribution center its whole name, without a state. */
  city: string | null;
  state: string | null;
  ZIP: string | null;
  /** The recipient's signature. */
  name?: string;
}

const hour = 3_600_000;

/** Event codes of Publication 199, G-4, that recordings have, with their texts and status categories. */
const events = {
  GX: ['Shipping Label Created, USPS Awaiting Item', 'Pre-Shipment'],
  MA: ['Pre-Shipment, USPS Awaiting Item', 'Pre-Shipment'],
  '03': ['USPS in possession of item', 'Accepted'],
  SF: ['Departed Post Office', 'Moving Through Network'],
  '10': ['Arrived at USPS Regional Origin Facility', 'Moving Through Network'],
  T1: ['Departed USPS Regional Facility', 'Moving Through Network'],
  TL: ['In Transit to Next Facility', 'In Transit'],
  A1: ['Arrived at USPS Regional Facility', 'Moving Through Network'],
  '07': ['Arrived at Post Office', 'Moving Through Network'],
  OF: ['Out for Delivery', 'Out for Delivery'],
  '01': ['Delivered, In/At Mailbox', 'Delivered'],
  '02': ['Notice Left (No Authorized Recipient Available)', 'Delivery Attempt'],
  '14': ['Available for Pickup', 'Available for Pickup'],
  '09': ['Return to Sender', 'Return to Sender'],
  DX: ['Awaiting Delivery Scan', 'Alert'],
} as const satisfies Record<string, readonly [string, string]>;
export type EventCode = keyof typeof events;

type Location = 'origin' | 'originCenter' | 'inTransit' | 'destinationCenter' | 'destination';

/** The events of a parcel at each fraction of its travel time, from the two long recordings. */
const route: [code: EventCode, part: number, spot: Location][] = [
  ['03', 0, 'origin'],
  ['SF', 0.06, 'origin'],
  ['10', 0.1, 'originCenter'],
  ['T1', 0.22, 'originCenter'],
  ['TL', 0.4, 'inTransit'],
  ['A1', 0.6, 'destinationCenter'],
  ['07', 0.92, 'destination'],
  ['OF', 0.94, 'destination'],
];
const endingEvents: Record<Ending, EventCode> = {
  delivered: '01',
  attempt: '02',
  pickup: '14',
  returned: '09',
  alert: 'DX',
};

/** Makes a new parcel move faster: its acceptance and its travel take that share of their time. */
export const sped = (parcel: Parcel, speed: number): Parcel =>
  speed === 1
    ? parcel
    : {
        ...parcel,
        accepted: parcel.accepted && parcel.created + (parcel.accepted - parcel.created) / speed,
        travelHours: (parcel.travelHours ?? 72) / speed,
      };

/** The events of a parcel until now, newest first. */
export function scansUntil(parcel: Parcel, now: number): Scan[] {
  if (parcel.silent) return [];
  const scans: Scan[] = [];
  if (parcel.announcedAs === 'MA') scans.push(announcement(parcel));
  else if (parcel.announcedAs !== 'nothing') scans.push(scanOf(parcel, 'GX', parcel.created, 'origin'));
  if (parcel.accepted !== undefined) {
    const duration = (parcel.travelHours ?? 72) * hour;
    const from = parcel.accepted;
    for (const [code, part, spot] of route) scans.push(scanOf(parcel, code, from + part * duration, spot));
    scans.push(scanOf(parcel, endingEvents[parcel.ending ?? 'delivered'], from + duration, 'destination'));
  }
  const addedScans = parcel.scans ?? [];
  const firstAdded = Math.min(...addedScans.map((scan) => scan.at));
  return [...scans.filter((scan) => scan.at < firstAdded), ...addedScans]
    .filter((scan) => scan.at <= now)
    .reverse()
    .sort((a, b) => b.at - a.at);
}

/** Returns the parcel as it completes the rest of its journey in this time, in equal steps. */
export function travelling(parcel: Parcel, now: number, milliseconds: number): Parcel {
  const passed = scansUntil({ ...parcel, silent: false }, now);
  const end = endingEvents[parcel.ending ?? 'delivered'];
  const journey: [EventCode, Location][] = [
    ...route.map(([code, , spot]): [EventCode, Location] => [code, spot]),
    [end, 'destination'],
  ];
  const reached = journey.findLastIndex(([code]) => passed.some(({ eventCode }) => eventCode === code));
  const left = journey.slice(reached + 1);
  const ahead = left.map(([code, spot], index) =>
    scanOf(parcel, code, now + Math.round(((index + 1) / left.length) * milliseconds), spot),
  );
  return { ...parcel, silent: false, scans: [...passed.toReversed(), ...ahead] };
}

/** Recorded: the announcement is at midnight of its day and has no location. */
function announcement(parcel: Parcel): Scan {
  const timeZone = placeOf(parcel.originZIP)?.timeZone ?? 'America/New_York';
  const day = localTime(parcel.created, timeZone).local.slice(0, 10);
  return scanOf(parcel, 'MA', momentAt(day, '00:00:00', timeZone), 'inTransit');
}

/** A scan with the texts of its event code. */
export function scanOf(parcel: Parcel, code: EventCode, at: number, spot: Location = 'destination'): Scan {
  const [eventType, statusCategory] = events[code];
  return { at, eventCode: code, eventType, statusCategory, ...locationOf(parcel, spot) };
}

function locationOf(parcel: Parcel, spot: Location): Pick<Scan, 'city' | 'state' | 'ZIP'> {
  const isOrigin = spot === 'origin' || spot === 'originCenter';
  const zip = isOrigin ? parcel.originZIP : parcel.destinationZIP;
  const place = placeOf(zip);
  if (spot === 'inTransit' || place === undefined) return { city: null, state: null, ZIP: null };
  if (spot === 'originCenter' || spot === 'destinationCenter') {
    return { city: `${place.city} ${place.state} DISTRIBUTION CENTER`, state: null, ZIP: null };
  }
  return { city: isOrigin ? parcel.originCity : parcel.destinationCity, state: place.state, ZIP: zip };
}

/** The time zone of a scan: that of its location, or of the origin while in transit. */
export function timeZoneOf(parcel: Parcel, scan: Scan): string {
  const atOrigin = ['GX', 'MA', '03', 'SF', '10', 'T1', 'TL'].includes(scan.eventCode);
  const zip = scan.ZIP ?? (atOrigin ? parcel.originZIP : parcel.destinationZIP);
  return placeOf(zip)?.timeZone ?? 'America/New_York';
}

/**
 * When the parcel of a purchased label is accepted: four hours after the purchase, or at 16:00 of a later mailing date
 * in the time zone of the origin.
 */
export function acceptanceTime(created: number, mailingDate: string, originZIP: string): number {
  const timeZone = placeOf(originZIP)?.timeZone ?? 'America/New_York';
  const today = localTime(created, timeZone).local.slice(0, 10);
  return mailingDate <= today ? created + 4 * hour : momentAt(mailingDate, '16:00:00', timeZone);
}

/** Registers the parcels of `uspsSandboxNumbers` at the first start of a store. Their times count from that start. */
export function seedParcels(store: Store, now: number) {
  if (store.get('usps.start', 'first') !== undefined) return;
  store.put('usps.start', 'first', { at: now });
  const numbers = uspsSandboxNumbers;
  const seed = (trackingNumber: string, hoursInTransit: number | undefined, more: Partial<Parcel> = {}) =>
    store.put<Parcel>('usps.parcel', trackingNumber, {
      trackingNumber,
      mid: uspsSandboxClient.mid,
      mailClass: 'USPS_GROUND_ADVANTAGE',
      originZIP: '94107',
      originCity: 'SAN FRANCISCO',
      destinationZIP: '10001',
      destinationCity: 'NEW YORK',
      created: now - ((hoursInTransit ?? 0) + 20) * hour,
      ...(hoursInTransit === undefined ? {} : { accepted: now - hoursInTransit * hour }),
      expectedDelivery: new Date(now + (72 - (hoursInTransit ?? 0)) * hour).toISOString().slice(0, 10),
      ...more,
    });
  seed(numbers.delivered, 96);
  seed(numbers.inTransit, 30, { announcedAs: 'MA' });
  seed(numbers.outForDelivery, 70);
  seed(numbers.preShipment, undefined, { announcedAs: 'MA' });
  seed(numbers.accepted, 2);
  seed(numbers.deliveryAttempt, 74, { ending: 'attempt' });
  seed(numbers.availableForPickup, 80, { ending: 'pickup' });
  seed(numbers.returnToSender, 120, { ending: 'returned' });
  seed(numbers.alert, 90, { ending: 'alert' });
  seed(numbers.noUpdate, undefined, { silent: true });
  seed(numbers.otherMailer, 30, { mid: otherMailersMid });
}
