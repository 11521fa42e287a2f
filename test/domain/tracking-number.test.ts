import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  carriersButForCheckDigit,
  expectedForm,
  hasUspsForm,
  matchingCarriers,
} from '../../src/domain/tracking-number.ts';

const digits = (count: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: count, maxLength: count })
    .map((parts) => parts.join(''));

// Check digits are computed here as the carriers' guides describe them, independently of the implementation.

/** GS1: from the right, three times the digits at odd positions plus those at even positions, up to the next ten. */
function gs1(body: string): string {
  const fromRight = [...body].map(Number).reverse();
  const odd = fromRight.filter((_, index) => index % 2 === 0).reduce((a, b) => a + b, 0);
  const even = fromRight.filter((_, index) => index % 2 === 1).reduce((a, b) => a + b, 0);
  return body + String((1000 - (3 * odd + even)) % 10);
}

/** UPU S10: 11 minus the remainder by 11; 10 is written 0 and 11 is written 5. */
function s10(letters: string, body: string, country: string): string {
  const remainder =
    [8, 6, 4, 2, 3, 5, 9, 7].reduce((total, weight, index) => total + weight * Number(body[index]), 0) % 11;
  const written = ['5', '0', '9', '8', '7', '6', '5', '4', '3', '2', '1'];
  return `${letters}${body}${written[remainder]}${country}`;
}

