import { describe, expect, it } from 'vitest';

import { createAttributionLimit } from '../../src/auth/attribution.ts';

describe('the attribution of provider calls', () => {
  it('tells 100 operations and clients of a tenant apart, and counts the others together', () => {
    const limit = createAttributionLimit();
    const names = Array.from({ length: 101 }, (_, index) => ({ operation: `Op${index}` }));
    const attributed = names.map((name) => limit('acme', name));
    expect(attributed.slice(0, 100)).toEqual(names.slice(0, 100));
    expect(attributed[100]).toEqual({ operation: 'other', client: 'other' });
    expect(limit('acme', names[0]!)).toEqual(names[0]);
    expect(limit('globex', names[100]!)).toEqual(names[100]);
  });

  it('cuts names to 100 characters', () => {
    const attribution = createAttributionLimit()('acme', { client: 'x'.repeat(101) });
    expect(attribution.client).toHaveLength(100);
  });
});
