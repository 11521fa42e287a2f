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
    it('is created once for concurrent and repeated calls with the same key, and its labels cannot be voided or listed again', async () => {
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

  it('is created for one of two calls at once with different keys, and the other names it', async () => {
    const before = shop.posts('usps', /\/scan-form$/);
    const shipmentIds = [(await shop.buyLabel('usps')).id];
    const results = await Promise.all(
      ['a', 'b'].map((name) => createManifest({ idempotencyKey: `${shop.key} ${name}`, shipmentIds })),
    );
    const [won, lost] = results[0].manifest ? results : results.toReversed();
    expect(won.manifest).toMatchObject({ status: 'CREATED' });
    expect(lost).toMatchObject({
      manifest: null,
      userErrors: [{ code: 'NOT_ALLOWED', message: `is on the manifest ${won.manifest.id} already` }],
    });
    expect(shop.posts('usps', /\/scan-form$/)).toBe(before + 1);
  });

  it('of EasyPost that was CREATING is asked for once when it is listed, up to its form or its failure', async () => {
    const { easypost } = shop.server.sandbox;
    const asked = () => easypost.count('GET', /\/scan_forms\/sf_/);
    const list = async () =>
      (await shop.server.ask('{ manifests(first: 2) { nodes { id status form { format } failure { message } } } }'))
        .data.manifests.nodes; // prettier-ignore
    const creating = (body: unknown) => ({ ...(body as object), status: 'creating', form_url: null });
    const ids = [];
    for (const name of ['a', 'b']) {
      easypost.injectFault({ method: 'POST', path: /\/scan_forms$/, times: 1, alter: creating });
      const input = {
        idempotencyKey: `${shop.key} ${name}`,
        shipmentIds: [(await shop.buyLabel('easypost')).id],
      };
      const { manifest } = await createManifest(input);
      expect(manifest).toMatchObject({ status: 'CREATING', form: null });
      ids.unshift(manifest.id);
    }

    const stop = easypost.injectFault({
      method: 'GET',
      path: /\/scan_forms\/sf_/,
      response: { status: 429, body: '' },
    });
    expect(await list()).toMatchObject([{ status: 'CREATING' }, { status: 'CREATING' }]);
    stop();
    const before = asked();
    const failed = (body: unknown) => ({
      ...(body as object),
      status: 'failed',
      form_url: null,
      message: 'no luck',
    });
    easypost.injectFault({ method: 'GET', path: /\/scan_forms\/sf_/, times: 1, alter: failed });
    const nodes = await list();
    expect(asked()).toBe(before + 2);
    expect(nodes.map(({ id }: any) => id)).toEqual(ids);
    expect(nodes.toSorted((a: any, b: any) => a.status.localeCompare(b.status))).toMatchObject([
      { status: 'CREATED', form: { format: 'PDF' }, failure: null },
      { status: 'FAILED', form: null, failure: { message: 'EasyPost created no scan form: no luck' } },
    ]);
    expect(await list()).toEqual(nodes);
    expect(asked()).toBe(before + 2);
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
