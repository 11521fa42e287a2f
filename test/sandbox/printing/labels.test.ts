import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { formPages } from '../../../sandbox/printing/forms.ts';
import { labelPage, receiptPage, type LabelDesign } from '../../../sandbox/printing/label.ts';
import { fitted, textMark, type Page } from '../../../sandbox/printing/page.ts';
import { toPdf } from '../../../sandbox/printing/pdf.ts';
import { toPng } from '../../../sandbox/printing/png.ts';
import { toEpl2, toZpl } from '../../../sandbox/printing/printer-languages.ts';
import { transliterate } from '../../../sandbox/printing/transliteration.ts';
import { pdfText } from './pdf-text.ts';

const design: LabelDesign = {
  title: 'USPS GROUND ADVANTAGE',
  from: ['EasyPost', '417 MONTGOMERY ST', 'SAN FRANCISCO CA 94104'],
  to: ['George Costanza', '1 E 161ST ST', 'BRONX NY 10451'],
  trackingNumber: '9200190345678900000018',
  details: ['Weight 1 lb'],
  barcode: 'gs1-128',
  routing: '10451',
};
const pdfOf = (label: LabelDesign) => toPdf([labelPage(label)]);

describe('a label', () => {
  test('is a PDF of 4x6 inches, marked as no valid postage', async () => {
    const pdf = await pdfOf(design);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.toString('latin1')).toContain('/MediaBox [0 0 288 432]');
    const text = pdfText(pdf);
    expect(text).toContain('SANDBOX - NOT VALID POSTAGE');
    expect(text).toContain('9200 1903 4567 8900 0000 18');
    expect(text).toContain('BRONX NY 10451');
  });

  test('groups a number as people read it', async () => {
    for (const [trackingNumber, printed] of [
      ['LZ050000034US', 'LZ 050 000 034 US'],
      ['1Z5A00B10300000018', '1Z 5A0 0B1 03 0000 0018'],
      ['794600000019', '7946 0000 0019'],
    ] as const) {
      expect(pdfText(await pdfOf({ ...design, barcode: 'code128', trackingNumber }))).toContain(printed);
    }
  });

  test('has the same bytes every time', async () => {
    expect((await pdfOf(design)).equals(await pdfOf(design))).toBe(true);
    expect(toPng(labelPage(design)).equals(toPng(labelPage(design)))).toBe(true);
  });

  test('is on a letter page where it has a receipt', async () => {
    const pdf = await pdfOf({ ...design, receipt: ['Total $8.25'] });
    expect(pdf.toString('latin1')).toContain('/MediaBox [0 0 612 792]');
    expect(pdfText(pdf)).toContain('Total $8.25');
    expect(pdfText(await toPdf([receiptPage(['Total $8.25'])]))).toContain('Total $8.25');
  });

  test('is a PNG of 4x6 inches at 203 dots per inch, with the addresses above the barcode', () => {
    const { width, height, dotsPerMeter, rows } = readPng(toPng(labelPage(design)));
    expect([width, height, Math.round(dotsPerMeter * 0.0254)]).toEqual([812, 1218, 203]);
    const inked = (from: number, to: number) =>
      rows.slice(from, to).some((row) => row.some((grey) => grey < 128));
    const [receiver, gap, barcode] = [inked(430, 560), inked(620, 680), inked(760, 900)];
    expect([receiver, gap, barcode]).toEqual([true, false, true]);
  });

  test('says which of several parcels it is, what the driver needs, and its customs lines', async () => {
    const text = pdfText(
      await pdfOf({
        ...design,
        piece: { number: 1, total: 3 },
        banner: ['ADULT SIGNATURE REQUIRED', 'INSURED $500.00'],
        customs: ['2 Cotton shirt 610510 US $40.00'],
      }),
    );
    expect(text).toContain('1 of 3');
    expect(text).toContain('ADULT SIGNATURE REQUIRED - INSURED $500.00');
    expect(text).toContain('2 Cotton shirt 610510 US $40.00');
  });

  test('is marked as not valid in the languages of printers too', () => {
    for (const commands of [toZpl([labelPage(design)]), toEpl2([labelPage(design)])]) {
      expect(commands).toContain('SANDBOX - NOT VALID POSTAGE');
      expect(commands).toContain('9200190345678900000018');
    }
    expect(toZpl([labelPage(design), labelPage(design)]).match(/\^XA/g)).toHaveLength(2);
  });
});

describe('a text', () => {
  test('is transliterated, since printers have ASCII only', () => {
    for (const [given, printed] of [
      ['José Müller-Łukaszewski', 'Jose Muller-Lukaszewski'],
      ['Иванов Сергей', 'Ivanov Sergei'],
      ['Παπαδόπουλος', 'Papadopoylos'],
      ['さくら タロウ', 'Sakura Tarou'],
      ['홍길동', 'Honggildong'],
      ['Straße 5–7', 'Strasse 5-7'],
      ['東京', '??'],
    ] as const) {
      expect(transliterate(given)).toBe(printed);
    }
  });

  test('that is too wide is drawn smaller, and then cut, and never overprints its neighbour', () => {
    const measure = (text: string, size: number) => text.length * size * 0.5;
    const fit = (text: string) => fitted(textMark(text, { x: 0, y: 0, width: 100, size: 10 }), measure);
    expect(fit('short')).toEqual({ text: 'short', size: 10 });
    expect(fit('a name of thirty letters, say.').size).toBeLessThan(10);
    const cut = fit('a name '.repeat(20));
    expect(cut.text).toMatch(/\.\.\.$/);
    expect(measure(cut.text, cut.size)).toBeLessThanOrEqual(100);
  });
});

describe('a form', () => {
  test('has as many pages as its lines need, with its sums and signature on the last', async () => {
    const pages = formPages({
      title: 'COMMERCIAL INVOICE',
      blocks: [{ heading: 'SHIPPER', lines: ['Jack Sparrow'] }],
      table: {
        columns: [{ heading: 'Description', share: 1 }],
        rows: Array.from({ length: 60 }, (_, index) => [`line ${index + 1}.`]),
      },
      totals: ['Total value 60.00 USD'],
      declaration: { lines: ['All is true.'], signer: 'Jack Sparrow' },
    });
    expect(pages.length).toBeGreaterThan(1);
    const textsOf = (page: Page) => page.marks.map((mark) => (mark.kind === 'text' ? mark.text : ''));
    for (const page of pages) expect(textsOf(page)).toContain('SANDBOX - NOT VALID POSTAGE');
    expect(textsOf(pages[0]!)).not.toContain('Total value 60.00 USD');
    expect(textsOf(pages.at(-1)!)).toEqual(
      expect.arrayContaining(['line 60.', 'Total value 60.00 USD', 'Signature: Jack Sparrow']),
    );
    for (const { height, marks } of pages) expect(Math.max(...marks.map(({ y }) => y))).toBeLessThan(height);
  });
});

/** Reads a PNG of eight-bit grey whose rows have no filter. */
function readPng(png: Buffer) {
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const length = png.readUInt32BE(at);
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length));
  }
  const header = chunks.get('IHDR')!;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const pixels = inflateSync(chunks.get('IDAT')!);
  const rows = Array.from({ length: height }, (_, row) =>
    pixels.subarray(row * (width + 1) + 1, (row + 1) * (width + 1)),
  );
  return { width, height, dotsPerMeter: chunks.get('pHYs')!.readUInt32BE(0), rows };
}
