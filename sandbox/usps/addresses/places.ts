/** A range of three-digit ZIP prefixes that share a state and a distribution center. */
export interface Place {
  state: string;
  /** The largest city, which gives the distribution center its name. */
  city: string;
  timeZone: string;
}

type Row = [
  from: number,
  to: number,
  state: string,
  city: string,
  lat: number,
  lon: number,
  zone: keyof typeof timeZones,
];

const timeZones = {
  E: 'America/New_York',
  C: 'America/Chicago',
  M: 'America/Denver',
  A: 'America/Phoenix',
  P: 'America/Los_Angeles',
  K: 'America/Anchorage',
  H: 'Pacific/Honolulu',
  G: 'Pacific/Guam',
  R: 'America/Puerto_Rico',
  S: 'Pacific/Pago_Pago',
  T: 'Pacific/Palau',
  Q: 'Pacific/Pohnpei',
  J: 'Pacific/Majuro',
};

/** Prefixes and states of the public ZIP Code prefix list (DMM L002), grouped coarsely. */
const rows: Row[] = [
  [5, 5, 'NY', 'HOLTSVILLE', 40.8, -73.0, 'E'],
  [6, 7, 'PR', 'SAN JUAN', 18.4, -66.1, 'R'],
  [8, 8, 'VI', 'ST THOMAS', 18.3, -64.9, 'R'],
  [9, 9, 'PR', 'SAN JUAN', 18.4, -66.1, 'R'],
  [10, 13, 'MA', 'SPRINGFIELD', 42.1, -72.6, 'E'],
  [14, 27, 'MA', 'BOSTON', 42.4, -71.1, 'E'],
  [28, 29, 'RI', 'PROVIDENCE', 41.8, -71.4, 'E'],
  [30, 38, 'NH', 'MANCHESTER', 43.0, -71.5, 'E'],
  [39, 49, 'ME', 'PORTLAND', 43.7, -70.3, 'E'],
  [50, 59, 'VT', 'BURLINGTON', 44.5, -73.2, 'E'],
  [60, 69, 'CT', 'HARTFORD', 41.8, -72.7, 'E'],
  [70, 89, 'NJ', 'NEWARK', 40.7, -74.2, 'E'],
  [90, 98, 'AE', 'APO', 40.6, -73.8, 'E'],
  [100, 119, 'NY', 'NEW YORK', 40.7, -74.0, 'E'],
  [120, 129, 'NY', 'ALBANY', 42.7, -73.8, 'E'],
  [130, 139, 'NY', 'SYRACUSE', 43.0, -76.1, 'E'],
  [140, 149, 'NY', 'BUFFALO', 42.9, -78.9, 'E'],
  [150, 168, 'PA', 'PITTSBURGH', 40.4, -80.0, 'E'],
  [169, 196, 'PA', 'PHILADELPHIA', 40.0, -75.2, 'E'],
  [197, 199, 'DE', 'WILMINGTON', 39.7, -75.5, 'E'],
  [200, 200, 'DC', 'WASHINGTON', 38.9, -77.0, 'E'],
  [201, 201, 'VA', 'DULLES', 39.0, -77.5, 'E'],
  [202, 205, 'DC', 'WASHINGTON', 38.9, -77.0, 'E'],
  [206, 219, 'MD', 'BALTIMORE', 39.3, -76.6, 'E'],
  [220, 246, 'VA', 'RICHMOND', 37.5, -77.4, 'E'],
  [247, 268, 'WV', 'CHARLESTON', 38.3, -81.6, 'E'],
  [270, 289, 'NC', 'CHARLOTTE', 35.2, -80.8, 'E'],
  [290, 293, 'SC', 'COLUMBIA', 34.0, -81.0, 'E'],
  [294, 295, 'SC', 'CHARLESTON', 32.8, -79.9, 'E'],
  [296, 299, 'SC', 'GREENVILLE', 34.9, -82.4, 'E'],
  [300, 319, 'GA', 'ATLANTA', 33.7, -84.4, 'E'],
  [320, 329, 'FL', 'JACKSONVILLE', 30.3, -81.7, 'E'],
  [330, 334, 'FL', 'MIAMI', 25.8, -80.2, 'E'],
  [335, 339, 'FL', 'TAMPA', 28.0, -82.5, 'E'],
  [340, 340, 'AA', 'APO', 25.8, -80.2, 'E'],
  [341, 349, 'FL', 'ORLANDO', 28.5, -81.4, 'E'],
  [350, 369, 'AL', 'BIRMINGHAM', 33.5, -86.8, 'C'],
  [370, 379, 'TN', 'NASHVILLE', 36.2, -86.8, 'C'],
  [380, 385, 'TN', 'MEMPHIS', 35.1, -90.0, 'C'],
  [386, 397, 'MS', 'JACKSON', 32.3, -90.2, 'C'],
  [398, 399, 'GA', 'ALBANY', 31.6, -84.2, 'E'],
  [400, 427, 'KY', 'LOUISVILLE', 38.3, -85.8, 'E'],
  [430, 449, 'OH', 'COLUMBUS', 40.0, -83.0, 'E'],
  [450, 459, 'OH', 'CINCINNATI', 39.1, -84.5, 'E'],
  [460, 479, 'IN', 'INDIANAPOLIS', 39.8, -86.2, 'E'],
  [480, 499, 'MI', 'DETROIT', 42.3, -83.0, 'E'],
  [500, 528, 'IA', 'DES MOINES', 41.6, -93.6, 'C'],
  [530, 549, 'WI', 'MILWAUKEE', 43.0, -87.9, 'C'],
  [550, 567, 'MN', 'MINNEAPOLIS', 45.0, -93.3, 'C'],
  [570, 577, 'SD', 'SIOUX FALLS', 43.5, -96.7, 'C'],
  [580, 588, 'ND', 'FARGO', 46.9, -96.8, 'C'],
  [590, 599, 'MT', 'BILLINGS', 45.8, -108.5, 'M'],
  [600, 609, 'IL', 'CHICAGO', 41.9, -87.6, 'C'],
  [610, 629, 'IL', 'SPRINGFIELD', 39.8, -89.6, 'C'],
  [630, 639, 'MO', 'SAINT LOUIS', 38.6, -90.2, 'C'],
  [640, 658, 'MO', 'KANSAS CITY', 39.1, -94.6, 'C'],
  [660, 679, 'KS', 'WICHITA', 37.7, -97.3, 'C'],
  [680, 693, 'NE', 'OMAHA', 41.3, -96.0, 'C'],
  [700, 714, 'LA', 'NEW ORLEANS', 30.0, -90.1, 'C'],
  [716, 729, 'AR', 'LITTLE ROCK', 34.7, -92.3, 'C'],
  [730, 732, 'OK', 'OKLAHOMA CITY', 35.5, -97.5, 'C'],
  [733, 733, 'TX', 'AUSTIN', 30.3, -97.7, 'C'],
  [734, 749, 'OK', 'TULSA', 36.2, -96.0, 'C'],
  [750, 769, 'TX', 'DALLAS', 32.8, -96.8, 'C'],
  [770, 779, 'TX', 'HOUSTON', 29.8, -95.4, 'C'],
  [780, 789, 'TX', 'AUSTIN', 30.3, -97.7, 'C'],
  [790, 799, 'TX', 'LUBBOCK', 33.6, -101.9, 'C'],
  [800, 816, 'CO', 'DENVER', 39.7, -105.0, 'M'],
  [820, 831, 'WY', 'CHEYENNE', 41.1, -104.8, 'M'],
  [832, 838, 'ID', 'BOISE', 43.6, -116.2, 'M'],
  [840, 847, 'UT', 'SALT LAKE CITY', 40.8, -111.9, 'M'],
  [850, 865, 'AZ', 'PHOENIX', 33.4, -112.1, 'A'],
  [870, 884, 'NM', 'ALBUQUERQUE', 35.1, -106.6, 'M'],
  [885, 885, 'TX', 'EL PASO', 31.8, -106.5, 'M'],
  [889, 898, 'NV', 'LAS VEGAS', 36.2, -115.1, 'P'],
  [900, 918, 'CA', 'LOS ANGELES', 34.1, -118.2, 'P'],
  [919, 928, 'CA', 'SAN DIEGO', 32.7, -117.2, 'P'],
  [930, 939, 'CA', 'FRESNO', 36.7, -119.8, 'P'],
  [940, 955, 'CA', 'SAN FRANCISCO', 37.8, -122.4, 'P'],
  [956, 961, 'CA', 'SACRAMENTO', 38.6, -121.5, 'P'],
  [962, 966, 'AP', 'APO', 37.6, -122.4, 'P'],
  [967, 968, 'HI', 'HONOLULU', 21.3, -157.9, 'H'],
  [969, 969, 'GU', 'BARRIGADA', 13.5, 144.8, 'G'],
  [970, 979, 'OR', 'PORTLAND', 45.5, -122.7, 'P'],
  [980, 994, 'WA', 'SEATTLE', 47.6, -122.3, 'P'],
  [995, 999, 'AK', 'ANCHORAGE', 61.2, -149.9, 'K'],
];

