import { describe, expect, test } from 'vitest';
import { buy, call, domesticShipment, quote } from './easypost-api.ts';

describe('a label', () => {
  test('is a file in the requested format that needs no key', async () => {
    const beginnings = { PNG: '\x89PNG', PDF: '%PDF', ZPL: '^XA', EPL2: '\nN\n' };
    for (const [label_format, beginning] of Object.entries(beginnings)) {
      const { body } = await buy('Priority', { ...domesticShipment, options: { label_format } });
      const response = await fetch(body.postage_label.label_url);
      expect(response.headers.get('content-type')).toContain(body.postage_label.label_file_type);
      expect(Buffer.from(await response.arrayBuffer()).toString('latin1')).toMatch(beginning);
    }
  });

  test('is converted if it is purchased and a PNG', async () => {
    const unpurchased = await quote();
    const early = await call('GET', `/v2/shipments/${unpurchased.id}/label?file_format=ZPL`);
    expect([early.status, early.body.error.code]).toEqual([422, 'SHIPMENT.POSTAGE.REQUIRED']);
    const png = (await buy()).body;
    const { body } = await call('GET', `/v2/shipments/${png.id}/label?file_format=ZPL`);
    expect(body.postage_label).toMatchObject({
      label_url: png.postage_label.label_url,
      label_file_type: 'image/png',
      label_zpl_url: expect.stringMatching(/\.zpl$/),
    });
    const pdf = (await buy('Priority', { ...domesticShipment, options: { label_format: 'PDF' } })).body;
    const notConverted = await call('GET', `/v2/shipments/${pdf.id}/label?file_format=ZPL`);
    expect([notConverted.status, notConverted.body.error.code]).toEqual([
      422,
      'SHIPMENT.POSTAGE.FORMAT_UNAVAILABLE',
    ]);
  });
});
