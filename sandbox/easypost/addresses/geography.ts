/**
 * The centers of the ten ZIP regions, by first digit.
 *
 * Guess: EasyPost does not publish its zone chart, so zones follow from the distance between the centers, and within a
 * region from the next two digits. The recorded pairs hold: 94107 to 90277 is zone 4, 94107 to itself zone 1.
 */
const regionCenters: readonly (readonly [latitude: number, longitude: number])[] = [
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

/** True for five or nine digits from 00501 on, the lowest ZIP in use. */
export const isZip = (zip: string | null): zip is string =>
  zip !== null && /^\d{5}(-?\d{4})?$/.test(zip) && zip.slice(0, 5) >= '00501';

// prettier-ignore
/** Three-digit ZIP prefixes by state, coarsely, from the public list (DMM L002). Pacific islands share prefixes. */
const zipPrefixes: Record<string, string> = {
  AA: '340', AE: '090-098', AK: '995-999', AL: '350-369', AP: '962-966', AR: '716-729', AS: '967', AZ: '850-865',
  CA: '900-961', CO: '800-816', CT: '060-069', DC: '200-205 569', DE: '197-199', FL: '320-349', FM: '969',
  GA: '300-319 398-399', GU: '969', HI: '967-968', IA: '500-528', ID: '832-838', IL: '600-629', IN: '460-479',
  KS: '660-679', KY: '400-427', LA: '700-714', MA: '010-027 055', MD: '206-219', ME: '039-049', MH: '969',
  MI: '480-499', MN: '550-567', MO: '630-658', MP: '969', MS: '386-397', MT: '590-599', NC: '270-289', ND: '580-588',
  NE: '680-693', NH: '030-038', NJ: '070-089', NM: '870-884', NV: '889-898', NY: '005 063 100-149', OH: '430-459',
  OK: '730-732 734-749', OR: '970-979', PA: '150-196', PR: '006-007 009', PW: '969', RI: '028-029', SC: '290-299',
  SD: '570-577', TN: '370-385', TX: '733 750-799 885', UT: '840-847', VA: '201 220-246', VI: '008', VT: '050-059',
  WA: '980-994', WI: '530-549', WV: '247-268', WY: '820-831 834',
};

/** True where a state has ZIPs with the prefix of this one. */
export const isZipOf = (zip: string, state: string): boolean =>
  (zipPrefixes[state.toUpperCase()] ?? '').split(' ').some((range) => {
    const [first = '', last = first] = range.split('-');
    return first !== '' && first <= zip.slice(0, 3) && zip.slice(0, 3) <= last;
  });

/** True for overseas military and diplomatic post offices, by state or by ZIP. */
export const isMilitary = ({ state, zip }: { state: string | null; zip: string | null }): boolean =>
  ['AA', 'AE', 'AP'].some((each) => state?.toUpperCase() === each || isZipOf(zip ?? '', each));

/** Returns the USPS zone between two ZIPs: 1 to 9. */
export function uspsZone(from: string, to: string): number {
  if (from.startsWith('969') !== to.startsWith('969')) return 9;
  const difference = Math.abs(Number(from.slice(0, 3)) - Number(to.slice(0, 3)));
  if (from[0] === to[0]) return difference === 0 ? 1 : difference <= 5 ? 2 : difference <= 20 ? 3 : 4;
  // The official zone limits, in miles.
  return 3 + [300, 600, 1000, 1400, 1800].filter((limit) => milesBetween(from, to) > limit).length;
}

/** Returns an approximate position of a ZIP. */
export function positionOf(zip: string): readonly [latitude: number, longitude: number] {
  const [latitude, longitude] = regionCenters[Number(zip[0])]!;
  return [latitude + (Number(zip.slice(1, 3)) - 50) / 40, longitude + (Number(zip.slice(3, 5)) - 50) / 40];
}

function milesBetween(from: string, to: string): number {
  const [[south, west], [north, east]] = [regionCenters[Number(from[0])]!, regionCenters[Number(to[0])]!];
  const radians = Math.PI / 180;
  const a =
    Math.sin(((north - south) * radians) / 2) ** 2 +
    Math.cos(south * radians) * Math.cos(north * radians) * Math.sin(((east - west) * radians) / 2) ** 2;
  return 2 * 3959 * Math.asin(Math.sqrt(a));
}

const statesByTimeZone: readonly (readonly [timeZone: string, states: string])[] = [
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

/** Returns the time zone of a state or territory; undefined for an unknown code. */
export const timeZoneOf = (state: string): string | undefined =>
  statesByTimeZone.find(([, states]) => states.split(' ').includes(state.toUpperCase()))?.[0];
