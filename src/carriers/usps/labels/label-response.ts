import PostalMime from 'postal-mime';
import { z } from 'zod';

import { parseJson } from '../../../domain/json.ts';
import { money, sum } from '../../../domain/money.ts';
import type { LabelFormat, PurchasedLabel } from '../../../domain/shipment.ts';
import type { Response } from '../../../transport/http.ts';
import { unreadable } from '../errors.ts';

/** An extra service or a fee; labels abroad call its name otherwise. */
const line = z
  .object({
    name: z.string().optional().catch(undefined),
    serviceName: z.string().optional().catch(undefined),
    price: z.coerce.number(),
  })
  .transform(({ name, serviceName, price }) => ({ name: name ?? serviceName ?? 'Extra service', price }));
const number = z.string().min(1);
const labelMetadata = z
  .object({
    postage: z.coerce.number(),
    extraServices: z.array(line).nullish(),
    fees: z.array(line).nullish(),
  })
  .and(
    z.union([
      z.object({ trackingNumber: number }),
      z
        .object({ internationalTrackingNumber: number })
        .transform(({ internationalTrackingNumber }) => ({ trackingNumber: internationalTrackingNumber })),
    ]),
  );

/** Reads a label in either form: parts of a MIME message, or one flat document with the image in Base64. */
export async function fromLabel(answer: Response, format: LabelFormat = 'PDF'): Promise<PurchasedLabel> {
  const { metadata, image } = await partsOf(answer);
  const parsed = labelMetadata.safeParse(metadata);
  if (!parsed.success) throw unreadable('a label', parsed.error);
  const { trackingNumber, postage, extraServices, fees } = parsed.data;
  const charges = [
    { name: 'Postage', amount: money(postage) },
    ...[...(extraServices ?? []), ...(fees ?? [])]
      .filter((each) => each.price !== 0)
      .map((each) => ({ name: each.name, amount: money(each.price) })),
  ];
  const [first, ...rest] = charges.map((charge) => charge.amount);
  const price = sum(first!, ...rest);
  // It is bought and paid for, so a picture that can't be read is fetched once more when it is wanted.
  const label = image ? { format, data: image } : { format, source: reprintSource(trackingNumber, format) };
  return { trackingNumber, price, quotedAmount: price, charges, label };
}

/** The picture of a label that is printed again. */
export async function fromReprint(answer: Response): Promise<Uint8Array> {
  const { image } = await partsOf(answer);
  if (!image) throw unreadable('the reprint of a label');
  return image;
}

export const reprintSource = (trackingNumber: string, format: LabelFormat) =>
  `reprint:${trackingNumber}:${format}`;
const source = z
  .string()
  .transform((text) => text.split(':'))
  .pipe(z.tuple([z.literal('reprint'), number, z.enum(['PDF', 'PNG', 'ZPL'])]));

/** What `reprintSource` names. */
export function fromReprintSource(text: string): { trackingNumber: string; format: LabelFormat } {
  const [, trackingNumber, format] = source.parse(text);
  return { trackingNumber, format };
}

function partsOf(answer: Response): Promise<{ metadata: unknown; image: Buffer | undefined }> {
  const contentType = String(answer.headers['content-type'] ?? '');
  return contentType.startsWith('multipart/')
    ? fromMultipart(contentType, answer.body)
    : Promise.resolve(fromFlat(answer.body));
}

/** Metadata and image of a MIME message, as labels and SCAN forms come in. */
export async function fromMultipart(contentType: string, body: Buffer) {
  const head = Buffer.from(`content-type: ${contentType}\r\n\r\n`);
  const { attachments } = await PostalMime.parse(Buffer.concat([head, body]), {
    forceRfc822Attachments: true,
  });
  const isMetadata = ({ mimeType }: { mimeType: string }) => mimeType.includes('json');
  const metadata = attachments.find(isMetadata);
  // The label comes before the receipt and whatever else was asked for.
  const image = attachments.find((each) => !isMetadata(each));
  return {
    metadata: metadata && parseJson(Buffer.from(metadata.content as string).toString('utf8')),
    image: image && fromBase64(Buffer.from(image.content as string)),
  };
}

function fromFlat(body: Buffer) {
  const document = parseJson(body.toString('utf8')) as Record<string, unknown> | undefined;
  const image = document?.labelImage ?? document?.returnLabelImage;
  return {
    metadata: document?.labelMetadata ?? document?.returnLabelMetadata ?? document,
    image: typeof image === 'string' ? fromBase64(Buffer.from(image)) : undefined,
  };
}

/** How PDF, PNG and ZPL begin; printers' settings may come before a ZPL label. */
const isImage = (content: Buffer) => /^(%PDF-|\x89PNG)|\^XA/.test(content.toString('latin1'));

/** The image part is Base64 whatever its headers say, unless the MIME parser has undone that already. */
export function fromBase64(content: Buffer): Buffer | undefined {
  if (isImage(content)) return content;
  const decoded = Buffer.from(content.toString('latin1'), 'base64');
  return isImage(decoded) ? decoded : undefined;
}
