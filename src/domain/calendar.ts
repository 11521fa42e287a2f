import type { Address } from './address.ts';

/** The calendar of a time zone: creating a formatter takes long, and formatting takes longer than all else that a quote asks of it. */
interface ZoneCalendar {
  readonly formatter: Intl.DateTimeFormat;
  /** The date, and the quarter of an hour that it was formatted in. */
  last?: { readonly quarter: number; readonly date: string };
}
const calendars = new Map<string, ZoneCalendar>();
/** Days of all time zones begin at a quarter of an hour. */
const quarterMs = 15 * 60_000;

/** Returns the date (YYYY-MM-DD) at an address: by the time zone of the ZIP code in the US, by UTC elsewhere. */
export function dateAt(address: Address, now: number): string {
  const zone = timeZone(address);
  const calendar = calendars.get(zone) ?? {
    formatter: new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }),
  };
  calendars.set(zone, calendar);
  const quarter = Math.floor(now / quarterMs);
  if (calendar.last?.quarter !== quarter) calendar.last = { quarter, date: calendar.formatter.format(now) };
  return calendar.last.date;
}

function timeZone({ country, postalCode }: Address): string {
  if (country !== 'US') return 'UTC';
  return timeZones.find(([zip]) => zip.test(postalCode ?? ''))?.[1] ?? 'America/New_York';
}

/** Time zones by the first digits of the ZIP code; the first pattern that matches applies. A state with several zones has that of most of its area. */
const timeZones: readonly (readonly [RegExp, string])[] = [
  [/^00[6-9]/, 'America/Puerto_Rico'],
  [/^969/, 'Pacific/Guam'],
  [/^96[78]/, 'Pacific/Honolulu'],
  [/^99[5-9]/, 'America/Anchorage'],
  // Nevada.
  [/^(9|89)/, 'America/Los_Angeles'],
  // Arizona has no daylight saving time.
  [/^8[56]/, 'America/Phoenix'],
  // Montana, and El Paso in Texas.
  [/^(8|59|79[89])/, 'America/Denver'],
  // Alabama, western Tennessee, Mississippi.
  [/^([5-7]|3[56]|37[0-25]|38|39[0-7])/, 'America/Chicago'],
];

/** Adds days to a date (YYYY-MM-DD). */
export function addDays(days: number, date: string): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}
