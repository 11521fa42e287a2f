import type { TrackingStatus } from '../../../domain/tracking.ts';

/** Event codes seen in responses. Publication 199, appendix G, lists all; `09` and `17` begin a return. */
const byEventCode: Readonly<Record<string, TrackingStatus>> = {
  '01': 'DELIVERED',
  DL: 'DELIVERED',
  '02': 'DELIVERY_ATTEMPTED',
  '52': 'DELIVERY_ATTEMPTED',
  '03': 'ACCEPTED',
  '07': 'IN_TRANSIT',
  '09': 'RETURNING',
  '17': 'RETURNING',
  '10': 'IN_TRANSIT',
  A1: 'IN_TRANSIT',
  AD: 'IN_TRANSIT',
  SF: 'IN_TRANSIT',
  T1: 'IN_TRANSIT',
  TL: 'IN_TRANSIT',
  OF: 'OUT_FOR_DELIVERY',
  '59': 'OUT_FOR_DELIVERY',
  GX: 'PRE_TRANSIT',
  MA: 'PRE_TRANSIT',
  // A shipping partner has the parcel and USPS does not yet, but it moves.
  '80': 'IN_TRANSIT',
  '81': 'IN_TRANSIT',
  '82': 'IN_TRANSIT',
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
export function statusOfEventCode(code: string | null | undefined): TrackingStatus | undefined {
  return byEventCode[code ?? ''];
}

/** Returns the status of a category or description in free text; undefined for one that is not known. */
export function statusOfCategory(category: string | null | undefined): TrackingStatus | undefined {
  return byCategory.find(([pattern]) => pattern.test(category ?? ''))?.[1];
}
