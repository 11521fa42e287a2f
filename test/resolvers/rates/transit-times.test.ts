import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { box, openTestServer, receiver, sender, type TestServer } from '../../support/test-server.ts';

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

interface QuotedRate {
  account: { provider: string };
  carrier: string;
  service: { code: string };
  transitTimes: { percentile50: number; percentile99: number } | null;
}

describe('transit times', () => {
  let server: TestServer;
  beforeAll(async () => void (server = await openTestServer()));
  afterAll(() => server.close());
  const transitTimesFields = 'transitTimes { percentile50 percentile99 }';
  const quote = async (fields: string) => {
    const before = server.sandbox.easypost.count('GET', smartrate);
    const { data, errors } = await server.ask(query(fields), { input });
    return {
      rates: data.rates.rates as QuotedRate[],
      errors,
      calls: server.sandbox.easypost.count('GET', smartrate) - before,
    };
  };

  it('cost one call for all rates of a shipment, and none if they are not selected', async () => {
    expect((await quote('zone')).calls).toBe(0);
    const { rates, calls, errors } = await quote(transitTimesFields);
    expect(errors).toBeUndefined();
    expect(calls).toBe(1);
    const from = (provider: string) => rates.filter(({ account }) => account.provider === provider);
    expect(from('easypost').length).toBeGreaterThan(10);
    for (const { transitTimes } of from('easypost')) {
      expect(transitTimes!.percentile50).toBeLessThanOrEqual(transitTimes!.percentile99);
    }
    // USPS has no such statistics.
    expect(from('usps').length).toBeGreaterThan(0);
    expect(from('usps').every(({ transitTimes }) => transitTimes === null)).toBe(true);
  });

  it('can be read by the id of a rate too', async () => {
    const { data } = await server.ask(query('id'), { input });
    const [{ id }] = data.rates.rates.filter(({ account }: QuotedRate) => account.provider === 'easypost');
    const entities = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Rate { ${transitTimesFields} } } }`;
    const before = server.sandbox.easypost.count('GET', smartrate);
    const answer = await server.ask(entities, { of: [{ __typename: 'Rate', id }] });
    expect(answer.data._entities).toEqual([
      { transitTimes: { percentile50: expect.any(Number), percentile99: expect.any(Number) } },
    ]);
    expect(server.sandbox.easypost.count('GET', smartrate) - before).toBe(1);
  });

  it('are null with an error at their field if EasyPost rejects the call, beside the prices', async () => {
    const stop = server.sandbox.easypost.injectFault({
      path: smartrate,
      response: { status: 422, body: { error: { code: 'SMARTRATE.INVALID_PARAMS', message: 'no' } } },
    });
    const { rates, errors } = await quote(transitTimesFields);
    stop();
    expect(rates.every(({ transitTimes }) => transitTimes === null)).toBe(true);
    const quoted = rates.filter(({ account }) => account.provider === 'easypost');
    expect(errors).toHaveLength(quoted.length);
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
