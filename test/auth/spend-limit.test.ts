import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { toApiKeyConfig } from '../../src/config/api-key.ts';
import { box, openTestServer, receiver, sender, storages, type TestServer } from '../support/test-server.ts';

const ratesQuery = `query ($input: RatesInput!) { rates(input: $input) { rates { id service { code } price { amount } } } }`;
const purchase = `mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) {
  shipment { id status price { amount } } userErrors { code field message } failure { code } } }`;
const voiding = `mutation ($id: ID!) { shipmentVoid(input: { id: $id }) { shipment { status } } }`;

describe.each(storages)('the daily spend limit of a key, in the %s ledger', (storage) => {
  let server: TestServer;
  let price: string;
  let firstRate: string;
  beforeAll(async () => {
    const limited = (key: string, name: string, amount: string, currencyCode = 'USD') =>
      toApiKeyConfig({ key, name, spendLimitPerDay: { amount, currencyCode } });
    server = await openTestServer({
      storage,
      tenants: ({ tenant }) => [
        {
          ...tenant,
          apiKeys: [
            toApiKeyConfig('unlimited'),
            limited('first-key', 'shop', '20.00'),
            limited('second-key', 'shop', '20.00'),
            limited('racing-key', 'race', '50.00'),
            limited('failing-key', 'failing', '20.00'),
            limited('euro-key', 'euro', '100.00', 'EUR'),
          ],
        },
      ],
    });
    price = (await rate()).price.amount;
  });
  afterAll(() => server.close());

  const rate = async () => {
    const input = { from: sender, to: receiver, parcels: [box], accountIds: ['usps'] };
    const { data } = await server.ask(ratesQuery, { input }, 'unlimited');
    return data.rates.rates.find(({ service }: any) => service.code === 'PRIORITY_MAIL');
  };
  let count = 1;
  const buy = async (key: string, idempotencyKey = `order-${(count += 1)}`, rateId?: string) => {
    const input = { idempotencyKey, rateId: rateId ?? (await rate()).id };
    const { data, errors } = await server.ask(purchase, { input }, key);
    expect(errors).toBeUndefined();
    return data.shipmentPurchase;
  };

  it('refuses what would exceed it before a call, saying what is left and until when', async () => {
    // A second one does not fit into 20.00.
    expect(Number(price)).toBeGreaterThan(10);
    firstRate = (await rate()).id;
    expect((await buy('first-key', 'order-1', firstRate)).shipment.status).toBe('PURCHASED');
    const id = (await rate()).id;
    const before = server.sandbox.usps.calls.length;
    const { shipment, userErrors } = await buy('first-key', 'too-much', id);
    expect(shipment).toBeNull();
    const left = (20 - Number(price)).toFixed(2);
    expect(userErrors).toEqual([
      {
        code: 'SPEND_LIMIT_EXCEEDED',
        field: ['input', 'rateId'],
        message: `the label may cost ${price} USD, and ${left} USD is left of the 20.00 that this key may spend until 2026-11-19T00:00:00Z`,
      },
    ]);
    expect(server.sandbox.usps.calls).toHaveLength(before);
    // Neither the key nor the rate is used up.
    expect((await buy('unlimited', 'too-much', id)).shipment.status).toBe('PURCHASED');
  });

  it('is shared by keys of one name, so that a rotation does not raise it', async () => {
    expect((await buy('second-key')).userErrors).toMatchObject([{ code: 'SPEND_LIMIT_EXCEEDED' }]);
  });

  it('still answers a purchase that was made', async () => {
    const again = await buy('second-key', 'order-1', firstRate);
    expect(again).toMatchObject({ shipment: { status: 'PURCHASED' }, userErrors: [] });
  });

  it('holds for purchases at the same moment', async () => {
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => buy('racing-key')));
    const bought = outcomes.filter(({ shipment }) => shipment?.status === 'PURCHASED');
    expect(bought).toHaveLength(Math.floor(50 / Number(price)));
    expect(outcomes.filter(({ userErrors }) => userErrors[0]?.code === 'SPEND_LIMIT_EXCEEDED')).toHaveLength(
      8 - bought.length,
    );
  });

  it('is given back by a purchase that fails, and not by a label that is voided', async () => {
    server.sandbox.usps.injectFault({
      method: 'POST',
      path: /\/labels\/v3\/label$/,
      times: 1,
      response: { status: 400, body: { error: { code: '160195', message: 'refused' } } },
    });
    expect((await buy('failing-key')).failure).toMatchObject({ code: 'REJECTED' });
    const voided = await buy('failing-key');
    await server.ask(voiding, { id: voided.shipment.id }, 'unlimited');
    expect((await buy('failing-key')).userErrors).toMatchObject([{ code: 'SPEND_LIMIT_EXCEEDED' }]);
  });

  it('refuses a price in another currency', async () => {
    expect((await buy('euro-key')).userErrors).toMatchObject([
      { message: 'this key may spend EUR only, and the label costs USD' },
    ]);
  });

  it('begins again at midnight UTC', async () => {
    server.clock.advance(6 * 3600_000);
    expect((await buy('first-key')).shipment.status).toBe('PURCHASED');
  });
});
