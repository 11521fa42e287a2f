import { randomBytes } from 'node:crypto';
import { labelPdf, labelPng, receiptPdf, type LabelDesign } from '../label.ts';

/** What is drawn for a label, and how. */
export interface Drawing {
  imageType: string;
  receiptOption: string;
  design: LabelDesign;
  receipt: string[];
}

interface Image {
  name: 'labelImage' | 'receiptImage';
  type: string;
  extension: string;
  content: Buffer;
}

/** The images of a label: none for NONE, a second one where the receipt has a page of its own. */
export async function drawImages(drawing: Drawing): Promise<Image[]> {
  const { imageType, receiptOption, receipt } = drawing;
  const design = receiptOption === 'SAME_PAGE' ? { ...drawing.design, receipt } : drawing.design;
  const pdf = { type: 'application/pdf', extension: 'pdf' };
  if (imageType === 'NONE') return [];
  if (imageType.startsWith('ZPL')) {
    const content = Buffer.from(zpl(design));
    return [{ name: 'labelImage', type: 'application/octet-stream', extension: 'zpl', content }];
  }
  const image: Image =
    imageType === 'PNG'
      ? { name: 'labelImage', type: 'image/png', extension: 'png', content: await labelPng(design) }
      : { name: 'labelImage', ...pdf, content: await labelPdf(design) };
  if (receiptOption !== 'SEPARATE_PAGE') return [image];
  return [image, { name: 'receiptImage', ...pdf, content: await receiptPdf(receipt) }];
}

/**
 * Multipart as recorded: metadata first, then images whose body is Base64 text although no header says so.
 * Lines end in CRLF as MIME wants; the recordings were stored with LF.
 */
export function multipart(metadata: object, images: Image[]): { type: string; body: string } {
  const boundary = `${randomBytes(2).toString('hex')}-${randomBytes(9).toString('base64url')}`;
  const parts = [
    {
      headers: ['Content-Type: application/json', 'Content-Disposition: form-data; name="labelMetadata"'],
      body: JSON.stringify(metadata),
    },
    ...images.map((image) => ({
      headers: [
        `Content-Type: ${image.type}`,
        `Content-Disposition: form-data; filename="${image.name}.${image.extension}"; name="${image.name}"`,
      ],
      body: image.content.toString('base64'),
    })),
  ];
  const text = parts
    .map((part) => `--${boundary}\r\n${part.headers.join('\r\n')}\r\n\r\n${part.body}\r\n`)
    .join('');
  return { type: `multipart/form-data; boundary=${boundary}`, body: `${text}--${boundary}--\r\n` };
}

/** `application/vnd.usps.labels+json`: one flat object. */
export const flatAnswer = (metadata: object, images: Image[]) => ({
  ...metadata,
  ...Object.fromEntries(images.map((image) => [image.name, image.content.toString('base64')])),
});

/** A plain Zebra label with the same barcode; `>8` is its FNC1. */
function zpl(design: LabelDesign): string {
  const lines = [design.title, 'SANDBOX - NOT VALID POSTAGE', ...design.from, '', ...design.to];
  const text = lines.map((line, index) => `^FO40,${40 + index * 40}^A0N,32^FD${line}^FS`).join('\n');
  const barcode = `^FO60,760^BY3^BCN,200,N,N,N^FD>;>8420${design.routing ?? ''}>8${design.trackingNumber}^FS`;
  return `^XA\n${text}\n${barcode}\n^FO60,980^A0N,32^FD${design.trackingNumber}^FS\n^XZ\n`;
}
