import type { CarrierName } from './carriers.ts';

/**
 * Returns the carriers that a tracking number may belong to, by its format and check digit. Sources: USPS Publication 199
 * (IMpb), UPU S10, and the published barcode guides of UPS, FedEx and DHL.
 */
export function matchingCarriers(number: string): CarrierName[] {
  return formats.filter(({ matches }) => matches(number)).map(({ carrier }) => carrier);
}

/** Removes the routing code (420 and the destination's ZIP code) that precedes the number in a USPS barcode. */
export function stripRoutingCode(number: string): string {
  const candidates = [/^420\d{5}/, /^420\d{9}/].map((routing) => number.replace(routing, ''));
  return candidates.find((candidate) => candidate !== number && isImpb(candidate)) ?? number;
}

/** Tells whether a number has the format of a USPS tracking number. */
export function isUspsNumber(number: string): boolean {
  return matchingCarriers(number).includes('USPS');
}

const formats: readonly { carrier: CarrierName; matches: (number: string) => boolean }[] = [
  {
    carrier: 'USPS',
    matches: (number) =>
      (/^[A-Z]{2}\d{9}US$/.test(number) && s10(number)) || isImpb(stripRoutingCode(number)),
  },
  { carrier: 'UPS', matches: (number) => /^1Z[0-9A-Z]{16}$/.test(number) && ups(number) },
  {
    carrier: 'FedEx',
    matches: (number) =>
      (/^\d{12}$/.test(number) && fedexExpress(number)) ||
      (/^\d{15}$/.test(number) && mod10(number)) ||
      /^96\d{20}$/.test(number),
  },
  {
    carrier: 'DHL',
    matches: (number) => /^\d{10}$/.test(number) && Number(number.slice(0, 9)) % 7 === Number(number.at(-1)),
  },
  { carrier: 'Canada Post', matches: (number) => /^[A-Z]{2}\d{9}CA$/.test(number) && s10(number) },
  { carrier: 'Royal Mail', matches: (number) => /^[A-Z]{2}\d{9}GB$/.test(number) && s10(number) },
];

/** The number of an Intelligent Mail package barcode, or one of the older 20-digit formats. */
function isImpb(number: string): boolean {
  return /^(9[1-5]\d{18}(\d{2}|\d{6})?|(70|71|72|73|14|23|03|81|82)\d{18})$/.test(number) && mod10(number);
}

/** GS1 modulo 10: from the right, digits have the weights 3 and 1 in turn. */
function mod10(number: string): boolean {
  const total = [...number.slice(0, -1)]
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
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
