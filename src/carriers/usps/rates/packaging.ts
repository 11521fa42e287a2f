import { ProviderError } from '../../../domain/errors.ts';
import { sidesIn, weightIn } from '../../../domain/measure.ts';
import type { Packaging, Parcel } from '../../../domain/parcel.ts';
import type { Fields } from '../fields.ts';

interface Box {
  readonly name: string;
  readonly indicators: readonly string[];
  /** Inside, in inches: the document wants one, the price has none. */
  readonly size: readonly [number, number, number];
}

/** Our packagings: what USPS calls each, and the rate indicators of its classes. */
export const packagings: Readonly<Record<string, Box>> = {
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
} satisfies Record<Packaging, Box>;

/** A weight in pounds, rounded up to the ten-thousandth, which is finer than any scale. */
export const poundStep = '0.0001';

/** Pounds and inches, rounded up. */
export function toMeasures({ weight: given, dimensions, packaging }: Parcel, position: number) {
  const at = (field: string) => ['parcels', String(position), field];
  const weight = weightIn(given, 'POUND', poundStep);
  if (weight > 70) {
    throw new ProviderError('REJECTED', 'USPS takes parcels of up to 70 lb', {
      field: at('weight'),
      hint: 'Send it in several parcels, or by another carrier.',
    });
  }
  const size = packaging ? packagings[packaging]?.size : dimensions && sidesIn(dimensions, 'INCH', '0.01');
  if (!size) {
    throw new ProviderError('REJECTED', 'USPS prices by size and weight', {
      field: at('dimensions'),
      hint: 'Give the dimensions of the parcel.',
    });
  }
  const [length, width, height] = size;
  return { weight, length, width, height };
}

/** USPS's names of what it says of one parcel, and ours. */
export function parcelFields(position: number): Fields {
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
