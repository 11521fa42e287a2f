import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { uspsTrackingNumber } from '../../sandbox/usps/index.ts';
import { currentRequest } from '../../src/auth/request-record.ts';
import { toApiKeyConfig } from '../../src/config/api-key.ts';
import type { TenantConfig } from '../../src/config/tenants.ts';
import { askWith } from '../support/ask-with.ts';
import { generateOperations } from '../support/generated-operations.ts';
import { findService } from '../support/purchases.ts';
import { box, openTestServer, receiver, sender, type TestServer } from '../support/test-server.ts';

interface Operation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

const planHeader = { 'x-parcelgraph-plan': 'true' };
const countHeader = { 'x-parcelgraph-provider-calls': 'true' };

const trackersQuery = 'query ($numbers: [TrackingNumberInput!]!) { trackers(numbers: $numbers) { status } }';
const ratesQuery =
  'query ($input: RatesInput!) { rates(input: $input) { rates { id service { code } price { amount } } } }';
const purchaseMutation =
  'mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { id status parcels { tracker { status } } } failure { code } userErrors { code } } }';

/** A tenant of the same accounts whose limits are low, and whose EasyPost Connect account has no certificate. */
const limited = (tenant: TenantConfig): TenantConfig => ({
  ...tenant,
  id: 'limited',
  apiKeys: [toApiKeyConfig('limited-key')],
  maxProviderCalls: 1,
  accounts: tenant.accounts.map((account) =>
    account.id === 'easypost-connect'
      ? { ...account, credentials: { ...(account.credentials as object), certificate: undefined } }
      : { ...account, quota: { default: 1 } },
  ),
});

