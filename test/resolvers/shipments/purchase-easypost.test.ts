import { describe, expect, it } from 'vitest';

import { easypostSandboxKey } from '../../../sandbox/easypost/index.ts';
import { findService, setUpPurchases } from '../../support/purchases.ts';
import { box, receiver, sender, storages } from '../../support/test-server.ts';

describe.each(storages)('EasyPost, which sells one label per quote, on the %s ledger', (storage) => {
  const shop = setUpPurchases(storage);

  const easypost = () => shop.server.sandbox.easypost;
  const refunds = () => easypost().count('POST', /\/refund$/);
  /** Sends a request as EasyPost's dashboard does. */
  const easypostRequest = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${easypostSandboxKey}`, 'content-type': 'application/json' };
    const response = await fetch(`${easypost().url}/v2${path}`, { method, headers, body: body && JSON.stringify(body) }); // prettier-ignore
    return await response.json();
  };
  const buyInDashboard = async (service: string) => {
    const { shipments: [quoted] } = await easypostRequest('GET', '/shipments?purchased=false'); // prettier-ignore
    const rate = quoted.rates.find((each: any) => each.carrier === 'USPS' && each.service === service);
    await easypostRequest('POST', `/shipments/${quoted.id}/buy`, { rate: { id: rate.id } });
  };

  it.each([
    ['one parcel', [box], 'another service'],
    ['several parcels', [box, box], 'Postage already exists'],
  ])(
    'sells no second rate of the quote of %s, and the first label is not voided',
    async (_, parcels, message) => {
      const [before, refundsBefore] = [shop.charges(), refunds()];
      const rates = await shop.ratesOf('easypost', { parcels });
      const first = await shop.buy({
        idempotencyKey: shop.key,
        rateId: findService(rates, 'PRIORITY_MAIL').id,
      });
      expect(first.shipment.status).toBe('PURCHASED');
      for (const code of ['USPS_GROUND_ADVANTAGE', 'PRIORITY_MAIL_EXPRESS']) {
        expect(
          await shop.buy({ idempotencyKey: `${shop.key} ${code}`, rateId: findService(rates, code).id }),
        ).toMatchObject({
          shipment: { status: 'FAILED', trackingNumber: null },
          failure: { code: 'REJECTED', message: expect.stringContaining(message) },
        });
      }
      expect([shop.charges(), refunds()]).toEqual([before + parcels.length, refundsBefore]);
    },
  );

  it('sells a rate that was returned twice once, and the failure of the second names the shipment', async () => {
    const [before, refundsBefore] = [shop.charges(), refunds()];
    const input = { from: sender, to: receiver, parcels: [box], accountIds: ['easypost'] };
    const selection = 'rates(input: $input) { rates { id service { code } } }';
    const { data } = await shop.server.ask(
      `query ($input: RatesInput!) { one: ${selection} two: ${selection} }`,
      {
        input,
      },
    );
    const [one, two] = [data.one, data.two].map(({ rates }) => findService(rates, 'PRIORITY_MAIL').id);
    const { shipment } = await shop.buy({ idempotencyKey: shop.key, rateId: one });
    expect(await shop.buy({ idempotencyKey: `${shop.key} again`, rateId: two })).toMatchObject({
      shipment: { status: 'FAILED', trackingNumber: null },
      failure: { code: 'REJECTED', message: expect.stringContaining(shipment.id) },
    });
    expect([shop.charges(), refunds()]).toEqual([before + 1, refundsBefore]);
  });

  it('says the true format of a label that EasyPost refuses to convert', async () => {
    const body = { error: { code: 'SHIPMENT.POSTAGE.FORMAT_UNAVAILABLE', message: 'Rejected.', errors: [] } };
    const restore = easypost().injectFault({
      method: 'GET',
      path: /\/label$/,
      response: { status: 422, body },
    });
    const { shipment } = await shop.buy({
      idempotencyKey: shop.key,
      rateId: (await shop.rateOf('easypost')).id,
    });
    restore();
    const query = 'query ($id: ID!) { shipment(id: $id) { label { url format contentType } } }';
    const { data } = await shop.server.ask(query, { id: shipment.id });
    expect(data.shipment.label).toMatchObject({ format: 'PNG', contentType: 'image/png' });
    const file = await fetch(data.shipment.label.url);
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/png']);
  });

  it('names the phone that a carrier asks for at the purchase alone, and buys once it is given', async () => {
    const message = 'shipment.to_address.phone: Required';
    const restore = easypost().injectFault({
      method: 'POST',
      path: /\/buy$/,
      response: { status: 422, body: { error: { code: 'SHIPMENT.POSTAGE.FAILURE', message, errors: [] } } },
    });
    const input = { idempotencyKey: shop.key, rateId: (await shop.rateOf('easypost')).id };
    expect(await shop.buy(input)).toMatchObject({
      shipment: { status: 'FAILED' },
      failure: {
        code: 'REJECTED',
        field: ['input', 'to', 'phone'],
        hint: 'Give `to.phone`, then try again.',
      },
    });
    restore();
    expect((await shop.buy({ ...input, to: { country: 'US', phone: '4155550100' } })).shipment.status).toBe(
      'PURCHASED',
    );
  });

  it('keeps a label of another service that was purchased in its dashboard', async () => {
    const before = refunds();
    const rate = await shop.rateOf('easypost');
    await buyInDashboard('Express');
    expect((await shop.buy({ idempotencyKey: shop.key, rateId: rate.id })).shipment.status).toBe('FAILED');
    expect(refunds()).toBe(before);
  });

  it.each(['SHIPMENT.POSTAGE.EXISTS', 'SHIPMENT.PURCHASE.IN_PROGRESS'])(
    'leaves a purchase rejected with %s UNCERTAIN until the shipment can be read',
    async (code) => {
      const rate = await shop.rateOf('easypost');
      await buyInDashboard('Priority');
      const rejection = (code: string) => ({ error: { code, message: 'Rejected.', errors: [] } });
      const stopFaults = [
        easypost().injectFault({
          method: 'POST',
          path: /\/buy$/,
          response: { status: 422, body: rejection(code) },
        }),
        easypost().injectFault({ method: 'GET', path: /\/shipments\/\w+$/, response: { status: 429, body: rejection('RATE_LIMITED') } }), // prettier-ignore
      ];
      const input = { idempotencyKey: shop.key, rateId: rate.id };
      expect((await shop.buy(input)).shipment.status).toBe('UNCERTAIN');
      for (const stop of stopFaults) stop();
      expect((await shop.buy(input)).shipment.status).toBe('PURCHASED');
    },
  );
});
