import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { labelPdf, labelPng, receiptPdf, type LabelDesign } from '../../label-image.ts';

/** What is drawn for a label, and how. */
export interface Drawing {
  imageType: string;
  receiptOption: string;
  design: LabelDesign;
  receipt: string[];
}

export interface Image {
  /** `labelImage`, `receiptImage` and the like. */
  name: string;
  /** Without its extension; the name where left out. */
  file?: string;
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
    const content = Buffer.from(zpl(design, imageType === 'ZPL300DPI' ? 300 / 203 : 1));
    return [{ name: 'labelImage', type: 'application/octet-stream', extension: 'zpl', content }];
  }
  const image: Image =
    imageType === 'PNG'
      ? { name: 'labelImage', type: 'image/png', extension: 'png', content: await labelPng(design) }
      : { name: 'labelImage', ...pdf, content: await labelPdf(design) };
  if (receiptOption !== 'SEPARATE_PAGE') return [image];
  return [image, { name: 'receiptImage', ...pdf, content: await receiptPdf(receipt) }];
}

/** Parts of an answer in their order: an image, or the JSON of anything else. */
export type Parts = [name: string, content: object][];

const isImage = (content: object): content is Image => 'content' in content && 'extension' in content;

/**
 * Multipart as recorded: metadata first, then images whose body is Base64 text although no header says so.
 * Lines end in CRLF as MIME wants; the recordings were stored with LF.
 */
function multipart(parts: Parts): { type: string; body: string } {
  const boundary = `${randomBytes(2).toString('hex')}-${randomBytes(9).toString('base64url')}`;
  const text = parts.map(([name, content]) => {
    const [type, disposition, body] = isImage(content)
      ? [
          content.type,
          `filename="${content.file ?? name}.${content.extension}"; name="${name}"`,
          content.content.toString('base64'),
        ]
      : ['application/json', `name="${name}"`, JSON.stringify(content)];
    const headers = `Content-Type: ${type}\r\nContent-Disposition: form-data; ${disposition}`;
    return `--${boundary}\r\n${headers}\r\n\r\n${body}\r\n`;
  });
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: `${text.join('')}--${boundary}--\r\n`,
  };
}

/** `application/vnd.usps.labels+json` asks for one JSON object with the images in it. */
const vendorJson = 'application/vnd.usps.labels+json';
export const wantsVendorJson = (request: FastifyRequest) =>
  request.headers.accept?.includes(vendorJson) === true;

/** Parts by their names, images as Base64. */
const asObject = (parts: Parts) =>
  Object.fromEntries(
    parts.map(([name, content]) => [name, isImage(content) ? content.content.toString('base64') : content]),
  );

/**
 * Sends parts. In vendor JSON those of `flat` lose their name and lie beside the others, as labels do.
 * `Accept: application/json` changes nothing but the metadata part, which is JSON already.
 */
export function sendParts(request: FastifyRequest, reply: FastifyReply, parts: Parts, flat?: string) {
  if (wantsVendorJson(request)) {
    const { [flat ?? '']: inner, ...rest } = asObject(parts);
    return reply.type(vendorJson).send(JSON.stringify({ ...(inner as object | undefined), ...rest }));
  }
  const { type, body } = multipart(parts);
  return reply.type(type).send(body);
}

/** A plain Zebra label with the same barcode; `>8` is its FNC1. `^MMT` sends a printer to tear-off (issue 81). */
function zpl(design: LabelDesign, scale: number): string {
  const dots = (at203: number) => Math.round(at203 * scale);
  const lines = [design.title, 'SANDBOX - NOT VALID POSTAGE', ...design.from, '', ...design.to];
  const font = `^A0N,${dots(32)}`;
  const text = lines
    .map((line, index) => `^FO${dots(40)},${dots(40 + index * 40)}${font}^FD${line}^FS`)
    .join('\n');
  const data =
    design.barcode === 'gs1-128'
      ? `>;>8420${design.routing ?? ''}>8${design.trackingNumber}`
      : design.trackingNumber;
  const barcode = `^FO${dots(60)},${dots(760)}^BY${dots(3)}^BCN,${dots(200)},N,N,N^FD${data}^FS`;
  return `^XA^MMT\n${text}\n${barcode}\n^FO${dots(60)},${dots(980)}${font}^FD${design.trackingNumber}^FS\n^XZ\n`;
}
