import { randomUUID } from 'node:crypto';

import PostalMime from 'postal-mime';
import { z } from 'zod';

import type { Address } from '../../domain/address.ts';
import { outcome, ProviderError } from '../../domain/errors.ts';
import { money, sum } from '../../domain/money.ts';
import { dateAt } from '../../domain/rate.ts';
import type { LabelFormat, Refund, SoldParcel } from '../../domain/shipment.ts';
import type { Answer } from '../../transport/http.ts';
import type { Call, LabelDesk, LabelOrder, PreparedLabel, SoldLabel } from '../carrier.ts';
import { splitZip } from './addresses.ts';
import { isOk, type Usps } from './client.ts';
import { failureOf, parseJson, unreadable } from './errors.ts';
import { ticketSchema, toMeasures } from './rates.ts';

const line = z.object({ name: z.string().catch('Extra service'), price: z.coerce.number() });
const labelMetadata = z.object({
  trackingNumber: z.string().min(1),
  postage: z.coerce.number(),
  extraServices: z.array(line).nullish(),
  fees: z.array(line).nullish(),
});

/** The exact bytes are prepared once; sent again under the same key, they answer with the same label for no charge. */
const preparedRequest = z.object({ body: z.string(), format: z.enum(['PDF', 'PNG', 'ZPL']).default('PDF') });

/** Labels, one a call. `usps` here shows both tokens. */
export function labelDesk(usps: Usps): LabelDesk {
  const buy = async (prepared: PreparedLabel, call: Call) => {
    const { body, format } = preparedRequest.parse(prepared.request);
    const answer = await usps.send(
      {
        api: 'labels',
        method: 'POST',
        path: '/labels/v3/label',
        body,
        headers: { 'content-type': 'application/json', 'x-idempotency-key': prepared.attempt },
        timeoutMs: 60_000,
      },
      call.signal,
    );
    if (!isOk(answer)) throw failureOf(answer, usps.clock.now(), fields);
    return fromLabel(answer, format);
  };
  return {
    prepare: async (order) => ({
      attempt: randomUUID(),
      request: { body: JSON.stringify(toLabelRequest(order)), format: order.format },
    }),
    buy,
    // The same bytes under the same key: the existing label, or the one that was never made. A refusal tells that
    // there is none, since an existing one would have been the answer; but only while the mailing date is good.
    // Guess: after that USPS may refuse the date before it looks for the key, so a refusal says nothing.
    recall: (prepared, call) =>
      buy(prepared, call).catch((error: unknown) => {
        const refused = error instanceof ProviderError && error.code === 'REJECTED' && error.refused;
        if (refused && mayStillBeMailed(prepared, usps.clock.now())) return undefined;
        throw error;
      }),
    void: (sold, call) => cancel(usps, sold, call),
  };
}

const mailing = z.object({
  fromAddress: z.object({ ZIPCode: z.string() }),
  packageDescription: z.object({ mailingDate: z.string() }),
});

function mayStillBeMailed(prepared: PreparedLabel, now: number): boolean {
  const sent = mailing.parse(JSON.parse(preparedRequest.parse(prepared.request).body));
  const today = dateAt({ country: 'US', postalCode: sent.fromAddress.ZIPCode }, now);
  return sent.packageDescription.mailingDate >= today;
}

const cancelled = z.object({ status: z.string(), disputeId: z.coerce.string().optional() });

/** Before the label is manifested it is cancelled for no charge; after that USPS takes a request and decides later. */
async function cancel(usps: Usps, { trackingNumber }: SoldLabel, call: Call): Promise<Refund> {
  const path = `/labels/v3/label/${encodeURIComponent(trackingNumber)}`;
  const request = { api: 'labels', method: 'DELETE', path, repeatable: true } as const;
  const answer = await outcome(() => usps.ask(cancelled, request, call.signal));
  if (answer instanceof ProviderError) {
    // Cancelled by an earlier call whose answer was lost.
    if (answer.providerCode === '160186') return { status: 'REFUNDED', voided: true };
    throw answer;
  }
  if (answer.status === 'CANCELED') return { status: 'REFUNDED', voided: true };
  // No endpoint tells how a dispute ends.
  if (answer.status === 'DISPUTED')
    return { status: 'REQUESTED', voided: false, reference: answer.disputeId };
  throw unreadable('a cancellation');
}

/** USPS's names in a label request, and ours. */
const fields = {
  'toAddress.streetAddress': ['to', 'street1'],
  'toAddress.ZIPCode': ['to', 'postalCode'],
  'fromAddress.streetAddress': ['from', 'street1'],
  'fromAddress.ZIPCode': ['from', 'postalCode'],
} as const;

