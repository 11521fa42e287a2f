import Big from 'big.js';

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

/** Exact by definition: an international avoirdupois pound is 453.59237 g, an ounce is a sixteenth of it. */
const grams: Record<WeightUnit, Big> = {
  GRAM: new Big('1'),
  KILOGRAM: new Big('1000'),
  OUNCE: new Big('28.349523125'),
  POUND: new Big('453.59237'),
};
const centimeters: Record<LengthUnit, Big> = { CENTIMETER: new Big('1'), INCH: new Big('2.54') };

/** Returns a weight in kilograms within the precision of a number: for a limit of ours, and not for a provider. */
export const kilograms = ({ value, unit }: Weight): number => (value * grams[unit].toNumber()) / 1000;

/** Returns the longest side in centimeters, like `kilograms`. */
export const longestSide = ({ length, width, height, unit }: Dimensions): number =>
  Math.max(length, width, height) * centimeters[unit].toNumber();

/**
 * Converts a weight to a provider's unit, rounded up to the provider's step so that a parcel is never under-declared.
 * What is below a hundredth of the step is the imprecision of an earlier conversion, and dropped first.
 */
export function weightIn(weight: Weight, unit: WeightUnit, step: string): number {
  return convertUp(weight.value, grams[weight.unit], grams[unit], step);
}

/** Converts the three sides to a provider's unit, longest first, each rounded like a weight. */
export function sidesIn(size: Dimensions, unit: LengthUnit, step: string): [number, number, number] {
  const sides = [size.length, size.width, size.height]
    .map((side) => convertUp(side, centimeters[size.unit], centimeters[unit], step))
    .sort((a, b) => b - a);
  return sides as [number, number, number];
}

/** Returns at least one step for what is more than nothing. */
function convertUp(value: number, from: Big, to: Big, step: string): number {
  // A literal such as 1e999 is parsed as infinity, which Big does not support.
  if (value === Number.POSITIVE_INFINITY) return value;
  const measured = new Big(value).times(from).div(to.times(step));
  const steps = measured.round(2, Big.roundDown).round(0, Big.roundUp);
  return (steps.eq(0) && value > 0 ? new Big(1) : steps).times(step).toNumber();
}
