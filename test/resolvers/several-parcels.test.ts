import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { box, openTestServer, receiver, sender, storages, type TestServer } from '../support/test-server.ts';

const rates =
  'query ($input: RatesInput!) { rates(input: $input) { rates { id price { amount } service { code } } failures { code message field } } }';
const purchase = `mutation ($input: ShipmentPurchaseInput!) {
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
const voiding =
  'mutation ($id: ID!) { shipmentVoid(input: { id: $id }) { shipment { status parcels { status refund { status } } } failure { code } } }';

describe.each(storages)('several parcels of one shipment, on the %s ledger', (storage) => {
  let house: TestServer;
  let key: string;
  beforeAll(async () => void (house = await openTestServer({ storage })));
  beforeEach(() => void (key = randomUUID()));
  afterAll(() => house.close());

  const heavy = { ...box, weight: { value: 5, unit: 'POUND' } };
  const parcels = [box, heavy, box];
  const charges = () => house.sandbox.usps.charges().length + house.sandbox.easypost.charges().length;
  const rateOf = async (account: string, asked: object[]) => {
    const input = { from: sender, to: receiver, parcels: asked, accountIds: [account] };
    const { data, errors } = await house.ask(rates, { input });
    expect(errors).toBeUndefined();
    return data.rates.rates.find((rate: any) => rate.service.code === 'PRIORITY_MAIL');
  };
  const buy = async (input: object) => {
    const { data, errors } = await house.ask(purchase, { input: { idempotencyKey: key, ...input } });
    expect(errors).toBeUndefined();
    return data.shipmentPurchase;
  };
  const cents = (amount: string) => Math.round(Number(amount) * 100);

  describe.each(['usps', 'easypost'])('from %s', (account) => {
    it('cost together what each costs alone, and get a label and a number each', async () => {
      const alone = [await rateOf(account, [box]), await rateOf(account, [heavy])];
      const [light, weighty] = alone.map((rate) => cents(rate.price.amount)) as [number, number];
      const rate = await rateOf(account, parcels);
      expect(cents(rate.price.amount)).toBe(light + weighty + light);

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

    it('are given back together', async () => {
      const rate = await rateOf(account, [box, heavy]);
      const { shipment } = await buy({ rateId: rate.id });
      const { data } = await house.ask(voiding, { id: shipment.id });
      const given = data.shipmentVoid.shipment;
      const expected = account === 'usps' ? ['VOIDED', 'REFUNDED'] : ['PURCHASED', 'REQUESTED'];
      expect([given.status, given.parcels[0].refund.status]).toEqual(expected);
      expect(given.parcels[1]).toEqual(given.parcels[0]);
    });

    it('are all there after an answer was lost, and charged once', async () => {
      const rate = await rateOf(account, parcels);
      const before = charges();
      const provider = house.sandbox[account as 'usps' | 'easypost'];
      provider.spoil({ method: 'POST', path: /\/(label|buy)$/, times: 1, drop: 'after' });
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

  it('are bought all or none: where one is refused, the others go back', async () => {
    const rate = await rateOf('usps', parcels);
    const before = charges();
    house.sandbox.usps.spoil({ method: 'POST', path: /\/label$/, times: 1, answer: refusal });
    const { shipment, failure } = await buy({ rateId: rate.id });
    expect(failure).toMatchObject({ code: 'REJECTED' });
    expect(shipment.status).toBe('FAILED');
    expect(charges()).toBe(before);
    expect(shipment.parcels.filter((each: any) => each.label !== null)).toEqual([]);

    const retried = await buy({ rateId: rate.id });
    expect(retried.shipment).toMatchObject({ id: shipment.id, status: 'PURCHASED' });
    expect(charges()).toBe(before + 3);
  });

  it('whose going back is not heard of stay uncertain with their numbers, until it is', async () => {
    const rate = await rateOf('usps', parcels);
    const before = charges();
    const { usps } = house.sandbox;
    const stop = usps.spoil({ method: 'DELETE', drop: 'before' });
    usps.spoil({ method: 'POST', path: /\/label$/, times: 1, answer: refusal });
    const { shipment } = await buy({ rateId: rate.id });
    expect(shipment.status).toBe('UNCERTAIN');
    const sold = shipment.parcels.filter((each: any) => each.trackingNumber !== null);
    expect(sold.length).toBeGreaterThan(0);
    expect(charges()).toBe(before + sold.length);
    stop();
    const settled = await buy({ rateId: rate.id });
    expect(settled.shipment.status).toBe('PURCHASED');
    expect(settled.shipment.id).toBe(shipment.id);
    expect(charges()).toBe(before + 3);
    const { history } = settled.shipment;
    expect(history.map((each: any) => each.event)).toEqual(expect.arrayContaining(['ASKED', 'SENT', 'BOUGHT', 'REFUSED', 'UNCERTAIN', 'VOIDED', 'FAILED'])); // prettier-ignore
    expect(history[0]).toMatchObject({
      event: 'ASKED',
      by: expect.stringMatching(/^key:[0-9a-f]{8}$/),
      detail: key,
    });
  });
});