/** Islands whose ZIP Codes stand among those of others. */
const islands: Row[] = [
  [96799, 96799, 'AS', 'PAGO PAGO', -14.3, -170.7, 'S'],
  [96939, 96940, 'PW', 'KOROR', 7.3, 134.5, 'T'],
  [96941, 96944, 'FM', 'POHNPEI', 6.9, 158.2, 'Q'],
  [96950, 96952, 'MP', 'SAIPAN', 15.2, 145.7, 'G'],
  [96960, 96970, 'MH', 'MAJURO', 7.1, 171.4, 'J'],
];

/** Prefixes of one city alone, the unique ones of DMM L002, by that city. */
const cityPrefixes: Record<string, string> = {
  BOSTON: '021 022',
  'NEW YORK': '100 101 102',
  PHILADELPHIA: '191 192',
  WASHINGTON: '202 203 204 205',
  ATLANTA: '303',
  CHICAGO: '606',
  'SAINT LOUIS': '631',
  DALLAS: '752',
  HOUSTON: '770 772',
  AUSTIN: '787',
  DENVER: '802',
  PHOENIX: '850',
  'SAN DIEGO': '921',
  'SAN FRANCISCO': '941',
  PORTLAND: '972',
  SEATTLE: '981',
};

/** The city that a ZIP Code lies in where its prefix is of that city alone; undefined elsewhere. */
export const soleCityOf = (zip: string): string | undefined =>
  Object.keys(cityPrefixes).find((city) => cityPrefixes[city]!.includes(zip.slice(0, 3)));

