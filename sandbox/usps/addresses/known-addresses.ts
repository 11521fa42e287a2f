/** A public address in standardized form. Guess: unknown ZIP+4 codes, routes and delivery points are invented. */
export interface KnownAddress {
  street: string;
  city: string;
  state: string;
  zip: string;
  plus4: string;
  route: string;
  deliveryPoint: string;
  business: boolean;
  /** The short name that USPS writes in place of a city's name of more than 13 letters. */
  cityAbbreviation?: string;
  /** Puerto Rico: other streets of the city have the same name. Without it several addresses match (correction 22). */
  urbanization?: string;
  /** The units of the building. The confirmation is `D` without a unit, and `S` with an unknown one. */
  units?: RegExp;
  /** Several addresses match and none is the default: the response has correction 22 (`correction`), or is a 404 (`not-found`). */
  several?: 'correction' | 'not-found';
}

type Row = [
  street: string,
  city: string,
  state: string,
  zip: string,
  plus4: string,
  more?: Partial<KnownAddress>,
];

const rows: Row[] = [
  ["475 L'ENFANT PLZ SW", 'WASHINGTON', 'DC', '20260', '0004', { business: true, route: 'C000' }],
  ['1600 PENNSYLVANIA AVE NW', 'WASHINGTON', 'DC', '20500', '0005', { business: true }],
  // The guide's example, whose request has ZIP Code 20027.
  [
    '3120 M ST NW',
    'WASHINGTON',
    'DC',
    '20007',
    '3704',
    { business: true, route: 'C036', deliveryPoint: '20' },
  ],
  ['388 TOWNSEND ST', 'SAN FRANCISCO', 'CA', '94107', '1670', { units: /^(APT|#|UNIT) ([1-9]|[12]\d|30)$/ }],
  ['417 MONTGOMERY ST', 'SAN FRANCISCO', 'CA', '94104', '1129', { business: true, units: /^(FL|STE) \d+$/ }],
  ['179 N HARBOR DR', 'REDONDO BEACH', 'CA', '90277', '2506', { business: true }],
  ['20 W 34TH ST', 'NEW YORK', 'NY', '10001', '3010', { business: true, units: /^(STE|FL|RM) \d+$/ }],
  ['350 5TH AVE', 'NEW YORK', 'NY', '10118', '0110', { business: true, units: /^(STE|FL|RM) \d+$/ }],
  ['233 S WACKER DR', 'CHICAGO', 'IL', '60606', '6448', { business: true, units: /^(STE|FL) \d+$/ }],
  ['1 APPLE PARK WAY', 'CUPERTINO', 'CA', '95014', '0642', { business: true }],
  ['1600 AMPHITHEATRE PKWY', 'MOUNTAIN VIEW', 'CA', '94043', '1351', { business: true }],
  ['1100 WYOMING ST', 'SAINT LOUIS', 'MO', '63118', '2628', { units: /^STE \d+$/ }],
  ['4120 BINGHAM AVE', 'SAINT LOUIS', 'MO', '63116', '2520'],
  ['2700 S JEFFERSON AVE', 'SAINT LOUIS', 'MO', '63104', '2351', { units: /^STE \d+$/ }],
  ['45 L ST SW', 'WASHINGTON', 'DC', '20024', '3200'],
  ['901 D ST SW', 'WASHINGTON', 'DC', '20024', '2198', { business: true, units: /^STE \d+$/ }],
  ['1309 S AGNEW AVE', 'OKLAHOMA CITY', 'OK', '73108', '2400', { units: /^APT \d+$/ }],
  ['1098 N FRASER ST', 'GEORGETOWN', 'SC', '29440', '2802', { business: true }],
  // Reported by users: an exact match that is answered with the short name of its city.
  ['1300 3RD ST', 'CORPUS CHRISTI', 'TX', '78404', '2208', { cityAbbreviation: 'CORP CHRISTI' }],
  // A phantom route: the address exists and is not delivered to.
  ['3325 MAIN ST', 'MAMMOTH LAKES', 'CA', '93546', '2100', { route: 'R777' }],
  ['150 CALLE A', 'SAN JUAN', 'PR', '00926', '1101', { urbanization: 'URB LAS GLADIOLAS' }],
  ['150 CALLE A', 'SAN JUAN', 'PR', '00926', '2202', { urbanization: 'URB VILLA CAPRI' }],
  ['100 MAIN ST', 'SPRINGFIELD', 'IL', '62701', '1000', { several: 'correction' }],
  ['200 MAIN ST', 'SPRINGFIELD', 'IL', '62701', '1000', { several: 'not-found' }],
];

export const knownAddresses: KnownAddress[] = rows.map(([street, city, state, zip, plus4, more]) => ({
  street,
  city,
  state,
  zip,
  plus4,
  route: `C0${zip.slice(-2)}`,
  deliveryPoint: street.replace(/\D/g, '').slice(0, 2).padStart(2, '0'),
  business: false,
  ...more,
}));

/** Cities of ZIP Codes, where they differ from the city of the distribution center. */
export const knownCities: Record<string, string> = {
  ...Object.fromEntries(rows.map(([, city, , zip]) => [zip, city])),
  '30022': 'ALPHARETTA',
  '10007': 'NEW YORK',
  '90210': 'BEVERLY HILLS',
};
