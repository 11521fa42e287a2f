import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { box, openTestServer, receiver, sender, type TestServer } from '../../support/test-server.ts';

const query = `query ($input: RatesInput!) { rates(input: $input) {
  rates { account { id } } failures { code retryAfterSeconds account { id } }
} }`;

describe('rates with a deadline', () => {
  let server: TestServer;
  beforeAll(async () => void (server = await openTestServer()));
  afterAll(() => server.close());

  const quote = (deadlineMs: number) =>
    server.ask(query, {
      input: { from: sender, to: receiver, parcels: [box], accountIds: ['usps'], deadlineMs },
    });

  const failOnce = (status: number, headers = {}) =>
    server.sandbox.usps.injectFault({
      path: /\/options\//,
      times: 1,
      response: { status, headers, body: '' },
    });

  it('fail with the last response where the repeated call is not answered in time', async () => {
    const { usps } = server.sandbox;
    failOnce(503);
    const removeFault = usps.injectFault({ path: /\/options\//, hang: true });
    const { data } = await quote(3000);
    removeFault();
    expect(data.rates.failures).toMatchObject([{ code: 'UNAVAILABLE', account: { id: 'usps' } }]);
    expect(usps.count('POST', /\/options\//)).toBe(2);
  });

  it('fail with RATE_LIMITED at once where the provider asks to wait too long', async () => {
    const before = server.sandbox.usps.count('POST', /\/options\//);
    failOnce(429, { 'retry-after': '2' });
    const { data } = await quote(2300);
    expect(data.rates.failures).toEqual([
      { code: 'RATE_LIMITED', retryAfterSeconds: 2, account: { id: 'usps' } },
    ]);
    expect(server.sandbox.usps.count('POST', /\/options\//) - before).toBe(1);
  });
});
