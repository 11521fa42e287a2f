import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { labelPage, receiptPage, type LabelDesign } from '../../printing/label.ts';
import type { Page } from '../../printing/page.ts';
import { toZpl } from '../../printing/printer-languages.ts';

/** The contents of a label's images. */
export interface Drawing {
  imageType: string;
  receiptOption: string;
  /** The label without its price. */
  design: LabelDesign;
  /** Lines of postage and fees. */
  postage: string[];
  suppressPostage: boolean;
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
  const { imageType, receiptOption, receipt, suppressPostage, postage } = drawing;
  const details = [...drawing.design.details, ...(suppressPostage ? [] : postage)];
  const design = { ...drawing.design, details };
  const page = labelPage(receiptOption === 'SAME_PAGE' ? { ...design, receipt } : design);
  const images = await drawPages([page], imageType);
  if (receiptOption !== 'SEPARATE_PAGE' || images.length === 0) return images;
  const [receiptImage] = await drawPages([receiptPage(receipt)], 'PDF');
  return [...images, { ...receiptImage!, name: 'receiptImage' }];
}

/**
 * Draws pages as one image, with libraries that are loaded with the first one. `^MMT` selects the tear-off mode of a
 * printer (USPS/api-examples#81).
 */
export async function drawPages(pages: readonly Page[], imageType: string): Promise<Image[]> {
  const name = 'labelImage';
  if (imageType === 'NONE') return [];
  if (imageType.startsWith('ZPL')) {
    const dotsPerInch = imageType === 'ZPL300DPI' ? 300 : 203;
    const content = Buffer.from(toZpl(pages, { dotsPerInch, setup: '^MMT' }));
    return [{ name, type: 'application/octet-stream', extension: 'zpl', content }];
  }
  if (imageType === 'PNG') {
    const { toPng } = await import('../../printing/png.ts');
    return [{ name, type: 'image/png', extension: 'png', content: toPng(pages[0]!) }];
  }
  const { toPdf } = await import('../../printing/pdf.ts');
  return [{ name, type: 'application/pdf', extension: 'pdf', content: await toPdf(pages) }];
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
