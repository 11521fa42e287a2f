import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { toApiKeyConfig } from '../../../src/config/api-key.ts';
import { box, openTestServer, receiver, sender, type TestServer } from '../../support/test-server.ts';

const ratesQuery = `query ($input: RatesInput!) { rates(input: $input) { rates { id price { amount } service { code } } } }`;
const planQuery = `query ($input: ShipmentPurchasePlanInput!) { shipmentPurchasePlan(input: $input) {
  id expiresAt maxPrice { amount } rate { service { code } } from { name phone } to { name street1 } parcels { weight { value } }
  labelFormat reference } }`;
const confirmMutation = `mutation ($planId: ID!) { shipmentPurchaseConfirm(input: { planId: $planId }) {
  shipment { id status reference price { amount } from { phone } label { format } } userErrors { code field message } failure { code } } }`;

describe('a purchase in two steps', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openTestServer({
      tenants: ({ tenant }) => [
        { ...tenant, apiKeys: [...tenant.apiKeys, toApiKeyConfig({ key: 'another-key', name: 'another' })] },
      ],
    });
  });
  afterAll(() => server.close());

  const rate = async () => {
    const input = { from: sender, to: receiver, parcels: [box], accountIds: ['usps'] };
    const { data } = await server.ask(ratesQuery, { input });
    return data.rates.rates.find(({ service }: any) => service.code === 'PRIORITY_MAIL');
  };
  const plan = async (input: object = {}) =>
    (await server.ask(planQuery, { input: { rateId: (await rate()).id, ...input } })).data
      .shipmentPurchasePlan;
  const confirm = async (planId: string, key?: string) => {
    const { data, errors } = await server.ask(confirmMutation, { planId }, key);
    expect(errors).toBeUndefined();
    return data.shipmentPurchaseConfirm;
  };
  const codeOf = ({ userErrors }: any) => userErrors.map(({ code, field }: any) => `${code} ${field}`);
  const charges = () => server.sandbox.usps.charges().length;
  const calls = () => server.sandbox.usps.calls.length;

  it('binds rate, price, addresses and label, and calls no provider', async () => {
    const { id: rateId, price } = await rate();
    const before = calls();
    const from = { country: 'US', phone: '2025550123' };
    const planned = await plan({ rateId, from, label: { format: 'ZPL' }, reference: 'order 7' });
    expect(calls()).toBe(before);
    expect(planned).toMatchObject({
      expiresAt: '2026-11-18T18:10:00.000Z',
      maxPrice: price,
      rate: { service: { code: 'PRIORITY_MAIL' } },
      from: { name: sender.name, phone: from.phone },
      to: { name: receiver.name, street1: receiver.street1 },
      parcels: [{ weight: { value: 20 } }],
      labelFormat: 'ZPL',
      reference: 'order 7',
    });
    const { shipment } = await confirm(planned.id);
    expect(shipment).toMatchObject({ status: 'PURCHASED', reference: 'order 7', price, from: { phone: from.phone }, label: { format: 'ZPL' } }); // prettier-ignore
  });

  it('is made once, however often and late it is confirmed', async () => {
    const { id } = await plan();
    const before = charges();
    const confirmed = await Promise.all([1, 2, 3, 4].map(() => confirm(id)));
    server.clock.advance(11 * 60_000);
    confirmed.push(await confirm(id));
    expect(new Set(confirmed.map(({ shipment }) => shipment.id)).size).toBe(1);
    expect(charges()).toBe(before + 1);
  });

  it('is not made by a plan that has expired, of another key, or altered', async () => {
    const { id } = await plan();
    const before = calls();
    expect(codeOf(await confirm(id, 'another-key'))).toEqual(['PLAN_INVALID input,planId']);
    expect(codeOf(await confirm(`${id.slice(0, -8)}AAAAAAAA`))).toEqual(['PLAN_INVALID input,planId']);
    expect(codeOf(await confirm((await rate()).id))).toEqual(['PLAN_INVALID input,planId']);
    const quoting = calls() - before;
    server.clock.advance(10 * 60_000);
    expect(codeOf(await confirm(id))).toEqual(['PLAN_EXPIRED input,planId']);
    expect(calls()).toBe(before + quoting);
  });

  it('is made by one of two plans for a rate', async () => {
    const rateId = (await rate()).id;
    const [one, other] = [await plan({ rateId }), await plan({ rateId })];
    expect((await confirm(one.id)).shipment.status).toBe('PURCHASED');
    expect(codeOf(await confirm(other.id))).toEqual(['RATE_USED input,planId']);
  });

  it('is not planned with an error in the input', async () => {
    const { data, errors } = await server.ask(planQuery, { input: { rateId: 'invented' } });
    expect(data.shipmentPurchasePlan).toBeNull();
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', errors: [{ code: 'RATE_INVALID' }] } },
    ]);
  });
});
