import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compareMoney, money, sum, type Money } from '../../src/domain/money.ts';

/** An amount as text and as an exact number of thousandths. */
const amounts = fc
  .record({ units: fc.bigInt(-(10n ** 15n), 10n ** 15n), places: fc.constantFrom(0, 1, 2, 3) })
  .map(({ units, places }) => ({
    text: decimal(units, places),
    thousandths: units * 10n ** BigInt(3 - places),
  }));

function decimal(units: bigint, places: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return units < 0n ? `-${text}` : text;
}

function thousandthsOf({ amount }: Money): bigint {
  const [whole, fraction = ''] = amount.replace('-', '').split('.') as [string, string?];
  const units = BigInt(whole + fraction.padEnd(3, '0'));
  return amount.startsWith('-') ? -units : units;
}

describe('money', () => {
  it('has the minor units of its currency', () => {
    expect(money('7.4')).toEqual({ amount: '7.40', currencyCode: 'USD' });
    expect(money(7)).toEqual({ amount: '7.00', currencyCode: 'USD' });
    expect(money('7', 'JPY')).toEqual({ amount: '7', currencyCode: 'JPY' });
    expect(money('7', 'KWD')).toEqual({ amount: '7.000', currencyCode: 'KWD' });
  });

  it('keeps digits beyond the minor units', () => {
    expect(money('0.125').amount).toBe('0.125');
    expect(money('0.1250').amount).toBe('0.125');
  });

  it('is read from a JSON number as the text that the provider wrote', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), (cents) => {
        const text = decimal(BigInt(cents), 2);
        expect(money(JSON.parse(text) as number).amount).toBe(text);
      }),
    );
  });

  it('has no exponent', () => {
    expect(money(1e21).amount).toBe('1000000000000000000000.00');
    expect(money(1e-7).amount).toBe('0.0000001');
  });

  it('is not read from a text that is not a number', () => {
    for (const text of ['', 'free', '1,50', 'NaN']) expect(() => money(text)).toThrow();
  });

  it('is added exactly', () => {
    fc.assert(
      fc.property(fc.array(amounts, { minLength: 1 }), (parts) => {
        const [first, ...rest] = parts.map(({ text }) => money(text)) as [Money, ...Money[]];
        const exact = parts.reduce((total, { thousandths }) => total + thousandths, 0n);
        expect(thousandthsOf(sum(first, ...rest))).toBe(exact);
      }),
    );
  });

  it('is not added to another currency', () => {
    expect(() => sum(money('1'), money('1', 'EUR'))).toThrow('cannot add EUR to USD');
  });
});

describe('the order of amounts', () => {
  const anyMoney = fc
    .tuple(amounts, fc.constantFrom('USD', 'EUR', 'JPY'))
    .map(([{ text }, currency]) => money(text, currency));

  it('is numerical within one currency', () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        const expected = a.thousandths < b.thousandths ? -1 : a.thousandths > b.thousandths ? 1 : 0;
        expect(compareMoney(money(a.text), money(b.text))).toBe(expected);
      }),
    );
  });

  it('tells amounts apart that are the same number in floating point', () => {
    const [less, more] = [money('9007199254740992.00'), money('9007199254740992.01')];
    expect(Number(less.amount)).toBe(Number(more.amount));
    expect(compareMoney(less, more)).toBe(-1);
    expect(compareMoney(more, less)).toBe(1);
  });

  it('is a total order', () => {
    fc.assert(
      fc.property(anyMoney, anyMoney, anyMoney, (a, b, c) => {
        expect(Math.sign(compareMoney(a, b))).toBe(0 - Math.sign(compareMoney(b, a)));
        expect(compareMoney(a, a)).toBe(0);
        if (compareMoney(a, b) <= 0 && compareMoney(b, c) <= 0) {
          expect(compareMoney(a, c)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  it('separates currencies', () => {
    expect(compareMoney(money('900', 'EUR'), money('1', 'USD'))).toBe(-1);
  });
});
