import { expect, it } from 'vitest';

import { createDataKey, openDataKey } from '../../src/domain/data-key.ts';
import { createSealer } from '../../src/domain/seal.ts';

const secret = 'the first secret of more than thirty-two characters';
const nextSecret = 'another secret of more than thirty-two characters';
const sealer = createSealer(secret);
const credentials = { clientId: 'id', clientSecret: 'hidden' };

it('decrypts what it has encrypted for the same binding, and nothing else', () => {
  const dataKey = openDataKey(sealer, 'acme', createDataKey(sealer, 'acme'))!;
  const text = dataKey.encrypt('acme usps 1', credentials);
  expect(dataKey.decrypt('acme usps 1', text)).toEqual(credentials);
  expect(dataKey.decrypt('acme usps 2', text)).toBeUndefined();
  expect(dataKey.encrypt('acme usps 1', credentials)).not.toBe(text);
  const altered = (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
  for (const other of [altered, text.slice(0, -4), '']) expect(dataKey.decrypt('acme usps 1', other)).toBeUndefined(); // prettier-ignore
  const another = openDataKey(sealer, 'acme', createDataKey(sealer, 'acme'))!;
  expect(another.decrypt('acme usps 1', text)).toBeUndefined();
});

it('opens for its own tenant, with the present secret or the previous one', () => {
  const sealed = createDataKey(sealer, 'acme');
  expect(openDataKey(sealer, 'umbrella', sealed)).toBeUndefined();
  expect(openDataKey(createSealer(nextSecret), 'acme', sealed)).toBeUndefined();
  const text = openDataKey(sealer, 'acme', sealed)!.encrypt('b', credentials);
  const rotated = createSealer(nextSecret, secret);
  expect(openDataKey(rotated, 'acme', sealed)!.decrypt('b', text)).toEqual(credentials);
  expect([sealer.isCurrent(sealed), rotated.isCurrent(sealed)]).toEqual([true, false]);
});
