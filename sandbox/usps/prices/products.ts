/** The price table: of the post office counter, of business customers, or of a contract. */
export type PriceType = 'RETAIL' | 'COMMERCIAL' | 'CONTRACT';

export type Category = 'MACHINABLE' | 'NONSTANDARD' | 'FLATS';

/** Dollars for one pound in zone 1, and the increments for each further zone, pound, and pound in a zone. */
type Ladder = [first: string, perZone: string, perPound: string, perPoundZone: string];

interface FlatRate {
  indicator: string;
  name: string;
  commercial: string;
  retail: string;
  /** The inside dimensions in inches, longest first. */
  inside: [number, number, number];
  kind: 'envelope' | 'padded' | 'box';
  /** The type of the drop-ship facility. Default: NONE. */
  entry?: string;
  code: string;
}

export interface Product {
  mailClass: string;
  letter: string;
  name: string;
  /** Recorded: empty for the package services. */
  productName: string;
  productDefinition: string;
  ladder: Ladder;
  /** Prices below one pound: the maximum ounces and dollars of each step in zone 1, and the increment for each zone. */
  ounces?: { steps: [upTo: number, price: string][]; perZone: string };
  indicator: 'SP' | 'PA' | 'NP' | 'LC';
  maximumPounds: number;
  /** Length plus girth, in inches. */
  maximumSize: number;
  /** The tenths of a cubic foot up to which it has cubic prices. Default: none. */
  cubicTiers?: number;
  oversize?: boolean;
  dimensional?: boolean;
  flatRates?: FlatRate[];
  /** Drop-ship facilities, which replace NONE, each with its abbreviation in descriptions, SKU code and price factor. */
  entries?: [facility: string, word: string, code: string, share: string][];
  /** The price types that the product has. */
  priceTypes: PriceType[];
  /** `named`: only in a search for its own mail class. */
  kind: 'outbound' | 'return' | 'named';
}

export const priorityFlatRates: FlatRate[] = [
  {
    indicator: 'FE',
    name: 'Flat Rate Envelope',
    commercial: '8.99',
    retail: '10.40',
    inside: [12.5, 9.5, 0.75],
    kind: 'envelope',
    code: 'FE0',
  },
  {
    indicator: 'FA',
    name: 'Legal Flat Rate Envelope',
    commercial: '9.25',
    retail: '10.70',
    inside: [15, 9.5, 0.75],
    kind: 'envelope',
    code: 'FE1',
  },
  {
    indicator: 'FP',
    name: 'Padded Flat Rate Envelope',
    commercial: '9.65',
    retail: '10.85',
    inside: [12.5, 9.5, 2],
    kind: 'padded',
    code: 'FE2',
  },
  {
    indicator: 'FS',
    name: 'Small Flat Rate Box',
    commercial: '9.85',
    retail: '11.00',
    inside: [8.625, 5.375, 1.625],
    kind: 'box',
    code: 'FB2',
  },
  {
    indicator: 'FB',
    name: 'Medium Flat Rate Box',
    commercial: '16.60',
    retail: '19.15',
    inside: [13.625, 11.875, 5.5],
    kind: 'box',
    code: 'FB1',
  },
  {
    indicator: 'PL',
    name: 'Large Flat Rate Box',
    commercial: '22.80',
    retail: '26.30',
    inside: [12, 12, 5.5],
    kind: 'box',
    code: 'FB0',
  },
  // Recorded for ordinary destinations too.
  {
    indicator: 'PM',
    name: 'Large Flat Rate Box APO/FPO/DPO',
    commercial: '21.65',
    retail: '25.05',
    inside: [12, 12, 5.5],
    kind: 'box',
    code: 'FB3',
  },
];

