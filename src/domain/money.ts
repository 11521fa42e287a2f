import Big from 'big.js';

/** An exact decimal amount. */
export interface Money {
  /** Plain decimal digits with at least the currency's minor units: "7.40". */
  readonly amount: string;
  /** ISO 4217. */
  readonly currencyCode: string;
}

/**
 * Reads an amount as a provider writes it. A JSON number is read by its shortest decimal form, which is the text that the
 * provider wrote for amounts of up to 15 digits.
 */
export function money(amount: string | number | Big, currencyCode = 'USD'): Money {
  const units = minorUnits(currencyCode);
  // Most amounts are written as we write them.
  if (typeof amount === 'string' && plainDecimal.exec(amount)?.[1]?.length === units) return { amount, currencyCode }; // prettier-ignore
  const exact = new Big(amount);
  const digits = Math.max(units, (exact.toFixed().split('.')[1] ?? '').length);
  return { amount: exact.toFixed(digits), currencyCode };
}

const plainDecimal = /^(?:0|[1-9]\d*)\.(\d+)$/;

/** Adds amounts of one currency; throws a `TypeError` where the currencies differ. */
export function sum(first: Money, ...rest: readonly Money[]): Money {
  let total = new Big(first.amount);
  for (const next of rest) {
    if (next.currencyCode !== first.currencyCode) {
      throw new TypeError(`cannot add ${next.currencyCode} to ${first.currencyCode}`);
    }
    total = total.plus(next.amount);
  }
  return money(total, first.currencyCode);
}

/** Orders amounts in ascending order; amounts of different currencies by currency code, since exchange rates are unknown. */
export function compareMoney(a: Money, b: Money): number {
  if (a.currencyCode !== b.currencyCode) return a.currencyCode < b.currencyCode ? -1 : 1;
  // Numbers round amounts, and may make them equal, but never change their order.
  return Math.sign(Number(a.amount) - Number(b.amount)) || new Big(a.amount).cmp(b.amount);
}

/** The minor units of the currencies seen so far; their codes have three letters, so there is an end to them. */
const knownMinorUnits = new Map<string, number>();

function minorUnits(currencyCode: string): number {
  const known = knownMinorUnits.get(currencyCode);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: currencyCode });
  const digits = format.resolvedOptions().maximumFractionDigits!;
  knownMinorUnits.set(currencyCode, digits);
  return digits;
}
