import type { Address } from './address.ts';

/** The calendar date at a place: of the US by its ZIP code's region, elsewhere by UTC. */
export function dateAt(address: Address, now: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: timeZone(address), dateStyle: 'short' }).format(now);
}

function timeZone({ country, postalCode }: Address): string {
  if (country !== 'US') return 'UTC';
  return timeZones.find(([zip]) => zip.test(postalCode ?? ''))?.[1] ?? 'America/New_York';
}

/** ZIP codes follow the map from the Atlantic (0) to the Pacific (9); states are in one zone, that of most of them. */
const timeZones: readonly (readonly [RegExp, string])[] = [
  [/^00[6-9]/, 'America/Puerto_Rico'],
  [/^969/, 'Pacific/Guam'],
  [/^96[78]/, 'Pacific/Honolulu'],
  [/^99[5-9]/, 'America/Anchorage'],
  // Nevada.
  [/^(9|89)/, 'America/Los_Angeles'],
  // Arizona has no summer time.
  [/^8[56]/, 'America/Phoenix'],
  // Montana, and El Paso in Texas.
  [/^(8|59|79[89])/, 'America/Denver'],
  // Alabama, Tennessee west of the mountains, Mississippi.
  [/^([5-7]|3[56]|37[0-25]|38|39[0-7])/, 'America/Chicago'],
];

/** A date so many days after another. */
export function addDays(days: number, date: string): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}
