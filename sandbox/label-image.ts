import { toBuffer, type RenderOptions } from 'bwip-js/node';
import PDFDocument from 'pdfkit';

/** The content of an emulated label. */
export interface LabelDesign {
  /** The service, in large letters: "USPS GROUND ADVANTAGE". */
  title: string;
  from: string[];
  to: string[];
  trackingNumber: string;
  /** Small lines at the bottom: weight, mailing date, references. */
  details: string[];
  /** USPS prints `gs1-128` (Publication 199). Default: `code128`. */
  barcode?: 'gs1-128' | 'code128';
  /** The destination's postal code. In a `gs1-128` barcode it precedes the number. */
  routing?: string;
  /** Lines of a receipt, printed beneath the label on a letter page. Default: no receipt, and a page of 4x6 inches. */
  receipt?: string[];
}

const notPostage = 'SANDBOX - NOT VALID POSTAGE';
/** 4x6 inches, in points. */
const page = { width: 288, height: 432 };
const margin = 12;

/** Creates a PDF of a label with a barcode that scans. The same design always gives the same bytes. */
export async function labelPdf(label: LabelDesign): Promise<Buffer> {
  const barcode = await toBuffer({ ...barcodeOf(label), scale: 3, height: 18 });
  return pdf(label.receipt === undefined ? [page.width, page.height] : 'LETTER', (document) => {
    draw(document, label, barcode);
    if (label.receipt !== undefined) drawLines(document, 'RECEIPT', label.receipt, page.height + margin);
  });
}

/** Creates a 4x6 inch PDF of a receipt. */
export function receiptPdf(lines: string[]): Promise<Buffer> {
  return pdf([page.width, page.height], (document) => drawLines(document, 'RECEIPT', lines, margin));
}

/** Creates a PNG of the barcode with the number beneath it. */
export function labelPng(label: LabelDesign): Promise<Buffer> {
  return toBuffer({
    ...barcodeOf(label),
    scale: 2,
    height: 20,
    includetext: true,
    alttext: `${grouped(label.trackingNumber)}  ${notPostage}`,
    textxalign: 'center',
    paddingwidth: 10,
    paddingheight: 10,
    backgroundcolor: 'FFFFFF',
  });
}

async function pdf(
  size: [number, number] | 'LETTER',
  paint: (document: PDFKit.PDFDocument) => void,
): Promise<Buffer> {
  const document = new PDFDocument({ size, margin, info: { CreationDate: new Date(0) } });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve) => document.on('end', () => resolve()));
  paint(document);
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

function drawLines(document: PDFKit.PDFDocument, heading: string, lines: string[], top: number) {
  document.font('Helvetica-Bold').fontSize(10).text(heading, margin, top);
  document
    .font('Helvetica')
    .fontSize(8)
    .text([notPostage, ...lines].join('\n'));
}

function draw(document: PDFKit.PDFDocument, label: LabelDesign, barcode: Buffer) {
  const inner = page.width - 2 * margin;
  const rule = (y: number) =>
    document
      .moveTo(margin, y)
      .lineTo(page.width - margin, y)
      .stroke();
  const line = (
    text: string,
    y: number,
    size: number,
    font = 'Helvetica',
    align: 'left' | 'center' = 'left',
  ) =>
    document
      .font(font)
      .fontSize(size)
      .text(text, margin + (align === 'left' ? 6 : 0), y, { width: inner, align, lineBreak: false });

  // There is no frame, since its sides would disturb a scan of the barcode.
  rule(margin);
  line(label.title, 22, label.title.length > 24 ? 11 : 16, 'Helvetica-Bold', 'center');
  rule(46);
  line(notPostage, 54, 14, 'Helvetica-Bold', 'center');
  rule(76);
  label.from.slice(0, 6).forEach((text, index) => line(text, 82 + index * 10, 8));
  line('SHIP TO:', 148, 8, 'Helvetica-Bold');
  label.to.slice(0, 6).forEach((text, index) => line(text, 160 + index * 14, 11));
  rule(250);
  // A quiet zone of ten modules on either side.
  document.image(barcode, margin + 20, 262, { fit: [inner - 40, 66], align: 'center' });
  line(grouped(label.trackingNumber), 336, 11, 'Helvetica-Bold', 'center');
  rule(356);
  rule(page.height - margin);
  label.details.slice(0, 6).forEach((text, index) => line(text, 362 + index * 9, 7));
}

/**
 * Builds the barcode. A USPS barcode (IMpb) is a GS1-128 of `420` with the ZIP code, then the number, whose first two
 * digits are its application identifier (Publication 199, 3.1). The ZIP+4 is left out, as in construct C03.
 */
function barcodeOf(label: LabelDesign): RenderOptions {
  if (label.barcode !== 'gs1-128') return { bcid: 'code128', text: label.trackingNumber };
  const routing = label.routing === undefined ? '' : `(420)${label.routing.slice(0, 5)}`;
  const number = `(${label.trackingNumber.slice(0, 2)})${label.trackingNumber.slice(2)}`;
  return { bcid: 'gs1-128', text: routing + number };
}

const grouped = (number: string) => number.replace(/(.{4})(?=.)/g, '$1 ');
