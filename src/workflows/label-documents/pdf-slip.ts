import { layoutMultilineText, TextAlignment, type PDFDocument, type PDFFont } from '@cantoo/pdf-lib';

/** In points. */
const margin = 18;
const fontSize = 8;
const lineHeight = 11;

/** Adds pages of the size with the lines of a slip, wrapped at words. */
export function drawSlip(
  document: PDFDocument,
  [width, height]: readonly [number, number],
  font: PDFFont,
  entries: readonly string[],
): void {
  const bounds = { x: 0, y: 0, width: width - 2 * margin, height: height };
  const lines = entries.flatMap((text) =>
    layoutMultilineText(text, { alignment: TextAlignment.Left, fontSize, font, bounds }).lines.map(
      (line) => line.text,
    ),
  );
  const linesPerPage = Math.floor((height - 2 * margin) / lineHeight);
  for (let start = 0; start < lines.length; start += linesPerPage) {
    document.addPage([width, height]).drawText(lines.slice(start, start + linesPerPage).join('\n'), {
      x: margin,
      y: height - margin - fontSize,
      size: fontSize,
      lineHeight,
      font,
    });
  }
}
