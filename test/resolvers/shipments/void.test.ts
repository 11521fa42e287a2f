import { describe, expect, it } from 'vitest';

import { setUpPurchases } from '../../support/purchases.ts';
import { storages } from '../../support/test-server.ts';

describe.each(storages)('shipmentVoid, on the %s ledger', (storage) => {
  const shop = setUpPurchases(storage);

  it('voids a label that USPS has not charged yet at once, also when repeated', async () => {
    const before = shop.charges();
    const { id, price, label } = await shop.buyLabel('usps');
    shop.server.sandbox.usps.injectFault({ method: 'DELETE', times: 1, drop: 'after' });
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(await shop.voidShipment(id)).toMatchObject({
        shipment: {
          status: 'VOIDED',
          label: null,
          refund: { status: 'REFUNDED', amount: { amount: price.amount } },
        },
        userErrors: [],
        failure: null,
      });
    }
    expect(shop.charges()).toBe(before);
    expect((await fetch(label.url)).status).toBe(410);
  });

  it('requests a refund of a manifested label, which is not voided yet', async () => {
    const { id } = await shop.buyLabel('usps');
    shop.server.clock.advance(2 * 24 * 60 * 60 * 1000);
    const { shipment } = await shop.voidShipment(id);
    expect(shipment).toMatchObject({
      status: 'PURCHASED',
      refund: { status: 'REQUESTED', reference: expect.any(String) },
    });
    expect(await shop.voidShipment(id)).toEqual({ shipment, userErrors: [], failure: null });
  });

  it('returns the decision on a refund, which EasyPost makes days later, when repeated', async () => {
    const { id } = await shop.buyLabel('easypost');
    expect((await shop.voidShipment(id)).shipment).toMatchObject({
      status: 'PURCHASED',
      refund: { status: 'REQUESTED', amount: null },
    });
    expect(shop.server.sandbox.easypost.count('POST', /\/refund$/)).toBe(1);
    shop.server.clock.advance(20 * 24 * 60 * 60 * 1000);
    expect((await shop.voidShipment(id)).shipment).toMatchObject({
      status: 'VOIDED',
      refund: { status: 'REFUNDED' },
    });
    expect(shop.server.sandbox.easypost.count('POST', /\/refund$/)).toBe(1);
  });

  it('rejects a shipment that was not purchased, or is of another tenant', async () => {
    const { id } = await shop.buyLabel('usps');
    for (const [shipmentId, apiKey] of [['shp_nobody'], [id, 'other-key']] as const) {
      expect((await shop.voidShipment(shipmentId, apiKey)).userErrors).toEqual([
        { code: 'NOT_FOUND', field: ['input', 'id'] },
      ]);
    }
    shop.server.sandbox.usps.injectFault({ method: 'POST', path: /\/label$/, times: 1, response: { status: 400, body: { apiVersion: '/labels/v3', error: { code: '400', message: 'no', errors: [] } } } }); // prettier-ignore
    const failed = await shop.buy({
      idempotencyKey: `${shop.key}-b`,
      rateId: (await shop.rateOf('usps')).id,
    });
    expect((await shop.voidShipment(failed.shipment.id)).userErrors).toEqual([
      { code: 'NOT_VOIDABLE', field: ['input', 'id'] },
    ]);
  });
});
