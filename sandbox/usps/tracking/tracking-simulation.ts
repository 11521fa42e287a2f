import type { Store } from '../../store.ts';
import { uspsSandboxClient } from '../oauth/clients.ts';
import { otherMailersMid, uspsSandboxNumbers } from './tracking-numbers.ts';
import { momentAt, placeOf, wallTime } from '../addresses/places.ts';

/** A parcel that USPS knows of. */
export interface Parcel {
  trackingNumber: string;
  /** Whose it is; decides who may track it. */
  mid: string;
  mailClass: string;
  originZIP: string;
  originCity: string;
  destinationZIP: string;
  destinationCity: string;
  /** ISO code, of a parcel that goes abroad. */
  destinationCountry?: string;
  /** Epoch milliseconds of the label. */
  created: number;
  /** The first row: the label was created (default), a mailer's file announced the parcel, or there is none. */
  announcedAs?: 'GX' | 'MA' | 'nothing';
  /** Handed over; a parcel without it stays announced. */
  accepted?: number | undefined;
  /** Hours from there to the door; 72 unless told otherwise. */
  travelHours?: number | undefined;
  /** Where its travels end: delivered unless told otherwise. */
  ending?: Ending | undefined;
  /** Scans that were added by hand; with them the parcel has no journey of its own after the first of them. */
  scans?: Scan[];
  /** `YYYY-MM-DD`. */
  expectedDelivery?: string | undefined;
  /** Issued without any announcement: there is no update yet. */
  silent?: boolean;
}

export type Ending = 'delivered' | 'attempt' | 'pickup' | 'returned' | 'alert';

/** One scan: its own words and code, and how far the parcel has come with it. */
export interface Scan {
  at: number;
  eventCode: string;
  eventType: string;
  statusCategory: string;
  /** Null as on in-transit rows; a distribution centre has its whole name here and no state. */
  city: string | null;
  state: string | null;
  ZIP: string | null;
  /** Who signed. */
  name?: string;
}

const hour = 3_600_000;

/** Codes of Publication 199, G-4, as far as they were seen, with the words and categories of recordings. */
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

type Spot = 'origin' | 'originCentre' | 'nowhere' | 'destinationCentre' | 'destination';

/** Where a parcel is after which part of its way, from the two long recordings. */
const way: [code: EventCode, part: number, spot: Spot][] = [
  ['03', 0, 'origin'],
  ['SF', 0.06, 'origin'],
  ['10', 0.1, 'originCentre'],
  ['T1', 0.22, 'originCentre'],
  ['TL', 0.4, 'nowhere'],
  ['A1', 0.6, 'destinationCentre'],
  ['07', 0.92, 'destination'],
  ['OF', 0.94, 'destination'],
];
const endings: Record<Ending, EventCode> = {
  delivered: '01',
  attempt: '02',
  pickup: '14',
  returned: '09',
  alert: 'DX',
};

/** What has happened to a parcel until now, newest first. */
export function scansUntil(parcel: Parcel, now: number): Scan[] {
  if (parcel.silent) return [];
  const scans: Scan[] = [];
  if (parcel.announcedAs === 'MA') scans.push(announcement(parcel));
  else if (parcel.announcedAs !== 'nothing') scans.push(scanOf(parcel, 'GX', parcel.created, 'origin'));
  if (parcel.accepted !== undefined) {
    const whole = (parcel.travelHours ?? 72) * hour;
    const from = parcel.accepted;
    for (const [code, part, spot] of way) scans.push(scanOf(parcel, code, from + part * whole, spot));
    scans.push(scanOf(parcel, endings[parcel.ending ?? 'delivered'], from + whole, 'destination'));
  }
  const byHand = parcel.scans ?? [];
  const firstByHand = Math.min(...byHand.map((scan) => scan.at));
  return [...scans.filter((scan) => scan.at < firstByHand), ...byHand]
    .filter((scan) => scan.at <= now)
    .reverse()
    .sort((a, b) => b.at - a.at);
}

/** Recorded at the midnight of its day and nowhere. */
function announcement(parcel: Parcel): Scan {
  const timeZone = placeOf(parcel.originZIP)?.timeZone ?? 'America/New_York';
  const day = wallTime(parcel.created, timeZone).local.slice(0, 10);
  return scanOf(parcel, 'MA', momentAt(day, '00:00:00', timeZone), 'nowhere');
}

/** A scan with the words of its code. */
export function scanOf(parcel: Parcel, code: EventCode, at: number, spot: Spot = 'destination'): Scan {
  const [eventType, statusCategory] = events[code];
  return { at, eventCode: code, eventType, statusCategory, ...locationOf(parcel, spot) };
}

function locationOf(parcel: Parcel, spot: Spot): Pick<Scan, 'city' | 'state' | 'ZIP'> {
  const isOrigin = spot === 'origin' || spot === 'originCentre';
  const zip = isOrigin ? parcel.originZIP : parcel.destinationZIP;
  const place = placeOf(zip);
  if (spot === 'nowhere' || place === undefined) return { city: null, state: null, ZIP: null };
  if (spot === 'originCentre' || spot === 'destinationCentre') {
    return { city: `${place.city} ${place.state} DISTRIBUTION CENTER`, state: null, ZIP: null };
  }
  return { city: isOrigin ? parcel.originCity : parcel.destinationCity, state: place.state, ZIP: zip };
}

/** Where the wall clock of a scan hangs; rows between facilities keep the origin's. */
export function timeZoneOf(parcel: Parcel, scan: Scan): string {
  const atOrigin = ['GX', 'MA', '03', 'SF', '10', 'T1', 'TL'].includes(scan.eventCode);
  const zip = scan.ZIP ?? (atOrigin ? parcel.originZIP : parcel.destinationZIP);
  return placeOf(zip)?.timeZone ?? 'America/New_York';
}

/**
 * A bought label's parcel is handed over four hours after it is printed, or at four in the afternoon of a later
 * mailing date, by the clock of the origin.
 */
export function handover(created: number, mailingDate: string, originZIP: string): number {
  const timeZone = placeOf(originZIP)?.timeZone ?? 'America/New_York';
  const today = wallTime(created, timeZone).local.slice(0, 10);
  return mailingDate <= today ? created + 4 * hour : momentAt(mailingDate, '16:00:00', timeZone);
}

/** The parcels behind `uspsSandboxNumbers`, told from a sandbox's first start, which its store remembers. */
export function seedParcels(store: Store, now: number) {
  if (store.get('usps.start', 'first') !== undefined) return;
  store.put('usps.start', 'first', { at: now });
  const numbers = uspsSandboxNumbers;
  const seed = (trackingNumber: string, hoursOnTheWay: number | undefined, more: Partial<Parcel> = {}) =>
    store.put<Parcel>('usps.parcel', trackingNumber, {
      trackingNumber,
      mid: uspsSandboxClient.mid,
      mailClass: 'USPS_GROUND_ADVANTAGE',
      originZIP: '94107',
      originCity: 'SAN FRANCISCO',
      destinationZIP: '10001',
      destinationCity: 'NEW YORK',
      created: now - ((hoursOnTheWay ?? 0) + 20) * hour,
      ...(hoursOnTheWay === undefined ? {} : { accepted: now - hoursOnTheWay * hour }),
      expectedDelivery: new Date(now + (72 - (hoursOnTheWay ?? 0)) * hour).toISOString().slice(0, 10),
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
