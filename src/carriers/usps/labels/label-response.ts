import { z } from 'zod';

import { parseJson } from '../../../domain/json.ts';
import { sum } from '../../../domain/money.ts';
import type { ShippingCharge } from '../../../domain/rate.ts';
import type { LabelFormat, PurchasedLabel } from '../../../domain/shipment.ts';
import type { HttpResponse } from '../../../transport/http.ts';
import { unreadable } from '../errors.ts';
import { decodeDocument, readMultipart } from '../multipart.ts';
import { dutiesSchema } from '../rates/duties.ts';
import { dollars, text } from '../values.ts';
import { reprintSource } from './reprint-source.ts';

/**
 * An extra service or a fee. Domestic labels have `name`, international ones `serviceName`. A row that can't be read has
 * no amount.
 */
const charge = z
  .object({ name: text, serviceName: text, price: dollars.optional().catch(undefined) })
  .catch({ name: undefined, serviceName: undefined, price: undefined })
  .transform(({ name, serviceName, price }) => ({
    name: name ?? serviceName ?? 'Extra service',
    amount: price,
  }));
const charges = z
  .array(charge)
  .nullish()
  .catch([{ name: 'Extra service', amount: undefined }])
  .transform((rows) => rows ?? []);
const duties = dutiesSchema
  .transform((rows): z.infer<typeof charges> => [...rows])
  .catch([{ name: 'Duties', amount: undefined }]);
/** The label is bought and charged, so its number alone is required: an amount that can't be read is unknown. */
const metadataSchema = z
  .object({
    trackingNumber: text,
    internationalTrackingNumber: text,
    postage: dollars.optional().catch(undefined),
    extraServices: charges,
    fees: charges,
    prepaidDutiesTaxesFees: duties,
  })
  .transform(({ trackingNumber, internationalTrackingNumber, ...prices }) => ({
    ...prices,
    trackingNumber: trackingNumber ?? internationalTrackingNumber,
  }));

/** Reads a label from a MIME message, or from one JSON document with the image in Base64. */
export async function fromLabelResponse(
  response: HttpResponse,
  format: LabelFormat = 'PDF',
): Promise<PurchasedLabel> {
  const { metadata, image } = await readParts(response);
  const parsed = metadataSchema.safeParse(metadata);
  const trackingNumber = parsed.data?.trackingNumber;
  if (trackingNumber === undefined) throw unreadable('a label', parsed.error);
  const { postage, extraServices, fees, prepaidDutiesTaxesFees: duties } = parsed.data!;
  const listed = [{ name: 'Postage', amount: postage }, ...extraServices, ...fees, ...duties];
  const charges = listed.flatMap(({ name, amount }) => (amount ? [{ name, amount }] : []));
  const [first, ...rest] = charges.map(({ amount }) => amount);
  // A sum without one of its amounts would be a made-up price.
  const price = first && charges.length === listed.length ? sum(first, ...rest) : undefined;
  // The label is bought and charged, so an image that can't be read is reprinted when it is first fetched.
  const label = image ? { format, data: image } : { format, source: reprintSource(trackingNumber, format) };
  return { trackingNumber, price, quotedAmount: price, charges: charges.filter(isCharged), label };
}

/** Extra services that are included cost nothing, and are left out. */
const isCharged = ({ name, amount }: ShippingCharge) => name === 'Postage' || Number(amount.amount) !== 0;

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
