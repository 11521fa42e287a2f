import { hash } from 'node:crypto';

import type { Address } from './address.ts';
import type { UserError } from './errors.ts';
import { stripRoutingCode, matchingCarriers } from './tracking-number.ts';

export type TrackingStatus =
  | 'UNKNOWN'
  | 'PRE_TRANSIT'
  | 'ACCEPTED'
  | 'IN_TRANSIT'
  | 'OUT_FOR_DELIVERY'
  | 'AVAILABLE_FOR_PICKUP'
  | 'DELIVERY_ATTEMPTED'
  | 'DELIVERED'
  | 'RETURNING'
  | 'RETURNED'
  | 'EXCEPTION'
  | 'CANCELLED';

export interface TrackingEvent {
  readonly status: TrackingStatus;
  readonly description: string;
  /** RFC 3339 with zone; undefined where the carrier gives none. */
  readonly occurredAt?: string;
  /** Local time at the place of the event, without zone: "2026-11-20T07:31:00". */
  readonly occurredAtLocal?: string;
  readonly location?: Address;
  readonly carrierCode?: string;
}

/** A provider's tracking of one parcel. */
export interface Tracking {
  readonly status: TrackingStatus;
  readonly statusText?: string;
  /** Our name of the carrier, where the provider derived it from the number. */
  readonly carrier?: string;
  readonly estimatedDelivery?: string;
  readonly estimatedDeliveryDate?: string;
  readonly deliveryWindowStart?: string;
  readonly deliveryWindowEnd?: string;
  readonly signedBy?: string;
  /** When the provider's own record of the parcel last changed, RFC 3339 with zone; undefined where it does not say. */
  readonly sourceUpdatedAt?: string;
  /** Newest first. */
  readonly events: readonly TrackingEvent[];
  /** The provider's own id of its tracker for this parcel, passed to the adapter with the next request. */
  readonly reference?: string;
  /** Time of the provider's last change by its own clock, in UTC with milliseconds; an older state never replaces a newer one. */
  readonly changedAt?: string;
}

/** Identifies a parcel: its tracking number and, where it is known, its carrier. */
export interface ParcelNumber {
  /** Normalised: upper case, without spaces. */
  readonly trackingNumber: string;
  /** Our name of the carrier; undefined where neither the caller nor the number determines it. */
  readonly carrier?: string;
}

/**
 * Normalises a tracking number. Default carrier: the one whose numbers have this format, where that is one carrier alone.
 *
 * @param carrier our name of the carrier
 */
export function parcelNumber(trackingNumber: string, carrier?: string): ParcelNumber {
  const number = normalizeNumber(trackingNumber);
  if (carrier) return { trackingNumber: number, carrier };
  const carriers = matchingCarriers(number);
  return { trackingNumber: number, carrier: carriers.length === 1 ? carriers[0] : undefined };
}

const normalizeNumber = (trackingNumber: string) =>
  stripRoutingCode(trackingNumber.replace(/[\s-]/g, '').toUpperCase());

/** Validates the format of a tracking number as a caller gave it. */
export function validateTrackingNumber(
  trackingNumber: string,
  path: readonly string[],
): readonly UserError[] {
  if (/^[A-Z0-9]{4,40}$/.test(normalizeNumber(trackingNumber))) return [];
  return [{ code: 'INVALID', field: path, message: 'must have 4 to 40 letters and digits' }];
}

/** Builds the id of a tracker from carrier and number, so that it is parsed without a look-up. */
export function trackerId(parcel: ParcelNumber): string {
  return `trk_${Buffer.from(`${parcel.carrier ?? ''}:${parcel.trackingNumber}`).toString('base64url')}`;
}

export function parseTrackerId(id: string): ParcelNumber | undefined {
  const text = id.startsWith('trk_') ? Buffer.from(id.slice(4), 'base64url').toString() : '';
  const parts = /^([^:\p{Cc}]{0,40}):([A-Z0-9]{4,40})$/u.exec(text);
  return parts ? { carrier: parts[1] || undefined, trackingNumber: parts[2]! } : undefined;
}

/** Builds a stable id from the content of an event; equal events of one parcel have the same id. */
export function eventId(parcel: ParcelNumber, event: TrackingEvent): string {
  const { occurredAt, occurredAtLocal, carrierCode, description, location } = event;
  const content = [
    parcel.carrier ?? '',
    parcel.trackingNumber,
    occurredAt ?? occurredAtLocal ?? '',
    carrierCode ?? '',
    description,
    location?.city ?? '',
    location?.postalCode ?? '',
  ];
  return `evt_${hash('sha256', JSON.stringify(content), 'base64url').slice(0, 22)}`;
}

/** Tells whether a status is final: no further events are expected, so the last state stays current. */
export function hasArrived(status: TrackingStatus): boolean {
  return status === 'DELIVERED' || status === 'RETURNED' || status === 'CANCELLED';
}

/** Returns the default `maxAgeSeconds` of a state. */
export function defaultMaxAge(status: TrackingStatus): number {
  if (status === 'UNKNOWN') return 60;
  return hasArrived(status) ? Number.POSITIVE_INFINITY : 900;
}
