import { isoTime, monthBefore, type Mode } from '../state.ts';

/**
 * How fast a bought parcel goes. `recorded`: as EasyPost's test mode, delivered three minutes after the purchase,
 * and its events dated a month back from the last update, so that they move with every one. `lifelike`: the same
 * events at the same distances, beginning with the purchase.
 */
export type Pace = 'recorded' | 'lifelike';

interface Step {
  /** After the beginning, in minutes. */
  after: number;
  message: string;
  status: string;
  detail: string;
  where?: keyof typeof places;
}

interface Location {
  city: string | null;
  state: string | null;
  country: string | null;
  zip: string | null;
}

/** What a tracker says of its parcel at one moment. */
export interface Progress {
  status: string;
  status_detail: string | null;
  updated: number;
  signed_by: string | null;
  weight: number | null;
  est_delivery_date: string | null;
  tracking_details: TrackingDetail[];
  carrier_detail: object | null;
}

export interface TrackingDetail {
  object: 'TrackingDetail';
  message: string;
  description: string | null;
  status: string;
  status_detail: string | null;
  datetime: string | null;
  source: string;
  carrier_code: string | null;
  tracking_location: Location & { object: 'TrackingLocation' };
  est_delivery_date: null;
}

const minute = 60_000;
const places = {
  sender: { city: 'HOUSTON', state: 'TX', country: null, zip: '77063' },
  origin: { city: 'NORTH HOUSTON', state: 'TX', country: null, zip: '77315' },
  hub: { city: 'COLUMBIA', state: 'SC', country: null, zip: '29201' },
  destination: { city: 'CHARLESTON', state: 'SC', country: null, zip: '29407' },
};

const step = (
  [days, hours, minutes]: readonly [number, number, number],
  message: string,
  status: string,
  detail: string,
  where?: Step['where'],
): Step => ({ after: (days * 24 + hours) * 60 + minutes, message, status, detail, where });

/** Recorded in March 2025, wherever the parcel was sent from and to. */
const usps = [
  step([0, 0, 0], 'Pre-Shipment Info Sent to USPS', 'pre_transit', 'status_update'),
  step([0, 12, 37], 'Shipping Label Created', 'pre_transit', 'status_update', 'sender'),
  step([0, 22, 42], 'Arrived at USPS Origin Facility', 'in_transit', 'arrived_at_facility', 'origin'),
  step([2, 0, 18], 'Arrived at USPS Facility', 'in_transit', 'arrived_at_facility', 'hub'),
  step([2, 3, 9], 'Arrived at Post Office', 'in_transit', 'arrived_at_facility', 'destination'),
  step([2, 8, 49], 'Sorting Complete', 'in_transit', 'status_update', 'destination'),
  step([2, 8, 59], 'Out for Delivery', 'out_for_delivery', 'out_for_delivery', 'destination'),
  step([2, 13, 51], 'Delivered', 'delivered', 'arrived_at_destination', 'destination'),
];

/** Guess: no label of another carrier was recorded on its way, so they tell the same story in their own words. */
const inWords = (...messages: string[]) =>
  usps.map((each, index) => ({ ...each, message: messages[index]! }));
const ups = inWords(
  'Shipper created a label, UPS has not received the package yet.',
  'Order Processed: Ready for UPS',
  'Origin Scan',
  'Arrived at Facility',
  'Arrived at Facility',
  'Processing at UPS Facility',
  'Out For Delivery Today',
  'DELIVERED',
);
const fedex = inWords(
  'Shipment information sent to FedEx',
  'Label created',
  'Picked up',
  'Arrived at FedEx location',
  'At local FedEx facility',
  'At local FedEx facility',
  'On FedEx vehicle for delivery',
  'Delivered',
);

const storyOf = (carrier: string) =>
  carrier.startsWith('UPS') ? ups : carrier.startsWith('FedEx') ? fedex : usps;

/** Guess: which minute shows what; recorded are the label within a second and the delivery after three minutes. */
const shownAfter = [2, 6, 7, 8];

/** A parcel whose label was bought at `bought`, as seen at `now`. */
export function travel(carrier: string, service: string, bought: number, now: number, pace: Pace): Progress {
  const story = storyOf(carrier);
  const passed = Math.max(0, Math.floor((now - bought) / minute));
  if (pace === 'recorded') {
    const stage = Math.min(passed, shownAfter.length - 1);
    const updated = bought + stage * minute;
    return tell(
      carrier,
      'First-Class Package Service',
      story,
      shownAfter[stage]!,
      monthBefore(updated),
      updated,
      updated,
    );
  }
  const shown = story.filter(({ after }) => after <= passed).length;
  const arrival = bought + story.at(-1)!.after * minute;
  return tell(carrier, service, story, shown, bought, bought + story[shown - 1]!.after * minute, arrival);
}

function tell(
  carrier: string,
  service: string,
  story: readonly Step[],
  shown: number,
  begin: number,
  updated: number,
  expected: number,
): Progress {
  const passed = story.slice(0, shown);
  const last = passed.at(-1)!;
  const arrived = last.status === 'delivered';
  const begun = shown > 2;
  return {
    status: last.status,
    status_detail: last.detail,
    updated,
    signed_by: arrived ? 'John Tester' : null,
    weight: null,
    est_delivery_date: isoTime(expected),
    tracking_details: passed.map(({ after, message, status, detail, where }) =>
      event({
        message,
        status,
        detail,
        time: begin + after * minute,
        source: carrier,
        location: where && places[where],
      }),
    ),
    carrier_detail: carrierDetail({
      service,
      origin_location: 'HOUSTON TX, 77001',
      origin_tracking_location: located(begun ? places.origin : places.sender),
      destination_location: 'CHARLESTON SC, 29401',
      destination_tracking_location: arrived ? located(places.destination) : null,
      initial_delivery_attempt: arrived ? isoTime(begin + last.after * minute) : null,
    }),
  };
}

