import { describe, expect, test } from 'vitest';
import { pdfText } from '../printing/pdf-text.ts';
import {
  buy,
  call,
  canada,
  clock,
  domesticShipment,
  parcel,
  quote,
  redondoBeach,
  sanFrancisco,
  second,
  setUpEasyPost,
} from './easypost-api.ts';

setUpEasyPost();

const textAt = async (url: string) => pdfText(Buffer.from(await (await fetch(url)).arrayBuffer()));
const customs_info = {
  contents_type: 'merchandise',
  customs_signer: 'Jack Sparrow',
  customs_items: [
    {
      description: 'Cotton shirt',
      quantity: 2,
      value: 40,
      weight: 5,
      hs_tariff_number: '610510',
      origin_country: 'US',
    },
    { description: 'Wool hat', quantity: 1, value: 12.5, weight: 3, hs_tariff_number: '650500' },
  ],
};

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

  test('names the service as its carrier does, the signature, the insurance and the date', async () => {
    const options = { label_format: 'PDF', delivery_confirmation: 'ADULT_SIGNATURE' };
    const { body } = await buy('NextDayAir', { ...domesticShipment, options }, { insurance: 500 });
    const text = await textAt(body.postage_label.label_url);
    for (const line of [
      'UPS NEXT DAY AIR',
      'ADULT SIGNATURE REQUIRED - INSURED $500.00',
      'Ship date 2025-03-07',
    ]) {
      expect(text).toContain(line);
    }
    expect(text).not.toContain('UPSDAP');
  });

  test('to a military post has the lines of its customs form', async () => {
    const to_address = {
      ...redondoBeach,
      street1: 'PSC 802 Box 74',
      city: 'APO',
      state: 'AE',
      zip: '09499',
    };
    const shipment = { ...domesticShipment, to_address, customs_info, options: { label_format: 'PDF' } };
    const { body } = await buy('Priority', shipment);
    const text = await textAt(body.postage_label.label_url);
    expect(text).toContain('CUSTOMS DECLARATION');
    expect(text).toContain('2 Cotton shirt 610510 US $40.00');
    expect(text).toContain('Total $52.50');
  });

  test('of an order says which of its parcels it is on', async () => {
    const order = {
      to_address: redondoBeach,
      from_address: sanFrancisco,
      options: { label_format: 'PDF' },
      shipments: [{ parcel }, { parcel }, { parcel }],
    };
    const { id } = (await call('POST', '/v2/orders', { order })).body;
    const { body } = await call('POST', `/v2/orders/${id}/buy`, { carrier: 'USPS', service: 'Priority' });
    const texts = await Promise.all(
      body.shipments.map(({ postage_label }) => textAt(postage_label.label_url)),
    );
    expect(texts.map((text) => /\d of \d/.exec(text)?.[0])).toEqual(['1 of 3', '2 of 3', '3 of 3']);
  });

  test('in ZPL carries the mark that it is not valid', async () => {
    const { body } = await buy('Priority', { ...domesticShipment, options: { label_format: 'ZPL' } });
    const zpl = await (await fetch(body.postage_label.label_url)).text();
    expect(zpl).toContain('SANDBOX - NOT VALID POSTAGE');
  });
});

describe('a form', () => {
  test('for customs is an invoice with parties, lines, codes, values, sums and signature', async () => {
    const shipment = {
      ...domesticShipment,
      to_address: canada,
      customs_info,
      options: { invoice_number: 'INV-17', incoterm: 'DDP' },
    };
    const { body } = await buy('PriorityMailInternational', shipment);
    const text = await textAt((body.forms[0] as { form_url: string }).form_url);
    for (const line of [
      'COMMERCIAL INVOICE',
      'SHIPPER / EXPORTER',
      'Jack Sparrow',
      'Sawyer Bateman',
      'CANADA',
      'No. INV-17',
      'Terms of sale: DDP',
      'Cotton shirt',
      '610510',
      '12.50',
      'Total value 52.50 USD',
      'Signature: Jack Sparrow',
    ]) {
      expect(text).toContain(line);
    }
    expect(text).not.toContain('SHIP TO');
  });

  test('for a scan names the sender and every number, and no receiver', async () => {
    const label = (await buy()).body;
    const form = (await call('POST', '/v2/scan_forms', { shipments: [{ id: label.id }] })).body;
    clock.advance(30 * second);
    const { body } = await call('GET', `/v2/scan_forms/${form.id}`);
    const text = await textAt((body as unknown as { form_url: string }).form_url);
    expect(text).toContain('SCAN FORM');
    expect(text).toContain('Jack Sparrow');
    expect(text.replace(/ /g, '')).toContain(label.tracking_code);
    expect(text).not.toMatch(/SHIP TO|Elizabeth Swan|ELIZABETH SWAN/);
  });
});