const rowOf = (zip: string) => {
  const island = islands.find(([from, to]) => from <= Number(zip) && Number(zip) <= to);
  if (island !== undefined) return island;
  const prefix = Number(zip.slice(0, 3));
  return rows.find(([from, to]) => from <= prefix && prefix <= to);
};

/** Where a ZIP Code lies; undefined for a prefix that nobody has. */
export function placeOf(zip: string): Place | undefined {
  const row = rowOf(zip);
  return row && { state: row[2], city: row[3], timeZone: timeZones[row[6]] };
}

/** Roughly where a ZIP Code lies. */
export function coordinatesOf(zip: string): { latitude: number; longitude: number } | undefined {
  const row = rowOf(zip);
  return row && { latitude: row[4], longitude: row[5] };
}

/** A ZIP Code in a city; undefined when the city is unknown in this state. */
export const zipOfCity = (city: string, state: string): string | undefined =>
  firstZipOf(rows.find((each) => each[2] === state && each[3] === city));

/** A ZIP Code in a city, or in its state when the city is unknown. */
export function zipIn(city: string | undefined, state: string): string | undefined {
  const island = islands.find((each) => each[2] === state);
  if (island) return String(island[0]);
  return zipOfCity(city ?? '', state) ?? firstZipOf(rows.find((each) => each[2] === state));
}

const firstZipOf = (row: Row | undefined) => row && `${String(row[0]).padStart(3, '0')}01`;

/** Returns true for overseas military and diplomatic post offices. */
export const isMilitary = (zip: string) => ['AA', 'AE', 'AP'].includes(placeOf(zip)?.state ?? '');

/** Returns true for territories and freely associated states with customs. Guess: those of the DMM, where the document says "some". */
export const hasCustoms = (zip: string) =>
  ['AS', 'FM', 'GU', 'MH', 'MP', 'PW', 'VI'].includes(placeOf(zip)?.state ?? '');

/**
 * The postal zone, 1 to 9, by the distances of DMM 608.9; undefined for a ZIP Code that does not exist.
 * Guess: USPS measures between sectional centers; the sandbox measures between the cities above.
 */
export function zoneBetween(origin: string, destination: string): number | undefined {
  const from = rowOf(origin);
  const to = rowOf(destination);
  if (from === undefined || to === undefined) return undefined;
  const far = ['AS', 'FM', 'GU', 'MH', 'MP', 'PW'];
  if (far.includes(to[2]) || far.includes(from[2])) return 9;
  const miles = milesBetween(from[4], from[5], to[4], to[5]);
  const limit = [50, 150, 300, 600, 1000, 1400, 1800].findIndex((each) => miles <= each);
  return limit === -1 ? 8 : limit + 1;
}

/** The great-circle distance in miles. */
export function milesBetween(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const a =
    Math.sin(radians(lat2 - lat1) / 2) ** 2 +
    Math.cos(radians(lat1)) * Math.cos(radians(lat2)) * Math.sin(radians(lon2 - lon1) / 2) ** 2;
  return 3959 * 2 * Math.asin(Math.sqrt(a));
}

/** The local time of a moment, `YYYY-MM-DDTHH:mm:ss`, with its UTC offset, such as `-05:00`. */
export function localTime(at: number, timeZone: string): { local: string; offset: string } {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  }).formatToParts(at);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return {
    local: `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}`,
    offset: part('timeZoneName').replace('GMT', '') || '+00:00',
  };
}

/** The local date at a ZIP Code, with which mailing dates are compared. */
export const dateAt = (at: number, zip: string) =>
  localTime(at, placeOf(zip)?.timeZone ?? timeZones.E).local.slice(0, 10);

/** The moment of a local date and time in a time zone, in epoch milliseconds. */
export function momentAt(date: string, time: string, timeZone: string): number {
  const guess = Date.parse(`${date}T${time}Z`);
  return Date.parse(`${date}T${time}${localTime(guess, timeZone).offset}`);
}
