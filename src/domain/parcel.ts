import type { UserError } from './errors.ts';
import {
  kilograms,
  longestSide,
  weightIn,
  type Dimensions,
  type Weight,
  type WeightUnit,
} from './measure.ts';

export interface Parcel {
  readonly weight: Weight;
  readonly dimensions?: Dimensions | null;
  /** One of `packagings`. Default: the sender's own box. */
  readonly packaging?: string | null;
}

/** Names of carriers' own packaging, the same for every provider. */
export const packagings = [
  'FLAT_RATE_ENVELOPE',
  'LEGAL_FLAT_RATE_ENVELOPE',
  'PADDED_FLAT_RATE_ENVELOPE',
  'SMALL_FLAT_RATE_BOX',
  'MEDIUM_FLAT_RATE_BOX',
  'LARGE_FLAT_RATE_BOX',
] as const;
export type Packaging = (typeof packagings)[number];

/** No parcel service carries more; a larger value most likely has the wrong unit. */
const maxKilograms = 1000;
const maxCentimeters = 1000;

/** Validates a parcel and returns every error found. */
export function validateParcel(parcel: Parcel, path: readonly string[]): readonly UserError[] {
  const errors: UserError[] = [];
  const invalid = (field: readonly string[], message: string) =>
    errors.push({ code: 'INVALID', field: [...path, ...field], message });

  if (!(parcel.weight.value > 0)) {
    invalid(['weight', 'value'], 'must be more than zero');
  } else if (kilograms(parcel.weight) > maxKilograms) {
    invalid(
      ['weight', 'value'],
      `must not be more than ${maxKilograms} kg; check the unit, ${parcel.weight.unit}`,
    );
  }
  const { dimensions, packaging } = parcel;
  if (packaging && !(packagings as readonly string[]).includes(packaging)) {
    invalid(['packaging'], `must be one of ${packagings.join(', ')}`);
  }
  if (dimensions) {
    const invalidSides = (['length', 'width', 'height'] as const).filter((side) => !(dimensions[side] > 0));
    for (const side of invalidSides) invalid(['dimensions', side], 'must be more than zero');
    if (invalidSides.length === 0 && longestSide(dimensions) > maxCentimeters) {
      invalid(
        ['dimensions'],
        `must not be longer than ${maxCentimeters} cm; check the unit, ${dimensions.unit}`,
      );
    }
  }
  return errors;
}

/** Returns the weight of parcels together in whole units, rounded up so that they are never under-declared. */
export function totalWeight(parcels: readonly Parcel[], unit: WeightUnit): number {
  const stepsPerUnit = 10_000;
  const steps = parcels.map(({ weight }) =>
    Math.round(weightIn(weight, unit, String(1 / stepsPerUnit)) * stepsPerUnit),
  );
  return Math.ceil(steps.reduce((total, step) => total + step, 0) / stepsPerUnit);
}
