import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { uspsTrackingNumber } from '../../sandbox/usps/index.ts';
import { openTestServer, type TestServer } from '../support/test-server.ts';

const query = /* GraphQL */ `
  query ($number: String!) {
    tracker(trackingNumber: $number, carrier: "USPS", maxAgeSeconds: 0) {
      status
      stale
      failure {
        code
        message
      }
    }
  }
`;

describe('an account whose policy keeps calls while its quota runs low', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openTestServer({
      tenants({ tenant }) {
        const [usps] = tenant.accounts;
        const policy = { whenQuotaLow: { below: 0.5, staleTrackers: true, batchWaitMs: 3 } };
        return [{ ...tenant, accounts: [{ ...usps!, policy, quota: { default: 4 } }] }];
      },
    });
  });
  afterAll(() => server.close());

  const track = async (parcel: number) => {
    const before =
      server.sandbox.usps.count('GET', /\/tracking/) + server.sandbox.usps.count('POST', /\/tracking/);
    const { data } = await server.ask(query, { number: uspsTrackingNumber(parcel) });
    const after =
      server.sandbox.usps.count('GET', /\/tracking/) + server.sandbox.usps.count('POST', /\/tracking/);
    return { ...data.tracker, calls: after - before };
  };

  it('answers with the state that is known, marked as stale, and asks for a parcel that is not', async () => {
    for (const parcel of [1, 2, 3, 4])
      server.sandbox.usps.parcel({ trackingNumber: uspsTrackingNumber(parcel) });
    for (const parcel of [1, 2, 3]) expect(await track(parcel)).toMatchObject({ stale: false, calls: 1 });
    server.clock.advance(60_000);
    const known = await track(1);
    expect(known).toMatchObject({ status: 'ACCEPTED', stale: true, calls: 0 });
    expect(known.failure).toEqual({
      code: 'QUOTA_EXHAUSTED',
      message: 'the calls of USPS sandbox run low, and are kept for parcels whose state is not known',
    });
    expect(await track(4)).toMatchObject({ stale: false, calls: 1 });
    server.clock.advance(61 * 60_000);
    expect(await track(1)).toMatchObject({ stale: false, calls: 1 });
  });
});
