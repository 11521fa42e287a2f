import { describe, expect, it } from 'vitest';

import { formatOfFile } from '../../../src/domain/shipment.ts';
import { setUpPurchases } from '../../support/purchases.ts';
import { storages } from '../../support/test-server.ts';

const reprintMutation = `mutation ($input: LabelReprintInput!) { labelReprint(input: $input) {
  shipment { label { url format contentType } history { event detail } parcels { trackingNumber label { url format } } }
  userErrors { code field message } failure { code message field account { id } } } }`;

describe.each(storages)('labelReprint, on the %s ledger', (storage) => {
  const shop = setUpPurchases(storage);

  const reprint = async (shipmentId: string, format: string, apiKey?: string) => {
    const { data, errors } = await shop.server.ask(
      reprintMutation,
      { input: { shipmentId, format } },
      apiKey,
    );
    expect(errors).toBeUndefined();
    return data.labelReprint;
  };
  const open = async (url: string) => {
    const response = await fetch(url);
    const format = formatOfFile(new Uint8Array(await response.arrayBuffer()));
    return {
      format,
      type: response.headers.get('content-type'),
      name: response.headers.get('content-disposition'),
    };
  };
  const reprintsAt = (account: 'usps' | 'easypost') =>
    shop.server.sandbox[account].calls.filter(({ path }) => /label-reprint|\/shp_\w+\/label$/.test(path))
      .length;

  it.each(['usps', 'easypost'] as const)(
    'returns the label of %s in another format, and asks once for each',
    async (account) => {
      const before = reprintsAt(account);
      const { id, label, trackingNumber } = await shop.buyLabel(account);
      const bought = reprintsAt(account);
      const [zpl, again] = await Promise.all([reprint(id, 'ZPL'), reprint(id, 'ZPL')]);
      expect(zpl).toMatchObject({
        shipment: { label: { format: 'ZPL', contentType: 'application/zpl' } },
        userErrors: [],
        failure: null,
      });
      expect(again.shipment.label.format).toBe('ZPL');
      expect(await open(zpl.shipment.label.url)).toEqual({
        format: 'ZPL',
        type: 'application/zpl',
        name: expect.stringContaining(`filename="${trackingNumber}.zpl"`),
      });
      // The label as it was purchased is still there, and is shown again when it is asked for.
      expect(await open(label.url)).toMatchObject({ format: 'PDF', name: expect.stringContaining('.pdf') });
      expect((await reprint(id, 'PDF')).shipment.label).toMatchObject({ format: 'PDF' });
      const { shipment } = await reprint(id, 'ZPL');
      expect(shipment.history.filter(({ event }: any) => event === 'REPRINTED')).toEqual([
        { event: 'REPRINTED', detail: `${trackingNumber} ZPL` },
      ]);
      const { data } = await shop.server.ask('query ($id: ID!) { shipment(id: $id) { label { format } } }', {
        id,
      });
      expect(data.shipment.label).toEqual({ format: 'ZPL' });
      expect(reprintsAt(account) - bought).toBe(1);
      expect(bought - before).toBeLessThanOrEqual(1);
    },
  );

  it('reprints the label of each parcel, and asks again for those alone that failed', async () => {
    const parcel = {
      weight: { value: 20, unit: 'OUNCE' },
      dimensions: { length: 10, width: 8, height: 4, unit: 'INCH' },
    };
    const rate = await shop.rateOf('usps', { parcels: [parcel, parcel] });
    const { id } = (await shop.buy({ idempotencyKey: shop.key, rateId: rate.id })).shipment;
    const { usps } = shop.server.sandbox;
    usps.injectFault({ path: /label-reprint/, times: 1, response: { status: 503, body: '' } });
    const first = await reprint(id, 'PNG');
    expect(first.failure).toMatchObject({ code: 'UNAVAILABLE', account: { id: 'usps' } });
    expect(first.shipment.parcels.map(({ label }: any) => label.format).sort()).toEqual(['PDF', 'PNG']);
    const before = reprintsAt('usps');
    const { shipment, failure } = await reprint(id, 'PNG');
    expect(failure).toBeNull();
    expect(reprintsAt('usps')).toBe(before + 1);
    for (const { label, trackingNumber } of shipment.parcels) {
      expect(await open(label.url)).toMatchObject({
        format: 'PNG',
        name: expect.stringContaining(trackingNumber),
      });
    }
  });

  it('shows the label as before where the provider refuses', async () => {
    const { id } = await shop.buyLabel('usps');
    shop.server.clock.advance(24 * 60 * 60 * 1000);
    expect(await reprint(id, 'ZPL')).toMatchObject({
      shipment: { label: { format: 'PDF' } },
      failure: { code: 'REJECTED', message: expect.any(String) },
    });
    // What the ledger has needs no reprint.
    expect(await reprint(id, 'PDF')).toMatchObject({ shipment: { label: { format: 'PDF' } }, failure: null });
  });

  it('is refused for a shipment of another tenant, or one that is voided, before a call', async () => {
    const { id } = await shop.buyLabel('usps');
    const before = reprintsAt('usps');
    const field = ['input', 'shipmentId'];
    for (const [shipmentId, apiKey] of [['shp_nobody'], [id, 'other-key']] as const) {
      const { userErrors } = await reprint(shipmentId, 'ZPL', apiKey);
      expect(userErrors).toEqual([{ code: 'NOT_FOUND', field, message: 'is no shipment of yours' }]);
    }
    const { url } = (await reprint(id, 'ZPL')).shipment.label;
    await shop.voidShipment(id);
    expect((await reprint(id, 'PNG')).userErrors).toEqual([
      { code: 'NOT_ALLOWED', field, message: 'is VOIDED: it has no label to print' },
    ]);
    expect((await fetch(url)).status).toBe(410);
    expect(reprintsAt('usps')).toBe(before + 1);
  });
});
