import { createHash } from 'node:crypto';

import type { Address } from './address.ts';
import { carrierWord } from './carriers.ts';
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
  /** Wall-clock time at the place of the event, without zone: "2026-11-20T07:31:00". */
  readonly occurredAtLocal?: string;
  readonly location?: Address;
  readonly carrierCode?: string;
}

/** What a provider knows of one parcel's journey. */
export interface Tracking {
  readonly status: TrackingStatus;
  readonly statusText?: string;
  /** In our words, where the provider found it out from the number. */
  readonly carrier?: string;
  readonly estimatedDelivery?: string;
  readonly estimatedDeliveryDate?: string;
  readonly deliveryWindowStart?: string;
  readonly deliveryWindowEnd?: string;
  readonly signedBy?: string;
  /** Newest first. */
  readonly events: readonly TrackingEvent[];
  /** The provider's own id of what it made to follow this parcel; handed back when we ask again. */
  readonly reference?: string;
  /** When the provider last changed this, by its own clock, in UTC with milliseconds: an older state is never news. */
  readonly changedAt?: string;
}

/** One parcel: a number and, where it is known, who hauls it. */
export interface ParcelNumber {
  /** Normalised: no blanks, upper case. */
  readonly trackingNumber: string;
  /** In our words; undefined where neither caller nor number tells. */
  readonly carrier?: string;
}

/** Reads what a caller wrote; without a carrier the number's form may tell it. */
export function parcelNumber(trackingNumber: string, carrier?: string | null): ParcelNumber {
  const number = stripRoutingCode(trackingNumber.replace(/[\s-]/g, '').toUpperCase());
  if (carrier) return { trackingNumber: number, carrier: carrierWord(carrier) ?? carrier };
  const fitting = matchingCarriers(number);
  return { trackingNumber: number, carrier: fitting.length === 1 ? fitting[0] : undefined };
}

/** What is wrong with a number or carrier as written. */
export function parcelNumberErrors(
  input: { trackingNumber: string; carrier?: string | null },
  path: readonly string[],
): readonly UserError[] {
  const errors: UserError[] = [];
  if (!/^[A-Z0-9]{4,40}$/.test(parcelNumber(input.trackingNumber).trackingNumber)) {
    errors.push({
      code: 'INVALID',
      field: [...path, 'trackingNumber'],
      message: 'a tracking number has 4 to 40 letters and digits',
    });
  }
  if (input.carrier && carrierWord(input.carrier) === undefined) {
    errors.push({
      code: 'INVALID',
      field: [...path, 'carrier'],
      message: `unknown carrier ${JSON.stringify(input.carrier.slice(0, 40))}; write it as USPS, UPS, FedEx, DHL ...`,
    });
  }
  return errors;
}

/** The id of a tenant's tracker, made of what identifies it, so that it can be read back without a look-up. */
export function trackerId(parcel: ParcelNumber): string {
  return `trk_${Buffer.from(`${parcel.carrier ?? ''}:${parcel.trackingNumber}`).toString('base64url')}`;
}

export function parseTrackerId(id: string): ParcelNumber | undefined {
  const text = id.startsWith('trk_') ? Buffer.from(id.slice(4), 'base64url').toString() : '';
  const parts = /^([^:\p{Cc}]{0,40}):([A-Z0-9]{4,40})$/u.exec(text);
  return parts ? { carrier: parts[1] || undefined, trackingNumber: parts[2]! } : undefined;
}

/** Stable, made from the event's content; two like events of one parcel are one event. */
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
  return `evt_${createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 22)}`;
}

/** A parcel that nothing more is expected of; its last state stays true. */
export function hasArrived(status: TrackingStatus): boolean {
  return status === 'DELIVERED' || status === 'RETURNED' || status === 'CANCELLED';
}

/** Seconds for which a state counts as fresh when the caller does not say; what is not known yet soon may be. */
export function defaultMaxAge(status: TrackingStatus): number {
  if (status === 'UNKNOWN') return 60;
  return hasArrived(status) ? Number.POSITIVE_INFINITY : 900;
}
