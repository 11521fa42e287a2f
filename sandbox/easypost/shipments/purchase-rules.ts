import { Big } from 'big.js';
import { verifyAddress, type Address } from '../addresses/addresses.ts';
import { isUs } from '../addresses/verification.ts';
import { unprocessable } from '../api-error.ts';
import { isoTime } from '../dates.ts';
import { isBlank, numberOf, textOf, type Fields } from '../fields.ts';
import type { Fee } from './shipment.ts';

/**
 * Throws for addresses that a carrier quotes but does not accept for a label. Guess: codes and conditions are reported
 * (FedEx and unverified addresses: EasyPost/easypost-node#118; UPS and names: EasyPost/easypost-csharp#80), the wording
 * is not. The sender's phone stands on every customs form, USPS's included.
 */
export function checkAddresses(carrier: string, to: Address, from: Address) {
  const strict = carrier !== 'USPS';
  const abroad = !isUs(to) || !isUs(from);
  for (const [side, address] of [
    ['to_address', to],
    ['from_address', from],
  ] as const) {
    const missing = [
      !address.name && !address.company && 'name',
      !address.street1 && 'street1',
      !address.city && 'city',
      !address.zip && isUs(address) && 'zip',
      (strict || (abroad && side === 'from_address')) && !address.phone && 'phone',
    ].find((field) => typeof field === 'string');
    if (missing !== undefined) {
      throw unprocessable('SHIPMENT.POSTAGE.FAILURE', `shipment.${side}.${missing}: Required`);
    }
  }
  if (strict && isUs(to) && !verifyAddress(to, null).result.success) {
    throw unprocessable(
      'SHIPMENT.POSTAGE.FAILURE',
      'The recipient address could not be validated by the carrier.',
    );
  }
}

/** True for overseas military mail and for places outside the US customs territory (USPS, DMM 608.2.4). */
export const isOutsideCustomsTerritory = ({ state }: Address) =>
  ['AA', 'AE', 'AP', 'AS', 'GU', 'MP', 'FM', 'MH', 'PW', 'VI'].includes((state ?? '').toUpperCase());

/** EasyPost insures a parcel for at most this many dollars. */
const maxInsurance = 5000;

/** Reads an insured amount, such as `"100.00"`. Zero is null, which opts out of the default. */
export function readInsurance(value: unknown, defaultAmount: string | null): string | null {
  if (isBlank(value)) return defaultAmount;
  const amount = numberOf({ insurance: value }, 'insurance') ?? 0;
  checkInsuredAmount(amount);
  return amount === 0 ? null : amount.toFixed(2);
}

/** Throws for an amount that EasyPost does not insure. Guess: the codes are documented, the wording is not. */
export function checkInsuredAmount(amount: number) {
  if (amount < 0) throw unprocessable('INSURANCE.AMOUNT.BELOW_MINIMUM', 'The insurance amount is too low.');
  if (amount > maxInsurance) {
    throw unprocessable('INSURANCE.AMOUNT.ABOVE_MAXIMUM', 'The insurance amount is too high.');
  }
}

/** One percent of the insured amount, at least one dollar (docs.easypost.com/docs/shipments/shipping-insurance). */
export function insuranceFee(amount: string): string {
  const share = new Big(amount).div(100);
  return (share.lt(1) ? new Big(1) : share).toFixed(5);
}

export const fee = (type: string, amount: string): Fee => ({
  object: 'Fee',
  type,
  amount: new Big(amount).toFixed(5),
  charged: true,
  refunded: false,
});

/** Returns the time in `options.label_date`. Default: now. */
export function labelDate(options: Fields, now: number): string {
  const time = new Date(textOf(options, 'label_date') ?? now).getTime();
  return isoTime(Number.isNaN(time) ? now : time);
}
