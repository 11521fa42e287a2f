import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { uspsTrackingNumber } from '../../sandbox/usps/index.ts';
import type { Caller } from '../../src/accounts/account.ts';
import { clientOf, openTenants, type OpenTenants } from './tenants.ts';

const tracking = /\/tracking\//;

describe('the calls for many callers at once', () => {
  let tenants: OpenTenants;
  let caller: Caller;
  let serial = 0;
  beforeAll(async () => {
    tenants = await openTenants(1);
    caller = tenants.callers[0]!;
    // The token, which every first call waits for.
    await track(parcel());
  });
  afterAll(() => tenants.close());

  /** A number of a tenant's mailer id, whose parcel is accepted. Default: the tenant that asks. */
  function parcel(tenant = 0): string {
    const trackingNumber = uspsTrackingNumber((serial += 1), clientOf(tenant).mid);
    tenants.emulator.parcel({ trackingNumber });
    return trackingNumber;
  }
  const track = (trackingNumber: string, signal?: AbortSignal) =>
    tenants.loadersOf(caller, signal).tracker.load({ parcel: { trackingNumber, carrier: 'USPS' } });
  const countCalls = async (work: () => Promise<unknown>) => {
    const before = tenants.emulator.count('POST', tracking);
    await work();
    return tenants.emulator.count('POST', tracking) - before;
  };

  it.each([35, 1000])('are the fewest possible for one number each of %i', async (count) => {
    const numbers = Array.from({ length: count }, () => parcel());
    const calls = await countCalls(async () => {
      const trackers = await Promise.all(numbers.map((number) => track(number)));
      expect(trackers.map((tracker) => tracker.parcel.trackingNumber)).toEqual(numbers);
      expect(new Set(trackers.map((tracker) => tracker.tracking?.status))).toEqual(new Set(['ACCEPTED']));
    });
    expect(calls).toBe(Math.ceil(count / 35));
  });

  it('are one although a number in it fails, which fails its own caller only', async () => {
    const unknown = uspsTrackingNumber(9_000_000, clientOf(0).mid);
    const foreign = parcel(1);
    const calls = await countCalls(async () => {
      const [first, ofUnknown, ofForeign, last] = await Promise.all(
        [parcel(), unknown, foreign, parcel()].map((number) => track(number)),
      );
      expect([first?.failure, last?.failure]).toEqual([undefined, undefined]);
      expect(ofUnknown?.failure?.error.code).toBe('NOT_FOUND');
      expect(ofForeign?.failure?.error.code).toBe('ACCOUNT_NOT_AUTHORIZED');
    });
    expect(calls).toBe(1);
  });

  it('go on without the caller who leaves', async () => {
    const leaver = new AbortController();
    const calls = await countCalls(async () => {
      const leaving = track(parcel(), leaver.signal);
      const staying = [track(parcel()), track(parcel())];
      leaver.abort(new Error('the caller disconnected'));
      await expect(leaving).rejects.toThrow('the caller disconnected');
      for (const tracker of await Promise.all(staying)) expect(tracker.failure).toBeUndefined();
    });
    expect(calls).toBe(1);
  });
});
