import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { weightIn, type WeightUnit } from '../../src/domain/measure.ts';
import { totalWeight, validateParcel } from '../../src/domain/parcel.ts';

describe('a parcel', () => {
  const box = { length: 10, width: 8, height: 4, unit: 'INCH' } as const;
  const errorsOf = (value: number, dimensions?: object) =>
    validateParcel(
      { weight: { value, unit: 'POUND' }, dimensions: dimensions && { ...box, ...dimensions } },
      ['parcel'],
    ).map(({ code, field }) => `${code} ${field.join('.')}`);

  it('must have a weight', () => {
    for (const value of [0, -1, Number.NaN]) expect(errorsOf(value)).toEqual(['INVALID parcel.weight.value']);
  });

  it('must not weigh more than any parcel service carries', () => {
    expect(errorsOf(2204)).toEqual([]);
    expect(errorsOf(2205)).toEqual(['INVALID parcel.weight.value']);
    expect(errorsOf(Number.POSITIVE_INFINITY)).toEqual(['INVALID parcel.weight.value']);
  });

  it('must have three sides, each with an error of its own', () => {
    expect(errorsOf(1, { width: 0, height: -4 })).toEqual([
      'INVALID parcel.dimensions.width',
      'INVALID parcel.dimensions.height',
    ]);
  });

  it('must not be longer than any parcel service carries', () => {
    expect(errorsOf(1, {})).toEqual([]);
    expect(errorsOf(1, { length: 394 })).toEqual(['INVALID parcel.dimensions']);
    expect(errorsOf(1, { height: Number.POSITIVE_INFINITY })).toEqual(['INVALID parcel.dimensions']);
  });
});

describe('the total weight of parcels', () => {
  it('is never less than the parcels weigh, and less than one unit more', () => {
    const unit = fc.constantFrom<WeightUnit>('GRAM', 'KILOGRAM', 'OUNCE', 'POUND');
    const weight = fc.record({
      value: fc.integer({ min: 1, max: 70_000 }).map((value) => value / 1000),
      unit,
    });
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 40 }), (weights) => {
        const declared = totalWeight(weights.map((weight) => ({ weight })), 'POUND'); // prettier-ignore
        // The step is far below that of `totalWeight`.
        const exact = weights.reduce((total, weight) => total + weightIn(weight, 'POUND', '0.00000001'), 0);
        expect(Number.isInteger(declared)).toBe(true);
        expect(declared).toBeGreaterThanOrEqual(exact - 1e-6);
        expect(declared).toBeLessThan(exact + 1 + weights.length * 0.0001);
      }),
    );
    expect(totalWeight([{ weight: { value: 1.1, unit: 'POUND' } }, { weight: { value: 1.9, unit: 'POUND' } }], 'POUND')).toBe(3); // prettier-ignore
  });
});
