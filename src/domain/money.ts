import Big from 'big.js';

/** Exact decimal money; never a float. */
export interface Money {
  /** Plain decimal digits with at least the currency's minor units: "7.40". */
  readonly amount: string;
  /** ISO 4217. */
  readonly currencyCode: string;
}

/**
 * Reads a price as a provider prints it. A JSON number is taken by its shortest decimal form, which is the very text
 * the provider wrote for anything up to 15 digits.
 */
export function money(amount: string | number | Big, currencyCode = 'USD'): Money {
  const exact = new Big(amount);
  const digits = Math.max(minorUnits(currencyCode), (exact.toFixed().split('.')[1] ?? '').length);
  return { amount: exact.toFixed(digits), currencyCode };
}

/** Adds amounts of one currency. */
export function sum(first: Money, ...rest: readonly Money[]): Money {
  let total = new Big(first.amount);
  for (const each of rest) {
    if (each.currencyCode !== first.currencyCode) {
      throw new TypeError(`cannot add ${each.currencyCode} to ${first.currencyCode}`);
    }
    total = total.plus(each.amount);
  }
  return money(total, first.currencyCode);
}

/** Orders amounts, cheapest first; amounts of different currencies by currency, since no exchange rate is ours. */
export function compareMoney(a: Money, b: Money): number {
  if (a.currencyCode !== b.currencyCode) return a.currencyCode < b.currencyCode ? -1 : 1;
  return new Big(a.amount).cmp(b.amount);
}

function minorUnits(currencyCode: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency: currencyCode }).resolvedOptions()
    .maximumFractionDigits!;
}
