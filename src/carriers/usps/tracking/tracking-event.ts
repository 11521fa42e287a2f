import { z } from 'zod';

import type { Address } from '../../../domain/address.ts';
import type { TrackingEvent } from '../../../domain/tracking.ts';
import { stripMarkup } from '../markup.ts';
import { statusOfCategory, statusOfEventCode } from './status-codes.ts';

const text = z.string().nullish();
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
  const local = event.eventTimestamp?.replace(/Z$/, '');
  const offset = toUtcOffset(event.GMTOffset);
  const description = stripMarkup(event.eventType ?? '');
  return {
    status: statusOfEventCode(event.eventCode) ?? statusOfCategory(description) ?? 'UNKNOWN',
    description,
    // GMTTimestamp is a day off when local time and GMT fall on two dates, so the instant is made of these two.
    occurredAt: local && offset ? local + offset : undefined,
    occurredAtLocal: local,
    location: locationOf(event),
    carrierCode: event.eventCode ?? undefined,
  };
}

function locationOf(event: UspsEvent): Address | undefined {
  const address = {
    city: event.eventCity || undefined,
    state: event.eventState || undefined,
    postalCode: event.eventZIPCode || event.eventZIP || undefined,
    country: countryCode(event.eventCountry),
  };
  return address.city || address.state || address.postalCode ? address : undefined;
}

/** Returns a two-letter code. USPS omits its own country, and writes others by code or by name. */
function countryCode(country: string | null | undefined): string | undefined {
  if (!country) return 'US';
  return /^[A-Z]{2}$/.test(country) ? country : undefined;
}

/** Returns an offset such as "-05:00". Recorded responses have that form; the document prints minutes. */
function toUtcOffset(offset: string | null | undefined): string | undefined {
  if (!offset) return undefined;
  if (/^[+-]\d{2}:\d{2}$/.test(offset)) return offset;
  if (!/^[+-]?\d{1,3}$/.test(offset)) return undefined;
  const minutes = Math.abs(Number(offset));
  const twoDigits = (value: number) => String(value).padStart(2, '0');
  return `${offset.startsWith('-') ? '-' : '+'}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}