export const expressFlatRates: FlatRate[] = [
  {
    indicator: 'E4',
    name: 'Flat Rate Envelope',
    commercial: '27.90',
    retail: '31.40',
    inside: [12.5, 9.5, 0.75],
    kind: 'envelope',
    code: 'FE0',
  },
  {
    indicator: 'E6',
    name: 'Legal Flat Rate Envelope',
    commercial: '28.20',
    retail: '31.65',
    inside: [15, 9.5, 0.75],
    kind: 'envelope',
    code: 'FE1',
  },
  {
    indicator: 'FP',
    name: 'Padded Flat Rate Envelope',
    commercial: '28.80',
    retail: '32.25',
    inside: [12.5, 9.5, 2],
    kind: 'padded',
    code: 'FE2',
  },
];

const connectLocal = { retail: '0', kind: 'box', entry: 'DESTINATION_DELIVERY_UNIT' } as const;
const connectLocalFlatRates: FlatRate[] = [
  {
    ...connectLocal,
    indicator: 'LF',
    name: 'Flat Rate Box',
    commercial: '5.85',
    inside: [9.4375, 6.4375, 2.1875],
    code: 'FB0',
  },
  {
    ...connectLocal,
    indicator: 'LS',
    name: 'Small Flat Rate Bag',
    commercial: '5.10',
    inside: [13, 10, 4],
    code: 'FE0',
  },
  {
    ...connectLocal,
    indicator: 'LL',
    name: 'Large Flat Rate Bag',
    commercial: '6.35',
    inside: [18, 14, 6],
    code: 'FE1',
  },
];

const allPriceTypes: PriceType[] = ['RETAIL', 'COMMERCIAL', 'CONTRACT'];
const businessPriceTypes: PriceType[] = ['COMMERCIAL', 'CONTRACT'];

const ground = {
  letter: 'U',
  name: 'USPS Ground Advantage',
  productName: 'USPS Ground Advantage',
  productDefinition: '2-5 day specific delivery, perfect for packages weighing 1 ounce up to 70 lbs',
  ladder: ['6.90', '0.45', '0.55', '0.16'] as Ladder,
  ounces: {
    steps: [
      [4, '4.20'],
      [8, '4.55'],
      [12, '5.10'],
      [15.999, '6.00'],
    ] as [number, string][],
    perZone: '0.12',
  },
  indicator: 'SP' as const,
  maximumPounds: 70,
  dimensional: true,
};

const priority = {
  letter: 'P',
  name: 'Priority Mail',
  productName: 'Priority Mail',
  productDefinition: '1-3 day specific delivery to all U.S. states and territories',
  ladder: ['8.25', '0.60', '0.75', '0.28'] as Ladder,
  indicator: 'SP' as const,
  maximumPounds: 70,
  maximumSize: 108,
  dimensional: true,
};

const express = {
  letter: 'E',
  name: 'Priority Mail Express',
  productName: 'Priority Mail Express',
  productDefinition: '1-2 day specific guaranteed delivery by 6:00pm local delivery time',
  ladder: ['30.90', '2.20', '2.90', '0.60'] as Ladder,
  ounces: { steps: [[8, '28.00']] as [number, string][], perZone: '1.90' },
  indicator: 'PA' as const,
  maximumPounds: 70,
  maximumSize: 108,
  dimensional: true,
};

const packageService = {
  productName: '',
  productDefinition: '',
  maximumSize: 108,
  kind: 'outbound' as const,
};

