import { expect, it } from 'vitest';

import { emulatedProviders } from '../../sandbox/index.ts';
import { providers } from '../../src/carriers/registry.ts';

// That nothing but its registry imports a provider is held by `npm run check:layers`.
it('every provider is emulated', () => {
  expect(emulatedProviders.map(({ id }) => id)).toEqual(providers.map(({ id }) => id));
});
