import { z } from 'zod';

import type { Address } from '../../../domain/address.ts';
import type { TrackingEvent } from '../../../domain/tracking.ts';
import { stripMarkup } from '../markup.ts';
import { text } from '../values.ts';
import { nameOfEventCode, statusOfCategory, statusOfEventCode } from './status-codes.ts';

export const eventSchema = z.object({
  eventType: text,
  eventTimestamp: text,
  GMTOffset: text,
  eventCode: text,
  eventCity: text,
  eventState: text,
  eventZIP: text,
  eventZIPCode: text,
  eventCountry: text,
  firm: text,
  name: text,
});
type UspsEvent = z.infer<typeof eventSchema>;

/** Maps one scan of a parcel. */
export function fromEvent(event: UspsEvent): TrackingEvent {
  const local = localTime(event.eventTimestamp);
  const offset = toUtcOffset(event.GMTOffset);
  const description = stripMarkup(event.eventType ?? nameOfEventCode(event.eventCode) ?? '');
  return {
    status: statusOfEventCode(event.eventCode) ?? statusOfCategory(description) ?? 'UNKNOWN',
    description,
    // GMTTimestamp is a day off when local time and GMT fall on two dates, so the instant is made of these two.
    occurredAt: local && offset ? local + offset : undefined,
    occurredAtLocal: local,
    location: locationOf(event),
    carrierCode: event.eventCode,
  };
}

const dateTime = z.iso.datetime({ local: true });

/**
 * Returns a time of the wall clock without its zone, which is never right where USPS writes one: "2024-11-25T18:31:00".
 * Undefined for a text in another form, such as "12:56 pm".
 */
export function localTime(text: string | undefined): string | undefined {
  const local = text?.replace(/(Z|[+-]\d{2}:\d{2})$/, '').replace(/T\d{2}:\d{2}$/, '$&:00');
  return dateTime.safeParse(local).data;
}

function locationOf(event: UspsEvent): Address | undefined {
  const address = {
    city: event.eventCity,
    state: event.eventState,
    postalCode: event.eventZIPCode ?? event.eventZIP,
    country: countryCode(event.eventCountry),
  };
  return address.city || address.state || address.postalCode ? address : undefined;
}

/** Returns a two-letter code. USPS omits its own country, and writes others by code or by name. */
function countryCode(country: string | undefined): string | undefined {
  if (!country) return 'US';
  return /^[A-Z]{2}$/.test(country) ? country : undefined;
}

/** Returns an offset such as "-05:00". Recorded responses have that form; the document prints minutes. */
function toUtcOffset(offset: string | undefined): string | undefined {
  if (!offset) return undefined;
  if (/^[+-]\d{2}:\d{2}$/.test(offset)) return offset;
  if (!/^[+-]?\d{1,3}$/.test(offset)) return undefined;
  const minutes = Math.abs(Number(offset));
  const twoDigits = (value: number) => String(value).padStart(2, '0');
  return `${offset.startsWith('-') ? '-' : '+'}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}
