import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { easypostSandboxKey, easypostSandboxOtherKey } from '../../sandbox/easypost/index.ts';
import { uspsSandboxClients } from '../../sandbox/usps/index.ts';
import { toApiKeyConfig } from '../../src/config/api-key.ts';
import { type TenantConfig } from '../../src/config/tenants.ts';
import { type AccountConfig } from '../../src/config/account.ts';
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

describe('the accounts of a caller', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await openTestServer({
      tenants({ tenant }) {
        const [usps, easypost] = tenant.accounts as [AccountConfig, AccountConfig];
        const withApp = (account: AccountConfig, addresses: string): AccountConfig => {
          const { id, secret } = uspsSandboxClients.find((each) => each.addresses === addresses)!;
          const credentials = { ...(account.credentials as object), clientId: id, clientSecret: secret };
          return { ...account, credentials };
        };
        const tenantWith = (id: string, accounts: AccountConfig[]): TenantConfig => ({
          id,
          name: id,
          apiKeys: [toApiKeyConfig(`${id}-key`)],
          accounts,
        });
        return [
          tenantWith('acme', [
            easypost,
            { ...easypost, id: 'easypost-west', credentials: { apiKey: easypostSandboxOtherKey } },
          ]),
          tenantWith('broken', [
            { ...usps, credentials: { ...(usps.credentials as object), clientSecret: 'wrong' } },
          ]),
          tenantWith('retired', [{ ...usps, retired: 'https://apis.usps.com' }]),
          tenantWith('usps', [usps]),
          tenantWith('unlicensed', [withApp(usps, 'unlicensed'), easypost]),
          tenantWith('enhanced', [
            withApp(usps, 'unlicensed'),
            { ...withApp(usps, 'enhanced'), id: 'usps-new' },
          ]),
          tenantWith('empty', []),
        ];
      },
    });
  });
  afterAll(() => server.close());

  const shipmentsCreated = async (apiKey: string) => {
    const headers = { authorization: `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}` };
    const answer = await fetch(`${server.sandbox.easypost.url}/v2/shipments?purchased=false`, { headers });
    return ((await answer.json()) as { shipments: unknown[] }).shipments.length;
  };

  it('are called with their own credentials when named', async () => {
    const { data } = await server.ask(
      rates,
      { input: { ...input, accountIds: ['easypost-west'] } },
      'acme-key',
    );
    expect(new Set(data.rates.rates.map((rate: any) => rate.account.id))).toEqual(new Set(['easypost-west']));
    expect([
      await shipmentsCreated(easypostSandboxKey),
      await shipmentsCreated(easypostSandboxOtherKey),
    ]).toEqual([0, 1]);
  });

  it('are all asked for rates when none is named', async () => {
    const { data } = await server.ask(rates, { input }, 'acme-key');
    expect(new Set(data.rates.rates.map((rate: any) => rate.account.id))).toEqual(
      new Set(['easypost', 'easypost-west']),
    );
    expect([
      await shipmentsCreated(easypostSandboxKey),
      await shipmentsCreated(easypostSandboxOtherKey),
    ]).toEqual([1, 2]);
  });

  it('do not fail because of the invalid credentials of another tenant', async () => {
    const { data } = await server.ask(rates, { input }, 'broken-key');
    expect(data.rates).toMatchObject({
      rates: [],
      failures: [{ code: 'CREDENTIALS_REJECTED', account: { id: 'usps' } }],
    });
    const other = await server.ask(rates, { input }, 'acme-key');
    expect(other.data.rates.rates.length).toBeGreaterThan(0);
  });

  it('are not called at a retired host; the failure names its successor', async () => {
    const before = server.sandbox.usps.calls.length;
    const { data } = await server.ask(rates, { input }, 'retired-key');
    expect(data.rates.failures).toMatchObject([
      { code: 'RETIRED_HOST', hint: expect.stringContaining('https://apis.usps.com') },
    ]);
    expect(server.sandbox.usps.calls.length).toBe(before);
  });

  it('return a failure without an account, not an empty list, when none fits', async () => {
    const { data } = await server.ask(rates, { input }, 'empty-key');
    expect(data.rates).toMatchObject({
      rates: [],
      failures: [{ code: 'CREDENTIALS_MISSING', account: null }],
    });
    const more = await server.ask(
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

  it('cannot be reached with the sandbox key where there is no sandbox tenant', async () => {
    const { status, errors } = await server.ask(rates, { input }, 'sandbox');
    expect(status).toBe(401);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  describe('track a number with a wrong check digit', () => {
    const mistyped = '9400111202555842332660';
    const fields = 'status failure { code hint account { id } }';
    const track = async (number: { trackingNumber: string; carrier?: string }, key: string) => {
      const query = `query ($number: String!, $carrier: String, $keys: [_Any!]!) {
        tracker(trackingNumber: $number, carrier: $carrier) { ${fields} }
        _entities(representations: $keys) { ... on Tracker { ${fields} } }
      }`;
      const keys = [{ __typename: 'Tracker', ...number }];
      const variables = { number: number.trackingNumber, carrier: number.carrier, keys };
      const { data, errors } = await server.ask(query, variables, key);
      expect(errors).toBeUndefined();
      expect(data._entities).toEqual([data.tracker]);
      return data.tracker;
    };

    it('by asking the carrier that is named', async () => {
      expect(await track({ trackingNumber: mistyped, carrier: 'USPS' }, 'usps-key')).toMatchObject({
        status: 'UNKNOWN',
        failure: { code: 'NOT_FOUND', account: { id: 'usps' } },
      });
    });

    it('not at a retired host, which the failure names', async () => {
      expect(await track({ trackingNumber: mistyped, carrier: 'USPS' }, 'retired-key')).toMatchObject({
        failure: { code: 'RETIRED_HOST', account: { id: 'usps' } },
      });
    });

    it('with a hint at the check digit where no carrier is named', async () => {
      for (const key of ['usps-key', 'acme-key', 'empty-key']) {
        const { failure } = await track({ trackingNumber: mistyped }, key);
        expect(failure.code).not.toBe('CREDENTIALS_MISSING');
        expect(failure.hint).toMatch(/form of a USPS number, but its check digit is wrong/);
      }
    });

    it.each(['GARBAGE', '1Z5R89390357567127', '123456789012'])(
      'unless it has not the form of a USPS number at all, as %s: nobody is called',
      async (trackingNumber) => {
        const { usps, easypost } = server.sandbox;
        const before = usps.calls.length + easypost.calls.length;
        for (const key of ['usps-key', 'acme-key']) {
          expect(await track({ trackingNumber, carrier: 'USPS' }, key)).toMatchObject({
            status: 'UNKNOWN',
            failure: { code: 'NOT_FOUND', account: null, hint: expect.stringContaining('22 or 26 digits') },
          });
        }
        expect(usps.calls.length + easypost.calls.length).toBe(before);
      },
    );
  });

  describe('verify an address where USPS refuses the app for want of a license', () => {
    const verify = async (key: string, addresses: object[], accountId?: string) => {
      const query = `query ($addresses: [AddressInput!]!, $accountId: ID) {
        addressVerifications(addresses: $addresses, accountId: $accountId) {
          status account { id } failures { code hint field account { id } }
        }
      }`;
      const { data, errors } = await server.ask(query, { addresses, accountId }, key);
      expect(errors).toBeUndefined();
      return data.addressVerifications;
    };
    const refusal = {
      code: 'SCOPE_MISSING',
      hint: expect.stringContaining('cop.usps.com'),
      field: null,
      account: { id: 'usps' },
    };

    it('by the next account, with the failure beside its answer', async () => {
      expect(await verify('unlicensed-key', [receiver])).toEqual([
        { status: 'VERIFIED', account: { id: 'easypost' }, failures: [refusal] },
      ]);
      expect(await verify('enhanced-key', [receiver])).toEqual([
        { status: 'VERIFIED', account: { id: 'usps-new' }, failures: [refusal] },
      ]);
    });

    it('by that account alone where it is named', async () => {
      expect(await verify('unlicensed-key', [receiver], 'usps')).toEqual([
        { status: 'UNVERIFIED', account: { id: 'usps' }, failures: [refusal] },
      ]);
    });

    it('with few refused calls, however many addresses there are', async () => {
      const calls = () => server.sandbox.usps.count('GET', /addresses/);
      server.clock.advance(5 * 60_000);
      const before = calls();
      const addresses = Array.from({ length: 50 }, (_, index) => ({ ...receiver, street1: `${index + 1} Oak St`, street2: null })); // prettier-ignore
      const results = await verify('unlicensed-key', addresses);
      expect(new Set(results.map((each: any) => each.account.id))).toEqual(new Set(['easypost']));
      expect(calls() - before).toBeLessThanOrEqual(8);
    });
  });

  it('include one that finds out the carrier of a number whose form does not reveal it', async () => {
    const { data } = await server.ask(
      '{ tracker(trackingNumber: "EZ2000000002") { carrier status account { id } } }',
      {},
      'acme-key',
    );
    expect(data.tracker).toEqual({ carrier: 'USPS', status: 'IN_TRANSIT', account: { id: 'easypost' } });
  });
});
