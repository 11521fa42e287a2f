import { expect } from 'vitest';

import { receiver } from '../../support/test-server.ts';
import { call, rateRequest } from './requests.ts';
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

  rule('maps a response in an unknown format to UNREADABLE', async ({ adapter, emulator, paths }) => {
    for (const [path, send] of [
      [paths.quote, () => adapter.quote!([rateRequest], call)],
      [paths.verify, () => adapter.verify!([receiver], call)],
    ] as const) {
      const removeFault = emulator.injectFault({
        path,
        response: { status: 200, body: { nothing: 'known' } },
      });
      const results: readonly unknown[] = await send();
      removeFault();
      expect(results).toMatchObject([{ name: 'ProviderError', code: 'UNREADABLE' }]);
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
