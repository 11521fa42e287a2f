import type { Address } from '../../domain/address.ts';
import { ProviderError } from '../../domain/errors.ts';
import type { ShipmentOptions } from '../../domain/rate.ts';
import type { Way } from './routes.ts';

/** What options are called at USPS. */
export interface ExtraServices {
  readonly extraServices?: readonly number[];
  readonly packageValue?: number;
}

/** Nobody signs for adults there (160026), nor at all at the posts (160130) and in the associated states (160137). */
const unsigned = new Set(['AA', 'AE', 'AP', 'FM', 'MH', 'PW']);
/** Insured up to 500 dollars only (160025). */
const military = new Set(['AA', 'AE', 'AP']);

/**
 * Options as codes. Saturday is a day of delivery like the others at home, for no charge, so that wish needs no code;
 * abroad other posts deliver. Guess: one insurance code for every class, Express among them.
 */
export function toExtraServices(options: ShipmentOptions = {}, way: Way, to: Address): ExtraServices {
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
  const codes = [
    ...(adultSignature ? [922] : signature ? [921] : []),
    ...(value === undefined ? [] : [value > 500 ? 931 : 930]),
  ];
  return codes.length === 0 ? {} : { extraServices: codes, packageValue: value };
}
