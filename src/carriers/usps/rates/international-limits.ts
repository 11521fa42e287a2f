import type { toMeasures } from './packaging.ts';

interface Limits {
  /** Pounds, by country code; `*` for all others. */
  readonly pounds: Readonly<Record<string, number>>;
  /** The longest side, in inches. */
  readonly length?: number;
  /** Length, width and height together, in inches. */
  readonly sides?: number;
  /** Length and girth, the way around the other two sides, together, in inches. */
  readonly girth?: number;
}

/**
 * Limits of international classes, which the price API does not check and the label API does (160054). Source:
 * International Mail Manual, 232 (Priority Mail International), 251 (First-Class Package International Service) and the
 * country listings.
 */
const limits: Readonly<Record<string, Limits>> = {
  'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE': { pounds: { '*': 4 }, length: 24, sides: 36 },
  PRIORITY_MAIL_INTERNATIONAL: { pounds: { CA: 66, '*': 70 }, girth: 108 },
};

/** Returns true where a parcel is within the limits of a mail class to a country. */
export function isWithinLimits(
  mailClass: string,
  { weight, length, width, height }: ReturnType<typeof toMeasures>,
  country: string,
): boolean {
  const { pounds, ...sizes }: Limits = limits[mailClass] ?? { pounds: { '*': Infinity } };
  const [longest, middle, shortest] = [length, width, height].sort((a, b) => b - a) as [number, number, number]; // prettier-ignore
  return (
    weight <= (pounds[country] ?? pounds['*']!) &&
    longest <= (sizes.length ?? Infinity) &&
    longest + middle + shortest <= (sizes.sides ?? Infinity) &&
    longest + 2 * (middle + shortest) <= (sizes.girth ?? Infinity)
  );
}
