import { describe, expect, it } from 'vitest';

import { uspsTrackingNumber } from '../../../sandbox/usps/index.ts';
import { ageSentRequests } from '../../support/age-sent-requests.ts';
import { setUpPurchases } from '../../support/purchases.ts';
import { receiver, storages } from '../../support/test-server.ts';

describe.each(storages)('the purchase of a label, on the %s ledger', (storage) => {
  const shop = setUpPurchases(storage);

  it.each([null, '', 'free'])('stays bought with its price unknown where USPS answers postage %j', async (postage) => {
    const rate = await shop.rateOf('usps');
    const trackingNumber = uspsTrackingNumber(8_000 + String(postage).length);
    const body = { labelMetadata: { trackingNumber, postage }, labelImage: Buffer.from('%PDF-1.4').toString('base64') };
    shop.server.sandbox.usps.injectFault({ method: 'POST', path: /\/label$/, times: 1, response: { status: 200, body } });
    const bought = await shop.buy({ idempotencyKey: shop.key, rateId: rate.id });
    expect(bought).toMatchObject({
      failure: null,
      shipment: { status: 'PURCHASED', trackingNumber, price: null, quotedPrice: rate.price },
    });
  }); // prettier-ignore

  describe.each(['usps', 'easypost'])('of %s', (account) => {
    it('returns a tracking number, a price and a PDF label', async () => {
      const before = shop.charges();
      const rate = await shop.rateOf(account);
      const { shipment, userErrors, failure } = await shop.buy({
        idempotencyKey: shop.key,
        rateId: rate.id,
        reference: shop.key,
      });
      expect({ userErrors, failure }).toEqual({ userErrors: [], failure: null });
      expect(shipment).toMatchObject({
        status: 'PURCHASED',
        reference: shop.key,
        price: { amount: rate.price.amount, currencyCode: 'USD' },
        quotedPrice: rate.price,
        account: { id: account },
        trackingNumber: expect.stringMatching(/^9\d{21}$/),
        parcels: [{ trackingNumber: shipment.trackingNumber, status: 'PURCHASED' }],
        tracker: { status: 'PRE_TRANSIT' },
      });
      expect(shop.charges()).toBe(before + 1);

      const label = await fetch(shipment.label.url);
      expect(label.headers.get('content-type')).toBe('application/pdf');
      expect(
        Buffer.from(await label.arrayBuffer())
          .subarray(0, 8)
          .toString(),
      ).toMatch(/^%PDF-1\.\d/);
      const again = await fetch(shipment.label.url, {
        headers: { 'if-none-match': label.headers.get('etag')! },
      });
      expect(again.status).toBe(304);
      expect((await fetch(`${shipment.label.url}x`)).status).toBe(404);

      const { data } = await shop.server.ask(
        'query ($id: ID!, $n: String) { shipment(id: $id) { id status } shipments(filter: { trackingNumber: $n }) { nodes { id } pageInfo { hasNextPage } } }',
        { id: shipment.id, n: shipment.trackingNumber },
      );
      expect(data).toEqual({
        shipment: { id: shipment.id, status: 'PURCHASED' },
        shipments: { nodes: [{ id: shipment.id }], pageInfo: { hasNextPage: false } },
      });
      const foreign = await shop.server.ask(
        'query ($id: ID!) { shipment(id: $id) { id } }',
        { id: shipment.id },
        'other-key',
      );
      expect(foreign.data.shipment).toBeNull();
    });

    it('charges once for concurrent and repeated calls with the same key', async () => {
      const before = shop.charges();
      const rate = await shop.rateOf(account);
      const input = { idempotencyKey: shop.key, rateId: rate.id };
      const results = await Promise.all(Array.from({ length: 8 }, () => shop.buy(input)));
      results.push(await shop.buy(input));
      expect(new Set(results.map(({ shipment }) => shipment.id)).size).toBe(1);
      expect(shop.charges()).toBe(before + 1);
    });

    it('recovers a lost response at the next call with the same key, and charges once', async () => {
      const before = shop.charges();
      const rate = await shop.rateOf(account);
      const provider = shop.server.sandbox[account as 'usps' | 'easypost'];
      provider.injectFault({ method: 'POST', path: /\/(label|buy)$/, times: 1, drop: 'after' });
      const input = { idempotencyKey: shop.key, rateId: rate.id };
      const lost = await shop.buy(input);
      expect(lost).toMatchObject({
        shipment: { status: 'UNCERTAIN', label: null },
        failure: { code: 'UNAVAILABLE' },
      });
      expect(shop.charges()).toBe(before + 1);
      const found = await shop.buy(input);
      expect(found).toMatchObject({ shipment: { id: lost.shipment.id, status: 'PURCHASED' }, failure: null });
      expect(shop.charges()).toBe(before + 1);
    });

    it('recovers a lost response at the next start', async () => {
      const before = shop.charges();
      const rate = await shop.rateOf(account);
      const provider = shop.server.sandbox[account as 'usps' | 'easypost'];
      provider.injectFault({ method: 'POST', path: /\/(label|buy)$/, times: 1, drop: 'before' });
      const { shipment } = await shop.buy({ idempotencyKey: shop.key, rateId: rate.id });
      expect(shipment.status).toBe('UNCERTAIN');
      // A request that was sent just now may still be in progress.
      await shop.server.restart(ageSentRequests);
      const query = 'query ($id: ID!) { shipment(id: $id) { status failure { code } } }';
      const now = async () => (await shop.server.ask(query, { id: shipment.id })).data.shipment;
      await expect.poll(async () => (await now()).status, { timeout: 10_000 }).not.toBe('UNCERTAIN');
      // USPS receives the same request again, which purchases the missing label; EasyPost is only read.
      const resolved = {
        usps: { status: 'PURCHASED', failure: null },
        easypost: { status: 'FAILED', failure: { code: 'UNAVAILABLE' } },
      };
      expect(await now()).toEqual(resolved[account as keyof typeof resolved]);
      const retried = await shop.buy({ idempotencyKey: shop.key, rateId: rate.id });
      expect(retried.shipment.status).toBe('PURCHASED');
      expect(shop.charges()).toBe(before + 1);
    });

    it('accepts a name and contact at purchase, and no other address', async () => {
      const { name: _, ...nameless } = receiver;
      const rate = await shop.rateOf(account, { to: nameless });
      const unnamed = await shop.buy({ idempotencyKey: shop.key, rateId: rate.id });
      expect(unnamed).toMatchObject({
        shipment: null,
        userErrors: [{ code: 'REQUIRED', field: ['input', 'to', 'name'] }],
      });
      const otherStreet = await shop.buy({
        idempotencyKey: shop.key,
        rateId: rate.id,
        to: { ...receiver, street1: '1 Other St' },
      });
      expect(otherStreet.userErrors).toMatchObject([
        { code: 'NOT_ALLOWED', field: ['input', 'to', 'street1'] },
      ]);
      const withName = await shop.buy({
        idempotencyKey: shop.key,
        rateId: rate.id,
        to: { country: 'US', name: 'Rita Receiver' },
      });
      expect(withName.shipment.status).toBe('PURCHASED');
    });

    it('is FAILED with its reason when rejected, and its key may retry with another rate', async () => {
      const before = shop.charges();
      const rate = await shop.rateOf(account);
      const provider = shop.server.sandbox[account as 'usps' | 'easypost'];
      const body = account === 'usps' ? { apiVersion: '/labels/v3', error: { code: '400', message: 'Bad Request', errors: [{ code: '160001', title: 'Bad Request', detail: 'Mailing date is wrong' }] } } : { error: { code: 'SHIPMENT.POSTAGE.FAILURE', message: 'The carrier rejected it.', errors: [] } }; // prettier-ignore
      provider.injectFault({
        method: 'POST',
        path: /\/(label|buy)$/,
        times: 1,
        response: { status: account === 'usps' ? 400 : 422, body },
      });
      const rejected = await shop.buy({ idempotencyKey: shop.key, rateId: rate.id });
      expect(rejected).toMatchObject({
        shipment: { status: 'FAILED', failure: { code: 'REJECTED' }, trackingNumber: null },
        failure: { code: 'REJECTED', account: { id: account } },
      });
      const other = await shop.rateOf(account);
      const bought = await shop.buy({ idempotencyKey: shop.key, rateId: other.id });
      expect(bought.shipment).toMatchObject({ id: rejected.shipment.id, status: 'PURCHASED' });
      expect(shop.charges()).toBe(before + 1);
    });
  });

  it('is returned to a repeated call after its rate has expired', async () => {
    const rate = await shop.rateOf('usps');
    const input = { idempotencyKey: shop.key, rateId: rate.id };
    const { shipment } = await shop.buy(input);
    shop.server.clock.advance(30 * 24 * 60 * 60 * 1000);
    const again = await shop.buy(input);
    expect(again).toMatchObject({ shipment: { id: shipment.id, status: 'PURCHASED' }, userErrors: [] });
  });

  it('is the same for an input whose optional fields are null instead of left out', async () => {
    const { id: rateId } = await shop.rateOf('usps');
    const first = await shop.buy({ idempotencyKey: shop.key, rateId });
    expect(first.shipment.status).toBe('PURCHASED');
    const again = await shop.buy({
      idempotencyKey: shop.key,
      rateId,
      reference: null,
      label: null,
      maxPrice: null,
    });
    expect(again.shipment.id).toBe(first.shipment.id);
  });

  it('is not found by a parcel of another carrier with the same tracking number', async () => {
    const { trackingNumber } = await shop.buyLabel('usps');
    const query = `query ($number: String!) { ours: tracker(trackingNumber: $number) { status shipment { carrier } }
      theirs: tracker(trackingNumber: $number, carrier: "FedEx") { status shipment { carrier } } }`;
    const { data } = await shop.server.ask(query, { number: trackingNumber });
    expect(data.ours).toEqual({ status: 'PRE_TRANSIT', shipment: { carrier: 'USPS' } });
    expect(data.theirs).toEqual({ status: 'UNKNOWN', shipment: null });
  });
});
