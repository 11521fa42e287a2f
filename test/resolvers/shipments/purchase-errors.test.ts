import { describe, expect, it } from 'vitest';

import { createSealer } from '../../../src/domain/seal.ts';
import { setUpPurchases } from '../../support/purchases.ts';
import { box, receiver, sender, storages } from '../../support/test-server.ts';

describe.each(storages)('shipmentPurchase, on the %s ledger', (storage) => {
  const shop = setUpPurchases(storage);

  it('rejects a key that was used with another input, and a rate that was purchased with another key', async () => {
    const before = shop.charges();
    const [first, second] = [await shop.rateOf('usps'), await shop.rateOf('usps')];
    const { shipment } = await shop.buy({ idempotencyKey: shop.key, rateId: first.id });
    const withDefault = { idempotencyKey: shop.key, rateId: first.id, label: { format: 'PDF' } };
    expect((await shop.buy(withDefault)).shipment.id).toBe(shipment.id);
    const otherInput = await shop.buy({ idempotencyKey: shop.key, rateId: second.id });
    expect(otherInput.userErrors).toEqual([
      {
        code: 'IDEMPOTENCY_KEY_REUSED',
        field: ['input', 'idempotencyKey'],
        message: expect.stringContaining(
          `stands for ${shipment.id}, which was requested with another rateId:`,
        ),
      },
    ]);
    const otherKey = await shop.buy({ idempotencyKey: `${shop.key}-b`, rateId: first.id });
    expect(otherKey.userErrors).toEqual([
      {
        code: 'RATE_USED',
        field: ['input', 'rateId'],
        message: expect.stringContaining(`has bought the shipment ${shipment.id}: send the idempotency key`),
      },
    ]);
    expect(shop.charges()).toBe(before + 1);
  });

  it('rejects a rate that was altered, is of another tenant, is of an earlier version or has expired, before any call', async () => {
    const rate = await shop.rateOf('easypost');
    const calls = () => shop.server.sandbox.usps.calls.length + shop.server.sandbox.easypost.calls.length;
    const before = calls();
    const altered = `${rate.id.slice(0, -2)}${rate.id.endsWith('AA') ? 'BB' : 'AA'}`;
    const account = { id: 'easypost', provider: 'easypost', environment: 'sandbox' };
    // Earlier versions sealed rates with a single `parcel`, and with a `ticket` in place of `providerRef`.
    const sealer = createSealer('a secret of more than thirty-two characters');
    const seal = (content: object) =>
      sealer.seal('rate', 'sandbox', { account, expiresAt: shop.server.clock.now() + 1000, ...content });
    const addresses = { from: sender, to: receiver };
    const singleParcel = seal({ request: { ...addresses, parcel: box }, offer: { providerRef: {} } });
    const withTicket = seal({ request: { ...addresses, parcels: [box] }, offer: { ticket: {} } });
    for (const [rateId, apiKey] of [
      [altered],
      ['nonsense'],
      [''],
      [singleParcel],
      [withTicket],
      [rate.id, 'other-key'],
    ] as const) {
      const { userErrors } = await shop.buy({ idempotencyKey: shop.key, rateId }, apiKey);
      expect(userErrors).toMatchObject([{ code: 'RATE_INVALID', field: ['input', 'rateId'] }]);
    }
    shop.server.clock.advance(24 * 60 * 60 * 1000 + 1);
    const { userErrors } = await shop.buy({ idempotencyKey: shop.key, rateId: rate.id });
    expect(userErrors).toMatchObject([{ code: 'RATE_EXPIRED', field: ['input', 'rateId'] }]);
    expect(calls()).toBe(before);
    const { data } = await shop.server.ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Rate { id price { amount } } } }',
      { r: [{ __typename: 'Rate', id: rate.id }] },
    );
    expect(data._entities).toEqual([{ id: rate.id, price: rate.price }]);
  });

  it.each(['0.01', '-5'])(
    'rejects a maxPrice of %s, which is below the price of the rate',
    async (amount) => {
      const before = shop.charges();
      const { id } = await shop.rateOf('usps');
      const input = { idempotencyKey: shop.key, rateId: id, maxPrice: { amount, currencyCode: 'usd' } };
      expect(await shop.buy(input)).toMatchObject({
        shipment: null,
        userErrors: [{ code: 'INVALID', field: ['input', 'maxPrice', 'amount'] }],
        failure: null,
      });
      expect(shop.charges()).toBe(before);
    },
  );

  it('rejects an empty key and one of more than 255 characters', async () => {
    for (const [idempotencyKey, code] of [
      ['', 'REQUIRED'],
      ['  ', 'REQUIRED'],
      ['x'.repeat(256), 'INVALID'],
    ] as const) {
      const { userErrors } = await shop.buy({ idempotencyKey, rateId: 'any' });
      expect(userErrors).toMatchObject([{ code, field: ['input', 'idempotencyKey'] }]);
    }
  });
});
