import type { CarrierWord } from './carriers.ts';

/**
 * Which carriers a number could be of, by its form and check digit. Sources: USPS Publication 199 (IMpb), UPU S10,
 * and the published barcode guides of UPS, FedEx and DHL.
 */
export function matchingCarriers(number: string): CarrierWord[] {
  return forms.filter(({ fits }) => fits(number)).map(({ carrier }) => carrier);
}

/** USPS's whole barcode says the destination's ZIP code before the number; both are one parcel's. */
export function stripRoutingCode(number: string): string {
  const bare = [/^420\d{5}/, /^420\d{9}/].map((routing) => number.replace(routing, ''));
  return bare.find((each) => each !== number && isImpb(each)) ?? number;
}

/** Whether a number has the form of one of USPS's own. */
export function isUspsNumber(number: string): boolean {
  return matchingCarriers(number).includes('USPS');
}

const forms: readonly { carrier: CarrierWord; fits: (number: string) => boolean }[] = [
  {
    carrier: 'USPS',
    fits: (number) => (/^[A-Z]{2}\d{9}US$/.test(number) && s10(number)) || isImpb(stripRoutingCode(number)),
  },
  { carrier: 'UPS', fits: (number) => /^1Z[0-9A-Z]{16}$/.test(number) && ups(number) },
  {
    carrier: 'FedEx',
    fits: (number) =>
      (/^\d{12}$/.test(number) && fedexExpress(number)) ||
      (/^\d{15}$/.test(number) && mod10(number)) ||
      /^96\d{20}$/.test(number),
  },
  {
    carrier: 'DHL',
    fits: (number) => /^\d{10}$/.test(number) && Number(number.slice(0, 9)) % 7 === Number(number.at(-1)),
  },
  { carrier: 'Canada Post', fits: (number) => /^[A-Z]{2}\d{9}CA$/.test(number) && s10(number) },
  { carrier: 'Royal Mail', fits: (number) => /^[A-Z]{2}\d{9}GB$/.test(number) && s10(number) },
];

/** An Intelligent Mail package barcode's number, or one of the older twenty digits. */
function isImpb(number: string): boolean {
  return /^(9[1-5]\d{18}(\d{2}|\d{6})?|(70|71|72|73|14|23|03|81|82)\d{18})$/.test(number) && mod10(number);
}

/** GS1 modulo 10: from the right, digits weigh 3 and 1 in turn. */
function mod10(number: string): boolean {
  const total = [...number.slice(0, -1)]
    .reverse()
    .reduce((all, digit, index) => all + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return (10 - (total % 10)) % 10 === Number(number.at(-1));
}

/** UPU S10: eight digits weighed 8 6 4 2 3 5 9 7, modulo 11. */
function s10(number: string): boolean {
  const digits = [...number.slice(2, 10)].map(Number);
  const total = [8, 6, 4, 2, 3, 5, 9, 7].reduce((all, weight, index) => all + weight * digits[index]!, 0);
  const check = 11 - (total % 11);
  return (check === 10 ? 0 : check === 11 ? 5 : check) === Number(number[10]);
}

/** FedEx Express: eleven digits weighed 3 1 7 in turn, modulo 11, where ten counts as nought. */
function fedexExpress(number: string): boolean {
  const total = [...number.slice(0, -1)].reduce(
    (all, digit, index) => all + Number(digit) * [3, 1, 7][index % 3]!,
    0,
  );
  return (total % 11) % 10 === Number(number.at(-1));
}

/** UPS: letters count as their place in the alphabet plus 2, modulo 10; every second place counts twice. */
function ups(number: string): boolean {
  const total = [...number.slice(2, -1)]
    .map((sign) => (/\d/.test(sign) ? Number(sign) : (sign.charCodeAt(0) - 63) % 10))
    .reduce((all, digit, index) => all + (index % 2 === 0 ? digit : digit * 2), 0);
  return (10 - (total % 10)) % 10 === Number(number.at(-1));
}
