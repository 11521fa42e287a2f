import { pino } from 'pino';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import type { Account } from '../../src/accounts/account.ts';
import { pricesHoldUntil } from '../../src/carriers/price-changes.ts';
import { ProviderError } from '../../src/domain/errors.ts';
import type { Offer, RateRequest } from '../../src/domain/rate.ts';
import { createLoaders } from '../../src/loaders/loaders.ts';
import { createSharedRequests } from '../../src/loaders/shared-requests.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { createDeadline } from '../../src/transport/deadline.ts';
import { memoryRateQuotes } from '../support/stores.ts';
import { testClock } from '../support/test-server.ts';

const second = 1_000;
const minute = 60 * second;
/** Midnight in Chicago, at which the provider's prices change. */
const midnight = Date.parse('2027-01-17T06:00:00Z');

const log = pino({ level: 'silent' });
const request = { shipDate: '2027-01-17' } as RateRequest;

/** A provider whose clock is `skew` ahead of ours. */
function createProvider(clock: ReturnType<typeof testClock>, skew: number, changesAt: number) {
  const priceAt = (time: number) => (time + skew < changesAt ? '7.40' : '7.90');
  let calls = 0;
  const account = {
    id: 'usps',
    key: 'account',
    name: 'USPS',
    rateCacheMs: 15 * minute,
    adapter: {
      quoteSharing: { priceFactors: () => 'the same', pricesHoldUntil },
      async quote(requests: readonly RateRequest[]) {
        calls += 1;
        const price = { amount: priceAt(clock.now()), currencyCode: 'USD' };
        return requests.map(() => ({ offers: [{ price } as Offer], failures: [] }));
      },
    },
  } as unknown as Account;
  return { account, priceAt, calls: () => calls };
}

/** A request asks after a pause; the clocks differ by less than a minute, and old prices last a few minutes. */
const anyDay = fc.record({
  skew: fc.integer({ min: -50 * second, max: 50 * second }),
  settles: fc.integer({ min: 0, max: 3 * minute }),
  start: fc.integer({ min: -40 * minute, max: -5 * minute }),
  pauses: fc.array(fc.integer({ min: 0, max: 4 * minute }), { minLength: 10, maxLength: 40 }),
});

it('no quote has a price of before the midnight at which prices change, nor one of after it before', async () => {
  let asked = 0;
  let called = 0;
  await fc.assert(
    fc.asyncProperty(anyDay, async ({ skew, settles, start, pauses }) => {
      const clock = testClock(midnight + start);
      const { account, priceAt, calls } = createProvider(clock, skew, midnight + settles);
      const storage = { rateQuotes: memoryRateQuotes() } as unknown as Storage;
      const shared = createSharedRequests({ storage, clock });
      for (const pause of pauses) {
        clock.advance(pause);
        const { signal } = new AbortController();
        const loaders = createLoaders({ caller: undefined, storage, clock, log, signal, shared });
        const quote = await loaders.quote(account).load({ request, deadline: createDeadline(60_000, clock) });
        if (quote instanceof ProviderError) throw quote;
        expect(quote.offers[0]!.price.amount).toBe(priceAt(clock.now()));
      }
      asked += pauses.length;
      called += calls();
    }),
    { numRuns: 300 },
  );
  // Quotes are shared all the same.
  expect(called).toBeLessThan(asked / 2);
});
