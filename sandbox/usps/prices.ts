import { Big } from 'big.js';

/** Who pays which table: the counter, business customers, a contract. */
export type PriceType = 'RETAIL' | 'COMMERCIAL' | 'CONTRACT';

/** Pounds and inches. */
export interface Mailpiece {
  weight: number;
  length: number;
  width: number;
  height: number;
  /** Only for what is not a box. */
  girth?: number | undefined;
  hasNonstandardCharacteristics?: boolean | undefined;
}

export type Category = 'MACHINABLE' | 'NONSTANDARD' | 'FLATS';

/** One price that a package could be sent at. */
export interface Price {
  mailClass: string;
  /** The class's letter in a SKU. */
  letter: string;
  description: string;
  productName: string;
  productDefinition: string;
  processingCategory: Category;
  rateIndicator: string;
  destinationEntryFacilityType: string;
  priceType: PriceType;
  zone: string;
  weight: number;
  /** Pounds; 0 where the weight rules. Recorded in pounds, although the documents say ounces. */
  dimWeight: number;
  price: Big;
  fees: { name: string; SKU: string; price: Big }[];
  SKU: string;
}

/** Dollars for zone 1 and one pound, and what each further zone, pound and pound-in-a-zone adds. */
type Ladder = [first: string, perZone: string, perPound: string, perPoundZone: string];

interface FlatRate {
  indicator: string;
  name: string;
  commercial: string;
  retail: string;
  /** Inside sides in inches, longest first. */
  inside: [number, number, number];
  kind: 'envelope' | 'padded' | 'box';
  /** Drop-ship facility where it is entered; NONE when left out. */
  entry?: string;
  code: string;
}

interface Product {
  mailClass: string;
  letter: string;
  name: string;
  /** Empty for the package services, as recorded. */
  productName: string;
  productDefinition: string;
  ladder: Ladder;
  /** Prices below one pound: up to so many ounces, so many dollars in zone 1, and what each further zone adds. */
  ounces?: { steps: [upTo: number, price: string][]; perZone: string };
  indicator: 'SP' | 'PA' | 'NP' | 'LC';
  maximumPounds: number;
  /** Length plus girth, inches. */
  maximumSize: number;
  cubic?: boolean;
  oversize?: boolean;
  dimensional?: boolean;
  flatRates?: FlatRate[];
  /** Drop-ship facilities with the word of the description, in place of NONE. */
  entries?: [facility: string, word: string, code: string, share: string][];
  /** Price types it is sold at. */
  sold: PriceType[];
  /** `named`: only where it is asked for by its name. */
  kind: 'outbound' | 'return' | 'named';
}