/** All products in the order of the recording. The prices are invented, in the order of the real ones. */
export const products: Product[] = [
  {
    ...packageService,
    mailClass: 'LIBRARY_MAIL',
    letter: 'L',
    name: 'Library Mail',
    ladder: ['4.38', '0', '0.71', '0'],
    indicator: 'SP',
    maximumPounds: 70,
    priceTypes: allPriceTypes,
  },
  {
    ...express,
    mailClass: 'PRIORITY_MAIL_EXPRESS',
    flatRates: expressFlatRates,
    priceTypes: allPriceTypes,
    kind: 'outbound',
  },
  {
    ...priority,
    mailClass: 'PRIORITY_MAIL',
    flatRates: priorityFlatRates,
    cubicTiers: 5,
    priceTypes: allPriceTypes,
    kind: 'outbound',
  },
  {
    ...ground,
    mailClass: 'USPS_GROUND_ADVANTAGE',
    maximumSize: 130,
    cubicTiers: 10,
    oversize: true,
    priceTypes: allPriceTypes,
    kind: 'outbound',
  },
  {
    ...packageService,
    mailClass: 'MEDIA_MAIL',
    letter: 'M',
    name: 'Media Mail',
    ladder: ['4.63', '0', '0.75', '0'],
    indicator: 'SP',
    maximumPounds: 70,
    priceTypes: allPriceTypes,
  },
  {
    ...packageService,
    mailClass: 'BOUND_PRINTED_MATTER',
    letter: 'B',
    name: 'Bound Printed Matter',
    ladder: ['3.95', '0.08', '0.35', '0.03'],
    indicator: 'NP',
    maximumPounds: 15,
    priceTypes: businessPriceTypes,
  },
  {
    ...packageService,
    mailClass: 'PARCEL_SELECT',
    letter: 'V',
    name: 'Parcel Select',
    ladder: ['5.48', '0', '0.62', '0'],
    indicator: 'SP',
    maximumPounds: 70,
    entries: [
      ['DESTINATION_DELIVERY_UNIT', 'DDU', 'UXX', '0.62'],
      ['DESTINATION_SECTIONAL_CENTER_FACILITY', 'DSCF', 'FXX', '0.96'],
      ['DESTINATION_SERVICE_HUB', 'DHUB', 'BXX', '0.76'],
    ],
    priceTypes: businessPriceTypes,
  },
  {
    ...packageService,
    mailClass: 'USPS_CONNECT_LOCAL',
    letter: 'C',
    name: 'USPS Connect Local',
    ladder: ['4.70', '0', '0.18', '0'],
    indicator: 'LC',
    maximumPounds: 25,
    maximumSize: 130,
    flatRates: connectLocalFlatRates,
    entries: [['DESTINATION_DELIVERY_UNIT', 'DDU', 'UXX', '1']],
    priceTypes: businessPriceTypes,
    kind: 'named',
  },
  {
    ...ground,
    mailClass: 'USPS_GROUND_ADVANTAGE_RETURN_SERVICE',
    name: 'USPS Ground Advantage Return',
    maximumSize: 130,
    priceTypes: allPriceTypes,
    kind: 'return',
  },
  {
    ...priority,
    mailClass: 'PRIORITY_MAIL_RETURN_SERVICE',
    name: 'Priority Mail Return',
    priceTypes: allPriceTypes,
    kind: 'return',
  },
  {
    ...express,
    mailClass: 'PRIORITY_MAIL_EXPRESS_RETURN_SERVICE',
    name: 'Priority Mail Express Return',
    priceTypes: allPriceTypes,
    kind: 'return',
  },
];

/** Mail classes that USPS accepts and converts to another one. */
const converted: Record<string, string> = {
  PARCEL_SELECT_LIGHTWEIGHT: 'PARCEL_SELECT',
  'FIRST-CLASS_PACKAGE_SERVICE': 'USPS_GROUND_ADVANTAGE',
  'FIRST-CLASS_PACKAGE_RETURN_SERVICE': 'USPS_GROUND_ADVANTAGE_RETURN_SERVICE',
  GROUND_RETURN_SERVICE: 'USPS_GROUND_ADVANTAGE_RETURN_SERVICE',
  ALL: 'ALL_OUTBOUND',
};
/** The mail class that USPS prices in place of the given one. */
export const convertedClass = (mailClass: string) => converted[mailClass] ?? mailClass;

/** The mail classes of a search, where `ALL`, `ALL_OUTBOUND` and `ALL_RETURNS` stand for several. */
export const classesOf = (mailClass: string): string[] => {
  const searched = convertedClass(mailClass);
  const kind = searched === 'ALL_OUTBOUND' ? 'outbound' : searched === 'ALL_RETURNS' ? 'return' : undefined;
  return kind === undefined
    ? [searched]
    : products.filter((each) => each.kind === kind).map((each) => each.mailClass);
};
