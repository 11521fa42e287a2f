import { Big } from 'big.js';
import { check, type Address } from '../addresses/addresses.ts';
import { isBlank, numberOf, refused, textOf, type Fields } from '../http.ts';
import { isUs } from '../rates/rates.ts';
import { isoTime } from '../state.ts';

export interface Fee {
  object: 'Fee';
  type: string;
  amount: string;
  charged: boolean;
  refunded: boolean;
}

/**
 * What carriers refuse at the counter though they gave a price. Guess: codes and occasions are known (FedEx and loose
 * addresses: EasyPost/easypost-node#118; UPS and names: EasyPost/easypost-csharp#80), the wording is not.
 */
export function refuseToShip(carrier: string, to: Address, from: Address) {
  const strict = carrier !== 'USPS';
  for (const [side, address] of [
    ['to_address', to],
    ['from_address', from],
  ] as const) {
    const lacks = [
      !address.name && !address.company && 'name',
      !address.street1 && 'street1',
      !address.city && 'city',
      !address.zip && isUs(address) && 'zip',
      strict && !address.phone && 'phone',
    ].find((field) => typeof field === 'string');
    if (lacks !== undefined) throw refused('SHIPMENT.POSTAGE.FAILURE', `shipment.${side}.${lacks}: Required`);
  }
  if (strict && isUs(to) && !check(to, null).verdict.success) {
    throw refused('SHIPMENT.POSTAGE.FAILURE', 'The recipient address could not be validated by the carrier.');
  }
}

/** Overseas military post and places beyond the customs territory (USPS, DMM 608.2.4), which want customs forms too. */
export const isBeyond = ({ state }: Address) =>
  ['AA', 'AE', 'AP', 'AS', 'GU', 'MP', 'FM', 'MH', 'PW'].includes((state ?? '').toUpperCase());

/** `"100.00"`; zero opts out of the account's default. */
export function insured(given: unknown, byDefault: string | null): string | null {
  if (isBlank(given)) return byDefault;
  const amount = numberOf({ insurance: given }, 'insurance') ?? 0;
  if (amount < 0) throw refused('INSURANCE.AMOUNT.BELOW_MINIMUM', 'The insurance amount is too low.');
  return amount === 0 ? null : amount.toFixed(2);
}

/** One per cent, as recorded in 2025. */
export const insuranceFee = (amount: string) => new Big(amount).div(100).toFixed(5);

export const fee = (type: string, amount: string): Fee => ({
  object: 'Fee',
  type,
  amount: new Big(amount).toFixed(5),
  charged: true,
  refunded: false,
});

export function labelDate(options: Fields, now: number): string {
  const given = new Date(textOf(options, 'label_date') ?? now).getTime();
  return isoTime(Number.isNaN(given) ? now : given);
}