describe('the plan of an operation', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openTestServer({
      tenants: ({ tenant }) => [tenant, limited(tenant)],
      onCall: () => void callers.push(currentRequest()?.requestId),
    });
  });
  afterAll(() => server.close());

  /** The request of each call to a provider; undefined for those of background jobs, such as checks of refunds. */
  const callers: (string | undefined)[] = [];
  const ask = ({ query, variables }: Operation, headers: Readonly<Record<string, string>>, key?: string) =>
    askWith(server.url, headers, query, variables, key);
  /** Sends an operation, and checks that no provider is called. */
  const askInVain = async (...request: Parameters<typeof ask>) => {
    const response = await ask(...request);
    expect(callers).not.toContain(response.requestId);
    return response;
  };
  const planOf = async (operation: Operation, key?: string) =>
    (await askInVain(operation, planHeader, key)).extensions.plan;
  /** The calls of a plan or of a response, by account and API product. */
  const byApi = (described: any) =>
    new Map<string, any>(described.calls.map((count: any) => [`${count.account} ${count.api}`, count]));

  /** Plans an operation and executes it: what is made lies within the plan. */
  const check = async (operation: Operation) => {
    const plan = await planOf(operation);
    const planned = byApi(plan);
    const response = await ask(operation, countHeader);
    const made = byApi(response.extensions.providerCalls);
    const pairs = [...new Set([...planned.keys(), ...made.keys()])].map((key) => {
      const { calls = 0, callsAtMost = 0, dependsOn = [], fromLedger = 0 } = planned.get(key) ?? {};
      const actual = made.get(key) ?? { calls: 0, fromLedger: 0 };
      const context = `${key} of ${JSON.stringify([operation, plan, response])}`;
      expect(actual.calls, context).toBeGreaterThanOrEqual(calls);
      expect(actual.calls, context).toBeLessThanOrEqual(callsAtMost);
      expect(dependsOn.length > 0, context).toBe(callsAtMost > calls);
      expect(actual.fromLedger, context).toBeGreaterThanOrEqual(fromLedger);
      return { made: actual.calls, isExact: callsAtMost === calls };
    });
    return { plan, response, pairs };
  };

  it('has exactly the calls that are made, or bounds that say what they depend on, for 200 operations', async () => {
    const pairs: Awaited<ReturnType<typeof check>>['pairs'] = [];
    for (const { minutesLater, ...operation } of generateOperations(server, 200)) {
      server.clock.advance(minutesLater * 60_000);
      pairs.push(...(await check(operation)).pairs);
    }
    // The corpus calls providers, and many counts do not depend on a response.
    expect(pairs.reduce((total, { made }) => total + made, 0)).toBeGreaterThan(500);
    expect(pairs.filter(({ isExact }) => isExact).length / pairs.length).toBeGreaterThan(0.4);
  }, 180_000);

  const quote = async (account: string, parcels: readonly object[] = [box]) => {
    const input = { from: sender, to: receiver, parcels, accountIds: [account] };
    const { data } = await ask({ query: ratesQuery, variables: { input } }, {});
    return findService(data.rates.rates, 'PRIORITY_MAIL');
  };
  let keys = 0;
  const purchaseOf = (rateId: string, more: object = {}) => ({
    query: purchaseMutation,
    variables: { input: { idempotencyKey: `plan ${(keys += 1)}`, rateId, ...more } },
  });

  it.each(['usps', 'easypost'])(
    'covers what a mutation performs at %s, and performs nothing',
    async (account) => {
      for (const [minutes, parcels, more] of [
        [0, [box], {}],
        [0, [box, { ...box, weight: { value: 2, unit: 'POUND' } }], {}],
        [20, [box], { reference: 'order 1' }],
        [20, [box], {}],
      ] as const) {
        const rate = await quote(account, parcels);
        server.clock.advance(minutes * 60_000);
        const purchase = purchaseOf(rate.id, more);
        const { plan, response } = await check(purchase);
        expect(response.data.shipmentPurchase).toMatchObject({
          shipment: { status: 'PURCHASED' },
          failure: null,
        });
        // The price that is quoted is the most that the purchase may charge.
        expect(plan.charges).toEqual([{ account, amount: rate.price.amount, currencyCode: 'USD' }]);
        expect(plan.selected).toContainEqual({ account, reasons: ['it quoted the rate'] });

        const repeated = await check(purchase);
        expect(repeated.response.data).toEqual(response.data);
        expect(repeated.plan.charges).toEqual([]);

        const { id } = response.data.shipmentPurchase.shipment;
        const reprint = {
          query:
            'mutation ($id: ID!) { labelReprint(input: { shipmentId: $id, format: ZPL }) { shipment { id } failure { code } } }',
          variables: { id },
        };
        await check(reprint);
        expect((await check(reprint)).pairs).toEqual([]);

        const address = { ...sender, phone: '2025550100' };
        await check({
          query:
            'mutation ($input: PickupScheduleInput!) { pickupSchedule(input: $input) { pickup { id status } failure { code } userErrors { code } } }',
          variables: {
            input: { idempotencyKey: id, address, date: dayAfter(server.clock.now()), shipmentIds: [id] },
          },
        });
        if (minutes === 0) {
          const query = 'mutation ($input: ManifestCreateInput!) { manifestCreate(input: $input) { manifest { id } failure { code } } }'; // prettier-ignore
          await check({ query, variables: { input: { idempotencyKey: id, shipmentIds: [id] } } });
        } else {
          const query = 'mutation ($id: ID!) { shipmentVoid(input: { id: $id }) { shipment { status } failure { code } } }'; // prettier-ignore
          await check({ query, variables: { id } });
        }
      }
    },
  );

  it('covers mail jobs', async () => {
    const input = { idempotencyKey: 'mail', workflowId: 'none', fileName: 'a.pdf' };
    const query = 'mutation ($input: MailJobCreateInput!) { mailJobCreate(input: $input) { mailJob { id } failure { code } } }'; // prettier-ignore
    const { plan } = await check({ query, variables: { input } });
    expect(byApi(plan).get('easypost-connect jobs')).toMatchObject({ calls: 1, callsAtMost: 1 });
    expect(plan.selected).toEqual([
      { account: 'easypost-connect', reasons: ['it is the only account that sends mail'] },
    ]);
  });

  it('has no call for a quote that an equal request has got', async () => {
    await quote('usps');
    const input = { from: sender, to: receiver, parcels: [box], accountIds: ['usps'] };
    const { plan, response } = await check({ query: ratesQuery, variables: { input } });
    const fromLedger = { calls: 0, fromLedger: 1 };
    expect(byApi(plan).get('usps shipping-options')).toMatchObject({ ...fromLedger, callsAtMost: 0 });
    expect(byApi(response.extensions.providerCalls).get('usps shipping-options')).toMatchObject(fromLedger);
  });

  it('creates and deletes no webhook endpoint', async () => {
    const list = async () => (await ask({ query: '{ webhookEndpoints { id } }' }, {})).data.webhookEndpoints;
    const create = 'mutation { webhookEndpointCreate(input: { url: "https://127.0.0.1/", events: [TRACKER_UPDATED] }) { endpoint { id } userErrors { message } } }'; // prettier-ignore
    expect(await planOf({ query: create })).toMatchObject({ calls: [], refused: [] });
    expect(await list()).toEqual([]);
    await ask({ query: create }, {});
    const endpoints = await list();
    expect(endpoints).toHaveLength(1);
    const query = 'mutation ($id: ID!) { webhookEndpointDelete(input: { id: $id }) { endpoint { id } } }';
    await planOf({ query, variables: endpoints[0] });
    expect(await list()).toEqual(endpoints);
  });

  it('has no call that a circuit breaker refuses, and is no probe', async () => {
    const operation = { query: '{ dropOffLocations(postalCode: "94107") { name } }' };
    const breakers = async () => {
      const { data } = await ask({ query: '{ providerAccounts { id breakers { api state } } }' }, {});
      return data.providerAccounts.find(({ id }: any) => id === 'usps').breakers;
    };
    server.sandbox.usps.injectFault({ path: /locations/, times: 5, response: { status: 503, body: '' } });
    for (let call = 0; call < 5; call++) await ask(operation, {});
    const open = [{ api: 'locations', state: 'OPEN' }];
    expect(await breakers()).toEqual(open);
    expect(byApi(await planOf(operation)).get('usps locations')).toBeUndefined();
    server.clock.advance(20_000);
    expect(byApi(await planOf(operation)).get('usps locations')).toMatchObject({ calls: 1, callsAtMost: 1 });
    expect(await breakers()).toEqual(open);
    await check(operation);
    expect(await breakers()).toEqual([]);
  });

  it('says why accounts are selected, and what more calls depend on', async () => {
    const trackingNumber = uspsTrackingNumber(77_001);
    const plan = await planOf({ query: trackersQuery, variables: { numbers: [{ trackingNumber }] } });
    // USPS has answered by its batch product before, so one call is certain to do.
    expect(byApi(plan).get('usps tracking')).toMatchObject({ calls: 1, callsAtMost: 1, dependsOn: [] });
    expect(byApi(plan).get('easypost easypost')).toMatchObject({
      calls: 0,
      callsAtMost: 1,
      dependsOn: ['the account that is asked first may not see a parcel'],
    });
    expect(plan.selected).toMatchObject([
      { account: 'usps', reasons: ['it is connected to the carrier directly'] },
      { account: 'easypost' },
    ]);
  });

  it('has the token that is fetched, and the one that is renewed ahead of its expiry', async () => {
    server.clock.advance(24 * 60 * 60_000);
    const operation = { query: '{ dropOffLocations(postalCode: "94107") { name } }' };
    const tokenCall = async () => byApi((await check(operation)).plan).get('usps oauth');
    expect(await tokenCall()).toMatchObject({ calls: 1, callsAtMost: 1 });
    expect(await tokenCall()).toBeUndefined();
    server.clock.advance((8 * 60 - 10) * 60_000);
    expect(await tokenCall()).toMatchObject({ calls: 0, callsAtMost: 1 });
  });

  it('names what would be refused by the limit, or for want of quota, certificate, scope or ability', async () => {
    const codesOf = async (query: string, variables: Operation['variables'], key?: string) =>
      (await planOf({ query, variables }, key)).refused.map(({ account, code }: any) => [account, code]);
    const numbers = Array.from({ length: 36 }, (_, index) => ({ trackingNumber: uspsTrackingNumber(78_000 + index) })); // prettier-ignore
    const { refused } = await planOf({ query: trackersQuery, variables: { numbers } }, 'limited-key');
    expect(refused).toContainEqual(expect.objectContaining({ code: 'TOO_MANY_PROVIDER_CALLS' }));
    expect(refused).toContainEqual({
      account: 'usps',
      code: 'QUOTA_EXHAUSTED',
      message: expect.stringMatching(/^\d of 2 calls to tracking exceed the quota$/),
      hint: expect.any(String),
    });
    const mail = '{ mailJobs { nodes { id } } }';
    const { errors } = await askInVain({ query: mail }, planHeader, 'limited-key');
    expect(errors).toMatchObject([{ extensions: { code: 'CREDENTIALS_MISSING', account: { id: 'easypost-connect' } } }]); // prettier-ignore
    server.clock.advance(24 * 60 * 60_000);
    const token = { access_token: 'narrow', expires_in: 28_800, scope: 'locations' };
    server.sandbox.usps.injectFault({ path: /token$/, times: 1, response: { status: 200, body: token } });
    const tracked = { numbers: numbers.slice(0, 1) };
    expect(await codesOf(trackersQuery, tracked)).toEqual([]);
    await ask({ query: trackersQuery, variables: tracked }, {});
    expect(await codesOf(trackersQuery, tracked)).toEqual([['usps', 'SCOPE_MISSING']]);
    server.clock.advance(24 * 60 * 60_000);

    const input = { from: sender, to: receiver, parcels: [box], accountIds: ['easypost-connect'] };
    expect(await codesOf(ratesQuery, { input })).toEqual([['easypost-connect', 'NOT_SUPPORTED']]);
    const inputWithError = { idempotencyKey: 'none', rateId: 'none' };
    expect(await codesOf(purchaseMutation, { input: inputWithError })).toEqual([[undefined, 'RATE_INVALID']]);
  });

  describe('with a limit of provider calls', () => {
    const numbers = Array.from({ length: 3 }, (_, index) => ({ trackingNumber: uspsTrackingNumber(79_000 + index) })); // prettier-ignore
    const operation = { query: trackersQuery, variables: { numbers } };
    const limit = (calls: string) => ({ 'x-parcelgraph-max-provider-calls': calls });

    it('is the reason of a refusal before the first call', async () => {
      const most = (await planOf(operation)).calls.reduce((sum: number, { callsAtMost }: any) => sum + callsAtMost, 0); // prettier-ignore
      const { status, data, errors } = await askInVain(operation, limit(String(most - 1)));
      expect([status, data]).toEqual([400, undefined]);
      expect(errors).toMatchObject([
        {
          message: `the operation takes up to ${most} calls to providers, and ${most - 1} are allowed`,
          extensions: { code: 'TOO_MANY_PROVIDER_CALLS', plan: { calls: expect.any(Array) } },
        },
      ]);
      const allowed = await ask(operation, limit(String(most)));
      expect(allowed.errors).toBeUndefined();
    });

    it('refuses a mutation too, which has then written nothing', async () => {
      const purchase = purchaseOf((await quote('usps')).id);
      const refused = await askInVain(purchase, limit('0'));
      expect(refused.errors).toMatchObject([{ extensions: { code: 'TOO_MANY_PROVIDER_CALLS' } }]);
      const { data, requestId } = await ask(purchase, {});
      expect(data.shipmentPurchase.shipment.status).toBe('PURCHASED');
      expect(callers).toContain(requestId);
    });

    it('takes the default of the tenant', async () => {
      const refused = await askInVain(operation, {}, 'limited-key');
      expect(refused.errors).toMatchObject([{ extensions: { code: 'TOO_MANY_PROVIDER_CALLS' } }]);
      const free = await ask({ query: '{ providerAccounts { id } }' }, {}, 'limited-key');
      expect(free.errors).toBeUndefined();
    });

    it.each(['many', '-1', '1.5'])('refuses the limit %j', async (calls) => {
      const { status, errors } = await askInVain(operation, limit(calls));
      expect(status).toBe(400);
      expect(errors).toMatchObject([
        { extensions: { code: 'BAD_REQUEST', header: 'x-parcelgraph-max-provider-calls' } },
      ]);
    });
  });

  it('is refused for a subscription, and to whom has no key', async () => {
    const query =
      'subscription { trackerUpdated(numbers: [{ trackingNumber: "9200190345678900000025" }]) { status } }';
    const subscription = await askInVain({ query }, planHeader);
    expect(subscription.errors).toMatchObject([
      {
        message: 'a subscription has no plan',
        extensions: { code: 'BAD_REQUEST', header: 'x-parcelgraph-plan', hint: expect.any(String) },
      },
    ]);
    const unknown = await askInVain({ query: '{ providerAccounts { id } }' }, planHeader, 'no such key');
    expect(unknown.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(unknown.extensions).toBeUndefined();
  });
});

/** The date of the next working day in the United States. */
function dayAfter(now: number): string {
  const next = new Date(now + 24 * 60 * 60_000);
  const days = [1, 0, 0, 0, 0, 0, 2][next.getUTCDay()]!;
  return new Date(next.getTime() + days * 24 * 60 * 60_000).toISOString().slice(0, 10);
}
