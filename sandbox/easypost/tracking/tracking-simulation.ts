import { isoTime, monthBefore } from '../dates.ts';
import type { TrackingPace } from '../state.ts';
import { carrierDetail, trackingDetail, trackingLocation, type Progress } from './progress.ts';

interface Step {
  /** Minutes after the first step. */
  after: number;
  message: string;
  status: string;
  detail: string;
  location?: keyof typeof places;
}

/** The rest of a journey, which a parcel completes in equal steps. */
export interface Travel {
  /** When it began, in epoch milliseconds. */
  from: number;
  milliseconds: number;
}

const minuteMs = 60_000;
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
  location?: Step['location'],
): Step => ({ after: (days * 24 + hours) * 60 + minutes, message, status, detail, location });

/** Recorded in March 2025; the places are the same for every sender and receiver. */
export const uspsSteps = [
  step([0, 0, 0], 'Pre-Shipment Info Sent to USPS', 'pre_transit', 'status_update'),
  step([0, 12, 37], 'Shipping Label Created', 'pre_transit', 'status_update', 'sender'),
  step([0, 22, 42], 'Arrived at USPS Origin Facility', 'in_transit', 'arrived_at_facility', 'origin'),
  step([2, 0, 18], 'Arrived at USPS Facility', 'in_transit', 'arrived_at_facility', 'hub'),
  step([2, 3, 9], 'Arrived at Post Office', 'in_transit', 'arrived_at_facility', 'destination'),
  step([2, 8, 49], 'Sorting Complete', 'in_transit', 'status_update', 'destination'),
  step([2, 8, 59], 'Out for Delivery', 'out_for_delivery', 'out_for_delivery', 'destination'),
  step([2, 13, 51], 'Delivered', 'delivered', 'arrived_at_destination', 'destination'),
];

/** Guess: no parcel of another carrier was recorded in transit, so its steps differ in their messages only. */
const withMessages = (...messages: string[]) =>
  uspsSteps.map((each, index) => ({ ...each, message: messages[index]! }));
const upsSteps = withMessages(
  'Shipper created a label, UPS has not received the package yet.',
  'Order Processed: Ready for UPS',
  'Origin Scan',
  'Arrived at Facility',
  'Arrived at Facility',
  'Processing at UPS Facility',
  'Out For Delivery Today',
  'DELIVERED',
);
const fedexSteps = withMessages(
  'Shipment information sent to FedEx',
  'Label created',
  'Picked up',
  'Arrived at FedEx location',
  'At local FedEx facility',
  'At local FedEx facility',
  'On FedEx vehicle for delivery',
  'Delivered',
);

const stepsOf = (carrier: string) =>
  carrier.startsWith('UPS') ? upsSteps : carrier.startsWith('FedEx') ? fedexSteps : uspsSteps;

/**
 * The number of steps shown after each minute at the pace `recorded`. Guess: the minutes in between; recorded are the
 * label within a second and the delivery after three minutes.
 */
const stepsByMinute = [2, 6, 7, 8];

/** Returns the progress at `now` of a parcel whose label was purchased at `purchased`. */
export function simulateTransit(
  label: { carrier: string; service: string; purchased: number },
  now: number,
  { pace, speed, travel }: { pace: TrackingPace; speed: number; travel?: Travel | undefined },
): Progress {
  const { carrier, service, purchased } = label;
  const stepMs = minuteMs / (pace === 'lifelike' ? speed : 1);
  const steps = stepsOf(carrier);
  const minutes = Math.max(0, Math.floor((now - purchased) / stepMs));
  if (pace === 'recorded') {
    const stage = Math.min(minutes, stepsByMinute.length - 1);
    const updated = purchased + stage * minuteMs;
    return progressAfter(steps.slice(0, stepsByMinute[stage]), {
      carrier,
      service: 'First-Class Package Service',
      start: monthBefore(updated),
      updated,
      expected: updated,
    });
  }
  const times = steps.map(({ after }) => purchased + after * stepMs);
  const moved = travel === undefined ? times : travelTimes(times, travel);
  const passed = steps.filter((_, index) => moved[index]! <= now);
  return progressAfter(passed, {
    carrier,
    service,
    start: purchased,
    times: moved,
    updated: moved[passed.length - 1]!,
    expected: moved.at(-1)!,
  });
}

/** The times of all steps, where those that were ahead when the travel began follow each other in equal intervals. */
function travelTimes(times: readonly number[], { from, milliseconds }: Travel): number[] {
  const passed = times.filter((time) => time <= from).length;
  const left = times.length - passed;
  return times.map((time, index) =>
    index < passed ? time : from + Math.round(((index - passed + 1) / left) * milliseconds),
  );
}

/** Returns the progress of a parcel that has passed the given steps, of which there is at least one. */
export function progressAfter(
  passed: readonly Step[],
  parcel: {
    carrier: string;
    service: string;
    start: number;
    updated: number;
    expected: number;
    /** The time of each step. Default: as long after `start` as the steps were recorded. */
    times?: readonly number[];
  },
): Progress {
  const { carrier, service, start, updated, expected } = parcel;
  const times = parcel.times ?? passed.map(({ after }) => start + after * minuteMs);
  const last = passed.at(-1)!;
  const isDelivered = last.status === 'delivered';
  const isInTransit = passed.length > 2;
  return {
    status: last.status,
    status_detail: last.detail,
    updated,
    signed_by: isDelivered ? 'John Tester' : null,
    weight: null,
    est_delivery_date: isoTime(expected),
    tracking_details: passed.map(({ message, status, detail, location }, index) =>
      trackingDetail({
        message,
        status,
        detail,
        time: times[index]!,
        source: carrier,
        location: location && places[location],
      }),
    ),
    carrier_detail: carrierDetail({
      service,
      origin_location: 'HOUSTON TX, 77001',
      origin_tracking_location: trackingLocation(isInTransit ? places.origin : places.sender),
      destination_location: 'CHARLESTON SC, 29401',
      destination_tracking_location: isDelivered ? trackingLocation(places.destination) : null,
      initial_delivery_attempt: isDelivered ? isoTime(times[passed.length - 1]!) : null,
    }),
  };
}
