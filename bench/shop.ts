import { placeOf } from '../sandbox/usps/addresses/places.ts';
import type { Parcel } from '../src/domain/parcel.ts';

/** A cart whose rates a shop asks for. */
export interface Cart {
  /** Milliseconds since midnight. */
  readonly at: number;
  readonly postalCode: string;
  readonly parcel: Parcel;
}

export interface ShopOptions {
  readonly carts: number;
  readonly zipCodes: number;
  readonly products: number;
  /** The n-th ZIP code and the n-th product are chosen in proportion to 1 / n^exponent. */
  readonly exponent: number;
  readonly seed: number;
}

/** The boxes that the shop packs in, in inches, each with the pounds up to which it is chosen. */
const boxes = [
  { upTo: 0.5, size: [8, 6, 2] },
  { upTo: 2, size: [10, 8, 4] },
  { upTo: 5, size: [12, 10, 6] },
  { upTo: 12, size: [16, 12, 8] },
  { upTo: 30, size: [20, 14, 12] },
] as const;

const hourMs = 3_600_000;

/** Carts by the hour of the day, midnight first: few at night, most in the evening. */
const hours = [2, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 8, 9, 9, 8, 6, 4];

/** A shop with customers all over the United States. The same seed gives the same carts. */
export function createShop({ carts, zipCodes, products, exponent, seed }: ShopOptions) {
  const random = createRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const anyZip = (): string => {
    const zip = String(below(100_000)).padStart(5, '0');
    return placeOf(zip) ? zip : anyZip();
  };
  /** Most products are light. */
  const anyParcel = (): Parcel => {
    const pounds = Number((0.1 + 25 * random() ** 3).toFixed(2));
    const [length, width, height] = boxes.find(({ upTo }) => pounds <= upTo)!.size;
    return { weight: { value: pounds, unit: 'POUND' }, dimensions: { length, width, height, unit: 'INCH' } };
  };
  const zips = Array.from({ length: zipCodes }, anyZip);
  const parcels = Array.from({ length: products }, anyParcel);
  const chooseZip = createZipf(zips.length, exponent, random);
  const chooseParcel = createZipf(parcels.length, exponent, random);
  const chooseHour = createChoice(hours, random);
  return {
    /** The carts of one more day, in the order of their time. */
    day: (): Cart[] =>
      Array.from({ length: carts }, () => ({
        at: Math.floor((chooseHour() + random()) * hourMs),
        postalCode: zips[chooseZip()]!,
        parcel: parcels[chooseParcel()]!,
      })).sort((a, b) => a.at - b.at),
  };
}

const createZipf = (count: number, exponent: number, random: () => number) =>
  createChoice(Array.from({ length: count }, (_, index) => (index + 1) ** -exponent), random); // prettier-ignore

/** Returns a function that chooses an index in proportion to its weight. */
function createChoice(weights: readonly number[], random: () => number): () => number {
  let sum = 0;
  const sums = weights.map((weight) => (sum += weight));
  return () => {
    const target = random() * sum;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > target) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** mulberry32: figures from 0 to 1 that depend on the seed alone. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
