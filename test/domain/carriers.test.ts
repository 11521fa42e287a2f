import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { carrierWord, trackingUrl } from '../../src/domain/carriers.ts';

describe('a carrier has one word', () => {
  it('whatever a provider calls it', () => {
    for (const [name, word] of [
      ['usps', 'USPS'],
      ['UPSDAP', 'UPS'],
      ['FedExDefault', 'FedEx'],
      ['DhlEcs', 'DHL eCommerce'],
      ['DHLExpress', 'DHL'],
      ['CanadaPost', 'Canada Post'],
      ['JPPOST', 'Japan Post'],
      ['SpeeDee', 'Spee-Dee'],
    ] as const) {
      expect(carrierWord(name), name).toBe(word);
    }
  });

  it('in any case, with or without blanks, dots and hyphens', () => {
    const words = [
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
        fc.constantFrom(...words),
        fc.infiniteStream(between),
        fc.infiniteStream(fc.boolean()),
        (word, gaps, cases) => {
          const spelt = [...word.replace(/[ -]/g, '')]
            .map((sign) => (cases.next().value ? sign.toUpperCase() : sign.toLowerCase()) + gaps.next().value)
            .join('');
          expect(carrierWord(spelt), spelt).toBe(word);
        },
      ),
    );
  });

  it('that is read back as itself', () => {
    for (const name of ['usps', 'dhlecs', 'jppost', 'uds', 'gso']) {
      expect(carrierWord(carrierWord(name)!)).toBe(carrierWord(name));
    }
  });

  it('or none, where the name says nothing to us', () => {
    for (const name of ['', ' ', 'Pony Express', 'constructor', '__proto__', 'toString']) {
      expect(carrierWord(name), name).toBeUndefined();
    }
  });
});

describe('a carrier’s public page', () => {
  it('is about the one number', () => {
    expect(trackingUrl('USPS', '9400111202555842332669')).toBe(
      'https://tools.usps.com/go/TrackConfirmAction?tLabels=9400111202555842332669',
    );
    expect(trackingUrl('UPS', 'A&B')).toBe('https://www.ups.com/track?tracknum=A%26B');
  });

  it('is left out where the carrier is unknown or has none', () => {
    for (const carrier of [undefined, 'Veho', 'constructor'])
      expect(trackingUrl(carrier, '1')).toBeUndefined();
  });
});
