import {
  degrees,
  PDFDocument,
  StandardFonts,
  type PDFEmbeddedPage,
  type PDFImage,
  type PDFPage,
} from '@cantoo/pdf-lib';

import type { LabelLayout } from '../../domain/label-document.ts';
import { drawSlip } from './pdf-slip.ts';
import { slipLines, type LabelWriter } from './writer.ts';

type Size = readonly [width: number, height: number];

/** In points, 72 an inch. */
const labelSize: Size = [288, 432];
const sheets: Readonly<Record<Exclude<LabelLayout, 'SINGLE'>, Size>> = {
  FOUR_PER_LETTER: [612, 792],
  FOUR_PER_A4: [595.28, 841.89],
};
/** Kept free around each quarter of a sheet, which printers do not reach. */
const margin = 9;
/** A barcode that is scaled down further may not scan: such a page stands alone, in its own size. */
const smallestScale = 0.8;

/** What is drawn: a page of a label, or an image of one. */
interface Drawing {
  readonly size: Size;
  /** Counterclockwise, from how it is stored to how it is read: 0, 90, 180 or 270. */
  readonly rotation: number;
  draw(
    page: PDFPage,
    options: { x: number; y: number; width: number; height: number; rotation: number },
  ): void;
}

/** Writes a PDF of labels that are PDF or PNG. `createdAt` is its date, so that the same labels give the same file. */
export async function createPdfWriter(layout: LabelLayout, createdAt: Date): Promise<LabelWriter> {
  const document = await PDFDocument.create();
  document.setCreationDate(createdAt);
  document.setModificationDate(createdAt);
  document.setProducer('Parcelgraph');
  const place = layout === 'SINGLE' ? placeAlone(document) : placeOnSheets(document, sheets[layout]);
  return {
    async add({ format, data }) {
      for (const drawing of await toDrawings(document, format === 'PNG', data)) place(drawing);
    },
    async finish(skipped) {
      const lines = slipLines(skipped);
      const font = await document.embedFont(StandardFonts.Helvetica);
      if (lines.length > 0) drawSlip(document, layout === 'SINGLE' ? labelSize : sheets[layout], font, lines);
      // A PDF has a page at least.
      if (document.getPageCount() === 0) document.addPage([...labelSize]);
      return Buffer.from(await document.save());
    },
  };
}

async function toDrawings(document: PDFDocument, isImage: boolean, data: Uint8Array): Promise<Drawing[]> {
  if (isImage) return [imageDrawing(await document.embedPng(data))];
  const source = await PDFDocument.load(data, { updateMetadata: false });
  const pages = source.getPages();
  const boxes = pages.map((page) => {
    const { x, y, width, height } = page.getCropBox();
    return { left: x, bottom: y, right: x + width, top: y + height };
  });
  const embedded = await document.embedPages(pages, boxes);
  return embedded.map((page, index) => pageDrawing(page, pages[index]!.getRotation().angle));
}

/** An image of a label has its proportions, in whatever resolution. */
function imageDrawing(image: PDFImage): Drawing {
  const scale = Math.min(labelSize[0] / image.width, labelSize[1] / image.height);
  return {
    size: [image.width * scale, image.height * scale],
    rotation: 0,
    draw: (page, { rotation, ...box }) => page.drawImage(image, { ...box, rotate: degrees(rotation) }),
  };
}

/** `/Rotate` of a page is clockwise; an embedded page does not keep it. */
const pageDrawing = (embedded: PDFEmbeddedPage, clockwise: number): Drawing => ({
  size: [embedded.width, embedded.height],
  rotation: ((-clockwise % 360) + 360) % 360,
  draw: (page, { rotation, ...box }) => page.drawPage(embedded, { ...box, rotate: degrees(rotation) }),
});

/** Places each drawing on a page of its size. */
function placeAlone(document: PDFDocument): (drawing: Drawing) => void {
  return (drawing) => {
    const [width, height] = turned(drawing.size, drawing.rotation);
    drawAt(document.addPage([width, height]), drawing, { x: 0, y: 0, scale: 1, rotation: drawing.rotation });
  };
}

/** Places four drawings on a sheet, from left to right and top to bottom. */
function placeOnSheets(document: PDFDocument, [width, height]: Size): (drawing: Drawing) => void {
  const cell = [width / 2, height / 2] as const;
  const alone = placeAlone(document);
  let sheet: PDFPage | undefined;
  let used = 0;
  return (drawing) => {
    // Labels are higher than wide; one that lies on its side is turned.
    const [across, up] = turned(drawing.size, drawing.rotation);
    const rotation = (drawing.rotation + (across > up ? 90 : 0)) % 360;
    const [w, h] = turned(drawing.size, rotation);
    const scale = Math.min((cell[0] - 2 * margin) / w, (cell[1] - 2 * margin) / h, 1);
    if (scale < smallestScale) {
      sheet = undefined;
      return alone(drawing);
    }
    if (sheet === undefined || used === 4) {
      sheet = document.addPage([width, height]);
      used = 0;
    }
    const left = (used % 2) * cell[0];
    const bottom = used < 2 ? cell[1] : 0;
    const x = left + (cell[0] - w * scale) / 2;
    const y = bottom + (cell[1] - h * scale) / 2;
    drawAt(sheet, drawing, { x, y, scale, rotation });
    used += 1;
  };
}

const turned = ([width, height]: Size, rotation: number): Size =>
  rotation % 180 === 0 ? [width, height] : [height, width];

/** Draws so that the turned drawing's lower left corner is at `x` and `y`: a rotation turns about the drawing's own corner. */
function drawAt(
  page: PDFPage,
  { size, draw }: Drawing,
  { x, y, scale, rotation }: { x: number; y: number; scale: number; rotation: number },
): void {
  const [width, height] = [size[0] * scale, size[1] * scale];
  const [across, up] = turned([width, height], rotation);
  const corner = { 0: [0, 0], 90: [across, 0], 180: [across, up], 270: [0, up] }[rotation] ?? [0, 0];
  draw(page, { x: x + corner[0]!, y: y + corner[1]!, width, height, rotation });
}
