import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { box, openTestServer, receiver, sender, type TestServer } from '../../support/test-server.ts';

const ratesQuery =
  'query ($input: RatesInput!) { rates(input: $input) { rates { id price { amount } service { code name } } failures { code message field } } }';
const document = 'format url contentType';
const purchaseMutation = `mutation ($input: ShipmentPurchaseInput!) {
  shipmentPurchase(input: $input) {
    shipment { id status isReturn trackingNumber price { amount } label { ${document} } forms { name ${document} } }
    failure { code message hint field }
    userErrors { code field message }
  }
}`;
const voidMutation =
  'mutation ($id: ID!) { shipmentVoid(input: { id: $id }) { shipment { status refund { status } } failure { code hint providerCode } } }';

const gilles = { name: 'Gilles Lafleur', street1: '24 Sussex Drive', city: 'Ottawa', state: 'ON', postalCode: 'K1M 1M4', country: 'CA', phone: '613-555-0100' }; // prettier-ignore
const sally = { ...sender, phone: '202-555-0100' };
const customs = {
  contents: 'MERCHANDISE',
  items: [
    {
      description: 'Mug',
      quantity: 2,
      totalValue: { amount: '18.00', currencyCode: 'USD' },
      totalWeight: { value: 12, unit: 'OUNCE' },
      hsTariffNumber: '691110',
      originCountry: 'US',
    },
  ],
};

