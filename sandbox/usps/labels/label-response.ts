import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { labelPdf, labelPng, receiptPdf, type LabelDesign } from '../../label-image.ts';

/** The contents of a label's images. */
export interface Drawing {
  imageType: string;
  receiptOption: string;
  design: LabelDesign;
  receipt: string[];
}

export interface Image {
  /** `labelImage`, `receiptImage` and the like. */
  name: string;
  /** The file name without its extension. Default: `name`. */
  file?: string;
  type: string;
  extension: string;
  content: Buffer;
}

/** Draws the images of a label: none for NONE, and a second one when the receipt has its own page. */
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

/** The ordered parts of a response: images, and objects that become JSON. */
export type Parts = [name: string, content: object][];

const isImage = (content: object): content is Image => 'content' in content && 'extension' in content;

/**
 * Recorded: metadata first, then images as Base64 text without a header that says so. Lines end in CRLF, as MIME
 * requires; the stored recordings have LF.
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

/** The media type of a response that is one JSON object with the images in it. */
const vendorJson = 'application/vnd.usps.labels+json';
export const acceptsVendorJson = (request: FastifyRequest) =>
  request.headers.accept?.includes(vendorJson) === true;

/** The parts by name, images as Base64. */
const asObject = (parts: Parts) =>
  Object.fromEntries(
    parts.map(([name, content]) => [name, isImage(content) ? content.content.toString('base64') : content]),
  );

/**
 * Sends the parts of a response. In vendor JSON the fields of the part `flat` are at the top level, as in label
 * responses. `Accept: application/json` has no effect.
 */
export function sendParts(request: FastifyRequest, reply: FastifyReply, parts: Parts, flat?: string) {
  if (acceptsVendorJson(request)) {
    const { [flat ?? '']: inner, ...rest } = asObject(parts);
    return reply.type(vendorJson).send(JSON.stringify({ ...(inner as object | undefined), ...rest }));
  }
  const { type, body } = multipart(parts);
  return reply.type(type).send(body);
}

/** A plain Zebra label; `>8` is FNC1. `^MMT` selects the tear-off mode of a printer (USPS/api-examples#81). */
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
