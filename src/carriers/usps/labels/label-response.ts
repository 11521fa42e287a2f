import { z } from 'zod';

import { parseJson } from '../../../domain/json.ts';
import { money, sum } from '../../../domain/money.ts';
import type { LabelFormat, PurchasedLabel } from '../../../domain/shipment.ts';
import type { HttpResponse } from '../../../transport/http.ts';
import { unreadable } from '../errors.ts';
import { decodeDocument, readMultipart } from '../multipart.ts';
import { dutiesSchema } from '../rates/duties.ts';
import { reprintSource } from './reprint-source.ts';

/** An extra service or a fee. Domestic labels have `name`, international ones `serviceName`. */
const charge = z
  .object({
    name: z.string().optional().catch(undefined),
    serviceName: z.string().optional().catch(undefined),
    price: z.coerce.number(),
  })
  .transform(({ name, serviceName, price }) => ({ name: name ?? serviceName ?? 'Extra service', price }));
const number = z.string().min(1);
const metadataSchema = z
  .object({
    postage: z.coerce.number(),
    extraServices: z.array(charge).nullish(),
    fees: z.array(charge).nullish(),
    prepaidDutiesTaxesFees: dutiesSchema,
  })
  .and(
    z.union([
      z.object({ trackingNumber: number }),
      z
        .object({ internationalTrackingNumber: number })
        .transform(({ internationalTrackingNumber }) => ({ trackingNumber: internationalTrackingNumber })),
    ]),
  );

/** Reads a label from a MIME message, or from one JSON document with the image in Base64. */
export async function fromLabelResponse(
  response: HttpResponse,
  format: LabelFormat = 'PDF',
): Promise<PurchasedLabel> {
  const { metadata, image } = await readParts(response);
  const parsed = metadataSchema.safeParse(metadata);
  if (!parsed.success) throw unreadable('a label', parsed.error);
  const { trackingNumber, postage, extraServices, fees, prepaidDutiesTaxesFees } = parsed.data;
  const charges = [
    { name: 'Postage', amount: money(postage) },
    ...[...(extraServices ?? []), ...(fees ?? [])]
      .filter(({ price }) => price !== 0)
      .map(({ name, price }) => ({ name, amount: money(price) })),
    ...prepaidDutiesTaxesFees,
  ];
  const [first, ...rest] = charges.map(({ amount }) => amount);
  const price = sum(first!, ...rest);
  // The label is bought and charged, so an image that can't be read is reprinted when it is first fetched.
  const label = image ? { format, data: image } : { format, source: reprintSource(trackingNumber, format) };
  return { trackingNumber, price, quotedAmount: price, charges, label };
}

/** Reads the document of a reprint. Throws UNREADABLE where there is none. */
export async function fromReprintResponse(response: HttpResponse): Promise<Uint8Array> {
  const { image } = await readParts(response);
  if (!image) throw unreadable('the reprint of a label');
  return image;
}

function readParts(response: HttpResponse): Promise<{ metadata: unknown; image: Buffer | undefined }> {
  const contentType = String(response.headers['content-type'] ?? '');
  return contentType.startsWith('multipart/')
    ? readMultipart(contentType, response.body)
    : Promise.resolve(readJson(response.body));
}

function readJson(body: Buffer) {
  const document = parseJson(body.toString('utf8')) as Record<string, unknown> | undefined;
  const image = document?.labelImage ?? document?.returnLabelImage;
  return {
    metadata: { ...document, ...(document?.labelMetadata ?? document?.returnLabelMetadata ?? {}) },
    image: typeof image === 'string' ? decodeDocument(Buffer.from(image)) : undefined,
  };
}