export function toLabelRequest(order: LabelOrder) {
  const ticket = ticketSchema.parse(order.offer.ticket);
  const { mailClass, processingCategory, rateIndicator, extraServices, packageValue } = ticket;
  requireRoom(order.to, 'to');
  requireRoom(order.from, 'from');
  return {
    imageInfo: { imageType: imageTypes[order.format], labelType: '4X6LABEL', receiptOption: 'NONE' },
    toAddress: toLabelAddress(order.to),
    fromAddress: toLabelAddress(order.from),
    packageDescription: {
      ...toMeasures(order.request.parcel),
      weightUOM: 'lb',
      dimensionsUOM: 'in',
      mailClass,
      processingCategory,
      rateIndicator,
      extraServices,
      packageOptions: packageValue === undefined ? undefined : { packageValue },
      destinationEntryFacilityType: 'NONE',
      mailingDate: order.request.shipDate,
      customerReference: order.reference
        ? [{ referenceNumber: order.reference.slice(0, 30), printReferenceNumber: true }]
        : undefined,
    },
  };
}

/** The printers' language comes in two resolutions; most label printers have this one. */
const imageTypes: Record<LabelFormat, string> = { PDF: 'PDF', PNG: 'PNG', ZPL: 'ZPL203DPI' };

/** The longest lines of an address that USPS takes. */
const room = { street1: 50, street2: 50, city: 28 } as const;

/** A line that is too long is refused before it costs a call, and not cut: a cut address is another one. */
function requireRoom(address: Address, role: 'to' | 'from'): void {
  for (const field of ['street1', 'street2', 'city'] as const) {
    if ((address[field]?.length ?? 0) <= room[field]) continue;
    throw new ProviderError('REJECTED', `USPS takes ${room[field]} characters there`, {
      field: [role, field],
      hint: 'Abbreviate it, or put what is no part of the delivery address into the company.',
    });
  }
}

export function toLabelAddress(address: Address) {
  const [ZIPCode, ZIPPlus4] = splitZip(address.postalCode);
  return {
    ...toAddressee(address),
    streetAddress: address.street1!,
    secondaryAddress: address.street2 ?? undefined,
    city: address.city!,
    state: address.state!,
    ZIPCode,
    ZIPPlus4,
    phone: toPhone(address.phone),
    email: toEmail(address.email),
  };
}

/**
 * A person has a first and a last name, or there is a firm; a name of one word can only be a firm's. The carrier finds
 * the place by the address, so a name longer than USPS takes is cut.
 */
function toAddressee({ name, company }: Address) {
  const short = (text: string | null | undefined) => text?.slice(0, 50);
  const parts = (name ?? '').split(' ');
  const lastName = parts.length > 1 ? parts.at(-1) : undefined;
  if (lastName === undefined) return { firm: short(company ?? name) };
  return { firstName: short(parts.slice(0, -1).join(' ')), lastName: short(lastName), firm: short(company) };
}

/** Only serves notices: one that USPS would refuse the label for is left out. */
function toEmail(email: string | null | undefined): string | undefined {
  const taken = /^[\w+&*-]+(\.[\w+&*-]+)*@([a-z\d]([a-z\d-]*[a-z\d])?\.)+[a-z]{2,}$/i;
  return email && email.length <= 50 && taken.test(email) ? email : undefined;
}

/** Ten digits, without the country's; what is no such number is left out rather than refused. */
function toPhone(phone: string | null | undefined): string | undefined {
  const digits = phone?.replace(/\D/g, '').replace(/^1(?=\d{10}$)/, '') ?? '';
  return digits.length === 10 ? digits : undefined;
}

/** Reads a label in either form: parts of a MIME message, or one flat document with the image in Base64. */
export async function fromLabel(answer: Answer, format: LabelFormat = 'PDF'): Promise<SoldParcel> {
  const contentType = String(answer.headers['content-type'] ?? '');
  const { metadata, image } = contentType.startsWith('multipart/')
    ? await fromMultipart(contentType, answer.body)
    : fromFlat(answer.body);
  const parsed = labelMetadata.safeParse(metadata);
  if (!parsed.success || image === undefined) throw unreadable('a label', parsed.error);
  const { trackingNumber, postage, extraServices, fees } = parsed.data;
  const charges = [
    { name: 'Postage', amount: money(postage) },
    ...[...(extraServices ?? []), ...(fees ?? [])]
      .filter((each) => each.price !== 0)
      .map((each) => ({ name: each.name, amount: money(each.price) })),
  ];
  const [first, ...rest] = charges.map((charge) => charge.amount);
  return { trackingNumber, price: sum(first!, ...rest), charges, label: { format, data: image } };
}

async function fromMultipart(contentType: string, body: Buffer) {
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
  const image = document?.labelImage;
  return {
    metadata: document?.labelMetadata ?? document,
    image: typeof image === 'string' ? Buffer.from(image, 'base64') : undefined,
  };
}

/** The image part is Base64 whatever its headers say, unless the MIME parser has undone that already. */
function fromBase64(content: Buffer): Buffer {
  const text = content.toString('latin1');
  return /^(%PDF-|\x89PNG|\^XA)/.test(text) ? content : Buffer.from(text, 'base64');
}