const letters = fc
  .tuple(...[1, 2].map(() => fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ')))
  .map((parts) => parts.join(''));
const impb = fc
  .tuple(fc.constantFrom('91', '92', '93', '94', '95'), fc.constantFrom(20, 22, 26))
  .chain(([start, length]) => digits(length - 3).map((body) => gs1(start + body)));
const uspsOlder = fc
  .tuple(fc.constantFrom('70', '71', '72', '73', '14', '23', '03', '81', '82'), digits(17))
  .map(([start, body]) => gs1(start + body));

describe('the carrier of a tracking number', () => {
  it('is recognised in published examples', () => {
    expect(matchingCarriers('9400111202555842332669')).toEqual(['USPS']);
    expect(matchingCarriers('70160910000108310009')).toEqual(['USPS']);
    expect(matchingCarriers('1Z5R89390357567127')).toEqual(['UPS']);
    expect(matchingCarriers('986578788855')).toEqual(['FedEx']);
    expect(matchingCarriers('041441760228964')).toEqual(['FedEx']);
    expect(matchingCarriers('3318810025')).toEqual(['DHL']);
    expect(matchingCarriers('RB123456785US')).toEqual(['USPS']);
    expect(matchingCarriers('RB123456785GB')).toEqual(['Royal Mail']);
    expect(matchingCarriers('RB123456785CA')).toEqual(['Canada Post']);
  });

  it('is USPS for package barcodes of 20, 22 and 26 digits, and the older 20-digit formats', () => {
    fc.assert(
      fc.property(
        fc.oneof(impb, uspsOlder),
        (number) => void expect(matchingCarriers(number)).toEqual(['USPS']),
      ),
    );
  });

  it('is USPS for a barcode with 420 and the ZIP code before the number', () => {
    fc.assert(
      fc.property(
        impb,
        fc.oneof(digits(5), digits(9)),
        (number, zip) => void expect(matchingCarriers(`420${zip}${number}`)).toEqual(['USPS']),
      ),
    );
  });

  it('is USPS, Royal Mail or Canada Post for the international S10 format', () => {
    const countries = { US: 'USPS', GB: 'Royal Mail', CA: 'Canada Post' };
    fc.assert(
      fc.property(
        letters,
        digits(8),
        fc.constantFrom('US', 'GB', 'CA'),
        (service, body, country) =>
          void expect(matchingCarriers(s10(service, body, country))).toEqual([countries[country]]),
      ),
    );
    expect(matchingCarriers(s10('RB', '12345678', 'DE'))).toEqual([]);
  });

  it('is UPS for 1Z with shipper, service and package', () => {
    const characters = fc.array(fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'), {
      minLength: 15,
      maxLength: 15,
    });
    // The guide's table of letters: A 2, B 3 ... H 9, I 0, J 1, then from the start.
    const values = Object.fromEntries(
      [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter, index) => [letter, (index + 2) % 10]),
    );
    fc.assert(
      fc.property(characters, (body) => {
        const digits = body.map((character) => values[character] ?? Number(character));
        const total = digits.reduce((all, value, index) => all + value * (index % 2 === 1 ? 2 : 1), 0);
        expect(matchingCarriers(`1Z${body.join('')}${(1000 - total) % 10}`)).toEqual(['UPS']);
      }),
    );
  });

  it('is FedEx for twelve digits (Express) and fifteen digits (Ground)', () => {
    const weights = [3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1];
    fc.assert(
      fc.property(digits(11), digits(14), (express, ground) => {
        const check =
          (weights.reduce((all, weight, index) => all + weight * Number(express[index]), 0) % 11) % 10;
        expect(matchingCarriers(`${express}${check}`)).toEqual(['FedEx']);
        expect(matchingCarriers(gs1(ground))).toEqual(['FedEx']);
      }),
    );
  });

  it('is DHL for ten digits with a check digit modulo 7', () => {
    fc.assert(
      fc.property(
        digits(9),
        (body) => void expect(matchingCarriers(`${body}${Number(body) % 7}`)).toEqual(['DHL']),
      ),
    );
  });

  it('is not recognised with one wrong digit, where the check digit is modulo 10', () => {
    const ground = digits(14).map(gs1);
    fc.assert(
      fc.property(
        fc.oneof(impb, uspsOlder, ground),
        fc.nat(),
        fc.integer({ min: 1, max: 9 }),
        (number, place, off) => {
          const index = place % number.length;
          const mistyped =
            number.slice(0, index) + ((Number(number[index]) + off) % 10) + number.slice(index + 1);
          const [carrier] = matchingCarriers(number);
          // A FedEx format that begins with 96 has no check digit, so FedEx may match.
          expect(matchingCarriers(mistyped)).not.toContain(carrier);
        },
      ),
    );
  });

  it('is named by the form alone where only the check digit is wrong', () => {
    for (const number of ['9400111202555842332660', '420941079400111202555842332660', 'RB123456780US']) {
      expect(matchingCarriers(number), number).toEqual([]);
      expect(carriersButForCheckDigit(number), number).toEqual(['USPS']);
      expect(hasUspsForm(number), number).toBe(true);
    }
    expect(carriersButForCheckDigit('1Z5R89390357567120')).toEqual(['UPS']);
    expect(carriersButForCheckDigit('9400111202555842332669')).toEqual([]);
    expect(carriersButForCheckDigit('GARBAGE')).toEqual([]);
  });

  it('is not recognised in any other text', () => {
    for (const number of [
      '',
      '1',
      'ABC',
      '1Z',
      '123456789',
      '9400111202555842332668',
      '94001112025558423326691',
    ]) {
      expect(matchingCarriers(number), number).toEqual([]);
    }
    expect(hasUspsForm('9400111202555842332669')).toBe(true);
    expect(hasUspsForm('1Z5R89390357567127')).toBe(false);
  });

  it('of USPS may be that of another post, whose parcels it delivers', () => {
    expect(hasUspsForm('RR123456785CN')).toBe(true);
    expect(expectedForm('USPS', 'GARBAGE')).toMatch(/20, 22 or 26 digits/);
    expect(expectedForm('UPS', 'GARBAGE')).toBeUndefined();
  });

  it('is never ambiguous', () => {
    fc.assert(
      fc.property(
        fc.oneof(digits(10), digits(12), digits(15), digits(20), digits(22), digits(26)),
        (number) => void expect(matchingCarriers(number).length).toBeLessThanOrEqual(1),
      ),
    );
  });
});