/** The codes that EasyPost's test mode knows, and how their parcels fare: fixed, dated a month before the asking. */
export function testStory(code: string, created: number): Progress | undefined {
  if (code === 'EZ1000000001') {
    return tell('USPS', 'First-Class Package Service', usps, 2, monthBefore(created), created, created);
  }
  const ending = endings[code];
  if (ending === undefined) return undefined;
  const { status, last, shown, attempted } = ending;
  const begin = monthBefore(created);
  const passed = [...oldStory.slice(0, shown), ...(last === undefined ? [] : [last])];
  const tracking_details =
    status === 'unknown'
      ? [
          event({
            message: 'Shipment Information Unavailable',
            status,
            detail: null,
            time: null,
            source: 'EasyPost',
          }),
        ]
      : passed.map(([after, message, statusThen, location]) =>
          event({
            message,
            status: statusThen,
            detail: null,
            time: begin + after * minute,
            source: 'EasyPost',
            location,
          }),
        );
  return {
    status,
    status_detail: 'unknown',
    updated: created,
    signed_by: status === 'delivered' ? 'John Tester' : null,
    weight: status === 'unknown' ? null : 17.6,
    est_delivery_date: status === 'unknown' ? null : isoTime(created),
    tracking_details,
    carrier_detail: attempted
      ? carrierDetail({ initial_delivery_attempt: tracking_details.at(-1)!.datetime })
      : null,
  };
}

type OldStep = readonly [after: number, message: string, status: string, location?: Location];
const oakland = { city: 'Oakland', state: 'CA', country: 'US', zip: '94612' };
const chicago = { city: 'Chicago', state: 'IL', country: 'US', zip: '60290' };
const radnor = { city: 'Radnor', state: 'PA', country: 'US', zip: '19087' };
const hours = (whole: number, minutes = 0) => whole * 60 + minutes;

/** Recorded in 2022; only EZ1000000001 was recorded again since. */
const oldStory: readonly OldStep[] = [
  [0, 'Pre-Shipment information received', 'pre_transit'],
  [hours(18, 49), 'Shipping label created', 'pre_transit'],
  [hours(24), 'Picked Up', 'in_transit', oakland],
  [hours(42, 27), 'Arrived at Sort Facility', 'in_transit', chicago],
  [hours(67, 7), 'Departed Sort Facility', 'in_transit', chicago],
  [hours(72), 'Arrived at Distribution Center', 'in_transit', radnor],
  [hours(89, 46), 'Out For Delivery', 'out_for_delivery', radnor],
];
const lastHour = hours(97, 9);

/** Guess: the wording and place of the failure; its number of events is documented. */
const endings: Record<string, { status: string; shown: number; last?: OldStep; attempted?: boolean }> = {
  EZ2000000002: { status: 'in_transit', shown: 6 },
  EZ3000000003: { status: 'out_for_delivery', shown: 7 },
  EZ4000000004: {
    status: 'delivered',
    shown: 7,
    last: [lastHour, 'Delivered', 'delivered', radnor],
    attempted: true,
  },
  EZ5000000005: {
    status: 'return_to_sender',
    shown: 7,
    last: [lastHour, 'Address Does Not Exist - Returning to Sender', 'return_to_sender', radnor],
    attempted: true,
  },
  EZ6000000006: {
    status: 'failure',
    shown: 3,
    last: [hours(42, 27), 'Shipment Contains Prohibited Articles', 'failure', oakland],
  },
  EZ7000000007: { status: 'unknown', shown: 0 },
};

/** Any other code in test mode. */
export const notATestCode = (now: number): Progress => ({
  ...nothingYet(now),
  status: 'error',
  status_detail: null,
  tracking_details: [
    event({
      message:
        'In test mode, only test tracking numbers are valid. Test tracking numbers are EZ1000000001, EZ2000000002, ... , EZ7000000007',
      status: 'error',
      detail: null,
      time: now,
      source: 'ProcessingError',
    }),
  ],
});

/** A tracker that was only just made, or whose carrier has not answered. */
export const nothingYet = (now: number): Progress => ({
  status: 'unknown',
  status_detail: 'unknown',
  updated: now,
  signed_by: null,
  weight: null,
  est_delivery_date: null,
  tracking_details: [],
  carrier_detail: null,
});

/** Guess: production parcels travel for days, like real ones. */
export const paceOf = (mode: Mode, chosen: Pace | undefined): Pace =>
  chosen ?? (mode === 'test' ? 'recorded' : 'lifelike');

const located = (location: Location | undefined) => ({
  object: 'TrackingLocation' as const,
  ...(location ?? { city: null, state: null, country: null, zip: null }),
});

const event = (what: {
  message: string;
  status: string;
  detail: string | null;
  time: number | null;
  source: string;
  location?: Location;
}): TrackingDetail => ({
  object: 'TrackingDetail',
  message: what.message,
  description: '',
  status: what.status,
  status_detail: what.detail,
  datetime: what.time === null ? null : isoTime(what.time),
  source: what.source,
  carrier_code: '',
  tracking_location: located(what.location),
  est_delivery_date: null,
});

const carrierDetail = (known: object) => ({
  object: 'CarrierDetail',
  service: null,
  container_type: null,
  est_delivery_date_local: null,
  est_delivery_time_local: null,
  origin_location: null,
  origin_tracking_location: null,
  destination_location: null,
  destination_tracking_location: null,
  guaranteed_delivery_date: null,
  alternate_identifier: null,
  initial_delivery_attempt: null,
  ...known,
});
