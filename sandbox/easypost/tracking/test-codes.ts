import { isoTime, monthBefore } from '../dates.ts';
import { carrierDetail, initialProgress, trackingDetail, type Location, type Progress } from './progress.ts';
import { progressAfter, uspsSteps } from './tracking-simulation.ts';

const minuteMs = 60_000;

/** True for the tracking codes `EZ1000000001` to `EZ7000000007`, which have a fixed progress in test mode. */
export const isTestCode = (code: string) => code === 'EZ1000000001' || Object.hasOwn(testCodes, code);

/** Returns the progress of a test code, dated a month before its tracker; undefined for any other code. */
export function testCodeProgress(code: string, created: number): Progress | undefined {
  if (code === 'EZ1000000001') {
    return progressAfter(uspsSteps.slice(0, 2), {
      carrier: 'USPS',
      service: 'First-Class Package Service',
      start: monthBefore(created),
      updated: created,
      expected: created,
    });
  }
  const testCode = testCodes[code];
  if (testCode === undefined) return undefined;
  const { status, last, shown, attempted } = testCode;
  const start = monthBefore(created);
  const passed = [...events.slice(0, shown), ...(last === undefined ? [] : [last])];
  const tracking_details =
    status === 'unknown'
      ? [
          trackingDetail({
            message: 'Shipment Information Unavailable',
            status,
            detail: null,
            time: null,
            source: 'EasyPost',
          }),
        ]
      : passed.map(([minutes, message, statusThen, location]) =>
          trackingDetail({
            message,
            status: statusThen,
            detail: null,
            time: start + minutes * minuteMs,
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

/** Returns the progress of any other code in test mode: an error. */
export const invalidCodeProgress = (now: number): Progress => ({
  ...initialProgress(now),
  status: 'error',
  status_detail: null,
  tracking_details: [
    trackingDetail({
      message:
        'In test mode, only test tracking numbers are valid. Test tracking numbers are EZ1000000001, EZ2000000002, ... , EZ7000000007',
      status: 'error',
      detail: null,
      time: now,
      source: 'ProcessingError',
    }),
  ],
});

type Event = readonly [minutes: number, message: string, status: string, location?: Location];
const oakland = { city: 'Oakland', state: 'CA', country: 'US', zip: '94612' };
const chicago = { city: 'Chicago', state: 'IL', country: 'US', zip: '60290' };
const radnor = { city: 'Radnor', state: 'PA', country: 'US', zip: '19087' };
const hours = (count: number, minutes = 0) => count * 60 + minutes;

/** Recorded in 2022; only EZ1000000001 was recorded again later. */
const events: readonly Event[] = [
  [0, 'Pre-Shipment information received', 'pre_transit'],
  [hours(18, 49), 'Shipping label created', 'pre_transit'],
  [hours(24), 'Picked Up', 'in_transit', oakland],
  [hours(42, 27), 'Arrived at Sort Facility', 'in_transit', chicago],
  [hours(67, 7), 'Departed Sort Facility', 'in_transit', chicago],
  [hours(72), 'Arrived at Distribution Center', 'in_transit', radnor],
  [hours(89, 46), 'Out For Delivery', 'out_for_delivery', radnor],
];
const lastEventMinutes = hours(97, 9);

/** The progress of each test code. Guess: message and place of the failure; its number of events is documented. */
const testCodes: Record<string, { status: string; shown: number; last?: Event; attempted?: boolean }> = {
  EZ2000000002: { status: 'in_transit', shown: 6 },
  EZ3000000003: { status: 'out_for_delivery', shown: 7 },
  EZ4000000004: {
    status: 'delivered',
    shown: 7,
    last: [lastEventMinutes, 'Delivered', 'delivered', radnor],
    attempted: true,
  },
  EZ5000000005: {
    status: 'return_to_sender',
    shown: 7,
    last: [lastEventMinutes, 'Address Does Not Exist - Returning to Sender', 'return_to_sender', radnor],
    attempted: true,
  },
  EZ6000000006: {
    status: 'failure',
    shown: 3,
    last: [hours(42, 27), 'Shipment Contains Prohibited Articles', 'failure', oakland],
  },
  EZ7000000007: { status: 'unknown', shown: 0 },
};
