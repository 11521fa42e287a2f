import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { box, openTestServer, receiver, sender, type TestServer } from '../support/test-server.ts';

const ratesQuery = `query ($input: RatesInput!) { rates(input: $input) {
  rates { id account { id } service { code } } failures { code retryAfterSeconds message account { id } } } }`;
const breakersQuery =
  '{ providerAccounts { id breakers { api state reason retryAt } quotas { api remaining } } }';
const purchase = `mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) {
  shipment { status } failure { code retryAfterSeconds } } }`;

/** Purchases without a phone fail before a call. */
const from = { ...sender, phone: '2025550100' };
const to = { ...receiver, phone: '4155550100' };

describe('with three accounts, of which one does not respond', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openTestServer({
      tenants: ({ tenant }) => {
        const [usps, easypost] = tenant.accounts;
        return [{ ...tenant, accounts: [usps!, easypost!, { ...easypost!, id: 'easypost-west' }] }];
      },
    });
  });
  afterAll(() => server.close());

  const quote = async (input: object = {}) => {
    const variables = { input: { from, to, parcels: [box], deadlineMs: 1_500, ...input } };
    return (await server.ask(ratesQuery, variables)).data.rates;
  };
  const quotingAccounts = ({ rates }: { rates: { account: { id: string } }[] }) =>
    [...new Set(rates.map(({ account }) => account.id))].sort();
  const quoteCalls = () => server.sandbox.usps.count('POST', /\/options\//);
  const usps = async () => (await server.ask(breakersQuery)).data.providerAccounts[0];

  let removeFault: () => void;

  it('every rate question is answered at its deadline, with the rates of the other two', async () => {
    removeFault = server.sandbox.usps.injectFault({ path: /\/options\//, hang: true });
    const weights = Array.from({ length: 12 }, (_, index) => ({ ...box.weight, value: 20 + index }));
    const asked = Promise.all(weights.map((weight) => quote({ parcels: [{ ...box, weight }] })));
    await vi.waitUntil(() => quoteCalls() === 12, { timeout: 10_000 });
    server.clock.advance(1_500);
    for (const answer of await asked) {
      expect(quotingAccounts(answer)).toEqual(['easypost', 'easypost-west']);
      expect(answer.failures).toContainEqual(
        expect.objectContaining({ code: 'TIMEOUT', account: { id: 'usps' } }),
      );
    }
  });

  it('the next 60 questions fail at once, without a call and without using quota', async () => {
    const before = quoteCalls();
    const { quotas } = await usps();
    for (const { rates, failures } of await Promise.all(
      Array.from({ length: 60 }, () => quote({ accountIds: ['usps'] })),
    )) {
      expect(rates).toEqual([]);
      expect(failures).toMatchObject([{ code: 'UNAVAILABLE', retryAfterSeconds: 20 }]);
      expect(failures[0].message).toMatch(
        /^calls to shipping-options are suspended: .*did not respond within/,
      );
    }
    expect(quoteCalls()).toBe(before);
    expect((await usps()).quotas).toEqual(quotas);
  });

  it('its other API products respond as before', async () => {
    const { data } = await server.ask(
      '{ addressVerification(address: { street1: "475 L\'Enfant Plaza SW", city: "Washington", state: "DC", country: "US" }) { status failures { code } } }',
    );
    expect(data.addressVerification).toMatchObject({ status: expect.stringMatching(/VERIFIED|CORRECTED/), failures: [] }); // prettier-ignore
  });

  it('its breaker is shown with the reason and the time of the probe, and counted by /metrics', async () => {
    const retryAt = new Date(server.clock.now() + 20_000).toISOString();
    expect((await usps()).breakers).toEqual([
      { api: 'shipping-options', state: 'OPEN', reason: expect.stringMatching(/did not respond/), retryAt },
    ]);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('parcelgraph_breakers{provider="usps",api="shipping-options",state="OPEN"} 1');
  });

  it('its rates are back 20 seconds after it responds again', async () => {
    removeFault();
    server.clock.advance(20_000);
    expect(quotingAccounts(await quote())).toEqual(['easypost', 'easypost-west', 'usps']);
    expect((await usps()).breakers).toEqual([]);
  });

  it('a purchase that was sent is asked about, while a new one fails at once and may be repeated', async () => {
    const quotes = await Promise.all([0, 1, 2, 3, 4, 5].map(() => quote({ accountIds: ['usps'] })));
    const buy = async (rate: number) => {
      const input = { idempotencyKey: `label ${rate}`, rateId: quotes[rate].rates[0].id };
      return (await server.ask(purchase, { input })).data.shipmentPurchase;
    };
    const labelCalls = () => server.sandbox.usps.count('POST', /\/label$/);
    const repair = server.sandbox.usps.injectFault({ path: /\/label$/, response: { status: 503, body: '' } });
    const sent = [0, 1, 2, 3, 4];
    for (const rate of sent) expect((await buy(rate)).shipment.status).toBe('UNCERTAIN');
    const before = labelCalls();
    expect(await buy(5)).toMatchObject({ shipment: { status: 'FAILED' }, failure: { code: 'UNAVAILABLE', retryAfterSeconds: 20 } }); // prettier-ignore
    expect(labelCalls()).toBe(before);
    repair();
    expect((await buy(0)).shipment.status).toBe('PURCHASED');
    expect((await buy(5)).shipment.status).toBe('PURCHASED');
  });
});
