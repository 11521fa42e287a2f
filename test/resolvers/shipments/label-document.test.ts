import { PDFDocument } from '@cantoo/pdf-lib';
import { describe, expect, it } from 'vitest';

import { setUpPurchases } from '../../support/purchases.ts';
import { pageTexts } from '../../support/page-texts.ts';
import { box, storages } from '../../support/test-server.ts';

const query = `query ($input: LabelDocumentInput!) { labelDocument(input: $input) {
  url contentType expiresAt labels skipped { shipmentId reason } } }`;

describe.each(storages)('labelDocument, on the %s ledger', (storage) => {
  const shop = setUpPurchases(storage);

  const ask = async (shipmentIds: readonly string[], more: object = {}, apiKey?: string) =>
    shop.server.ask(query, { input: { shipmentIds, format: 'PDF', ...more } }, apiKey);
  const documentOf = async (...args: Parameters<typeof ask>) => {
    const { data, errors } = await ask(...args);
    expect(errors).toBeUndefined();
    return data.labelDocument;
  };
  const download = async (url: string) => {
    const response = await fetch(url);
    expect(response.status).toBe(200);
    return Buffer.from(await response.arrayBuffer());
  };
  const sizesOf = async (file: Buffer) =>
    (await PDFDocument.load(file)).getPages().map((page) => [page.getWidth(), page.getHeight()]);
  const buyAs = async (account: string, format: string) => {
    const rate = await shop.rateOf(account);
    const key = `${shop.key} ${account} ${format}`;
    return (await shop.buy({ idempotencyKey: key, rateId: rate.id, label: { format } })).shipment;
  };

  it('prints the labels of several providers in the order given, each on a page of its size', async () => {
    const usps = await shop.buyLabel('usps');
    const easypost = await shop.buyLabel('easypost');
    const png = await buyAs('usps', 'PNG');
    const document = await documentOf([easypost.id, png.id, usps.id]);
    expect(document).toMatchObject({ contentType: 'application/pdf', labels: 3, skipped: [] });
    const file = await download(document.url);
    expect(await sizesOf(file)).toEqual([
      [288, 432],
      [288, 432],
      [288, 432],
    ]);
    const numbers = (await pageTexts(file)).map((text) =>
      [easypost, png, usps]
        .map(({ trackingNumber }) => trackingNumber)
        .filter((number) => text.replaceAll(' ', '').includes(number)),
    );
    // The label in the middle is an image, which has no text.
    expect(numbers).toEqual([[easypost.trackingNumber], [], [usps.trackingNumber]]);
    // The same document is the same file.
    expect(await download(document.url)).toEqual(file);
  });

  it.each([
    ['FOUR_PER_LETTER', [612, 792]],
    ['FOUR_PER_A4', [595.28, 841.89]],
  ])('places four labels on a sheet: %s', async (layout, size) => {
    const rate = await shop.rateOf('usps', { parcels: [box, box, box, box, box] });
    const { id } = (await shop.buy({ idempotencyKey: shop.key + layout, rateId: rate.id })).shipment;
    const document = await documentOf([id], { layout });
    expect(document).toMatchObject({ labels: 5, skipped: [] });
    expect(await sizesOf(await download(document.url))).toEqual([size, size]);
  });

  it('lists on a slip what it does not include, and why', async () => {
    const label = await shop.buyLabel('usps');
    const voided = await shop.buyLabel('usps');
    await shop.voidShipment(voided.id);
    const zpl = await buyAs('usps', 'ZPL');
    const ids = [label.id, voided.id, 'shp_nobody', zpl.id, label.id];
    const document = await documentOf(ids);
    expect(document).toMatchObject({
      labels: 1,
      skipped: [
        { shipmentId: voided.id, reason: 'is VOIDED: it has no label to print' },
        { shipmentId: 'shp_nobody', reason: 'is no shipment of yours' },
        {
          shipmentId: zpl.id,
          reason: 'has a label in ZPL: reprint it as PDF with labelReprint, then ask again',
        },
        { shipmentId: label.id, reason: 'is given more than once: its label is included once' },
      ],
    });
    const text = (await pageTexts(await download(document.url))).at(-1);
    expect(text).toContain('Not in this document: 4 of the shipments or parcels');
    expect(text).toContain('shp_nobody is no shipment of yours');
    // Another tenant's shipments are no shipments.
    expect((await documentOf([label.id], {}, 'other-key')).skipped).toEqual([
      { shipmentId: label.id, reason: 'is no shipment of yours' },
    ]);
  });

  it('never prints a label that is voided after the document was asked for', async () => {
    const { id, trackingNumber } = await shop.buyLabel('usps');
    const { url, labels } = await documentOf([id]);
    expect(labels).toBe(1);
    await shop.voidShipment(id);
    const text = (await pageTexts(await download(url))).join();
    expect(text.replaceAll(' ', '')).not.toContain(trackingNumber);
    expect(text.replaceAll('\n', ' ')).toContain(`${id} was voided: its label must not be used`);
  });

  it('streams ZPL, one label after the other, with a slip that holds no command of the ids', async () => {
    const zpl = [await buyAs('usps', 'ZPL'), await buyAs('easypost', 'ZPL')];
    const ids = [zpl[1].id, '^XA^FDno^FS^XZ', zpl[0].id];
    const document = await documentOf(ids, { format: 'ZPL' });
    expect(document).toMatchObject({ contentType: 'application/zpl', labels: 2 });
    const file = (await download(document.url)).toString('latin1');
    const numbers = zpl.map(({ trackingNumber }) => file.indexOf(trackingNumber));
    expect(numbers[1]).toBeGreaterThan(-1);
    expect(numbers[0]).toBeGreaterThan(numbers[1]!);
    expect(file.match(/\^XA/g)?.length).toBe(file.match(/\^XZ/g)?.length);
    expect(file).toContain('?XA?FDno?FS?XZ is no shipment of yours');
  });

  it('fetches a label that is still at its provider, and includes it later where that fails', async () => {
    const response = { status: 503, body: '' };
    const recover = shop.server.sandbox.easypost.injectFault({ path: /\/files\//, response });
    const { id } = await shop.buyLabel('easypost');
    const { labels, skipped } = await documentOf([id]);
    recover();
    expect([labels, skipped]).toEqual([
      0,
      [{ shipmentId: id, reason: 'has a label that the provider does not return now: ask again later' }],
    ]);
    expect((await documentOf([id])).labels).toBe(1);
  });

  it('refuses what no file can hold', async () => {
    const fieldOf = async (...args: Parameters<typeof ask>) => {
      const { data, errors } = await ask(...args);
      expect(data.labelDocument).toBeNull();
      return [errors![0]!.extensions.code, (errors![0]!.extensions.field as string[]).join('.')];
    };
    expect(await fieldOf([])).toEqual(['BAD_USER_INPUT', 'input.shipmentIds']);
    expect(await fieldOf(Array.from({ length: 1001 }, (_, index) => `shp_${index}`))).toEqual([
      'BAD_USER_INPUT',
      'input.shipmentIds',
    ]);
    expect(await fieldOf(['shp_1'], { format: 'PNG' })).toEqual(['BAD_USER_INPUT', 'input.format']);
    expect(await fieldOf(['shp_1'], { format: 'ZPL', layout: 'FOUR_PER_A4' })).toEqual([
      'BAD_USER_INPUT',
      'input.layout',
    ]);
  });

  it('expires after a day', async () => {
    const { url } = await documentOf(['shp_nobody']);
    shop.server.clock.advance(24 * 60 * 60 * 1000);
    expect((await fetch(url)).status).toBe(410);
  });
});
