import { ProviderError } from '../../../domain/errors.ts';
import { sidesIn, weightIn } from '../../../domain/measure.ts';
import type { Packaging, Parcel } from '../../../domain/parcel.ts';
import type { InputPaths } from '../error-fields.ts';

interface UspsPackaging {
  readonly name: string;
  /** Its rate indicators in all mail classes. */
  readonly indicators: readonly string[];
  /** Inside, in inches. The document requires a size, which flat-rate prices do not depend on. */
  readonly size: readonly [number, number, number];
}

/** USPS packaging by our name of it. */
export const packagings: Readonly<Record<string, UspsPackaging>> = {
  FLAT_RATE_ENVELOPE: { name: 'Flat Rate Envelope', indicators: ['FE', 'E4'], size: [12, 9, 0.5] },
  LEGAL_FLAT_RATE_ENVELOPE: {
    name: 'Legal Flat Rate Envelope',
    indicators: ['FA', 'E6'],
    size: [14.5, 9, 0.5],
  },
  PADDED_FLAT_RATE_ENVELOPE: { name: 'Padded Flat Rate Envelope', indicators: ['FP'], size: [12, 9, 1] },
  SMALL_FLAT_RATE_BOX: { name: 'Small Flat Rate Box', indicators: ['FS'], size: [8.62, 5.37, 1.62] },
  MEDIUM_FLAT_RATE_BOX: { name: 'Medium Flat Rate Box', indicators: ['FB'], size: [11, 8.5, 5.5] },
  LARGE_FLAT_RATE_BOX: { name: 'Large Flat Rate Box', indicators: ['PL'], size: [12, 12, 5.5] },
} satisfies Record<Packaging, UspsPackaging>;

/** The step to which weights in pounds are rounded up; finer than any scale. */
export const poundStep = '0.0001';

const maxPounds = 70;

/**
 * Returns weight in pounds and sides in inches, rounded up. Throws REJECTED for a parcel above 70 lb, and for one
 * without dimensions.
 */
export function toMeasures({ weight: given, dimensions, packaging }: Parcel, position: number) {
  const fieldOf = (name: string) => ['parcels', String(position), name];
  const weight = weightIn(given, 'POUND', poundStep);
  if (weight > maxPounds) {
    throw new ProviderError('REJECTED', `USPS accepts parcels of up to ${maxPounds} lb`, {
      field: fieldOf('weight'),
      hint: 'Send it in several parcels, or by another carrier.',
    });
  }
  const size = packaging ? packagings[packaging]?.size : dimensions && sidesIn(dimensions, 'INCH', '0.01');
  if (!size) {
    throw new ProviderError('REJECTED', 'USPS prices by size and weight', {
      field: fieldOf('dimensions'),
      hint: 'Give the dimensions of the parcel.',
    });
  }
  const [length, width, height] = size;
  return { weight, length, width, height };
}

/** Input paths of the parameters of one parcel. */
export function parcelPaths(position: number): InputPaths {
  const parcel = ['parcels', String(position)];
  return {
    packageDescription: parcel,
    InternationalPackageDescription: parcel,
    weight: [...parcel, 'weight'],
    length: [...parcel, 'dimensions', 'length'],
    width: [...parcel, 'dimensions', 'width'],
    height: [...parcel, 'dimensions', 'height'],
    girth: [...parcel, 'dimensions'],
    rateIndicator: [...parcel, 'packaging'],
  };
}
