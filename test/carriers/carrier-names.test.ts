import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { findCarrier, readParcelNumber, validateParcelNumber } from '../../src/carriers/carrier-names.ts';

describe('the name of a carrier', () => {
  it('is found by the names that providers give it', () => {
    for (const [name, expected] of [
      ['usps', 'USPS'],
      ['UPSDAP', 'UPS'],
      ['FedExDefault', 'FedEx'],
      ['DhlEcs', 'DHL eCommerce'],
      ['DHLExpress', 'DHL'],
      ['CanadaPost', 'Canada Post'],
      ['JPPOST', 'Japan Post'],
      ['SpeeDee', 'Spee-Dee'],
    ] as const) {
      expect(findCarrier(name), name).toBe(expected);
    }
  });

  it('is found in any case, with or without blanks, dots and hyphens', () => {
    const names = [
      'USPS',
      'UPS',
      'FedEx',
      'DHL eCommerce',
      'Canada Post',
      'Spee-Dee',
      'Deliver-It',
      'ePost Global',
    ];
    const between = fc.constantFrom('', ' ', '.', '-', '_');
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.infiniteStream(between),
        fc.infiniteStream(fc.boolean()),
        (expected, gaps, cases) => {
          const spelling = [...expected.replace(/[ -]/g, '')]
            .map(
              (character) =>
                (cases.next().value ? character.toUpperCase() : character.toLowerCase()) + gaps.next().value,
            )
            .join('');
          expect(findCarrier(spelling), spelling).toBe(expected);
        },
      ),
    );
  });

  it('is found by itself', () => {
    for (const name of ['usps', 'dhlecs', 'jppost', 'uds', 'gso']) {
      expect(findCarrier(findCarrier(name)!)).toBe(findCarrier(name));
    }
  });

  it('is undefined for an unknown name', () => {
    for (const name of ['', ' ', 'Pony Express', 'constructor', '__proto__', 'toString']) {
      expect(findCarrier(name), name).toBeUndefined();
    }
  });
});

describe('a tracking number with a carrier', () => {
  it('is read with our name of the carrier', () => {
    expect(readParcelNumber('9400111202555842332669', 'fedex').carrier).toBe('FedEx');
    expect(readParcelNumber('1Z5R89390357567127', '').carrier).toBe('UPS');
  });

  it('is invalid where the carrier is unknown', () => {
    const fieldsOf = (trackingNumber: string, carrier?: string) =>
      validateParcelNumber({ trackingNumber, carrier }, ['input']).map(({ field }) => field.join('.'));
    expect(fieldsOf('9400 1118 9922 3197 4284 90')).toEqual([]);
    expect(fieldsOf('EZ1', 'usps')).toEqual(['input.trackingNumber']);
    expect(fieldsOf('', 'Pony Express')).toEqual(['input.trackingNumber', 'input.carrier']);
  });
});
