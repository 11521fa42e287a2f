import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { box, openTestServer, receiver, sender, type TestServer } from '../../support/test-server.ts';

const query = `query ($input: RatesInput!) { rates(input: $input) {
  rates { carrier account { id } } failures { code field message hint account { id } }
} }`;
const shirt = {
  description: 'Cotton shirt',
  quantity: 2,
  totalValue: { amount: '40.00', currencyCode: 'USD' },
  totalWeight: { value: 12, unit: 'OUNCE' },
  originCountry: 'US',
};
const ottawa = {
  name: 'Ana Roy',
  street1: '111 Wellington St',
  city: 'Ottawa',
  state: 'Ontario',
  postalCode: 'K1A 0A9',
  country: 'CA',
};

describe('rates that one provider refuses', () => {
  let server: TestServer;
  beforeAll(async () => void (server = await openTestServer()));
  afterAll(() => server.close());

  const quote = async (change: object) => {
    const input = { from: sender, to: receiver, parcels: [box], accountIds: ['usps', 'easypost'], ...change };
    const { data, errors } = await server.ask(query, { input });
    expect(errors).toBeUndefined();
    return data.rates as {
      rates: { account: { id: string } }[];
      failures: { code: string; field: string[]; account: { id: string } }[];
    };
  };
  const accountsOf = ({ rates }: Awaited<ReturnType<typeof quote>>) =>
    [...new Set(rates.map(({ account }) => account.id))].sort();
  const failuresOf = ({ failures }: Awaited<ReturnType<typeof quote>>, accountId: string) =>
    failures.filter(({ account }) => account.id === accountId);

  it('do not include those to a state that is written in full', async () => {
    for (const state of ['California', 'california', 'ca']) {
      const quoted = await quote({ to: { ...receiver, state } });
      expect(accountsOf(quoted)).toEqual(['easypost', 'usps']);
      expect(failuresOf(quoted, 'usps')).toEqual([]);
    }
  });

  it('for an unknown state are the failure of USPS, beside the rates of EasyPost', async () => {
    const quoted = await quote({ to: { ...receiver, state: 'Jefferson' } });
    expect(accountsOf(quoted)).toEqual(['easypost']);
    const [failure, ...others] = failuresOf(quoted, 'usps');
    expect(failure).toMatchObject({ code: 'REJECTED', message: expect.stringContaining('Jefferson') });
    expect(failure!.field.slice(-2)).toEqual(['to', 'state']);
    expect(others).toEqual([]);
  });

  it('for customs lines that weigh more than the parcel are the failure of USPS, beside the rates of EasyPost', async () => {
    const quoted = await quote({
      to: ottawa,
      customs: { contents: 'MERCHANDISE', items: [shirt, shirt] },
    });
    expect(accountsOf(quoted)).toEqual(['easypost']);
    const [failure] = failuresOf(quoted, 'usps');
    expect(failure).toMatchObject({ code: 'REJECTED', hint: expect.stringContaining('totalWeight') });
    expect(failure!.field.slice(-2)).toEqual(['customs', 'items']);
  });
});
