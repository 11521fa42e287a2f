import type { Address } from '../../../domain/address.ts';
import { ProviderError } from '../../../domain/errors.ts';
import type { ShipmentOptions } from '../../../domain/rate.ts';
import type { Direction } from './direction.ts';

/** What options are called at USPS. */
export interface ExtraServices {
  /** For each option the codes that mean it. All are asked for, and a mail class answers with those that it has. */
  readonly services: readonly (readonly number[])[];
  readonly packageValue?: number;
}

/** Nobody signs for adults there (160026), nor at all at the posts (160130) and in the associated states (160137). */
const unsigned = new Set(['AA', 'AE', 'AP', 'FM', 'MH', 'PW']);
/** Insured up to 500 dollars only (160025). */
const military = new Set(['AA', 'AE', 'AP']);

/**
 * Options as codes. Saturday is a day of delivery like the others at home, for no charge, so that wish needs no code;
 * abroad other posts deliver.
 *
 * Guess: Priority Mail Express has 981 and 925 in place of the common codes. The documents say so by their names alone,
 * "Signature Requested (PRIORITY_MAIL_EXPRESS only)" and "Priority Mail Express Merchandise Insurance"; where a class
 * has both, its own comes first. A guess as well: a question about all classes may name what one of them alone has.
 *
 * A label's `physicalSignatureRequired` stays out: it wants one of these codes (160095) rather than they it.
 */
export function toExtraServices(options: ShipmentOptions = {}, way: Direction, to: Address): ExtraServices {
  const { signature, adultSignature, insuredValue, saturdayDelivery } = options;
  const refuse = (message: string, ...field: string[]) =>
    new ProviderError('REJECTED', message, {
      field: ['options', ...field],
      hint: 'Leave it out, or ask another carrier.',
    });
  const signed = adultSignature ? 'adultSignature' : signature ? 'signature' : undefined;
  if (way === 'international') {
    if (signed) throw refuse('USPS sells no signature on delivery abroad', signed);
    if (saturdayDelivery)
      throw refuse('USPS can’t promise delivery on a Saturday abroad', 'saturdayDelivery');
  }
  if (signed && unsigned.has(to.state ?? '')) throw refuse(`USPS has no signature in ${to.state}`, signed);
  if (insuredValue && insuredValue.currencyCode !== 'USD') {
    throw refuse('USPS insures in US dollars', 'insuredValue', 'currencyCode');
  }
  const value = insuredValue ? Number(insuredValue.amount) : undefined;
  if (value !== undefined && value > 500 && military.has(to.state ?? '')) {
    throw refuse('USPS insures up to 500 dollars to military and diplomatic posts', 'insuredValue');
  }
  const insurance = (value ?? 0) > 500 ? 931 : 930;
  return {
    services: [
      ...(adultSignature ? [[922]] : signature ? [[981, 921]] : []),
      ...(value === undefined ? [] : [way === 'international' ? [insurance] : [925, insurance]]),
    ],
    packageValue: value,
  };
}
