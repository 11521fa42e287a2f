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
const left = '{ providerAccounts { id quotas { api limit remaining resetsAt } } }';

describe('sixty calls an hour to a product', () => {
  let house: TestServer;
  beforeAll(async () => void (house = await openTestServer({ quota: 60 })));
  afterAll(() => house.close());

  const ask = async (number: number) => {
    const { data, errors } = await house.ask(verify, { street: `${number} Elm Street` });
    expect(errors).toBeUndefined();
    return (data.addressVerifications[0].failures[0] ?? null) as {
      code: string;
      retryAfterSeconds: number;
    } | null;
  };
  const quotas = async () => {
    const { data } = await house.ask(left);
    const { quotas } = data.providerAccounts.find(({ id }: { id: string }) => id === 'usps');
    return Object.fromEntries(quotas.map((each: { api: string }) => [each.api, each]));
  };
  const called = () => house.sandbox.usps.count('GET', /\/address$/);

  it('hold for ten operations at once that come near the end of them', async () => {
    for (let turn = 0; turn < 5; turn++) {
      await Promise.all(Array.from({ length: 11 }, (_, index) => ask(turn * 11 + index)));
    }
    expect(called()).toBe(55);
    const failures = await Promise.all(Array.from({ length: 10 }, (_, index) => ask(100 + index)));
    expect(failures.filter((failure) => failure?.code === 'QUOTA_EXHAUSTED')).toHaveLength(5);
    expect(called()).toBe(60);
    expect(house.sandbox.usps.calls.filter(({ status }) => status === 429)).toEqual([]);
    const exhausted = failures.find((failure) => failure !== null && failure.code === 'QUOTA_EXHAUSTED');
    expect(exhausted!.retryAfterSeconds).toBeGreaterThan(59 * 60);
  });

  it('are shown as what is left, token calls among them', async () => {
    expect(await quotas()).toMatchObject({
      addresses: { limit: 60, remaining: 0, resetsAt: expect.any(String) },
      oauth: { limit: 60, remaining: 59 },
      tracking: { limit: 60, remaining: 60, resetsAt: null },
    });
  });

  it('come back within the hour, and a failed call costs one as well', async () => {
    house.clock.advance(61 * 60_000);
    const stop = house.sandbox.usps.spoil({ path: /\/address$/, answer: { status: 400, body: 'no' } });
    expect(await ask(200)).toMatchObject({ code: 'REJECTED' });
    stop();
    expect(await quotas()).toMatchObject({ addresses: { remaining: 59 }, oauth: { remaining: 60 } });
  });
});
