import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { box, openTestServer, receiver, sender, type TestServer } from '../support/test-server.ts';

const query = (fields: string) => /* GraphQL */ `
  query ($input: RatesInput!) {
    rates(input: $input) {
      rates {
        account {
          provider
        }
        carrier
        service {
          code
        }
        ${fields}
      }
      failures {
        code
      }
    }
  }
`;
const input = { from: sender, to: receiver, parcels: [box] };
const smartrate = /\/smartrate$/;

interface Told {
  account: { provider: string };
  carrier: string;
  service: { code: string };
  transitTimes: { percentile50: number; percentile99: number } | null;
}

describe('how many days parcels took', () => {
  let house: TestServer;
  beforeAll(async () => void (house = await openTestServer()));
  afterAll(() => house.close());
  const times = 'transitTimes { percentile50 percentile99 }';
  const asked = async (fields: string) => {
    const before = house.sandbox.easypost.count('GET', smartrate);
    const { data, errors } = await house.ask(query(fields), { input });
    return {
      rates: data.rates.rates as Told[],
      errors,
      calls: house.sandbox.easypost.count('GET', smartrate) - before,
    };
  };

  it('is one call for all rates of a shipment, and none where nobody asks', async () => {
    expect((await asked('zone')).calls).toBe(0);
    const { rates, calls, errors } = await asked(times);
    expect(errors).toBeUndefined();
    expect(calls).toBe(1);
    const from = (provider: string) => rates.filter(({ account }) => account.provider === provider);
    expect(from('easypost').length).toBeGreaterThan(10);
    for (const { transitTimes } of from('easypost')) {
      expect(transitTimes!.percentile50).toBeLessThanOrEqual(transitTimes!.percentile99);
    }
    // USPS itself does not say.
    expect(from('usps').length).toBeGreaterThan(0);
    expect(from('usps').every(({ transitTimes }) => transitTimes === null)).toBe(true);
  });

  it('is asked for by a rate’s id too', async () => {
    const { data } = await house.ask(query('id'), { input });
    const [{ id }] = data.rates.rates.filter(({ account }: Told) => account.provider === 'easypost');
    const entities = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Rate { ${times} } } }`;
    const before = house.sandbox.easypost.count('GET', smartrate);
    const answer = await house.ask(entities, { of: [{ __typename: 'Rate', id }] });
    expect(answer.data._entities).toEqual([
      { transitTimes: { percentile50: expect.any(Number), percentile99: expect.any(Number) } },
    ]);
    expect(house.sandbox.easypost.count('GET', smartrate) - before).toBe(1);
  });

  it('is missing where EasyPost refuses, with the reason at that field and the prices beside it', async () => {
    const stop = house.sandbox.easypost.spoil({
      path: smartrate,
      answer: { status: 422, body: { error: { code: 'SMARTRATE.INVALID_PARAMS', message: 'no' } } },
    });
    const { rates, errors } = await asked(times);
    stop();
    expect(rates.every(({ transitTimes }) => transitTimes === null)).toBe(true);
    const sold = rates.filter(({ account }) => account.provider === 'easypost');
    expect(errors).toHaveLength(sold.length);
    for (const { path, extensions } of errors!) {
      expect(path!.at(-1)).toBe('transitTimes');
      expect(extensions).toMatchObject({
        code: 'REJECTED',
        retryable: false,
        providerCode: 'SMARTRATE.INVALID_PARAMS',
      });
    }
  });
});