const priorityFlatRates: FlatRate[] = [
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
  // Recorded for an ordinary destination too.
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

const expressFlatRates: FlatRate[] = [
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

/** Whether a package has room in a box or envelope of a flat rate. */
export function fitsInto(indicator: string, piece: Mailpiece): boolean {
  const inside = [...priorityFlatRates, ...expressFlatRates].find(
    (each) => each.indicator === indicator,
  )?.inside;
  const { sides } = shapeOf(piece);
  return inside !== undefined && inside.every((side, index) => sides[index]! <= side);
}

const everyone: PriceType[] = ['RETAIL', 'COMMERCIAL', 'CONTRACT'];
const businesses: PriceType[] = ['COMMERCIAL', 'CONTRACT'];

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

/** In the order of the recording. The prices are made up and ordered as the real ones are. */
const products: Product[] = [
  {
    ...packageService,
    mailClass: 'LIBRARY_MAIL',
    letter: 'L',
    name: 'Library Mail',
    ladder: ['4.38', '0', '0.71', '0'],
    indicator: 'SP',
    maximumPounds: 70,
    sold: everyone,
  },
  {
    ...express,
    mailClass: 'PRIORITY_MAIL_EXPRESS',
    flatRates: expressFlatRates,
    sold: everyone,
    kind: 'outbound',
  },
  {
    ...priority,
    mailClass: 'PRIORITY_MAIL',
    flatRates: priorityFlatRates,
    cubic: true,
    sold: everyone,
    kind: 'outbound',
  },
  {
    ...ground,
    mailClass: 'USPS_GROUND_ADVANTAGE',
    maximumSize: 130,
    cubic: true,
    oversize: true,
    sold: everyone,
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
    sold: everyone,
  },
  {
    ...packageService,
    mailClass: 'BOUND_PRINTED_MATTER',
    letter: 'B',
    name: 'Bound Printed Matter',
    ladder: ['3.95', '0.08', '0.35', '0.03'],
    indicator: 'NP',
    maximumPounds: 15,
    sold: businesses,
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
    sold: businesses,
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
    sold: businesses,
    kind: 'named',
  },
  {
    ...ground,
    mailClass: 'USPS_GROUND_ADVANTAGE_RETURN_SERVICE',
    name: 'USPS Ground Advantage Return',
    maximumSize: 130,
    sold: everyone,
    kind: 'return',
  },
  {
    ...priority,
    mailClass: 'PRIORITY_MAIL_RETURN_SERVICE',
    name: 'Priority Mail Return',
    sold: everyone,
    kind: 'return',
  },
  {
    ...express,
    mailClass: 'PRIORITY_MAIL_EXPRESS_RETURN_SERVICE',
    name: 'Priority Mail Express Return',
    sold: everyone,
    kind: 'return',
  },
];

/** Classes that USPS takes and turns into another one. */
const converted: Record<string, string> = {
  PARCEL_SELECT_LIGHTWEIGHT: 'PARCEL_SELECT',
  'FIRST-CLASS_PACKAGE_SERVICE': 'USPS_GROUND_ADVANTAGE',
  'FIRST-CLASS_PACKAGE_RETURN_SERVICE': 'USPS_GROUND_ADVANTAGE_RETURN_SERVICE',
  GROUND_RETURN_SERVICE: 'USPS_GROUND_ADVANTAGE_RETURN_SERVICE',
  ALL: 'ALL_OUTBOUND',
};
export const convertedClass = (mailClass: string) => converted[mailClass] ?? mailClass;

export const classesOf = (mailClass: string): string[] => {
  const wanted = convertedClass(mailClass);
  const kind = wanted === 'ALL_OUTBOUND' ? 'outbound' : wanted === 'ALL_RETURNS' ? 'return' : undefined;
  return kind === undefined
    ? [wanted]
    : products.filter((each) => each.kind === kind).map((each) => each.mailClass);
};

/** Why a class cannot carry a package; the code is the workbook's. */
export interface Unpriced {
  code: '030004' | '030008' | '030020';
  detail: string;
}

/** A price after prices rose by so many dollars. */
export const raised = (price: Price, by: string): Price => ({ ...price, price: price.price.plus(by) });

/** Every price of one class for a package. */
export function pricesOf(
  mailClass: string,
  priceType: PriceType,
  piece: Mailpiece,
  zone: number,
): Price[] | Unpriced {
  const product = products.find((each) => each.mailClass === mailClass);
  if (product === undefined || !product.sold.includes(priceType)) {
    return { code: '030020', detail: 'No valid rates for these parameters.' };
  }
  if (piece.weight > product.maximumPounds) {
    return { code: '030004', detail: 'Package weight does not qualify for this product.' };
  }
  const shape = shapeOf(piece);
  if (shape.size > product.maximumSize) {
    return { code: '030008', detail: 'Package size exceeds maximum allowed for mail class' };
  }
  return [
    ...flatRatePrices(product, priceType, piece, shape, zone),
    ...piecePrices(product, priceType, piece, shape, zone),
  ];
}

interface Shape {
  /** Longest first. */
  sides: [number, number, number];
  cubicInches: number;
  /** Length plus girth. */
  size: number;
  category: 'MACHINABLE' | 'NONSTANDARD';
}

function shapeOf(piece: Mailpiece): Shape {
  const [a = 0, b = 0, c = 0] = [piece.length, piece.width, piece.height].sort((x, y) => y - x);
  const girth = piece.girth ?? 2 * (b + c);
  // DMM 201.7: what a sorting machine takes.
  const machinable =
    a <= 22 &&
    b <= 18 &&
    c <= 15 &&
    piece.weight <= 25 &&
    a >= 6 &&
    b >= 3 &&
    c >= 0.25 &&
    piece.girth === undefined;
  return {
    sides: [a, b, c],
    cubicInches: a * b * c,
    size: a + girth,
    category: machinable && !piece.hasNonstandardCharacteristics ? 'MACHINABLE' : 'NONSTANDARD',
  };
}

function flatRatePrices(
  product: Product,
  priceType: PriceType,
  piece: Mailpiece,
  shape: Shape,
  zone: number,
): Price[] {
  // Guess: a flat rate is offered when the sides fit into its box.
  const fitting = (product.flatRates ?? []).filter((each) =>
    each.inside.every((side, index) => shape.sides[index]! <= side),
  );
  return fitting.flatMap((flat) => {
    // The padded envelope is recorded twice, as flats and as a parcel, at one price.
    const categories: Category[] =
      flat.kind === 'envelope'
        ? ['FLATS']
        : flat.kind === 'padded'
          ? ['FLATS', shape.category]
          : [shape.category];
    const productName = `${product.name} ${flat.name}`;
    return categories.map((category) => ({
      ...headOf(product, priceType, piece),
      description: `${product.name} ${category === 'FLATS' ? '' : `${titled(category)} `}${flat.name}`,
      productName: productName.replace('Flat Rate Box APO', 'Flat Rate APO'),
      processingCategory: category,
      rateIndicator: flat.indicator,
      ...(flat.entry === undefined ? {} : { destinationEntryFacilityType: flat.entry }),
      // Recorded: the zone is told although it does not matter.
      zone: zoneText(zone),
      dimWeight: 0,
      price:
        priceType === 'CONTRACT'
          ? contract(Big(flat.commercial))
          : Big(priceType === 'RETAIL' ? flat.retail : flat.commercial),
      fees: [],
      SKU: `D${product.letter}${flat.code}XXXX${skuType[priceType]}00700`,
    }));
  });
}

function piecePrices(
  product: Product,
  priceType: PriceType,
  piece: Mailpiece,
  shape: Shape,
  zone: number,
): Price[] {
  const dimWeight = product.dimensional ? dimensionalWeight(piece, shape) : 0;
  const oversized = product.oversize === true && shape.size > 108;
  const indicator = oversized
    ? 'OS'
    : dimWeight > 0 && product.indicator === 'SP'
      ? piece.girth === undefined
        ? 'DR'
        : 'DN'
      : product.indicator;
  const pounds = oversized ? 70 : Math.max(piece.weight, dimWeight);
  const commercial = climb(product, zone, pounds).plus(oversized ? 20 : 0);
  const common = {
    ...headOf(product, priceType, piece),
    processingCategory: shape.category,
    zone: zoneText(zone),
    dimWeight,
    fees: feesOf(product, shape),
  };
  const step = String(Math.ceil(pounds) * 10).padStart(3, '0');
  const singles: Price[] = (product.entries ?? [['NONE', '', 'XXX', '1'] as const]).map(
    ([facility, word, code, share]) => ({
      ...common,
      zone: facility === 'NONE' ? common.zone : '00',
      description: [product.name, titled(shape.category), word, indicatorNames[indicator]]
        .filter(Boolean)
        .join(' '),
      rateIndicator: indicator,
      destinationEntryFacilityType: facility,
      price: typed(commercial.times(share), priceType),
      SKU: `D${product.letter}X${indicator === 'DR' ? 'R' : indicator === 'SP' ? 'P' : 'X'}0X${code}${skuType[priceType]}${facility === 'NONE' ? common.zone : '00'}${step}`,
    }),
  );
  const tier = Math.max(1, Math.ceil((shape.cubicInches / 1728) * 10));
  const cubic =
    product.cubic && priceType !== 'RETAIL' && tier <= 10 && piece.weight <= 20 && shape.sides[0] <= 18;
  if (!cubic || dimWeight > 0) return singles;
  // Cubic: the volume prices it, as if each tenth of a cubic foot weighed a pound and a half.
  const cubicPrice = climb({ ...product, ounces: undefined }, zone, Math.ceil(tier * 1.5));
  return [
    ...singles,
    {
      ...common,
      description: `${product.name} ${titled(shape.category)} Cubic Parcel`,
      rateIndicator: 'CP',
      destinationEntryFacilityType: 'NONE',
      price: typed(cubicPrice, priceType),
      SKU: `D${product.letter}XC${tier % 10}XXXX${skuType[priceType]}${common.zone}${String(tier).padStart(3, '0')}`,
    },
  ];
}

const headOf = (product: Product, priceType: PriceType, piece: Mailpiece) => ({
  mailClass: product.mailClass,
  letter: product.letter,
  productName: product.productName,
  productDefinition: product.productDefinition,
  destinationEntryFacilityType: 'NONE',
  priceType,
  weight: piece.weight,
});

/** More than a cubic foot counts as a pound for each 166 cubic inches, sides rounded up (DMM 123.1.4). */
function dimensionalWeight(piece: Mailpiece, shape: Shape): number {
  if (shape.cubicInches <= 1728) return 0;
  const [a, b, c] = shape.sides.map(Math.ceil) as [number, number, number];
  const weight = Math.ceil(((a * b * c) / 166) * (piece.girth === undefined ? 1 : 0.785));
  return weight > piece.weight ? weight : 0;
}

function climb(product: Pick<Product, 'ladder' | 'ounces'>, zone: number, pounds: number): Big {
  const step = product.ounces?.steps.find(([upTo]) => Big(pounds).times(16).lte(upTo));
  if (step !== undefined) return Big(step[1]).plus(Big(product.ounces!.perZone).times(zone - 1));
  const [first, perZone, perPound, perPoundZone] = product.ladder;
  const further = Big(perPound).plus(Big(perPoundZone).times(zone - 1));
  return Big(first)
    .plus(Big(perZone).times(zone - 1))
    .plus(further.times(Math.ceil(pounds) - 1));
}

function feesOf(product: Product, shape: Shape): Price['fees'] {
  if (!product.dimensional) return [];
  const [longest] = shape.sides;
  const sku = (code: string) => `D${code}X${product.letter}XXXXX0000`;
  const fees = [];
  if (longest > 30) fees.push({ name: 'Nonstandard Length > 30', price: Big('7.00'), SKU: sku('812') });
  else if (longest > 22) fees.push({ name: 'Nonstandard Length > 22', price: Big('4.00'), SKU: sku('811') });
  if (shape.cubicInches > 3456)
    fees.push({ name: 'Nonstandard Volume > 2 cu ft', price: Big('15.00'), SKU: sku('813') });
  return fees;
}

/** The counter is dearer by a fifth, up to the next five cents; a contract is eight per cent cheaper. */
function typed(commercial: Big, priceType: PriceType): Big {
  if (priceType === 'RETAIL') return commercial.times('1.2').div('0.05').round(0, Big.roundUp).times('0.05');
  return priceType === 'CONTRACT' ? contract(commercial) : commercial.round(2);
}
const contract = (commercial: Big) => commercial.times('0.92').round(2);

const skuType: Record<PriceType, string> = { RETAIL: 'R', COMMERCIAL: 'C', CONTRACT: 'N' };
const zoneText = (zone: number) => String(zone).padStart(2, '0');
const titled = (category: Category) => category[0] + category.slice(1).toLowerCase();

const indicatorNames: Record<string, string> = {
  SP: 'Single-piece',
  PA: 'Single-piece',
  LC: 'Single-piece',
  NP: 'Non-presorted',
  DR: 'Dimensional Rectangular',
  DN: 'Dimensional Nonrectangular',
  OS: 'Oversized',
};
