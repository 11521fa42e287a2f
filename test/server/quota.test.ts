import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestServer, type TestServer } from '../support/test-server.ts';

const verify = /* GraphQL */ `
  query ($street: String!) {
    addressVerifications(
      addresses: [{ street1: $street, city: "Springfield", state: "IL", country: "US" }]
      accountId: "usps"
    ) {
      status
      failures {
        code
        retryAfterSeconds
      }
    }
  }
`;
const quotasQuery = '{ providerAccounts { id quotas { api limit remaining resetsAt } } }';

describe('a quota of 60 calls an hour per API product', () => {
  let server: TestServer;
  beforeAll(async () => void (server = await openTestServer({ quota: 60 })));
  afterAll(() => server.close());

  const ask = async (number: number) => {
    const { data, errors } = await server.ask(verify, { street: `${number} Elm Street` });
    expect(errors).toBeUndefined();
    return (data.addressVerifications[0].failures[0] ?? null) as {
      code: string;
      retryAfterSeconds: number;
    } | null;
  };
  const quotas = async () => {
    const { data } = await server.ask(quotasQuery);
    const { quotas } = data.providerAccounts.find(({ id }: { id: string }) => id === 'usps');
    return Object.fromEntries(quotas.map((each: { api: string }) => [each.api, each]));
  };
  const callCount = () => server.sandbox.usps.count('GET', /\/address$/);

  it('is not exceeded by ten concurrent operations near its end', async () => {
    for (let turn = 0; turn < 5; turn++) {
      await Promise.all(Array.from({ length: 11 }, (_, index) => ask(turn * 11 + index)));
    }
    expect(callCount()).toBe(55);
    const failures = await Promise.all(Array.from({ length: 10 }, (_, index) => ask(100 + index)));
    expect(failures.filter((failure) => failure?.code === 'QUOTA_EXHAUSTED')).toHaveLength(5);
    expect(callCount()).toBe(60);
    expect(server.sandbox.usps.calls.filter(({ status }) => status === 429)).toEqual([]);
    const exhausted = failures.find((failure) => failure !== null && failure.code === 'QUOTA_EXHAUSTED');
    expect(exhausted!.retryAfterSeconds).toBeGreaterThan(59 * 60);
  });

  it('is shown with the remaining calls, also of the token endpoint', async () => {
    expect(await quotas()).toMatchObject({
      addresses: { limit: 60, remaining: 0, resetsAt: expect.any(String) },
      oauth: { limit: 60, remaining: 59 },
      tracking: { limit: 60, remaining: 60, resetsAt: null },
    });
  });

  it('is restored within the hour, and a failed call counts too', async () => {
    server.clock.advance(61 * 60_000);
    const stop = server.sandbox.usps.injectFault({
      path: /\/address$/,
      response: { status: 400, body: 'no' },
    });
    expect(await ask(200)).toMatchObject({ code: 'REJECTED' });
    stop();
    expect(await quotas()).toMatchObject({ addresses: { remaining: 59 }, oauth: { remaining: 60 } });
  });
});
