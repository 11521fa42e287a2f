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

  it('is used up where USPS says so without Retry-After, until the end of the window and in its words', async () => {
    const { adapter, emulator, clock } = await openForTest({ quota: 60 });
    const message = 'You have exceeded your hourly quota of 60 calls.';
    const body = { apiVersion: '/addresses/v3', error: { code: '429', message, errors: [] } };
    const fault = { path: /\/address$/, times: 1, response: { status: 429, body } };
    emulator.injectFault(fault);
    expect(await adapter.verify!([receiver], call)).toMatchObject([
      {
        code: 'RATE_LIMITED',
        retryable: true,
        providerMessage: message,
        retryAfterSeconds: expect.any(Number),
      },
    ]);
    const quotas = await adapter.quotas!();
    expect(quotas).toContainEqual(expect.objectContaining({ api: 'addresses', limit: 60, remaining: 0 }));
    expect(await adapter.verify!([receiver], call)).toMatchObject([{ code: 'QUOTA_EXHAUSTED' }]);
    expect(emulator.count('GET', /\/address$/)).toBe(1);
    clock.advance(62 * 60 * 1000);
    expect(await adapter.verify!([receiver], call)).toMatchObject([{ status: 'VERIFIED' }]);
  });

  it('is not used up by a 429 about anything else, whose words reach the caller too', async () => {
    const { adapter, emulator } = await openForTest({ quota: 60 });
    const body = { error: 'Spike arrest violation' };
    emulator.injectFault({ path: /\/address$/, times: 1, response: { status: 429, body } });
    expect(await adapter.verify!([receiver], call)).toMatchObject([
      { code: 'RATE_LIMITED', providerMessage: 'Spike arrest violation', retryAfterSeconds: 30 },
    ]);
    expect(await adapter.quotas!()).toContainEqual(
      expect.objectContaining({ api: 'addresses', remaining: 59 }),
    );
  });
});
