import { randomBytes } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createSealer } from '../../src/domain/seal.ts';

const secret = 'the first secret of more than thirty-two characters';
const nextSecret = 'another secret of more than thirty-two characters';
const sealer = createSealer(secret);
const document = { price: '7.40', to: { postalCode: '94107' } };

describe('documents that share properties', () => {
  it('open as one document each, whatever their length', () => {
    const object = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1 });
    const own = fc.record({ text: fc.string({ maxLength: 3000, size: 'max' }) });
    fc.assert(
      fc.property(object, own, own, (shared, ...owns) => {
        const seal = sealer.sealSharing('rate', 'acme', { shared });
        for (const own of owns) {
          const opened = sealer.open('rate', 'acme', seal(own));
          expect(opened).toEqual(JSON.parse(JSON.stringify({ shared, ...own })));
        }
      }),
    );
  });

  it('are about as long as documents that are sealed alone', () => {
    const shared = { to: Array.from({ length: 50 }, () => document) };
    const together = sealer.sealSharing('rate', 'acme', shared)({ price: '7.40' });
    expect(together.length).toBeLessThan(
      sealer.seal('rate', 'acme', { ...shared, price: '7.40' }).length + 40,
    );
  });
});

describe('a sealed document', () => {
  it('opens as the original value', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), fc.string(), (json, purpose, binding) => {
        const value: unknown = JSON.parse(json);
        expect(sealer.open(purpose, binding, sealer.seal(purpose, binding, value))).toEqual(value);
      }),
    );
  });

  it('is safe in a URL', () => {
    expect(sealer.seal('rate', 'acme', document)).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it('is short where its content repeats', () => {
    const parcels = Array.from({ length: 30 }, (_, index) => ({
      weight: { value: index + 1, unit: 'OUNCE' },
      dimensions: { length: 10 + index, width: 8, height: 4, unit: 'INCH' },
    }));
    const items = parcels.map((_, index) => ({
      description: `Wooden toy number ${index}, painted by hand with water colours`,
      quantity: index + 1,
      totalValue: { amount: `${index}.50`, currencyCode: 'USD' },
      totalWeight: { value: index + 1, unit: 'OUNCE' },
      originCountry: 'US',
    }));
    const rate = { parcels, customs: { items }, from: document, to: document };
    expect(JSON.stringify(rate).length).toBeGreaterThan(8192);
    expect(sealer.seal('rate', 'acme', rate).length).toBeLessThan(2048);
  });

  it('reveals nothing of its content, and differs each time', () => {
    const texts = [1, 2].map(() => sealer.seal('rate', 'acme', document));
    expect(texts[0]).not.toBe(texts[1]);
    expect(Buffer.from(texts[0]!, 'base64url').toString('latin1')).not.toContain('94107');
  });

  it('does not open after any bit was changed', () => {
    const bytes = Buffer.from(sealer.seal('rate', 'acme', document), 'base64url');
    for (let index = 0; index < bytes.length; index++) {
      for (let bit = 0; bit < 8; bit++) {
        const altered = Buffer.from(bytes);
        altered[index]! ^= 1 << bit;
        expect(
          sealer.open('rate', 'acme', altered.toString('base64url')),
          `bit ${bit} of byte ${index}`,
        ).toBeUndefined();
      }
    }
  });

  it('does not open truncated, extended or re-encoded', () => {
    const text = sealer.seal('rate', 'acme', document);
    for (let length = 0; length < text.length; length++) {
      expect(sealer.open('rate', 'acme', text.slice(0, length))).toBeUndefined();
    }
    for (const other of [`${text}A`, `${text}=`, ` ${text}`, `${text}\n`, text.toLowerCase()]) {
      expect(sealer.open('rate', 'acme', other)).toBeUndefined();
    }
  });

  it('does not open for another purpose or another binding', () => {
    const text = sealer.seal('rate', 'acme', document);
    expect(sealer.open('label', 'acme', text)).toBeUndefined();
    expect(sealer.open('rate', 'umbrella', text)).toBeUndefined();
    expect(sealer.open('rate', '', text)).toBeUndefined();
  });

  it('does not open with another secret', () => {
    const text = sealer.seal('rate', 'acme', document);
    expect(createSealer(nextSecret).open('rate', 'acme', text)).toBeUndefined();
  });

  it('opens with the previous secret until that is removed', () => {
    const text = sealer.seal('rate', 'acme', document);
    const rotated = createSealer(nextSecret, secret);
    expect(rotated.open('rate', 'acme', text)).toEqual(document);
    expect(sealer.open('rate', 'acme', rotated.seal('rate', 'acme', document))).toBeUndefined();
    expect(
      createSealer('a third secret of more than thirty-two bytes', nextSecret).open('rate', 'acme', text),
    ).toBeUndefined();
  });
});

it('any other text opens as undefined', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.base64String(),
        fc.nat(200).map((size) => randomBytes(size).toString('base64url')),
      ),
      (text) => {
        expect(sealer.open('rate', 'acme', text)).toBeUndefined();
      },
    ),
  );
});
