import { describe, expect, test } from 'vitest';
import { call, easypost, domesticShipment, rateOf, setUpEasyPost } from './easypost-api.ts';

setUpEasyPost();

describe('an order', () => {
  test('has the summed rates of its parcels, and its purchase buys a label for each', async () => {
    const { from_address, to_address } = domesticShipment;
    const order = {
      from_address,
      to_address,
      shipments: [{ parcel: { weight: 10.2 } }, { parcel: { weight: 17.5 } }],
    };
    const { status, body } = await call('POST', '/v2/orders', { order });
    expect([status, rateOf(body, 'GroundAdvantage').rate]).toEqual([201, '11.74']);
    const bought = await call('POST', `/v2/orders/${body.id}/buy`, {
      carrier: 'USPS',
      service: 'GroundAdvantage',
    });
    expect(bought.body.shipments.map(({ selected_rate }) => selected_rate.rate)).toEqual(['5.21', '6.53']);
    expect(easypost.charges()).toHaveLength(2);
    const again = await call('POST', `/v2/orders/${body.id}/buy`, {
      carrier: 'USPS',
      service: 'GroundAdvantage',
    });
    expect(again.body.error.code).toBe('SHIPMENT.POSTAGE.EXISTS');
    expect(easypost.charges()).toHaveLength(2);
  });
});
