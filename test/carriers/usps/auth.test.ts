import { describe, expect, it } from 'vitest';

import { uspsSandboxNumbers } from '../../../sandbox/usps/index.ts';
import { receiver, sender } from '../../support/test-server.ts';
import { buyLabel, call, labelRequestFor, openForTest, registerParcels } from './support.ts';

describe('the USPS token', () => {
  it('is requested once for concurrent calls, and again only when it expires', async () => {
    const { adapter, emulator } = await openForTest();
    await Promise.all(Array.from({ length: 50 }, () => adapter.verify!([receiver], call)));
    await adapter.track!(registerParcels(emulator, 1), call);
    expect(emulator.count('POST', /\/oauth2\//)).toBe(1);
  });

  it('is renewed in the background 30 minutes before it expires', async () => {
    const { adapter, emulator, clock } = await openForTest();
    await adapter.verify!([receiver], call);
    clock.advance((28_799 - 30 * 60 - 1) * 1000);
    await adapter.verify!([receiver], call);
    expect(emulator.count('POST', /\/oauth2\//)).toBe(1);
    clock.advance(2_000);
    await adapter.verify!([receiver], call);
    await expect.poll(() => emulator.count('POST', /\/oauth2\//)).toBe(2);
  });

  it('is not requested again at once with refused credentials', async () => {
    const { adapter, emulator } = await openForTest({ credentials: { clientSecret: 'wrong' } });
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await adapter.verify!([receiver, sender], call)).toMatchObject([
        { code: 'CREDENTIALS_REJECTED', hint: expect.stringContaining('Web Tools') },
        { code: 'CREDENTIALS_REJECTED' },
      ]);
    }
    expect(emulator.calls.length).toBe(1);
  });

  it('fails an operation that its scope does not cover before the call', async () => {
    const { adapter, emulator } = await openForTest({ client: { scopes: ['addresses'] } });
    expect(await adapter.track!([{ trackingNumber: uspsSandboxNumbers.delivered }], call)).toMatchObject([
      { code: 'SCOPE_MISSING' },
    ]);
    expect(emulator.count('POST', /\/tracking\//)).toBe(0);
  });

  it('blocks an API that refuses fresh tokens for a while, so that repeated calls leave quota for the others', async () => {
    const { adapter, emulator, clock } = await openForTest({ quota: 60 });
    const body = { error: { code: '401', message: 'Missing or malformed access token.', errors: [] } };
    const restore = emulator.injectFault({ path: /\/addresses\//, response: { status: 401, body } });
    for (let request = 0; request < 70; request++) {
      expect(await adapter.verify!([receiver], call)).toMatchObject([{ code: 'CREDENTIALS_REJECTED' }]);
      clock.advance(50_000);
    }
    expect(emulator.count('POST', /\/oauth2\//)).toBe(13);
    expect(emulator.count('GET', /\/addresses\//)).toBe(24);
    restore();
    clock.advance(5 * 60_000);
    expect(await adapter.verify!([receiver], call)).toMatchObject([{ status: 'VERIFIED' }]);
  });

  it.each(['no message', 'a payment message'])(
    'leaves labels unblocked after a label’s 401 with %s, which may be about the payment token',
    async (message401) => {
      const subject = await openForTest();
      const { emulator, clock } = subject;
      const buy = async () => buyLabel(subject, await labelRequestFor(subject));
      await buy();
      clock.advance(2 * 60_000);
      const message = message401 === 'a payment message' ? 'Invalid payment authorization' : '';
      const restore = emulator.injectFault({ method: 'POST', path: /\/label$/, response: { status: 401, body: { error: { code: '401', message, errors: [] } } } }); // prettier-ignore
      await expect(buy()).rejects.toMatchObject({ refused: true });
      restore();
      expect((await buy()).trackingNumber).toEqual(expect.any(String));
    },
  );
});
