import type { TrackingStatus } from '../../../domain/tracking.ts';

/**
 * What each event code means, by its name at USPS, and the status that a parcel has after it. Source: Publication 199,
 * appendix G-4, as the public table of USPS::WebTools::Tracking::Codes lists it. Not in there: the codes of recorded
 * responses (59, A1, AD, DL, GX, T1, TL), 83, 89, OA and UA, which eHub documents, and H0, which users report.
 */
export const trackingEvents: Readonly<Record<string, readonly [TrackingStatus, string]>> = {
  GX: ['PRE_TRANSIT', 'Shipping label created'],
  MA: ['PRE_TRANSIT', 'Manifest acknowledged'],
  '89': ['PRE_TRANSIT', 'Order received by the merchant, USPS awaiting item'],

  '03': ['ACCEPTED', 'Accepted or picked up by the carrier'],
  '43': ['ACCEPTED', 'Picked up'],
  OA: ['ACCEPTED', 'Accepted at origin'],
  PA: ['ACCEPTED', 'Accepted passively'],
  TM: ['ACCEPTED', 'Accepted by the manifest of a truck'],
  UA: ['ACCEPTED', 'Accepted at USPS facility'],

  '06': ['IN_TRANSIT', 'Forwarded'],
  '07': ['IN_TRANSIT', 'Arrived at post office'],
  '08': ['IN_TRANSIT', 'Missent'],
  '10': ['IN_TRANSIT', 'Processed'],
  '15': ['IN_TRANSIT', 'Mis-shipped'],
  '19': ['IN_TRANSIT', 'Arrived at distribution center'],
  '41': ['IN_TRANSIT', 'Received at opening unit'],
  '42': ['IN_TRANSIT', 'Handed to shipping partner'],
  '71': ['IN_TRANSIT', 'Rescheduled to next delivery day'],
  // A shipping partner has the parcel before USPS does.
  '80': ['IN_TRANSIT', 'Picked up by shipping partner'],
  '81': ['IN_TRANSIT', 'Arrived at shipping partner facility'],
  '82': ['IN_TRANSIT', 'Departed shipping partner facility'],
  '83': ['IN_TRANSIT', 'Tendered to the postal service'],
  A1: ['IN_TRANSIT', 'Arrived at facility'],
  // The last leg of a parcel that its sender, or a partner, carried to the destination.
  AD: ['IN_TRANSIT', 'Accepted at destination facility'],
  EF: ['IN_TRANSIT', 'Departed sort facility'],
  PC: ['IN_TRANSIT', 'Sorting complete'],
  SF: ['IN_TRANSIT', 'Departed post office'],
  T1: ['IN_TRANSIT', 'Departed facility'],
  TL: ['IN_TRANSIT', 'In transit to next facility'],

  '59': ['OUT_FOR_DELIVERY', 'Out for delivery'],
  OF: ['OUT_FOR_DELIVERY', 'Out for delivery'],

  '14': ['AVAILABLE_FOR_PICKUP', 'Arrived at pickup point'],
  '16': ['AVAILABLE_FOR_PICKUP', 'Available for pickup'],

  '02': ['DELIVERY_ATTEMPTED', 'Notice left'],
  '30': ['DELIVERY_ATTEMPTED', 'Delivery attempted, no access to delivery location'],
  '51': ['DELIVERY_ATTEMPTED', 'Notice left, business closed'],
  '52': ['DELIVERY_ATTEMPTED', 'Notice left'],
  '53': ['DELIVERY_ATTEMPTED', 'Notice left, receptacle blocked'],
  '54': ['DELIVERY_ATTEMPTED', 'Notice left, receptacle full or item oversized'],
  '55': ['DELIVERY_ATTEMPTED', 'Notice left, no secure location available'],
  '56': ['DELIVERY_ATTEMPTED', 'Notice left, no authorized recipient available'],
  H0: ['DELIVERY_ATTEMPTED', 'Delivery attempted'],

  '01': ['DELIVERED', 'Delivered'],
  '17': ['DELIVERED', 'Picked up by agent'],
  DL: ['DELIVERED', 'Delivered'],

  '09': ['RETURNING', 'Return to sender'],
  '21': ['RETURNING', 'Return to sender, no such number'],
  '22': ['RETURNING', 'Return to sender, insufficient address'],
  '23': ['RETURNING', 'Return to sender, moved without an address'],
  '24': ['RETURNING', 'Return to sender, forwarding expired'],
  '25': ['RETURNING', 'Return to sender, addressee unknown'],
  '26': ['RETURNING', 'Return to sender, vacant'],
  '27': ['RETURNING', 'Return to sender, unclaimed'],
  '28': ['RETURNING', 'Return to sender, deceased'],
  '29': ['RETURNING', 'Return to sender, other reason'],
  '31': ['RETURNING', 'Return to sender, not picked up'],

  '04': ['EXCEPTION', 'Refused'],
  '05': ['EXCEPTION', 'Undeliverable as addressed'],
  '11': ['EXCEPTION', 'Dead letter'],
  '44': ['EXCEPTION', 'Recalled by customer'],
  DX: ['EXCEPTION', 'Delivery status not updated'],
};

const byCategory: readonly (readonly [RegExp, TrackingStatus])[] = [
  [/^delivered/i, 'DELIVERED'],
  [/^out for delivery/i, 'OUT_FOR_DELIVERY'],
  [/^delivery attempt/i, 'DELIVERY_ATTEMPTED'],
  [/^available for pickup/i, 'AVAILABLE_FOR_PICKUP'],
  [/return to sender/i, 'RETURNING'],
  [/^(pre-shipment|shipping label created|usps awaiting)/i, 'PRE_TRANSIT'],
  [/^(accepted|usps in possession)/i, 'ACCEPTED'],
  [/^(moving through network|in transit|preparing for delivery|arrived|departed)/i, 'IN_TRANSIT'],
  [/^alert/i, 'EXCEPTION'],
];

/** Returns the status of an event code; undefined for a code that is not known. */
export function statusOfEventCode(code: string | undefined): TrackingStatus | undefined {
  return trackingEvents[code ?? '']?.[0];
}

/** Returns what an event code means in words; undefined for a code that is not known. */
export function nameOfEventCode(code: string | undefined): string | undefined {
  return trackingEvents[code ?? '']?.[1];
}

/** Returns the status of a category or description in free text; undefined for one that is not known. */
export function statusOfCategory(category: string | undefined): TrackingStatus | undefined {
  return byCategory.find(([pattern]) => pattern.test(category ?? ''))?.[1];
}