describe.each(['usps', 'easypost'])('a parcel sent with %s', (account) => {
  let server: TestServer;
  let key: string;
  beforeAll(async () => void (server = await openTestServer()));
  beforeEach(() => void (key = randomUUID()));
  afterAll(() => server.close());

  const rateOf = async (input: object, code: string) => {
    const { data, errors } = await server.ask(ratesQuery, { input: { parcels: [box], accountIds: [account], ...input } }); // prettier-ignore
    expect(errors).toBeUndefined();
    return data.rates.rates.find((rate: any) => rate.service.code === code);
  };
  const buy = async (input: object) =>
    (await server.ask(purchaseMutation, { input: { idempotencyKey: key, ...input } })).data.shipmentPurchase;
  const download = async (url: string) => {
    const response = await fetch(url);
    const bytes = Buffer.from(await response.arrayBuffer());
    return [response.status, response.headers.get('content-type'), bytes.subarray(0, 5).toString()];
  };

  it('to Canada is quoted, purchased with its customs form, and voided', async () => {
    const rate = await rateOf({ from: sally, to: gilles, customs }, 'PRIORITY_MAIL_INTERNATIONAL');
    const { shipment, failure } = await buy({ rateId: rate.id });
    expect(failure).toBeNull();
    expect(shipment).toMatchObject({ status: 'PURCHASED', price: rate.price, isReturn: false });
    expect(shipment.trackingNumber).toMatch(/^[A-Z]{2}\d{9}US$/);
    expect(await download(shipment.label.url)).toEqual([200, 'application/pdf', '%PDF-']);
    // At USPS the form is a part of the label; carriers behind EasyPost keep theirs apart.
    const forms = account === 'usps' ? [] : [{ name: 'Commercial invoice', contentType: 'application/pdf' }];
    expect(shipment.forms).toMatchObject(forms);
    for (const { url } of shipment.forms) {
      expect(await download(url)).toEqual([200, 'application/pdf', '%PDF-']);
    }
    const { data } = await server.ask(voidMutation, { id: shipment.id });
    const expected = account === 'usps' ? ['VOIDED', 'REFUNDED'] : ['PURCHASED', 'REQUESTED'];
    expect([data.shipmentVoid.shipment.status, data.shipmentVoid.shipment.refund.status]).toEqual(expected);
    // A voided label must not be used, whether or not it is refunded yet.
    for (const { url } of [shipment.label, ...shipment.forms]) expect((await fetch(url)).status).toBe(410);
  });

  it('to Canada cannot be purchased without a customs declaration, which costs no call', async () => {
    const rate = await rateOf({ from: sally, to: gilles }, 'PRIORITY_MAIL_INTERNATIONAL');
    const calls = () => server.sandbox.usps.calls.length + server.sandbox.easypost.calls.length;
    const before = calls();
    const { userErrors } = await buy({ rateId: rate.id });
    expect(userErrors).toMatchObject([{ code: 'REQUIRED', field: ['input', 'rateId'] }]);
    expect(calls()).toBe(before);
  });

  it('to overseas military post has a customs form', async () => {
    const soldier = { name: 'Joe Doe', street1: 'PSC 1234 Box 5678', city: 'APO', state: 'AE', postalCode: '09204', country: 'US', phone: '202-555-0101' }; // prettier-ignore
    const from = { ...sally, company: 'Sally’s Mugs'.replace('’', "'") };
    const rate = await rateOf({ from, to: soldier, customs }, 'PRIORITY_MAIL');
    const { shipment, failure } = await buy({ rateId: rate.id });
    expect(failure).toBeNull();
    expect(shipment.status).toBe('PURCHASED');
  });

  it('back to a merchant is a return', async () => {
    const rate = await rateOf({ from: { ...receiver, phone: '415-555-0100' }, to: sally, options: { isReturn: true } }, 'PRIORITY_MAIL'); // prettier-ignore
    const { shipment, failure } = await buy({ rateId: rate.id });
    expect(failure).toBeNull();
    expect(shipment).toMatchObject({ status: 'PURCHASED', isReturn: true });
    expect(await download(shipment.label.url)).toEqual([200, 'application/pdf', '%PDF-']);
  });

  it('that costs more by now is bought only where that is allowed', async () => {
    const rate = await rateOf({ from: sally, to: receiver }, 'PRIORITY_MAIL');
    server.clock.advance(20 * 60_000);
    const provider = server.sandbox[account as 'usps' | 'easypost'];
    provider.raisePrices('1.25');
    // USPS is asked again after a quarter of an hour; at EasyPost a reference wants a new shipment, priced anew.
    const asked = { rateId: rate.id, reference: 'order 1' };
    const refused = await buy(asked);
    expect(refused).toMatchObject({ shipment: { status: 'FAILED' }, failure: { code: 'PRICE_CHANGED' } });
    expect(refused.failure.message).toContain(rate.price.amount);
    const dearer = (Number(rate.price.amount) + 1.25).toFixed(2);
    expect(refused.failure.message).toContain(dearer);
    const maxPrice = { amount: dearer, currencyCode: 'USD' };
    const allowed = await buy({ ...asked, maxPrice });
    expect(allowed.shipment).toMatchObject({ status: 'PURCHASED', price: { amount: dearer } });
    provider.raisePrices('0');
  });
});

describe('a label that costs more than was quoted a minute before', () => {
  let server: TestServer;
  beforeAll(async () => void (server = await openTestServer()));
  afterAll(() => server.close());

  it('goes back at once, and nothing is charged', async () => {
    const { data } = await server.ask(ratesQuery, { input: { from: sender, to: receiver, parcels: [box], accountIds: ['usps'] } }); // prettier-ignore
    const rateId = data.rates.rates[0].id;
    const { usps } = server.sandbox;
    const before = usps.charges().length;
    usps.raisePrices('0.01');
    const input = { idempotencyKey: randomUUID(), rateId };
    const refused = (await server.ask(purchaseMutation, { input })).data.shipmentPurchase;
    expect(refused).toMatchObject({
      shipment: { status: 'FAILED', label: null },
      failure: { code: 'PRICE_CHANGED', hint: expect.stringContaining('maxPrice') },
    });
    expect(usps.charges().length).toBe(before);
    expect(usps.count('DELETE', /\/label\/\d+$/)).toBe(1);
  });
});
