import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestServer, type TestServer } from '../../support/test-server.ts';

describe('places to hand a parcel over', () => {
  let server: TestServer;
  beforeAll(async () => void (server = await openTestServer()));
  afterAll(() => server.close());

  const query = `query ($zip: String!, $radius: Int, $account: ID) {
    dropOffLocations(postalCode: $zip, radiusMiles: $radius, accountId: $account) {
      name kind hours distanceMiles address { street1 city state postalCode country }
    }
  }`;

  it('are post offices with their opening hours, nearest first', async () => {
    const { data, errors } = await server.ask(query, { zip: '94107', radius: 20 });
    expect(errors).toBeUndefined();
    const places = data.dropOffLocations;
    expect(places.length).toBeGreaterThan(0);
    expect(places[0]).toMatchObject({
      kind: 'POST_OFFICE',
      address: { state: 'CA', country: 'US', postalCode: expect.stringMatching(/^94/) },
      hours: expect.arrayContaining([expect.stringMatching(/^MONDAY \d{2}:\d{2}-\d{2}:\d{2}/)]),
    });
    const distances = places.map((place: any) => place.distanceMiles);
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
    expect(Math.max(...distances)).toBeLessThanOrEqual(20);
    expect(server.sandbox.usps.count('GET', /\/post-office-locations$/)).toBe(1);
  });

  it('require a ZIP code, a radius from 1 to 100 and an account that lists them', async () => {
    for (const [variables, extensions] of [
      [
        { zip: ' ' },
        {
          code: 'BAD_USER_INPUT',
          field: ['postalCode'],
          errors: [{ code: 'REQUIRED', message: expect.stringContaining('ZIP code') }],
        },
      ],
      [{ zip: '9410' }, { code: 'BAD_USER_INPUT', field: ['postalCode'] }],
      [
        { zip: '94107', radius: 101 },
        { code: 'BAD_USER_INPUT', field: ['radiusMiles'] },
      ],
      [
        { zip: '94107', account: 'nobody' },
        { code: 'BAD_USER_INPUT', field: ['accountId'] },
      ],
      [
        { zip: '94107', account: 'easypost' },
        {
          code: 'NOT_SUPPORTED',
          retryable: false,
          account: { id: 'easypost' },
          requestId: expect.any(String),
        },
      ],
    ] as const) {
      const { errors } = await server.ask(query, variables);
      expect(errors).toMatchObject([{ extensions }]);
    }
  });
});
