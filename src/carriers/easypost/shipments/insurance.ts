import Big from 'big.js';

import { ProviderError } from '../../../domain/errors.ts';
import { money, sum, type Money } from '../../../domain/money.ts';
import type { RateRequest } from '../../../domain/rate.ts';
import { priceOf, type Rate } from './rate.ts';

/** The most that EasyPost insures a parcel for (INSURANCE.AMOUNT.ABOVE_MAXIMUM). */
const maxInsuredValue = 5000;

/**
 * Returns what it costs to insure a value in US dollars; undefined for zero. EasyPost charges 1 %, at least 1.00
 * (docs.easypost.com/docs/shipments/shipping-insurance). Before the minimum was raised it was 0.50, so a small value may
 * be charged less than quoted. Guess: a fraction of a cent is charged as a cent.
 */
export function insuranceFee(insuredValue: string): Money | undefined {
  const value = new Big(insuredValue);
  if (value.eq(0)) return undefined;
  const fee = value.div(100).round(2, Big.roundUp);
  return money(fee.lt(1) ? 1 : fee);
}

/** Zero opts out of the account's default insurance, which would be charged. */
export const insuredValueOf = ({ options }: RateRequest): string => options?.insuredValue?.amount ?? '0';

/** True where a rate can be added to the cost of insurance: both are in US dollars, or there is no insurance. */
export const isInsurable = (rate: Rate, insurance: Money | undefined): boolean =>
  insurance === undefined || priceOf(rate).currencyCode === insurance.currencyCode;

/** The price of a rate with its insurance. A rate in another currency is returned alone. */
export function insuredPrice(rate: Rate, insurance: Money | undefined): Money {
  return insurance && isInsurable(rate, insurance) ? sum(priceOf(rate), insurance) : priceOf(rate);
}

/** Throws REJECTED for a value that EasyPost does not insure. */
export function rejectUninsurable({ options }: RateRequest): void {
  const value = options?.insuredValue;
  if (!value) return;
  if (value.currencyCode !== 'USD') {
    throw new ProviderError('REJECTED', 'EasyPost insures in US dollars', {
      field: ['options', 'insuredValue', 'currencyCode'],
      hint: 'Ask for rates with the value in USD, or without insurance.',
    });
  }
  if (new Big(value.amount).gt(maxInsuredValue)) {
    throw new ProviderError('REJECTED', `EasyPost insures a parcel for at most ${maxInsuredValue}.00 USD`, {
      field: ['options', 'insuredValue', 'amount'],
      hint: 'Ask for rates with a lower value, or without insurance.',
    });
  }
}
