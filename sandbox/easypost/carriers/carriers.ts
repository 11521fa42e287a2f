/** A price at zone 1 and zone 4 up to a pound, and what each further pound adds at zone 4, in dollars. */
export interface Price {
  near: string;
  far: string;
  pound: string;
}

export interface Service {
  name: string;
  rate: Price;
  list: Price | null;
  /** EasyPost gives FedEx none; at UPS it equals the rate. */
  retail: Price | null;
  days: ((zone: number) => number) | null;
  /** Of the day of delivery; none where the carrier names no date. */
  hour?: string;
  guaranteed: boolean | null;
  /** What delivery on a Saturday adds, where it can be had. */
  saturday?: string;
  /** Lighter than a pound it costs less: what is taken off rate, list and retail up to so many ounces. */
  light?: readonly { ounces: number; off: readonly [rate: string, list: string, retail: string] }[];
  maxOunces?: number;
  /** Offered only where `options.special_rates_eligibility` says so. */
  eligibility?: string;
  /** Countries it goes to, where not all. */
  countries?: readonly string[];
}

export interface CarrierAccount {
  id: string;
  carrier: string;
  /** As `GET /carrier_accounts` calls it. */
  type: string;
  readable: string;
  billing: 'easypost' | 'carrier';
  maxOunces: number;
  /** So many cubic inches weigh a pound, where a parcel is larger than a cubic foot. */
  inchesPerPound: number;
  domestic: readonly Service[];
  international: readonly Service[];
  /** One price whatever the weight, by package name and service: rate, list, retail. */
  flat: Record<string, Record<string, readonly [string, string, string | null]>>;
  /** Added for `options.delivery_confirmation`. */
  confirmations: Record<string, string>;
  /** What it says instead of rating. */
  broken?: string;
}

const price = (near: string, far: string, pound: string): Price => ({ near, far, pound });

/**
 * USPS in test mode, March 2025: 15.4 oz and 10.2 oz and 17.5 oz over zone 4 and 15.4 oz over zone 1 are recorded to
 * the cent; everything between and beyond is a guess that rises with weight and zone.
 */
const uspsDomestic: Service[] = [
  {
    name: 'GroundAdvantage',
    rate: price('5.65', '6.07', '0.46'),
    list: price('6.33', '6.57', '1.48'),
    retail: price('8.35', '8.85', '2.55'),
    days: (zone) => (zone === 1 ? 2 : zone <= 4 ? 3 : zone <= 6 ? 4 : 5),
    guaranteed: false,
    light: [
      { ounces: 4, off: ['1.66', '2.16', '2.95'] },
      { ounces: 8, off: ['1.26', '1.76', '2.40'] },
      { ounces: 12, off: ['0.86', '1.36', '1.85'] },
    ],
  },
  {
    name: 'Priority',
    rate: price('6.54', '7.42', '0.80'),
    list: price('7.99', '8.34', '0.73'),
    retail: price('9.35', '9.90', '2.75'),
    days: (zone) => (zone === 1 ? 1 : zone <= 5 ? 2 : 3),
    guaranteed: false,
  },
  {
    name: 'Express',
    rate: price('27.60', '34.15', '4.25'),
    list: price('27.60', '34.15', '4.25'),
    retail: price('31.95', '39.10', '5.05'),
    days: (zone) => (zone <= 6 ? 1 : 2),
    guaranteed: false,
  },
  {
    name: 'MediaMail',
    rate: price('4.63', '4.63', '0.77'),
    list: price('4.63', '4.63', '0.77'),
    retail: price('4.63', '4.63', '0.77'),
    days: (zone) => 1 + zone,
    guaranteed: false,
    eligibility: 'USPS.MEDIAMAIL',
  },
  {
    name: 'LibraryMail',
    rate: price('4.40', '4.40', '0.73'),
    list: price('4.40', '4.40', '0.73'),
    retail: price('4.40', '4.40', '0.73'),
    days: (zone) => 1 + zone,
    guaranteed: false,
    eligibility: 'USPS.LIBRARYMAIL',
  },
];

/** 21.2 oz to Canada in 2022 is recorded: 21.00, 40.46 and 54.14. */
const uspsInternational: Service[] = [
  {
    name: 'FirstClassPackageInternationalService',
    rate: price('9.40', '15.00', '6.00'),
    list: price('9.40', '15.00', '6.00'),
    retail: price('10.20', '15.80', '6.30'),
    days: null,
    guaranteed: false,
    maxOunces: 64,
  },
  {
    name: 'PriorityMailInternational',
    rate: price('30.16', '36.16', '4.30'),
    list: price('30.16', '36.16', '4.30'),
    retail: price('33.10', '39.10', '4.60'),
    days: null,
    guaranteed: false,
  },
  {
    name: 'ExpressMailInternational',
    rate: price('42.94', '48.94', '5.20'),
    list: price('42.94', '48.94', '5.20'),
    retail: price('46.55', '52.55', '5.50'),
    days: null,
    guaranteed: false,
  },
];

const flatBoxes: CarrierAccount['flat'] = {
  FlatRateEnvelope: { Priority: ['8.96', '8.96', '11.15'], Express: ['28.85', '28.85', '31.40'] },
  FlatRateLegalEnvelope: { Priority: ['9.26', '9.26', '11.45'], Express: ['29.05', '29.05', '31.60'] },
  FlatRatePaddedEnvelope: { Priority: ['9.65', '9.65', '11.95'], Express: ['29.45', '29.45', '32.05'] },
  SmallFlatRateBox: { Priority: ['9.61', '9.61', '10.85'] },
  MediumFlatRateBox: { Priority: ['17.10', '17.10', '19.50'] },
  LargeFlatRateBox: { Priority: ['23.25', '23.25', '28.40'] },
};

