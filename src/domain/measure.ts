export type WeightUnit = 'GRAM' | 'KILOGRAM' | 'OUNCE' | 'POUND';
export type LengthUnit = 'CENTIMETER' | 'INCH';

export interface Weight {
  readonly value: number;
  readonly unit: WeightUnit;
}

export interface Dimensions {
  readonly length: number;
  readonly width: number;
  readonly height: number;
  readonly unit: LengthUnit;
}

/** In billionths of a gram. Exact by definition: an international avoirdupois pound is 453.59237 g, an ounce is a sixteenth of it. */
const weights: Record<WeightUnit, bigint> = {
  GRAM: 1_000_000_000n,
  KILOGRAM: 1_000_000_000_000n,
  OUNCE: 28_349_523_125n,
  POUND: 453_592_370_000n,
};
/** In hundredths of a centimeter. */
const lengths: Record<LengthUnit, bigint> = { CENTIMETER: 100n, INCH: 254n };

/** Returns a weight in kilograms within the precision of a number: for a limit of ours, and not for a provider. */
export const kilograms = ({ value, unit }: Weight): number =>
  (value * Number(weights[unit])) / Number(weights.KILOGRAM);

/** Returns the longest side in centimeters, like `kilograms`. */
export const longestSide = ({ length, width, height, unit }: Dimensions): number =>
  (Math.max(length, width, height) * Number(lengths[unit])) / Number(lengths.CENTIMETER);

/**
 * Converts a weight to a provider's unit, rounded up to the provider's step so that a parcel is never under-declared.
 * What is below a hundredth of the step is the imprecision of an earlier conversion, and dropped first. A step is a decimal
 * such as "0.1".
 */
export function weightIn(weight: Weight, unit: WeightUnit, step: string): number {
  return convertUp(weight.value, weights[weight.unit], weights[unit], step);
}

/** Converts the three sides to a provider's unit, longest first, each rounded like a weight. */
export function sidesIn(size: Dimensions, unit: LengthUnit, step: string): [number, number, number] {
  const [from, to] = [lengths[size.unit], lengths[unit]];
  const sides = [
    convertUp(size.length, from, to, step),
    convertUp(size.width, from, to, step),
    convertUp(size.height, from, to, step),
  ];
  return sides.sort((a, b) => b - a) as [number, number, number];
}

/** Returns at least one step for what is more than nothing. A measure is not negative. */
function convertUp(value: number, from: bigint, to: bigint, step: string): number {
  // A literal such as 1e999 is parsed as infinity.
  if (value === Number.POSITIVE_INFINITY) return value;
  const [measured, parts] = toFraction(value);
  const [stepSize, stepParts] = toFraction(step);
  const hundredths = (measured * from * stepParts * 100n) / (parts * to * stepSize);
  const steps = (hundredths + 99n) / 100n;
  // Both are whole numbers that a number holds exactly, so the quotient is the number next to the decimal.
  return Number((steps === 0n && value > 0 ? 1n : steps) * stepSize) / Number(stepParts);
}

/** Returns the shortest decimal form of a number as a fraction. */
function toFraction(value: number | string): readonly [numerator: bigint, denominator: bigint] {
  const [digits = '', exponent = '0'] = String(value).split('e');
  const point = digits.indexOf('.');
  const decimals = (point < 0 ? 0 : digits.length - point - 1) - Number(exponent);
  const numerator = BigInt(point < 0 ? digits : digits.slice(0, point) + digits.slice(point + 1));
  return decimals > 0 ? [numerator, powerOfTen(decimals)] : [numerator * powerOfTen(-decimals), 1n];
}

const smallPowers = Array.from({ length: 24 }, (_, exponent) => 10n ** BigInt(exponent));
const powerOfTen = (exponent: number) => smallPowers[exponent] ?? 10n ** BigInt(exponent);
