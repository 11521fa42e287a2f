import fc from 'fast-check';
import { expect, it } from 'vitest';

import { KnownSecrets } from '../../src/domain/known-secrets.ts';

const known = (...secrets: string[]) => {
  const set = new KnownSecrets();
  for (const secret of secrets) set.add(secret);
  return set;
};

it('removes each of many texts wherever they stand, and nothing else', () => {
  // Few letters, so that texts begin alike and contain each other.
  const secret = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 8, maxLength: 12 });
  const other = fc.string({ unit: fc.constantFrom('x', 'é', '"'), maxLength: 6 });
  fc.assert(
    fc.property(fc.array(secret, { minLength: 1 }), fc.array(other, { minLength: 1 }), (secrets, others) => {
      const text = others.map((part, index) => part + (secrets[index] ?? '')).join('|');
      const expected = others.map((part, index) => part + (secrets[index] ? '#' : '')).join('|');
      expect(known(...secrets).replace(text, '#')).toBe(expected);
    }),
  );
});

it('removes the longest of those that begin alike', () => {
  const set = known('secret-one', 'secret-one-and-two', 'secret-one');
  expect(set.replace('secret-one-and-two, secret-one.', '#')).toBe('#, #.');
});

it('leaves short texts where they are', () => {
  expect(known('seven77').replace('seven77', '#')).toBe('seven77');
});
