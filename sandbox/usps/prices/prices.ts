import { Big } from 'big.js';
import {
  expressFlatRates,
  priorityFlatRates,
  products,
  type Category,
  type PriceType,
  type Product,
} from './products.ts';

/** A package to price, in pounds and inches. */
export interface Package {
  weight: number;
  length: number;
  width: number;
  height: number;
  /** Only for a package that is not a box. */
  girth?: number | undefined;
  hasNonstandardCharacteristics?: boolean | undefined;
}

/** One price of a package. */
export interface Price {
  mailClass: string;
  /** The letter of the mail class in a SKU. */
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
  /** Dimensional weight in pounds; 0 where the real weight decides. The documents say ounces; recordings have pounds. */
  dimWeight: number;
  price: Big;
  fees: { name: string; SKU: string; price: Big }[];
  SKU: string;
}

/** Returns true when a package fits into the box or envelope of a flat rate. */
export function fitsInto(indicator: string, piece: Package): boolean {
  const inside = [...priorityFlatRates, ...expressFlatRates].find(
    (each) => each.indicator === indicator,
  )?.inside;
  const { sides } = shapeOf(piece);
  return inside !== undefined && inside.every((side, index) => sides[index]! <= side);
}

/** The reason why a mail class has no price for a package, with the workbook's code. */
export interface PriceError {
  code: '030004' | '030008' | '030020';
  detail: string;
}

/** Postage and fees, in dollars. */
export const basePrice = (price: Price) => price.fees.reduce((sum, fee) => sum.plus(fee.price), price.price);

/** Adds a number of dollars to a price. */
export const withSurcharge = (price: Price, by: string): Price => ({ ...price, price: price.price.plus(by) });

/** Returns every price of one mail class for a package, or the reason why there is none. */
export function pricesOf(
  mailClass: string,
  priceType: PriceType,
  piece: Package,
  zone: number,
): Price[] | PriceError {
  const product = products.find((each) => each.mailClass === mailClass);
  if (product === undefined || !product.priceTypes.includes(priceType)) {
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
  /** In inches, longest first. */
  sides: [number, number, number];
  cubicInches: number;
  /** Length plus girth, in inches. */
  size: number;
  category: 'MACHINABLE' | 'NONSTANDARD';
}

function shapeOf(piece: Package): Shape {
  const [a = 0, b = 0, c = 0] = [piece.length, piece.width, piece.height].sort((x, y) => y - x);
  const girth = piece.girth ?? 2 * (b + c);
  // The limits of sorting machines (DMM 201.7).
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
  piece: Package,
  shape: Shape,
  zone: number,
): Price[] {
  // Guess: a flat rate is offered when the package fits into its box.
  const fitting = (product.flatRates ?? []).filter((each) =>
    each.inside.every((side, index) => shape.sides[index]! <= side),
  );
  return fitting.flatMap((flat) => {
    // Recorded: the padded envelope is listed twice at one price, as flats and as a parcel.
    const categories: Category[] =
      flat.kind === 'envelope'
        ? ['FLATS']
        : flat.kind === 'padded'
          ? ['FLATS', shape.category]
          : [shape.category];
    const productName = `${product.name} ${flat.name}`;
    return categories.map((category) => ({
      ...productFields(product, priceType, piece),
      description: `${product.name} ${category === 'FLATS' ? '' : `${capitalized(category)} `}${flat.name}`,
      productName: productName.replace('Flat Rate Box APO', 'Flat Rate APO'),
      processingCategory: category,
      rateIndicator: flat.indicator,
      ...(flat.entry === undefined ? {} : { destinationEntryFacilityType: flat.entry }),
      // Recorded: the zone is included, although the price does not depend on it.
      zone: zoneText(zone),
      dimWeight: 0,
      price:
        priceType === 'CONTRACT'
          ? contractPrice(Big(flat.commercial))
          : Big(priceType === 'RETAIL' ? flat.retail : flat.commercial),
      fees: [],
      SKU: `D${product.letter}${flat.code}XXXX${skuLetters[priceType]}00700`,
    }));
  });
}

function piecePrices(
  product: Product,
  priceType: PriceType,
  piece: Package,
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
  const commercial = ladderPrice(product, zone, pounds).plus(oversized ? 20 : 0);
  const common = {
    ...productFields(product, priceType, piece),
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
      description: [product.name, capitalized(shape.category), word, indicatorNames[indicator]]
        .filter(Boolean)
        .join(' '),
      rateIndicator: indicator,
      destinationEntryFacilityType: facility,
      price: forPriceType(commercial.times(share), priceType),
      SKU: `D${product.letter}X${indicator === 'DR' ? 'R' : indicator === 'SP' ? 'P' : 'X'}0X${code}${skuLetters[priceType]}${facility === 'NONE' ? common.zone : '00'}${step}`,
    }),
  );
  const tier = priceType === 'RETAIL' ? undefined : cubicTier(product, piece, shape);
  if (tier === undefined) return singles;
  // A cubic price depends on the volume: each tenth of a cubic foot counts as 1.5 pounds.
  const cubicPrice = ladderPrice({ ...product, ounces: undefined }, zone, Math.ceil(tier * 1.5));
  return [
    ...singles,
    {
      ...common,
      dimWeight: 0,
      description: `${product.name} ${capitalized(shape.category)} Cubic Parcel`,
      rateIndicator: 'CP',
      destinationEntryFacilityType: 'NONE',
      price: forPriceType(cubicPrice, priceType),
      SKU: `D${product.letter}XC${tier % 10}XXXX${skuLetters[priceType]}${common.zone}${String(tier).padStart(3, '0')}`,
    },
  ];
}

