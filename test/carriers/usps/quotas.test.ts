import { describe, expect, it } from 'vitest';

import { ProviderError } from '../../../src/domain/errors.ts';
import { receiver, sender } from '../../support/test-server.ts';
import { call, openForTest } from './support.ts';

describe('the USPS quota', () => {
  it('refuses calls before USPS does, and returns the time of its reset', async () => {
    const { adapter, emulator, clock } = await openForTest({ quota: 3 });
    const outcomes = await adapter.verify!([receiver, sender, receiver, sender], call);
    expect(outcomes.filter((outcome) => outcome instanceof ProviderError)).toMatchObject([
      { code: 'QUOTA_EXHAUSTED', retryAfterSeconds: expect.any(Number) },
    ]);
    expect(emulator.count('GET', /\/addresses\//)).toBe(3);
    expect(await adapter.quotas!()).toContainEqual({
      api: 'addresses',
      limit: 3,
      remaining: 0,
      resetsAt: expect.any(Number),
    });
    clock.advance(62 * 60 * 1000);
    expect(await adapter.verify!([receiver], call)).toMatchObject([{ status: 'VERIFIED' }]);
  });
});
