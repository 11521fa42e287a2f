import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { sidesIn, weightIn, type LengthUnit, type WeightUnit } from '../../src/domain/measure.ts';

const grams: Record<WeightUnit, string> = {
  GRAM: '1',
  KILOGRAM: '1000',
  OUNCE: '28.349523125',
  POUND: '453.59237',
};
const units = fc.constantFrom<WeightUnit>('GRAM', 'KILOGRAM', 'OUNCE', 'POUND');
const steps = fc.constantFrom('1', '0.1', '0.01', '0.0001', '0.5');
/** Up to four decimals. */
const values = fc.integer({ min: 1, max: 10_000_000 }).map((whole) => whole / 10_000);

describe('a weight in a provider’s unit', () => {
  it('is rounded up once, to the provider’s step', () => {
    expect(weightIn({ value: 20, unit: 'OUNCE' }, 'POUND', '0.0001')).toBe(1.25);
    expect(weightIn({ value: 15.1, unit: 'OUNCE' }, 'OUNCE', '1')).toBe(16);
    expect(weightIn({ value: 1, unit: 'KILOGRAM' }, 'OUNCE', '0.1')).toBe(35.3);
    expect(weightIn({ value: 1, unit: 'GRAM' }, 'POUND', '1')).toBe(1);
  });

  it('ignores what is below a hundredth of the step', () => {
    expect(weightIn({ value: 0.4365827, unit: 'KILOGRAM' }, 'OUNCE', '0.1')).toBe(15.4);
    expect(weightIn({ value: 1.0099, unit: 'OUNCE' }, 'OUNCE', '1')).toBe(1);
    expect(weightIn({ value: 1.01, unit: 'OUNCE' }, 'OUNCE', '1')).toBe(2);
  });

  it('is one step at least', () => {
    expect(weightIn({ value: 0.001, unit: 'GRAM' }, 'POUND', '1')).toBe(1);
  });

  it('does not grow by a step when it is converted to another unit and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), units, units, steps, (count, unit, other, step) => {
        const value = new Big(step).times(count).toNumber();
        for (const round of [Big.roundDown, Big.roundHalfUp, Big.roundUp]) {
          const converted = new Big(value).times(grams[unit]).div(grams[other]).round(10, round);
          expect(weightIn({ value: converted.toNumber(), unit: other }, unit, step)).toBe(value);
        }
      }),
    );
  });

  it('is not less than the parcel weighs by a hundredth of a step, and less than one step more', () => {
    fc.assert(
      fc.property(values, units, units, steps, (value, unit, target, step) => {
        const real = new Big(value).times(grams[unit]);
        const declared = new Big(weightIn({ value, unit }, target, step)).times(grams[target]);
        const excess = declared.minus(real);
        const stepSize = new Big(grams[target]).times(step);
        expect(excess.gt(stepSize.div(-100)), `${excess.toFixed()} g`).toBe(true);
        expect(excess.lt(stepSize), `${excess.toFixed()} g`).toBe(true);
      }),
    );
  });

  it('is exact where it is a whole number of steps', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), units, steps, (count, unit, step) => {
        const value = new Big(step).times(count).toNumber();
        expect(weightIn({ value, unit }, unit, step)).toBe(value);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (pounds) => {
        expect(weightIn({ value: pounds, unit: 'POUND' }, 'OUNCE', '0.1')).toBe(pounds * 16);
        expect(weightIn({ value: pounds * 16, unit: 'OUNCE' }, 'POUND', '1')).toBe(pounds);
      }),
    );
  });

  it('never decreases when the parcel gets heavier', () => {
    fc.assert(
      fc.property(values, values, units, units, steps, (a, b, unit, target, step) => {
        const [light, heavy] = [a, b].sort((x, y) => x - y) as [number, number];
        const declared = [light, heavy].map((value) => weightIn({ value, unit }, target, step));
        expect(declared[0]).toBeLessThanOrEqual(declared[1]!);
      }),
    );
  });
});

describe('the sides of a box', () => {
  it('are ordered longest first', () => {
    const unordered = { length: 4, width: 10, height: 8, unit: 'INCH' } as const;
    expect(sidesIn(unordered, 'INCH', '0.01')).toEqual([10, 8, 4]);
  });

  it('are each rounded up by less than one step, ignoring less than a hundredth of it', () => {
    const lengths = fc.constantFrom<LengthUnit>('CENTIMETER', 'INCH');
    const centimeters = { CENTIMETER: '1', INCH: '2.54' };
    fc.assert(
      fc.property(fc.tuple(values, values, values), lengths, lengths, steps, (sides, unit, target, step) => {
        const [length, width, height] = sides;
        const declared = sidesIn({ length, width, height, unit }, target, step);
        expect(declared).toEqual([...declared].sort((a, b) => b - a));
        const real = [...sides].sort((a, b) => b - a);
        declared.forEach((side, index) => {
          const excess = new Big(side)
            .times(centimeters[target])
            .minus(new Big(real[index]!).times(centimeters[unit]));
          const stepSize = new Big(centimeters[target]).times(step);
          expect(excess.gt(stepSize.div(-100)) && excess.lt(stepSize)).toBe(true);
        });
      }),
    );
  });

  it('do not grow by a step when they are converted to centimeters and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), steps, (count, step) => {
        const inches = new Big(step).times(count).toNumber();
        const side = new Big(inches).times('2.54').round(7, Big.roundUp).toNumber();
        const size = { length: side, width: side, height: side, unit: 'CENTIMETER' } as const;
        expect(sidesIn(size, 'INCH', step)).toEqual([inches, inches, inches]);
      }),
    );
  });
});
