import type { TrackingStatus } from '../../../domain/tracking.ts';

/**
 * Event codes by the status that a parcel has after them. Source: Publication 199, appendix G-4, and codes of recorded
 * responses. H0 is in neither and is known from users' reports.
 */
const codesByStatus: Partial<Record<TrackingStatus, string>> = {
  // Label created; announced in the mailer's file.
  PRE_TRANSIT: 'GX MA',
  // Accepted or picked up by the carrier; passively, from a truck's manifest; picked up.
  ACCEPTED: '03 PA TM 43',
  // Forwarded, arrived, missent, processed, mis-shipped; opened, handed to a partner, rescheduled; at a shipping partner,
  // who has the parcel before USPS does; arrived, departed, sorted.
  IN_TRANSIT: '06 07 08 10 15 19 41 42 71 80 81 82 A1 AD EF PC SF T1 TL',
  OUT_FOR_DELIVERY: '59 OF',
  // At the pickup point; available for pickup, or held at the post office.
  AVAILABLE_FOR_PICKUP: '14 16',
  // Notice left; no access; business closed; receptacle blocked, full, not secure; nobody authorized.
  DELIVERY_ATTEMPTED: '02 30 51 52 53 54 55 56 H0',
  // 17 is "picked up by agent".
  DELIVERED: '01 17 DL',
  // Returned to sender, in general and for a reason: no such number, insufficient address, moved, forwarding expired,
  // unknown, vacant, unclaimed, deceased, other, not picked up.
  RETURNING: '09 21 22 23 24 25 26 27 28 29 31',
  // Refused; undeliverable as addressed; dead letter; recalled; delivery not scanned.
  EXCEPTION: '04 05 11 44 DX',
};

const byEventCode = new Map(
  Object.entries(codesByStatus).flatMap(([status, codes]) =>
    codes.split(' ').map((code) => [code, status as TrackingStatus] as const),
  ),
);

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
  return byEventCode.get(code ?? '');
}

/** Returns the status of a category or description in free text; undefined for one that is not known. */
export function statusOfCategory(category: string | undefined): TrackingStatus | undefined {
  return byCategory.find(([pattern]) => pattern.test(category ?? ''))?.[1];
}
