import { crc32, deflateSync } from 'node:zlib';
import bwipjs from 'bwip-js/node';
import { barWidths } from './barcode.ts';
import { fitted, type BarcodeMark, type Page, type TextMark } from './page.ts';

/** Dots per inch of the usual label printer. */
const dotsPerInch = 203;
const dots = (points: number) => Math.round((points * dotsPerInch) / 72);

/** OCR-B, the only font that bwip-js brings: its letters are equally wide. */
const font = bwipjs.FontLib.lookup('OCR-B');
/** Its letters drawn at the height and width that come close to Helvetica. */
const glyphOf = (character: string, size: number) =>
  bwipjs.FontLib.getglyph(font, character.charCodeAt(0), dots(size) * 0.78, dots(size) * 0.95);

/** Creates a PNG of a page at 203 dots per inch: 812 by 1218 for a 4x6 label. The same page gives the same bytes. */
export function toPng(page: Page): Buffer {
  const [width, height] = [dots(page.width), dots(page.height)];
  const canvas = { width, height, pixels: Buffer.alloc(width * height, 0xff) };
  for (const mark of page.marks) {
    if (mark.kind === 'text') drawText(canvas, mark);
    else if (mark.kind === 'barcode') drawBarcode(canvas, mark);
    else fill(canvas, dots(mark.x), dots(mark.y), dots(mark.width), 2);
  }
  return encode(canvas);
}

interface Canvas {
  width: number;
  height: number;
  /** One byte of grey for each dot. */
  pixels: Buffer;
}

const textWidth = (text: string, size: number) =>
  [...text].reduce((sum, character) => sum + glyphOf(character, size).advance, 0);

function drawText(canvas: Canvas, mark: TextMark) {
  const width = dots(mark.width);
  const { text, size } = fitted({ ...mark, width }, textWidth);
  const slack = width - textWidth(text, size);
  let left = dots(mark.x) + Math.round({ left: 0, center: slack / 2, right: slack }[mark.align]);
  const baseline = dots(mark.y + size * 0.78);
  for (const character of text) {
    const glyph = glyphOf(character, size);
    // A second impression, one dot to the right, makes letters bold.
    for (const shift of mark.bold ? [0, 1] : [0]) {
      for (let index = 0; index < glyph.width * glyph.height; index++) {
        const x = left + shift + glyph.left + (index % glyph.width);
        const y = baseline - glyph.top + Math.floor(index / glyph.width);
        if (x < 0 || x >= canvas.width || y < 0 || y >= canvas.height) continue;
        const at = y * canvas.width + x;
        canvas.pixels[at] = Math.max(0, canvas.pixels[at]! - glyph.bytes[glyph.offset + index]!);
      }
    }
    left += glyph.advance;
  }
}

/** Draws a barcode whose modules are whole dots, which scanners need. */
function drawBarcode(canvas: Canvas, mark: BarcodeMark) {
  const widths = barWidths(mark);
  const modules = widths.reduce((sum, each) => sum + each, 0);
  const dotsPerModule = Math.max(1, Math.floor(dots(mark.width) / modules));
  let x = dots(mark.x) + Math.floor((dots(mark.width) - modules * dotsPerModule) / 2);
  for (const [index, each] of widths.entries()) {
    if (index % 2 === 0) fill(canvas, x, dots(mark.y), each * dotsPerModule, dots(mark.height));
    x += each * dotsPerModule;
  }
}

function fill({ width, pixels }: Canvas, x: number, y: number, across: number, down: number) {
  for (let row = y; row < y + down; row++) pixels.fill(0, row * width + x, row * width + x + across);
}

/** Encodes eight-bit grey, with the resolution in dots per meter. */
function encode({ width, height, pixels }: Canvas): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const resolution = Buffer.alloc(9);
  const dotsPerMeter = Math.round(dotsPerInch / 0.0254);
  resolution.writeUInt32BE(dotsPerMeter, 0);
  resolution.writeUInt32BE(dotsPerMeter, 4);
  resolution[8] = 1;
  // Every row begins with its filter: none.
  const rows = Buffer.alloc((width + 1) * height);
  for (let row = 0; row < height; row++) {
    pixels.copy(rows, row * (width + 1) + 1, row * width, (row + 1) * width);
  }
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('pHYs', resolution),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
