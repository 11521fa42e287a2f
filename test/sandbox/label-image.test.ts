import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { labelPdf, labelPng, receiptPdf, type LabelDesign } from '../../sandbox/label-image.ts';

const design: LabelDesign = {
  title: 'USPS GROUND ADVANTAGE',
  from: ['EasyPost', '417 MONTGOMERY ST', 'SAN FRANCISCO CA 94104'],
  to: ['George Costanza', '1 E 161ST ST', 'BRONX NY 10451'],
  trackingNumber: '9200190345678900000018',
  details: ['Weight 1 lb'],
  barcode: 'gs1-128',
  routing: '10451',
};

/** Returns the text of a PDF, which pdfkit writes as hexadecimal strings in compressed streams. */
function textOf(pdf: Buffer): string {
  const streams = [...pdf.toString('latin1').matchAll(/\/FlateDecode\n>>\nstream\n([\s\S]*?)\nendstream/g)];
  return streams
    .map(([, stream]) => {
      try {
        return inflateSync(Buffer.from(stream!, 'latin1')).toString('latin1');
      } catch {
        return '';
      }
    })
    .flatMap((content) => [...content.matchAll(/\[((?:<[0-9a-f]*>\s*-?[\d.]*\s*)+)\] TJ/g)])
    .map(([, parts]) =>
      [...parts!.matchAll(/<([0-9a-f]*)>/g)].map(([, hex]) => Buffer.from(hex!, 'hex')).join(''),
    )
    .join('\n');
}

describe('the image of a label', () => {
  test('is a PDF of 4x6 inches, marked as no valid postage', async () => {
    const pdf = await labelPdf(design);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.toString('latin1')).toContain('/MediaBox [0 0 288 432]');
    const text = textOf(pdf);
    expect(text).toContain('SANDBOX - NOT VALID POSTAGE');
    expect(text).toContain('9200 1903 4567 8900 0000 18');
    expect(text).toContain('BRONX NY 10451');
  });

  test('has the same bytes every time', async () => {
    expect((await labelPdf(design)).equals(await labelPdf(design))).toBe(true);
  });

  test('is on a letter page where it has a receipt', async () => {
    const pdf = await labelPdf({ ...design, receipt: ['Total $8.25'] });
    expect(pdf.toString('latin1')).toContain('/MediaBox [0 0 612 792]');
    expect(textOf(pdf)).toContain('Total $8.25');
    expect(textOf(await receiptPdf(['Total $8.25']))).toContain('Total $8.25');
  });

  test('is available as a PNG', async () => {
    const png = await labelPng({ ...design, barcode: 'code128', trackingNumber: '1Z12345E0205271688' });
    expect(png.subarray(1, 4).toString()).toBe('PNG');
  });
});
