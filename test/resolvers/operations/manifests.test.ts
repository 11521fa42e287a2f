import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { setUpPurchases } from '../../support/purchases.ts';
import { storages } from '../../support/test-server.ts';

const voidMutation =
  'mutation ($id: ID!) { shipmentVoid(input: { id: $id }) { shipment { status } userErrors { code message } failure { code message } } }';
const manifestFields =
  'id status account { id } form { format url contentType } failure { code } shipments { nodes { id trackingNumber } }';
const createMutation = `mutation ($input: ManifestCreateInput!) { manifestCreate(input: $input) { manifest { ${manifestFields} } userErrors { code field message } failure { code message hint } } }`;

describe.each(storages)('a manifest, on the %s ledger', (storage) => {
  const shop = setUpPurchases(storage);

  const createManifest = async (input: object) => {
    const { data, errors } = await shop.server.ask(createMutation, { input });
    expect(errors).toBeUndefined();
    return data.manifestCreate;
  };

  describe.each([
    ['usps', /\/scan-form$/],
    ['easypost', /\/scan_forms$/],
  ] as const)('of %s', (account, created) => {
    it('is created once for concurrent and repeated calls with the same key, and its labels can not be voided or listed again', async () => {
      const before = shop.posts(account, created);
      const shipmentIds = [(await shop.buyLabel(account)).id, (await shop.buyLabel(account)).id];
      const input = { idempotencyKey: shop.key, shipmentIds };
      const [first, ...rest] = [...(await Promise.all([createManifest(input), createManifest(input)])), await createManifest(input)]; // prettier-ignore
      expect(first).toMatchObject({ userErrors: [], failure: null });
      expect(rest.map((each) => each.manifest.id)).toEqual([first.manifest.id, first.manifest.id]);
      expect(shop.posts(account, created)).toBe(before + 1);

      shop.server.clock.advance(60_000);
      const { data } = await shop.server.ask(`query ($id: ID!) { manifest(id: $id) { ${manifestFields} } }`, {
        id: first.manifest.id,
      });
      expect(data.manifest).toMatchObject({
        status: 'CREATED',
        account: { id: account },
        form: { format: 'PDF' },
      });
      expect(data.manifest.shipments.nodes.map((each: any) => each.id).sort()).toEqual(
        [...shipmentIds].sort(),
      );
      const form = await fetch(data.manifest.form.url);
      expect(form.headers.get('content-type')).toBe('application/pdf');
      expect(
        Buffer.from(await form.arrayBuffer())
          .subarray(0, 5)
          .toString(),
      ).toBe('%PDF-');

      const again = await createManifest({ idempotencyKey: randomUUID(), shipmentIds: [shipmentIds[1]] });
      expect(again.userErrors).toMatchObject([{ code: 'NOT_ALLOWED', field: ['input', 'shipmentIds', '0'] }]);
      const voided = await shop.server.ask(voidMutation, { id: shipmentIds[0] });
      expect(voided.data.shipmentVoid).toMatchObject({
        shipment: null,
        userErrors: [{ code: 'NOT_VOIDABLE', message: expect.stringContaining(first.manifest.id) }],
      });
      expect(shop.posts(account, /\/refund$/)).toBe(0);
    });
  });

  it('of USPS stays UNCERTAIN after a lost response, which USPS offers no way to look up, and is not created again', async () => {
    const shipmentIds = [(await shop.buyLabel('usps')).id];
    const before = shop.posts('usps', /\/scan-form$/);
    shop.server.sandbox.usps.injectFault({ method: 'POST', path: /\/scan-form$/, times: 1, drop: 'after' });
    const input = { idempotencyKey: shop.key, shipmentIds };
    const lost = await createManifest(input);
    expect(lost).toMatchObject({
      manifest: { status: 'UNCERTAIN', form: null },
      failure: { code: 'UNAVAILABLE' },
    });
    expect((await createManifest(input)).manifest).toMatchObject({
      id: lost.manifest.id,
      status: 'UNCERTAIN',
    });
    expect(shop.posts('usps', /\/scan-form$/)).toBe(before + 1);
  });
});
