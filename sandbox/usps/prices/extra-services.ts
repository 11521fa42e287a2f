import { Big } from 'big.js';
import type { UspsSwitches } from '../state.ts';

/** An extra service with its price for one package. */
export interface ExtraService {
  name: string;
  SKU: string;
  price: Big;
  code: number;
}

/** Names as in the documents; prices modeled on Notice 123. A code without an entry is free. */
const servicePrices: Record<number, [name: string, price: string]> = {
  365: ['Global Direct Entry', '0'],
  415: ['USPS Label Delivery', '1.25'],
  452: ['USPS Returns', '0'],
  480: ['Tracking Plus 6 Months', '2.15'],
  481: ['Tracking Plus 1 Year', '2.75'],
  482: ['Tracking Plus 3 Years', '4.55'],
  483: ['Tracking Plus 5 Years', '5.75'],
  484: ['Tracking Plus 7 Years', '7.25'],
  485: ['Tracking Plus 10 Years', '8.95'],
  857: ['Hazardous Material', '0'],
  858: ['Cremated Remains', '0'],
  910: ['Certified Mail', '4.85'],
  911: ['Certified Mail Restricted Delivery', '12.35'],
  912: ['Certified Mail Adult Signature Required', '12.35'],
  913: ['Certified Mail Adult Signature Restricted Delivery', '12.35'],
  920: ['USPS Tracking', '0'],
  921: ['Signature Confirmation', '3.70'],
  922: ['Adult Signature Required 21 or Over', '9.35'],
  923: ['Adult Signature Restricted Delivery 21 or Over', '9.65'],
  924: ['Signature Confirmation Restricted Delivery', '9.35'],
  934: ['Insurance Restricted Delivery', '10.20'],
  940: ['Registered Mail', '18.60'],
  955: ['Return Receipt', '4.40'],
  957: ['Return Receipt Electronic', '2.62'],
  972: ['Live Animal and Perishable Handling Fee', '0.40'],
  981: ['Signature Requested (PRIORITY_MAIL_EXPRESS only)', '0'],
  984: ['Parcel Locker Delivery', '0'],
  986: ['PO to Addressee (PRIORITY_MAIL_EXPRESS only)', '0'],
  991: ['Sunday Delivery', '12.50'],
};

/** All codes of the documents, with or without a price above. */
export const extraServiceCodes = [
  365, 415, 452, 480, 481, 482, 483, 484, 485, 486, 487, 488, 489, 498, 500, 501, 502, 810, 811, 812, 813,
  814, 815, 816, 817, 818, 819, 820, 821, 822, 823, 824, 825, 826, 827, 828, 829, 830, 831, 832, 853, 856,
  857, 858, 910, 911, 912, 913, 915, 917, 920, 921, 922, 923, 924, 925, 930, 931, 934, 940, 941, 955, 957,
  972, 981, 984, 986, 991,
];

/** Codes that have prices and that labels do not accept. */
const notOnLabels = new Set([452, 498, 500, 501, 502, 853, 856, 858, 915, 917, 940, 941, 972, 984]);
export const labelServiceCodes = extraServiceCodes.filter((code) => !notOnLabels.has(code));
export const internationalLabelServiceCodes = [
  480, 481, 482, 483, 484, 486, 487, 488, 813, 820, 826, 857, 930, 931, 955,
];
export const internationalServiceCodes = [370, 813, 820, 826, 857, 930, 931, 955];

/** Guess: the services of Express alone, and Certified Mail, which Express does not have. */
const expressOnly = new Set([925, 981, 986, 991]);
const notForExpress = new Set([910, 911, 912, 913]);
/** The services that Express replaces with 981 and 925. */
const replacedByExpress = new Set([921, 930, 931]);

/** Returns true when a mail class cannot have an extra service. */
export function isUnsupportedService(code: number, mailClass: string, { expressServices }: UspsSwitches) {
  if (!mailClass.startsWith('PRIORITY_MAIL_EXPRESS')) return expressOnly.has(code);
  return notForExpress.has(code) || (expressServices === 'own' && replacedByExpress.has(code));
}

const insuranceCodes = new Set([925, 930, 931]);

/** The insured value in dollars that the postage includes: "Up to $100 insurance included". */
const includedValue = 100;

/**
 * Prices the requested services. Default: USPS Tracking, which every package has. Insurance is left out when the package
 * has no value, and 930 becomes 931 above 500 dollars.
 */
export function priceExtraServices(
  codes: number[],
  value: number | undefined,
  letter: string,
): ExtraService[] {
  return (codes.length === 0 ? [920] : codes).flatMap((code) => {
    if (insuranceCodes.has(code))
      return value === undefined || value <= 0 ? [] : [priceInsurance(code, value, letter)];
    const [name, price] = servicePrices[code] ?? [`Extra Service ${code}`, '0'];
    return [{ code, name, price: Big(price), SKU: skuOf(code, letter) }];
  });
}

/** Prices international services. There is no default service, and the SKU of a free service is NA (document). */
export function priceInternationalServices(codes: number[], value: number | undefined): ExtraService[] {
  if (codes.length === 0) return [];
  return priceExtraServices(codes, value, 'X').map((each) => ({
    ...each,
    SKU: each.price.eq(0) ? 'NA' : each.SKU.replace(/^D/, 'I'),
  }));
}

function priceInsurance(requestedCode: number, value: number, letter: string): ExtraService {
  const hundreds = Math.ceil((value - includedValue) / 100);
  const price = hundreds <= 0 ? Big(0) : Big('2.70').plus(Big('1.35').times(hundreds - 1));
  const [code, name] =
    requestedCode === 925
      ? ([925, 'Priority Mail Express Merchandise Insurance'] as const)
      : value > 500
        ? ([931, 'Insurance > $500'] as const)
        : ([930, 'Insurance <= $500'] as const);
  const step = String(Math.min(5000, Math.ceil(value / 100) * 100)).padStart(4, '0');
  return { code, name, price, SKU: `DXI${letter}0XXXXCX${step}` };
}

const skuOf = (code: number, letter: string) =>
  code === 365 ? 'NA' : code === 920 ? `DXT${letter}0EXXXCX0000` : `DX${code}${letter}0XXXCX000`.slice(0, 15);
