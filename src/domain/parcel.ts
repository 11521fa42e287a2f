import type { UserError } from './errors.ts';
import { sidesIn, weightIn, type Dimensions, type Weight } from './measure.ts';

export interface Parcel {
  readonly weight: Weight;
  readonly dimensions?: Dimensions | null;
  /** One of `packagings`, where it is a carrier's own; the sender's box when left out. */
  readonly packaging?: string | null;
}

/** Carriers' own packaging in our words, the same at every provider. */
export const packagings = [
  'FLAT_RATE_ENVELOPE',
  'LEGAL_FLAT_RATE_ENVELOPE',
  'PADDED_FLAT_RATE_ENVELOPE',
  'SMALL_FLAT_RATE_BOX',
  'MEDIUM_FLAT_RATE_BOX',
  'LARGE_FLAT_RATE_BOX',
] as const;
export type Packaging = (typeof packagings)[number];

/** Above this no parcel service carries it, and a wrong unit is likelier than a wrong service. */
const heaviestKilograms = 1000;
const longestCentimeters = 1000;

/** Everything that is wrong with a parcel. */
export function parcelErrors(parcel: Parcel, path: readonly string[]): readonly UserError[] {
  const errors: UserError[] = [];
  const invalid = (field: readonly string[], message: string) =>
    errors.push({ code: 'INVALID', field: [...path, ...field], message });

  if (!(parcel.weight.value > 0)) {
    invalid(['weight', 'value'], 'must be more than zero');
  } else if (weightIn(parcel.weight, 'KILOGRAM', '1') > heaviestKilograms) {
    invalid(['weight', 'value'], `is more than ${heaviestKilograms} kg; check the unit`);
  }
  const { dimensions, packaging } = parcel;
  if (packaging && !(packagings as readonly string[]).includes(packaging)) {
    invalid(['packaging'], `is none of ${packagings.join(', ')}`);
  }
  if (dimensions) {
    const wrong = (['length', 'width', 'height'] as const).filter((side) => !(dimensions[side] > 0));
    for (const side of wrong) invalid(['dimensions', side], 'must be more than zero');
    if (wrong.length === 0 && sidesIn(dimensions, 'CENTIMETER', '1')[0] > longestCentimeters) {
      invalid(['dimensions'], `is longer than ${longestCentimeters} cm; check the unit`);
    }
  }
  return errors;
}
