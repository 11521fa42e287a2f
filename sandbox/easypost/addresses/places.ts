/**
 * Where in the United States a ZIP lies, roughly.
 *
 * Guess: the true zone chart is not public data of EasyPost's, so distances are reckoned between the middles of the
 * ten ZIP regions and by the next two digits within one; the recorded pairs (94107 to 90277 is 4, to itself 1) hold.
 */
const middles: readonly (readonly [latitude: number, longitude: number])[] = [
  [42.4, -71.8],
  [41.0, -75.5],
  [37.5, -78.9],
  [31.5, -84.0],
  [40.1, -84.4],
  [44.5, -93.5],
  [39.4, -92.9],
  [32.3, -96.3],
  [38.6, -109.8],
  [37.6, -121.1],
];

/** Five digits, perhaps four more; the lowest number in use is 00501. */
export const isZip = (zip: string | null): zip is string =>
  zip !== null && /^\d{5}(-?\d{4})?$/.test(zip) && zip.slice(0, 5) >= '00501';

export function uspsZone(from: string, to: string): number {
  if (from.startsWith('969') !== to.startsWith('969')) return 9;
  const apart = Math.abs(Number(from.slice(0, 3)) - Number(to.slice(0, 3)));
  if (from[0] === to[0]) return apart === 0 ? 1 : apart <= 5 ? 2 : apart <= 20 ? 3 : 4;
  // The official zone borders, in miles.
  return 3 + [300, 600, 1000, 1400, 1800].filter((border) => milesBetween(from, to) > border).length;
}

export function positionOf(zip: string): readonly [latitude: number, longitude: number] {
  const [latitude, longitude] = middles[Number(zip[0])]!;
  return [latitude + (Number(zip.slice(1, 3)) - 50) / 40, longitude + (Number(zip.slice(3, 5)) - 50) / 40];
}

function milesBetween(from: string, to: string): number {
  const [[south, west], [north, east]] = [middles[Number(from[0])]!, middles[Number(to[0])]!];
  const radians = Math.PI / 180;
  const a =
    Math.sin(((north - south) * radians) / 2) ** 2 +
    Math.cos(south * radians) * Math.cos(north * radians) * Math.sin(((east - west) * radians) / 2) ** 2;
  return 2 * 3959 * Math.asin(Math.sqrt(a));
}

const zonesOfStates: readonly (readonly [timeZone: string, states: string])[] = [
  ['America/New_York', 'CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV'],
  ['America/Chicago', 'AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI'],
  ['America/Denver', 'CO ID MT NM UT WY'],
  ['America/Phoenix', 'AZ'],
  ['America/Los_Angeles', 'CA NV OR WA'],
  ['America/Anchorage', 'AK'],
  ['Pacific/Honolulu', 'HI'],
  ['America/Puerto_Rico', 'PR VI'],
  ['Pacific/Guam', 'GU MP AS FM MH PW'],
  ['UTC', 'AA AE AP'],
];

/** By state or territory; nothing for a code that is not one. */
export const timeZoneOf = (state: string): string | undefined =>
  zonesOfStates.find(([, states]) => states.split(' ').includes(state.toUpperCase()))?.[0];
