import type { CarrierName } from './carriers.ts';

/**
 * Returns the carriers that a tracking number may belong to, by its form and check digit. Sources: USPS Publication 199
 * (IMpb), UPU S10, and the published barcode guides of UPS, FedEx and DHL.
 */
export function matchingCarriers(number: string): CarrierName[] {
  return carriersOf((format) => hasForm(format, number) && hasCheckDigit(format, number));
}

/** Returns the carriers whose numbers have the form of a tracking number, where only its check digit is wrong for each. */
export function carriersButForCheckDigit(number: string): CarrierName[] {
  return matchingCarriers(number).length > 0 ? [] : carriersOf((format) => hasForm(format, number));
}

/** Tells whether a number has the form of the numbers of USPS, which also delivers parcels of other posts (UPU S10). */
export function hasUspsForm(number: string): boolean {
  return /^[A-Z]{2}\d{9}[A-Z]{2}$/.test(number) || formats.some((format) => format.carrier === 'USPS' && hasForm(format, number)); // prettier-ignore
}

/**
 * Tells what the numbers of a carrier look like, where the given one has another form. Undefined for other carriers than
 * USPS, whose forms are not all known.
 */
export function expectedForm(carrier: string | undefined, number: string): string | undefined {
  if (carrier !== 'USPS' || hasUspsForm(number)) return undefined;
  return 'A USPS number has 20, 22 or 26 digits and begins with 9 or 7, or has two letters, nine digits and two letters.';
}

/** Removes the routing code (420 and the destination's ZIP code) that precedes the number in a USPS barcode. */
export function stripRoutingCode(number: string): string {
  return withoutRoutingCode(number).find((candidate) => impb.test(candidate) && mod10(candidate)) ?? number;
}

const routingCodes = [/^420\d{5}/, /^420\d{9}/];

const withoutRoutingCode = (number: string) =>
  routingCodes.map((routing) => number.replace(routing, '')).filter((candidate) => candidate !== number);

interface Format {
  readonly carrier: CarrierName;
  readonly form: RegExp;
  /** Default: the numbers have no check digit. */
  readonly check?: (number: string) => boolean;
}

/** The number of an Intelligent Mail package barcode, or one of the older 20-digit formats. */
const impb = /^(9[1-5]\d{18}(\d{2}|\d{6})?|(70|71|72|73|14|23|03|81|82)\d{18})$/;

const formats: readonly Format[] = [
  { carrier: 'USPS', form: impb, check: mod10 },
  { carrier: 'USPS', form: /^[A-Z]{2}\d{9}US$/, check: s10 },
  { carrier: 'UPS', form: /^1Z[0-9A-Z]{16}$/, check: ups },
  { carrier: 'FedEx', form: /^\d{12}$/, check: fedexExpress },
  { carrier: 'FedEx', form: /^\d{15}$/, check: mod10 },
  { carrier: 'FedEx', form: /^96\d{20}$/ },
  {
    carrier: 'DHL',
    form: /^\d{10}$/,
    check: (number) => Number(number.slice(0, 9)) % 7 === Number(number.at(-1)),
  },
  { carrier: 'Canada Post', form: /^[A-Z]{2}\d{9}CA$/, check: s10 },
  { carrier: 'Royal Mail', form: /^[A-Z]{2}\d{9}GB$/, check: s10 },
];

const carriersOf = (test: (format: Format) => boolean) => [
  ...new Set(formats.filter(test).map(({ carrier }) => carrier)),
];

/** A USPS barcode has its form with or without its routing code. */
const spellings = ({ form }: Format, number: string) =>
  [number, ...(form === impb ? withoutRoutingCode(number) : [])].filter((spelling) => form.test(spelling));

const hasForm = (format: Format, number: string) => spellings(format, number).length > 0;

const hasCheckDigit = (format: Format, number: string) =>
  spellings(format, number).some((spelling) => format.check?.(spelling) ?? true);

/** GS1 modulo 10: from the right, digits have the weights 3 and 1 in turn. */
function mod10(number: string): boolean {
  let total = 0;
  for (let index = number.length - 2, weight = 3; index >= 0; index -= 1, weight = 4 - weight)
    total += Number(number[index]) * weight;
  return (10 - (total % 10)) % 10 === Number(number.at(-1));
}

/** UPU S10: eight digits with the weights 8 6 4 2 3 5 9 7, modulo 11. */
function s10(number: string): boolean {
  const digits = [...number.slice(2, 10)].map(Number);
  const total = [8, 6, 4, 2, 3, 5, 9, 7].reduce((total, weight, index) => total + weight * digits[index]!, 0);
  const check = 11 - (total % 11);
  return (check === 10 ? 0 : check === 11 ? 5 : check) === Number(number[10]);
}

/** FedEx Express: eleven digits with the weights 3 1 7 in turn, modulo 11; a remainder of 10 counts as 0. */
function fedexExpress(number: string): boolean {
  const total = [...number.slice(0, -1)].reduce(
    (total, digit, index) => total + Number(digit) * [3, 1, 7][index % 3]!,
    0,
  );
  return (total % 11) % 10 === Number(number.at(-1));
}

/** UPS: letters count as their position in the alphabet (A is 0) plus 2, modulo 10; every second character counts twice. */
function ups(number: string): boolean {
  const total = [...number.slice(2, -1)]
    .map((character) => (/\d/.test(character) ? Number(character) : (character.charCodeAt(0) - 63) % 10))
    .reduce((total, digit, index) => total + (index % 2 === 0 ? digit : digit * 2), 0);
  return (10 - (total % 10)) % 10 === Number(number.at(-1));
}
