import { toBuffer } from 'bwip-js/node';
import PDFDocument from 'pdfkit';
import { barcodeOptions } from './barcode.ts';
import { fitted, type BarcodeMark, type Page, type TextMark } from './page.ts';

/** Creates a PDF of the pages. The same pages always give the same bytes. */
export async function toPdf(pages: readonly Page[]): Promise<Buffer> {
  const document = new PDFDocument({ autoFirstPage: false, info: { CreationDate: new Date(0) } });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve) => document.on('end', () => resolve()));
  for (const { width, height, marks } of pages) {
    document.addPage({ size: [width, height], margin: 0 });
    for (const mark of marks) {
      if (mark.kind === 'text') drawText(document, mark);
      else if (mark.kind === 'barcode') await drawBarcode(document, mark);
      else {
        document
          .moveTo(mark.x, mark.y)
          .lineTo(mark.x + mark.width, mark.y)
          .stroke();
      }
    }
  }
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

function drawText(document: PDFKit.PDFDocument, mark: TextMark) {
  document.font(mark.bold ? 'Helvetica-Bold' : 'Helvetica');
  const { text, size } = fitted(mark, (each, at) => document.fontSize(at).widthOfString(each));
  const slack = mark.width - document.fontSize(size).widthOfString(text);
  const indent = { left: 0, center: slack / 2, right: slack }[mark.align];
  document.text(text, mark.x + indent, mark.y, { lineBreak: false });
}

async function drawBarcode(document: PDFKit.PDFDocument, mark: BarcodeMark) {
  const image = await toBuffer({ ...barcodeOptions(mark), scale: 3, height: 18 });
  document.image(image, mark.x, mark.y, { fit: [mark.width, mark.height], align: 'center' });
}
