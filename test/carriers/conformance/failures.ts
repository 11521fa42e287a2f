import { expect } from 'vitest';

import { receiver, sender } from '../../support/test-server.ts';
import { call, heavyParcel, rateRequest, resultOf } from './requests.ts';
import type { Rules } from './subject.ts';

export const failureRules: Rules = (rule) => {
  for (const [status, code] of [
    [429, 'RATE_LIMITED'],
    [503, 'UNAVAILABLE'],
    [500, 'UNAVAILABLE'],
  ] as const) {
    rule(`maps ${status} to ${code} in every slot, whatever its body`, async (subject) => {
      const { adapter, emulator, paths, numbers, clock } = subject;
      const requests = [{ trackingNumber: numbers.known[0]!, carrier: 'USPS' }];
      for (const body of [
        '',
        'There was an internal server error.',
        '<html><b>oops</b></html>',
        '{"error":',
      ]) {
        const removeFault = emulator.injectFault({ path: paths.track, response: { status, body } });
        const results = await adapter.track!(requests, call);
        removeFault();
        expect(results).toMatchObject([{ name: 'ProviderError', code, retryable: true }]);
        // Wait until calls are sent again after a 429.
        clock?.advance(60_000);
      }
    });
  }

  rule('maps a response in an unknown format to UNREADABLE in every slot', async (subject) => {
    const { adapter, emulator, paths, numbers } = subject;
    const unreadable = { name: 'ProviderError', code: 'UNREADABLE' };
    const [quote] = await adapter.quote!([rateRequest], call);
    const { providerRef } = resultOf(quote!).offers[0]!;
    const parcels = numbers.known.map((trackingNumber) => ({ trackingNumber, carrier: 'USPS' }));
    const other = { ...rateRequest, parcels: [heavyParcel] };
    for (const body of [
      '',
      'null',
      '[]',
      '42',
      '"text"',
      '<html></html>',
      '{"error":',
      '{"nothing":"known"}',
    ]) {
      for (const [fault, size, send] of [
        [{ path: paths.quote }, 2, () => adapter.quote!([rateRequest, other], call)],
        [{ path: paths.verify }, 2, () => adapter.verify!([receiver, sender], call)],
        [{ path: paths.track }, parcels.length, () => adapter.track!(parcels, call)],
        [{ method: 'GET' }, 1, () => adapter.transitTimes?.([providerRef], call)],
      ] as const) {
        const removeFault = emulator.injectFault({ ...fault, response: { status: 200, body } });
        const results: readonly unknown[] | undefined = await send();
        removeFault();
        if (results) expect(results, body).toMatchObject(Array(size).fill(unreadable));
      }
    }
  });

  rule('stops waiting for a response when the call is aborted', async ({ adapter, emulator, paths }) => {
    const removeFault = emulator.injectFault({ path: paths.quote, hang: true });
    const caller = new AbortController();
    const quotes = adapter.quote!([rateRequest], { signal: caller.signal });
    caller.abort(new Error('the caller left'));
    await expect(quotes).rejects.toThrow('the caller left');
    removeFault();
  });
};
