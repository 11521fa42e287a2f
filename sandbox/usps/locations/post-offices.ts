import { coordinatesOf, milesBetween } from '../addresses/places.ts';

/** A public post office. Guess: the hours are typical, and the coordinates rounded. */
export interface PostOffice {
  id: string;
  name: string;
  streetAddress: string;
  city: string;
  state: string;
  ZIPCode: string;
  ZIPPlus4: string;
  latitude: number;
  longitude: number;
  /** Hours such as `0900`. It is closed on a Saturday without hours, and on Sundays. */
  weekdays: [open: string, close: string];
  saturday: [open: string, close: string] | undefined;
  passports: boolean;
}

type Row = [
  name: string,
  street: string,
  city: string,
  state: string,
  zip: string,
  latitude: number,
  longitude: number,
  more?: Partial<PostOffice>,
];

const late: Partial<PostOffice> = { weekdays: ['0800', '1900'] };
const weekdaysOnly: Partial<PostOffice> = { saturday: undefined, passports: false };

const rows: Row[] = [
  ['JAMES A FARLEY', '421 8TH AVE', 'NEW YORK', 'NY', '10001', 40.7513, -73.9963, late],
  ['CHURCH STREET', '90 CHURCH ST', 'NEW YORK', 'NY', '10007', 40.713, -74.01],
  ['GRAND CENTRAL', '450 LEXINGTON AVE', 'NEW YORK', 'NY', '10017', 40.7531, -73.9755],
  ['MIDTOWN', '223 W 38TH ST', 'NEW YORK', 'NY', '10018', 40.754, -73.9885],
  ['BROOKLYN GENERAL', '271 CADMAN PLZ E', 'BROOKLYN', 'NY', '11201', 40.696, -73.989],
  ['FORT POINT', '25 DORCHESTER AVE', 'BOSTON', 'MA', '02205', 42.349, -71.055, late],
  ['PROVIDENCE', '24 CORLISS ST', 'PROVIDENCE', 'RI', '02904', 41.8385, -71.4145],
  ['30TH STREET', '3000 CHESTNUT ST', 'PHILADELPHIA', 'PA', '19104', 39.952, -75.1835],
  ['PITTSBURGH', '1001 CALIFORNIA AVE', 'PITTSBURGH', 'PA', '15290', 40.4575, -80.0165],
  ['NATIONAL CAPITOL', '2 MASSACHUSETTS AVE NE', 'WASHINGTON', 'DC', '20002', 38.898, -77.0085],
  ["L'ENFANT PLAZA", "437 L'ENFANT PLZ SW", 'WASHINGTON', 'DC', '20024', 38.884, -77.025, weekdaysOnly],
  ['BALTIMORE', '900 E FAYETTE ST', 'BALTIMORE', 'MD', '21233', 39.2915, -76.604],
  ['RICHMOND', '1801 BROOK RD', 'RICHMOND', 'VA', '23232', 37.559, -77.4475],
  ['CHARLOTTE', '201 N MCDOWELL ST', 'CHARLOTTE', 'NC', '28204', 35.2195, -80.834],
  ['CENTRAL CITY', '400 PRYOR ST SW', 'ATLANTA', 'GA', '30303', 33.7445, -84.3945],
  ['JACKSONVILLE', '1100 KINGS RD', 'JACKSONVILLE', 'FL', '32203', 30.3365, -81.6755],
  ['FLAGLER', '500 NW 2ND AVE', 'MIAMI', 'FL', '33101', 25.7795, -80.1995],
  ['ORLANDO', '10401 POST OFFICE BLVD', 'ORLANDO', 'FL', '32862', 28.442, -81.338, late],
  ['NASHVILLE', '525 ROYAL PKWY', 'NASHVILLE', 'TN', '37229', 36.1425, -86.671],
  ['MEMPHIS', '1 N FRONT ST', 'MEMPHIS', 'TN', '38103', 35.1455, -90.0535, weekdaysOnly],
  ['LOUISVILLE', '1420 GARDINER LN', 'LOUISVILLE', 'KY', '40231', 38.2, -85.697],
  ['COLUMBUS', '850 TWIN RIVERS DR', 'COLUMBUS', 'OH', '43216', 39.975, -83.0105],
  ['CLEVELAND', '2400 ORANGE AVE', 'CLEVELAND', 'OH', '44101', 41.493, -81.674],
  ['INDIANAPOLIS', '125 W SOUTH ST', 'INDIANAPOLIS', 'IN', '46206', 39.761, -86.162],
  ['GEORGE W YOUNG', '1401 W FORT ST', 'DETROIT', 'MI', '48216', 42.3235, -83.065],
  ['CARDISS COLLINS', '433 W HARRISON ST', 'CHICAGO', 'IL', '60607', 41.8745, -87.6395, late],
  ['LOOP STATION', '211 S CLARK ST', 'CHICAGO', 'IL', '60604', 41.8785, -87.6305, weekdaysOnly],
  ['MILWAUKEE', '345 W SAINT PAUL AVE', 'MILWAUKEE', 'WI', '53203', 43.0345, -87.916],
  ['MINNEAPOLIS', '100 S 1ST ST', 'MINNEAPOLIS', 'MN', '55401', 44.9815, -93.263],
  ['SAINT LOUIS', '1720 MARKET ST', 'SAINT LOUIS', 'MO', '63155', 38.629, -90.2065],
  ['GRAVOIS', '3933 S BROADWAY', 'SAINT LOUIS', 'MO', '63118', 38.589, -90.222],
  ['KANSAS CITY', '300 W PERSHING RD', 'KANSAS CITY', 'MO', '64108', 39.084, -94.588],
  ['OMAHA', '1124 PACIFIC ST', 'OMAHA', 'NE', '68108', 41.25, -95.932],
  ['NEW ORLEANS', '701 LOYOLA AVE', 'NEW ORLEANS', 'LA', '70113', 29.948, -90.0785],
  ['OKLAHOMA CITY', '4025 W RENO AVE', 'OKLAHOMA CITY', 'OK', '73125', 35.463, -97.594],
  ['DALLAS DOWNTOWN', '400 N ERVAY ST', 'DALLAS', 'TX', '75201', 32.7835, -96.797],
  ['HOUSTON', '4600 ALDINE BENDER RD', 'HOUSTON', 'TX', '77315', 29.932, -95.352],
  ['AUSTIN', '8225 CROSS PARK DR', 'AUSTIN', 'TX', '78710', 30.331, -97.667],
  ['DENVER DOWNTOWN', '951 20TH ST', 'DENVER', 'CO', '80202', 39.7505, -104.9905],
  ['SALT LAKE CITY', '1760 W 2100 S', 'SALT LAKE CITY', 'UT', '84199', 40.7255, -111.938],
  ['PHOENIX', '4949 E VAN BUREN ST', 'PHOENIX', 'AZ', '85026', 33.4505, -111.976],
  ['ALBUQUERQUE', '1135 BROADWAY BLVD NE', 'ALBUQUERQUE', 'NM', '87101', 35.0945, -106.6435],
  ['LAS VEGAS', '1001 E SUNSET RD', 'LAS VEGAS', 'NV', '89199', 36.0705, -115.141, late],
  ['ALAMEDA STREET', '760 N MAIN ST', 'LOS ANGELES', 'CA', '90012', 34.0575, -118.237],
  ['BEVERLY HILLS', '325 N MAPLE DR', 'BEVERLY HILLS', 'CA', '90210', 34.0735, -118.392],
  ['SAN DIEGO', '2535 MIDWAY DR', 'SAN DIEGO', 'CA', '92138', 32.754, -117.206],
  ['BRYANT STREET', '1600 BRYANT ST', 'SAN FRANCISCO', 'CA', '94103', 37.7665, -122.4105],
  ['RINCON', '180 STEUART ST', 'SAN FRANCISCO', 'CA', '94105', 37.7925, -122.3925, weekdaysOnly],
  ['PARKWAY', '4301 BROOKFIELD DR', 'SACRAMENTO', 'CA', '95823', 38.4735, -121.4445],
  ['PORTLAND', '7007 NE CORNFOOT RD', 'PORTLAND', 'OR', '97218', 45.5795, -122.5945],
  ['SEATTLE', '301 UNION ST', 'SEATTLE', 'WA', '98101', 47.609, -122.337],
  ['HONOLULU DOWNTOWN', '335 MERCHANT ST', 'HONOLULU', 'HI', '96813', 21.3075, -157.8635, weekdaysOnly],
  ['ANCHORAGE AIRPORT', '4141 POSTMARK DR', 'ANCHORAGE', 'AK', '99530', 61.1835, -149.982, late],
  ['GENERAL POST OFFICE', '585 AVE FD ROOSEVELT', 'SAN JUAN', 'PR', '00936', 18.418, -66.0735],
];

export const postOffices: PostOffice[] = rows.map(
  ([name, streetAddress, city, state, ZIPCode, latitude, longitude, more], index) => ({
    id: String(1_350_000 + index * 37),
    name,
    streetAddress,
    city,
    state,
    ZIPCode,
    ZIPPlus4: '9998',
    latitude,
    longitude,
    weekdays: ['0900', '1700'],
    saturday: ['0900', '1300'],
    passports: true,
    ...more,
  }),
);

/** The post office nearest to a ZIP Code; undefined for a ZIP Code that does not exist. */
export function nearestPostOffice(zip: string): PostOffice | undefined {
  const center = coordinatesOf(zip);
  if (center === undefined) return undefined;
  const miles = (office: PostOffice) =>
    milesBetween(center.latitude, center.longitude, office.latitude, office.longitude);
  return postOffices.toSorted((a, b) => miles(a) - miles(b))[0];
}