/**
 * The tenths of a cubic foot that a box is priced by, sides rounded down to a quarter inch. Undefined above the product's
 * volume, 20 pounds or 22 inches, and for tubes and rolls (DMM 223 and 283; 22 inches since 2026-07-12, Federal Register
 * 2026-09785. Guess: Ground Advantage has the longest side of Priority Mail, as USPS announced for all cubic prices).
 */
function cubicTier(product: Product, piece: Package, { sides }: Shape): number | undefined {
  const inches = sides.map((side) => Math.floor(side * 4) / 4).reduce((volume, side) => volume * side, 1);
  const tier = Math.max(1, Math.ceil((inches / 1728) * 10));
  const isEligible =
    tier <= (product.cubicTiers ?? 0) && piece.weight <= 20 && sides[0] <= 22 && piece.girth === undefined;
  return isEligible ? tier : undefined;
}

const productFields = (product: Product, priceType: PriceType, piece: Package) => ({
  mailClass: product.mailClass,
  letter: product.letter,
  productName: product.productName,
  productDefinition: product.productDefinition,
  destinationEntryFacilityType: 'NONE',
  priceType,
  weight: piece.weight,
});

/**
 * Above one cubic foot, one pound for each 139 cubic inches, sides rounded up (DMM 123.1.4; 166 in recordings from before
 * 2026-07-12, Federal Register 2026-09785).
 */
function dimensionalWeight(piece: Package, shape: Shape): number {
  if (shape.cubicInches <= 1728) return 0;
  const [a, b, c] = shape.sides.map(Math.ceil) as [number, number, number];
  const weight = Math.ceil(((a * b * c) / 139) * (piece.girth === undefined ? 1 : 0.785));
  return weight > piece.weight ? weight : 0;
}

function ladderPrice(product: Pick<Product, 'ladder' | 'ounces'>, zone: number, pounds: number): Big {
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

/** Retail prices are 20 % higher, rounded up to five cents; contract prices are 8 % lower. */
function forPriceType(commercial: Big, priceType: PriceType): Big {
  if (priceType === 'RETAIL') return commercial.times('1.2').div('0.05').round(0, Big.roundUp).times('0.05');
  return priceType === 'CONTRACT' ? contractPrice(commercial) : commercial.round(2);
}
const contractPrice = (commercial: Big) => commercial.times('0.92').round(2);

const skuLetters: Record<PriceType, string> = { RETAIL: 'R', COMMERCIAL: 'C', CONTRACT: 'N' };
const zoneText = (zone: number) => String(zone).padStart(2, '0');
const capitalized = (category: Category) => category[0] + category.slice(1).toLowerCase();

const indicatorNames: Record<string, string> = {
  SP: 'Single-piece',
  PA: 'Single-piece',
  LC: 'Single-piece',
  NP: 'Non-presorted',
  DR: 'Dimensional Rectangular',
  DN: 'Dimensional Nonrectangular',
  OS: 'Oversized',
};
