import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  box,
  openTestServer,
  receiver,
  sender,
  storages,
  type TestServer,
} from '../../support/test-server.ts';

const ratesQuery =
  'query ($input: RatesInput!) { rates(input: $input) { rates { id price { amount } service { code } } failures { code message field } } }';
const purchaseMutation = `mutation ($input: ShipmentPurchaseInput!) {
  shipmentPurchase(input: $input) {
    shipment {
      id status trackingNumber label { url } price { amount } quotedPrice { amount }
      parcels { status trackingNumber price { amount } label { url } refund { status } parcel { weight { value } } }
      history { event by detail }
    }
    failure { code message hint }
    userErrors { code field message }
  }
}`;
const voidMutation =
  'mutation ($id: ID!) { shipmentVoid(input: { id: $id }) { shipment { status parcels { status refund { status } } } failure { code } } }';

describe.each(storages)('the parcels of one shipment, on the %s ledger', (storage) => {
  let server: TestServer;
  let key: string;
  beforeAll(async () => void (server = await openTestServer({ storage })));
  beforeEach(() => void (key = randomUUID()));
  afterAll(() => server.close());

  const heavy = { ...box, weight: { value: 5, unit: 'POUND' } };
  const parcels = [box, heavy, box];
  const charges = () => server.sandbox.usps.charges().length + server.sandbox.easypost.charges().length;
  const rateOf = async (account: string, parcels: object[]) => {
    const input = { from: sender, to: receiver, parcels, accountIds: [account] };
    const { data, errors } = await server.ask(ratesQuery, { input });
    expect(errors).toBeUndefined();
    return data.rates.rates.find((rate: any) => rate.service.code === 'PRIORITY_MAIL');
  };
  const buy = async (input: object) => {
    const { data, errors } = await server.ask(purchaseMutation, { input: { idempotencyKey: key, ...input } });
    expect(errors).toBeUndefined();
    return data.shipmentPurchase;
  };
  const cents = (amount: string) => Math.round(Number(amount) * 100);

  describe.each(['usps', 'easypost'])('sent with %s', (account) => {
    it('cost the sum of their single prices, and have a label and tracking number each', async () => {
      const single = [await rateOf(account, [box]), await rateOf(account, [heavy])];
      const [lightPrice, heavyPrice] = single.map((rate) => cents(rate.price.amount)) as [number, number];
      const rate = await rateOf(account, parcels);
      expect(cents(rate.price.amount)).toBe(lightPrice + heavyPrice + lightPrice);

      const before = charges();
      const { shipment, failure } = await buy({ rateId: rate.id });
      expect(failure).toBeNull();
      expect(shipment).toMatchObject({
        status: 'PURCHASED',
        trackingNumber: null,
        label: null,
        quotedPrice: rate.price,
      });
      expect(shipment.parcels.map((each: any) => each.parcel.weight.value)).toEqual([20, 5, 20]);
      expect(new Set(shipment.parcels.map((each: any) => each.trackingNumber)).size).toBe(3);
      expect(charges()).toBe(before + 3);
      for (const { label } of shipment.parcels) {
        const file = Buffer.from(await (await fetch(label.url)).arrayBuffer());
        expect(file.subarray(0, 5).toString()).toBe('%PDF-');
      }
      const again = await buy({ rateId: rate.id });
      expect(again.shipment.id).toBe(shipment.id);
      expect(charges()).toBe(before + 3);
    });

    it('are voided together', async () => {
      const rate = await rateOf(account, [box, heavy]);
      const { shipment } = await buy({ rateId: rate.id });
      const { data } = await server.ask(voidMutation, { id: shipment.id });
      const voided = data.shipmentVoid.shipment;
      const expected = account === 'usps' ? ['VOIDED', 'REFUNDED'] : ['PURCHASED', 'REQUESTED'];
      expect([voided.status, voided.parcels[0].refund.status]).toEqual(expected);
      expect(voided.parcels[1]).toEqual(voided.parcels[0]);
    });

    it('are all recovered after a lost response, and charged once', async () => {
      const rate = await rateOf(account, parcels);
      const before = charges();
      const provider = server.sandbox[account as 'usps' | 'easypost'];
      provider.injectFault({ method: 'POST', path: /\/(label|buy)$/, times: 1, drop: 'after' });
      expect((await buy({ rateId: rate.id })).shipment.status).toBe('UNCERTAIN');
      const { shipment } = await buy({ rateId: rate.id });
      expect(shipment.status).toBe('PURCHASED');
      expect(new Set(shipment.parcels.map((each: any) => each.trackingNumber)).size).toBe(3);
      expect(charges()).toBe(before + 3);
    });
  });

  const refusal = {
    status: 400,
    body: {
      apiVersion: '/labels/v3',
      error: { code: '400', message: 'Bad Request', errors: [{ code: '160001', detail: 'no' }] },
    },
  };

  it('are purchased all or none: if one is rejected, the others are voided', async () => {
    const rate = await rateOf('usps', parcels);
    const before = charges();
    server.sandbox.usps.injectFault({ method: 'POST', path: /\/label$/, times: 1, response: refusal });
    const { shipment, failure } = await buy({ rateId: rate.id });
    expect(failure).toMatchObject({ code: 'REJECTED' });
    expect(shipment.status).toBe('FAILED');
    expect(charges()).toBe(before);
    expect(shipment.parcels.filter((each: any) => each.label !== null)).toEqual([]);

    const retried = await buy({ rateId: rate.id });
    expect(retried.shipment).toMatchObject({ id: shipment.id, status: 'PURCHASED' });
    expect(charges()).toBe(before + 3);
  });

  it('stay UNCERTAIN with their tracking numbers while voiding them fails', async () => {
    const rate = await rateOf('usps', parcels);
    const before = charges();
    const { usps } = server.sandbox;
    const stop = usps.injectFault({ method: 'DELETE', drop: 'before' });
    usps.injectFault({ method: 'POST', path: /\/label$/, times: 1, response: refusal });
    const { shipment } = await buy({ rateId: rate.id });
    expect(shipment.status).toBe('UNCERTAIN');
    const purchased = shipment.parcels.filter((each: any) => each.trackingNumber !== null);
    expect(purchased.length).toBeGreaterThan(0);
    expect(charges()).toBe(before + purchased.length);
    stop();
    const resolved = await buy({ rateId: rate.id });
    expect(resolved.shipment.status).toBe('PURCHASED');
    expect(resolved.shipment.id).toBe(shipment.id);
    expect(charges()).toBe(before + 3);
    const { history } = resolved.shipment;
    expect(history.map((each: any) => each.event)).toEqual(expect.arrayContaining(['ASKED', 'SENT', 'BOUGHT', 'REFUSED', 'UNCERTAIN', 'VOIDED', 'FAILED'])); // prettier-ignore
    expect(history[0]).toMatchObject({
      event: 'ASKED',
      by: expect.stringMatching(/^key:[0-9a-f]{8}$/),
      detail: key,
    });
  });
});