/** Guess: the air services that carriers offer it for, at about their list price. */
const onSaturdays = new Set([
  '2ndDayAir',
  'NextDayAir',
  'NextDayAirEarlyAM',
  'FEDEX_2_DAY',
  'PRIORITY_OVERNIGHT',
]);

const services = (
  rows: readonly [string, string, string, string, number, string, boolean][],
  retail: boolean,
) =>
  rows.map(([name, far, list, pound, days, hour, guaranteed]): Service => {
    const near = (figure: string) => (Number(figure) * 0.84).toFixed(2);
    const rate = price(near(far), far, pound);
    return {
      name,
      rate,
      list: price(near(list), list, pound),
      retail: retail ? rate : null,
      days: days > 1 ? (zone) => Math.max(1, days + Math.trunc((zone - 4) / 2)) : () => days,
      hour,
      guaranteed,
      ...(onSaturdays.has(name) && { saturday: '16.00' }),
    };
  });

/** UPS for 15.4 oz over zone 4, recorded in October 2024: rate equals retail, and the list price is the higher one. */
const upsDomestic = services(
  [
    ['Ground', '14.88', '15.95', '0.62', 2, '23:00', false],
    ['3DaySelect', '22.46', '24.94', '1.35', 3, '23:00', false],
    ['2ndDayAir', '29.45', '31.63', '2.10', 2, '23:00', false],
    ['2ndDayAirAM', '33.35', '35.61', '2.40', 2, '10:30', true],
    ['NextDayAirSaver', '83.30', '92.80', '4.10', 1, '23:00', true],
    ['NextDayAir', '88.50', '101.53', '4.30', 1, '10:30', true],
    ['NextDayAirEarlyAM', '123.30', '136.33', '5.10', 1, '08:00', true],
  ],
  true,
);

/** 21.2 oz to Canada in 2022, less what the second pound costs here. */
const upsInternational = services(
  [
    ['UPSStandard', '32.12', '31.63', '2.50', 4, '23:30', true],
    ['Expedited', '117.81', '129.65', '6.00', 3, '23:30', true],
    ['UPSSaver', '140.74', '137.91', '7.20', 2, '23:30', true],
    ['Express', '143.28', '139.71', '7.50', 2, '23:30', true],
  ],
  true,
).map((service) => (service.name === 'UPSStandard' ? { ...service, countries: ['CA', 'MX'] } : service));

/** FedEx for 15.4 oz over zone 4, recorded in July 2024 in production mode. */
const fedexDomestic = services(
  [
    ['FEDEX_GROUND', '14.47', '16.67', '0.70', 2, '23:59', true],
    ['FEDEX_EXPRESS_SAVER', '30.32', '30.32', '1.60', 3, '17:00', true],
    ['FEDEX_2_DAY', '33.39', '33.39', '2.20', 2, '17:00', true],
    ['STANDARD_OVERNIGHT', '98.79', '98.79', '4.40', 1, '17:00', true],
    ['PRIORITY_OVERNIGHT', '108.07', '108.07', '4.70', 1, '10:30', true],
  ],
  false,
);

const fedexInternational = services(
  [
    ['INTERNATIONAL_ECONOMY', '88.40', '88.40', '5.10', 5, '17:00', true],
    ['INTERNATIONAL_PRIORITY', '121.75', '121.75', '6.80', 3, '17:00', true],
  ],
  false,
);

/**
 * The carrier accounts of every user of the sandbox, where it is given no others. `UPSDAP` and `FedExDefault` are the
 * accounts that EasyPost provides itself; DhlEcs is broken on purpose, with the words that the recordings have.
 */
export const carrierAccounts: readonly CarrierAccount[] = [
  {
    id: 'ca_00000000000000000000000000000001',
    carrier: 'USPS',
    type: 'UspsAccount',
    readable: 'USPS',
    billing: 'easypost',
    maxOunces: 70 * 16,
    inchesPerPound: 166,
    domestic: uspsDomestic,
    international: uspsInternational,
    flat: flatBoxes,
    confirmations: { SIGNATURE: '3.70', ADULT_SIGNATURE: '9.35', ADULT_SIGNATURE_RESTRICTED: '9.65' },
  },
  {
    id: 'ca_00000000000000000000000000000002',
    carrier: 'UPSDAP',
    type: 'UpsDapAccount',
    readable: 'UPS',
    billing: 'easypost',
    maxOunces: 150 * 16,
    inchesPerPound: 139,
    domestic: upsDomestic,
    international: upsInternational,
    flat: {},
    confirmations: { SIGNATURE: '6.55', INDIRECT_SIGNATURE: '6.55', ADULT_SIGNATURE: '8.10' },
  },
  {
    id: 'ca_00000000000000000000000000000003',
    carrier: 'FedExDefault',
    type: 'FedexDefaultAccount',
    readable: 'FedEx',
    billing: 'easypost',
    maxOunces: 150 * 16,
    inchesPerPound: 139,
    domestic: fedexDomestic,
    international: fedexInternational,
    flat: {},
    confirmations: { SIGNATURE: '6.70', INDIRECT_SIGNATURE: '6.70', ADULT_SIGNATURE: '8.35' },
  },
  {
    id: 'ca_00000000000000000000000000000004',
    carrier: 'DhlEcs',
    type: 'DhlEcsAccount',
    readable: 'DHL eCommerce',
    billing: 'carrier',
    maxOunces: 25 * 16,
    inchesPerPound: 166,
    domestic: [],
    international: [],
    flat: {},
    confirmations: {},
    broken: 'Invalid credentials',
  },
];
