import { degrees, PDFDocument } from '@cantoo/pdf-lib';
import { describe, expect, it } from 'vitest';

import { createPdfWriter } from '../../../src/workflows/label-documents/pdf.ts';
import type { LabelLayout } from '../../../src/domain/label-document.ts';
import { pageTexts } from '../../support/page-texts.ts';

/** A label of one page with a text, turned clockwise by `rotation` to be read. */
async function label(text: string, width = 288, height = 432, rotation = 0): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const page = document.addPage([width, height]);
  page.drawText(text);
  page.setRotation(degrees(rotation));
  return document.save();
}

async function write(layout: LabelLayout, labels: readonly Uint8Array[], skipped: readonly string[] = []) {
  const writer = await createPdfWriter(layout, new Date(0));
  for (const data of labels) await writer.add({ format: 'PDF', data });
  return writer.finish(skipped.map((shipmentId) => ({ shipmentId, reason: 'has no label' })));
}

const sizes = async (file: Uint8Array) =>
  (await PDFDocument.load(file)).getPages().map((page) => [page.getWidth(), page.getHeight()]);

describe('a PDF of labels', () => {
  it('has a page for each label, as it is read', async () => {
    const file = await write('SINGLE', [await label('first'), await label('second', 432, 288, 90)]);
    expect(await pageTexts(file)).toEqual(['first', 'second']);
    expect(await sizes(file)).toEqual([
      [288, 432],
      [288, 432],
    ]);
  });

  it('keeps the order where a page is too large for a quarter of a sheet', async () => {
    const file = await write('FOUR_PER_A4', [
      await label('first'),
      await label('customs form', 612, 792),
      await label('second'),
      await label('lies on its side', 432, 288),
    ]);
    expect(await pageTexts(file)).toEqual(['first', 'customs form', 'second\nlies on its side']);
    expect(await sizes(file)).toEqual([
      [595.28, 841.89],
      [612, 792],
      [595.28, 841.89],
    ]);
  });

  it('continues its slip on further pages', async () => {
    const skipped = Array.from({ length: 100 }, (_, index) => `shp_${index}`);
    const texts = await pageTexts(await write('SINGLE', [], skipped));
    expect(texts.length).toBeGreaterThan(1);
    expect(texts.join('\n').split('\n')).toEqual([
      'Not in this document: 100 of the shipments or parcels',
      ...skipped.map((id) => `${id} has no label`),
    ]);
  });

  it('refuses a file that is no PDF, and keeps the labels before it', async () => {
    const writer = await createPdfWriter('SINGLE', new Date(0));
    await writer.add({ format: 'PDF', data: await label('first') });
    await expect(writer.add({ format: 'PDF', data: Buffer.from('%PDF-1.7 cut off') })).rejects.toThrow();
    expect(await pageTexts(await writer.finish([]))).toEqual(['first']);
  });
});
