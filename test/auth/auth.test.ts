import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { easypostSandboxKey, easypostSandboxOtherKey } from '../../sandbox/easypost/index.ts';
import { hashKey, type AccountConfig, type TenantConfig } from '../../src/config/config.ts';
import { box, openTestServer, receiver, sender, type TestServer } from '../support/test-server.ts';

const rates = /* GraphQL */ `
  query ($input: RatesInput!) {
    rates(input: $input) {
      rates {
        account {
          id
        }
      }
      failures {
        code
        message
        hint
        account {
          id
        }
      }
    }
  }
`;
const input = { from: sender, to: receiver, parcels: [box] };

describe('the caller’s own accounts', () => {
  let house: TestServer;

  beforeAll(async () => {
    house = await openTestServer({
      tenants({ tenant }) {
        const [usps, easypost] = tenant.accounts as [AccountConfig, AccountConfig];
        const owned = (id: string, accounts: AccountConfig[]): TenantConfig => ({
          id,
          name: id,
          apiKeyHashes: [hashKey(`${id}-key`)],
          accounts,
        });
        return [
          owned('acme', [
            easypost,
            { ...easypost, id: 'easypost-west', credentials: { apiKey: easypostSandboxOtherKey } },
          ]),
          owned('broken', [
            { ...usps, credentials: { ...(usps.credentials as object), clientSecret: 'wrong' } },
          ]),
          owned('retired', [{ ...usps, retired: 'https://apis.usps.com' }]),
          owned('empty', []),
        ];
      },
    });
  });
  afterAll(() => house.close());

  const made = async (apiKey: string) => {
    const headers = { authorization: `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}` };
    const answer = await fetch(`${house.sandbox.easypost.url}/v2/shipments?purchased=false`, { headers });
    return ((await answer.json()) as { shipments: unknown[] }).shipments.length;
  };

  it('the account that is named is the one whose credentials are used', async () => {
    const { data } = await house.ask(
      rates,
      { input: { ...input, accountIds: ['easypost-west'] } },
      'acme-key',
    );
    expect(new Set(data.rates.rates.map((rate: any) => rate.account.id))).toEqual(new Set(['easypost-west']));
    expect([await made(easypostSandboxKey), await made(easypostSandboxOtherKey)]).toEqual([0, 1]);
  });

  it('without a name every account that can is asked', async () => {
    const { data } = await house.ask(rates, { input }, 'acme-key');
    expect(new Set(data.rates.rates.map((rate: any) => rate.account.id))).toEqual(
      new Set(['easypost', 'easypost-west']),
    );
    expect([await made(easypostSandboxKey), await made(easypostSandboxOtherKey)]).toEqual([1, 2]);
  });

  it('one tenant’s bad credentials are no other tenant’s trouble', async () => {
    const { data } = await house.ask(rates, { input }, 'broken-key');
    expect(data.rates).toMatchObject({
      rates: [],
      failures: [{ code: 'CREDENTIALS_REJECTED', account: { id: 'usps' } }],
    });
    const other = await house.ask(rates, { input }, 'acme-key');
    expect(other.data.rates.rates.length).toBeGreaterThan(0);
  });

  it('a retired host is named with what took its place, and never called', async () => {
    const before = house.sandbox.usps.calls.length;
    const { data } = await house.ask(rates, { input }, 'retired-key');
    expect(data.rates.failures).toMatchObject([
      { code: 'RETIRED_HOST', hint: expect.stringContaining('https://apis.usps.com') },
    ]);
    expect(house.sandbox.usps.calls.length).toBe(before);
  });

  it('nobody to ask is a failure without an account, not an empty list', async () => {
    const { data } = await house.ask(rates, { input }, 'empty-key');
    expect(data.rates).toMatchObject({
      rates: [],
      failures: [{ code: 'CREDENTIALS_MISSING', account: null }],
    });
    const more = await house.ask(
      'query ($a: AddressInput!) { tracker(trackingNumber: "1Z999AA10123456784") { status carrier failure { code } } addressVerification(address: $a) { status failures { code account { id } } } }',
      { a: receiver },
      'empty-key',
    );
    expect(more.data).toEqual({
      tracker: { status: 'UNKNOWN', carrier: 'UPS', failure: { code: 'CREDENTIALS_MISSING' } },
      addressVerification: {
        status: 'UNVERIFIED',
        failures: [{ code: 'CREDENTIALS_MISSING', account: null }],
      },
    });
  });

  it('the sandbox’s key opens nothing where there is no such tenant', async () => {
    const { status, errors } = await house.ask(rates, { input }, 'sandbox');
    expect(status).toBe(401);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('a number that no form tells is left to an account that finds the carrier', async () => {
    const { data } = await house.ask(
      '{ tracker(trackingNumber: "EZ2000000002") { carrier status account { id } } }',
      {},
      'acme-key',
    );
    expect(data.tracker).toEqual({ carrier: 'USPS', status: 'IN_TRANSIT', account: { id: 'easypost' } });
  });
});
