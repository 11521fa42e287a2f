import { z } from 'zod';

import type { Address } from '../../../domain/address.ts';
import { outcome, ProviderError, type Outcome } from '../../../domain/errors.ts';
import type { Tracking, TrackingEvent, TrackingStatus } from '../../../domain/tracking.ts';
import type { Response, Request } from '../../../transport/http.ts';
import type { CallOptions, TrackingRequest } from '../../adapter.ts';
import { fanOut } from '../../fan-out.ts';
import { isOk, read, type Usps } from '../client.ts';
import type { UspsOptions } from '../credentials.ts';
import { failureOf, plain, readFault, refusedBy401, unreadable, type Fault } from '../errors.ts';
import { meaningOf } from '../error-codes.ts';

const batchPath = '/tracking/v3r2/tracking';
/** Numbers that one call of the batch product takes. */
const batchSize = 35;
/** For how long we remember that an app does not have the batch product. */
const dayMs = 24 * 60 * 60 * 1000;

const words = z.string().nullish();
const event = z.object({
  eventType: words,
  eventTimestamp: words,
  GMTOffset: words,
  eventCode: words,
  eventCity: words,
  eventState: words,
  eventZIP: words,
  eventZIPCode: words,
  eventCountry: words,
  firm: words,
  name: words,
});
const detail = z.object({
  trackingNumber: words,
  status: words,
  statusCategory: words,
  statusSummary: words,
  expectedDeliveryDate: words,
  expectedDeliveryTimeStamp: words,
  guaranteedDeliveryDate: words,
  deliveryDateExpectation: z
    .object({
      expectedDeliveryDate: words,
      predictedDeliveryDate: words,
      predictedDeliveryWindowStartTime: words,
      predictedDeliveryWindowEndTime: words,
      guaranteedDeliveryDate: words,
    })
    .nullish(),
  trackingEvents: z.array(event).nullish(),
});
type Detail = z.infer<typeof detail>;
const itemFailure = z.object({
  trackingNumber: words,
  statusCode: z.coerce.string().nullish(),
  error: z.looseObject({}),
});
const items = z.array(z.union([itemFailure, detail]));

/** Tracks by the batch product, or one by one for an app that does not have it. `mids` are the account's own. */
export function track(usps: Usps, options: UspsOptions, mids: readonly string[]) {
  const isOwn = ({ trackingNumber }: TrackingRequest) => mids.some((mid) => trackingNumber.includes(mid));
  let singleUntil = options.tracking === 'v3' ? Infinity : 0;

  return async (
    questions: readonly TrackingRequest[],
    call: CallOptions,
  ): Promise<readonly Outcome<Tracking>[]> => {
    if (usps.clock.now() < singleUntil) return fanOut(questions, (each) => trackOne(usps, each, call));
    const answers = await Promise.all(chunks(questions).map((chunk) => trackBatch(chunk, call)));
    return answers.flat();
  };

  async function trackBatch(
    chunk: readonly TrackingRequest[],
    call: CallOptions,
  ): Promise<Outcome<Tracking>[]> {
    const answer = await outcome(() => usps.send(toBatch(chunk), call.signal));
    if (answer instanceof ProviderError) return chunk.map(() => answer);
    if (isOk(answer)) return fromBatch(answer, chunk, usps.clock.now());
    if (goesOnSingly(answer, options)) {
      singleUntil = usps.clock.now() + dayMs;
      return fanOut(chunk, (each) => trackOne(usps, each, call));
    }
    // One number that nobody waits for must not cost the answer of those that somebody does.
    const awaited = chunk.filter((each) => !each.watched);
    if (awaited.length > 0 && awaited.length < chunk.length && isRefusal(answer)) {
      const again = await trackBatch(awaited, call);
      const failure = refusalOf(answer, usps.clock.now());
      return chunk.map((each) => (each.watched ? failure : again[awaited.indexOf(each)]!));
    }
    // Nor must another mailer's number cost those of our own, which name our MID.
    const own = chunk.filter(isOwn);
    if (answer.status === 403 && own.length > 0 && own.length < chunk.length) {
      const others = chunk.filter((each) => !isOwn(each));
      const [ours, theirs] = await Promise.all([trackBatch(own, call), trackBatch(others, call)]);
      return chunk.map((each) => (isOwn(each) ? ours.shift()! : theirs.shift()!));
    }
    const failure = refusalOf(answer, usps.clock.now());
    return chunk.map(() => failure);
  }
}

async function trackOne(usps: Usps, question: TrackingRequest, call: CallOptions): Promise<Tracking> {
  const path = `/tracking/v3/tracking/${encodeURIComponent(question.trackingNumber)}`;
  const answer = await usps.send({ api: 'tracking', path, query: { expand: 'DETAIL' } }, call.signal);
  if (isOk(answer)) return fromDetail(read(detail, answer, 'a tracking detail'));
  throw refusalOf(answer, usps.clock.now());
}

function toBatch(chunk: readonly TrackingRequest[]) {
  return {
    api: 'tracking',
    method: 'POST',
    path: batchPath,
    json: chunk.map(({ trackingNumber }) => ({ trackingNumber })),
    repeatable: true,
  } as const;
}

function chunks(questions: readonly TrackingRequest[]): TrackingRequest[][] {
  return Array.from({ length: Math.ceil(questions.length / batchSize) }, (_, index) =>
    questions.slice(index * batchSize, (index + 1) * batchSize),
  );
}

/** Results are matched by their number where they name one, else by their place. */
function fromBatch(answer: Response, chunk: readonly TrackingRequest[], now: number): Outcome<Tracking>[] {
  const results = read(items, answer, 'a batch of tracking details');
  const byNumber = new Map(
    results.flatMap((each) => (each.trackingNumber ? [[each.trackingNumber, each]] : [])),
  );
  return chunk.map(({ trackingNumber }, index) => {
    const named = byNumber.get(trackingNumber);
    const placed = results[index];
    const found = named ?? (placed?.trackingNumber ? undefined : placed);
    if (found === undefined) return unreadable(`nothing about one of ${chunk.length} numbers`);
    if ('error' in found) return itemFailed(found, now);
    return fromDetail(found);
  });
}

/** Told by a gateway fault, by an app that is not known there, or by a 404 that is not about the number. */
function lacksBatches(answer: Response): boolean {
  const fault = readFault(answer);
  if (fault.shape === 'gateway' && answer.status < 500) return true;
  if (refusedBy401(answer) === 'product') return true;
  return answer.status === 404 && notKnown(fault) === undefined;
}

const goesOnSingly = (answer: Response, { tracking }: UspsOptions) => tracking === 'auto' && lacksBatches(answer); // prettier-ignore

/** Whether an answer is followed by the same question to the single product, which may well answer. */
export const fallsBack = (answer: Response, { url }: Request, options: UspsOptions) =>
  url.pathname === batchPath && goesOnSingly(answer, options);

const isRefusal = (answer: Response) =>
  answer.status === 400 || answer.status === 403 || answer.status === 404;

/** An item of a 207 is typed by one integrator only, so it is read as the answer that it would be alone. */
function itemFailed({ statusCode, error }: z.infer<typeof itemFailure>, now: number): ProviderError {
  const status = Number(statusCode ?? error.code) || 404;
  const alone = { status, headers: {}, body: Buffer.from(JSON.stringify({ error })) };
  return refusalOf(alone, now);
}

/** Why there is nothing about a number: not yet known, another mailer's, or what fails any call. */
function refusalOf(answer: Response, now: number): ProviderError {
  const unknown = notKnown(readFault(answer));
  if (unknown) return unknown;
  const failure = failureOf(answer, now, fields);
  if (failure.code === 'NOT_FOUND') return notFound(failure.providerMessage, failure.providerCode);
  const closed = /not authorized|access controls/i.test(failure.providerMessage ?? '');
  if (failure.code !== 'ACCOUNT_NOT_AUTHORIZED' && !(closed && failure.code === 'REJECTED')) return failure;
  return new ProviderError('ACCOUNT_NOT_AUTHORIZED', failure.message, {
    ...failure,
    hint: 'USPS shows a parcel to the owner of its label’s MID alone: use that account, or have its owner authorize this one.',
  });
}

const fields = { trackingNumber: ['trackingNumber'] } as const;

/** What USPS says of a number that it has not seen yet, does not know, or takes for something else. */
function notKnown({ code = '', message }: Fault): ProviderError | undefined {
  const inWords = /tracking is not available|status update is not yet available/i.test(message);
  return inWords || (/^15/.test(code) && meaningOf(code)?.code === 'NOT_FOUND') ? notFound(message, code) : undefined; // prettier-ignore
}

function notFound(message = '', code = ''): ProviderError {
  return new ProviderError('NOT_FOUND', `USPS knows nothing of this number yet: ${message}`, {
    hint: (meaningOf(code) ?? meaningOf('150002'))?.hint,
    providerCode: code || undefined,
    providerMessage: message || undefined,
  });
}

function fromDetail(answer: Detail): Tracking {
  const events = (answer.trackingEvents ?? []).map(fromEvent);
  const expected = answer.deliveryDateExpectation;
  const date = (
    expected?.predictedDeliveryDate ??
    expected?.expectedDeliveryDate ??
    answer.expectedDeliveryDate ??
    answer.expectedDeliveryTimeStamp ??
    expected?.guaranteedDeliveryDate ??
    answer.guaranteedDeliveryDate
  )?.slice(0, 10);
  const newest = answer.trackingEvents?.[0]?.eventCode;
  const signed = answer.trackingEvents?.find(
    (each) => each.name && byCode[each.eventCode ?? ''] === 'DELIVERED',
  );
  return {
    status: byCode[newest ?? ''] ?? byCategory(answer.statusCategory) ?? 'UNKNOWN',
    statusText: answer.status ? plain(answer.status) : undefined,
    carrier: 'USPS',
    signedBy: signed?.name ?? undefined,
    estimatedDeliveryDate: date,
    deliveryWindowStart: windowTime(date, expected?.predictedDeliveryWindowStartTime),
    deliveryWindowEnd: windowTime(date, expected?.predictedDeliveryWindowEndTime),
    events,
  };
}

function fromEvent(raw: z.infer<typeof event>): TrackingEvent {
  const local = raw.eventTimestamp?.replace(/Z$/, '');
  const offset = zoneOffset(raw.GMTOffset);
  const description = plain(raw.eventType ?? '');
  return {
    status: byCode[raw.eventCode ?? ''] ?? byCategory(description) ?? 'UNKNOWN',
    description,
    // GMTTimestamp is a day off when local time and GMT fall on two dates, so the instant is made of these two.
    occurredAt: local && offset ? local + offset : undefined,
    occurredAtLocal: local,
    location: place(raw),
    carrierCode: raw.eventCode ?? undefined,
  };
}

function place(raw: z.infer<typeof event>): Address | undefined {
  const address = {
    city: raw.eventCity || undefined,
    state: raw.eventState || undefined,
    postalCode: raw.eventZIPCode || raw.eventZIP || undefined,
    country: countryCode(raw.eventCountry),
  };
  return address.city || address.state || address.postalCode ? address : undefined;
}

/** USPS leaves its own country out, and writes others by code or name; a name is no code. */
function countryCode(country: string | null | undefined): string | undefined {
  if (!country) return 'US';
  return /^[A-Z]{2}$/.test(country) ? country : undefined;
}

/** "-05:00" as recorded, or minutes as the document prints them. */
function zoneOffset(offset: string | null | undefined): string | undefined {
  if (!offset) return undefined;
  if (/^[+-]\d{2}:\d{2}$/.test(offset)) return offset;
  if (!/^[+-]?\d{1,3}$/.test(offset)) return undefined;
  const minutes = Math.abs(Number(offset));
  const two = (value: number) => String(value).padStart(2, '0');
  return `${offset.startsWith('-') ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** A window is printed as a wall-clock time, with or without its date. */
function windowTime(date: string | undefined, time: string | null | undefined): string | undefined {
  if (!time) return undefined;
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(time)) return time.replace(/(Z|[+-]\d{2}:\d{2})$/, '');
  return date && /^\d{2}:\d{2}(:\d{2})?$/.test(time)
    ? `${date}T${time.length === 5 ? `${time}:00` : time}`
    : undefined;
}

/** Event codes seen (Publication 199, appendix G, has all); `09` and `17` start a return rather than end it. */
const byCode: Record<string, TrackingStatus> = {
  '01': 'DELIVERED',
  DL: 'DELIVERED',
  '02': 'DELIVERY_ATTEMPTED',
  '52': 'DELIVERY_ATTEMPTED',
  '03': 'ACCEPTED',
  '07': 'IN_TRANSIT',
  '09': 'RETURNING',
  '17': 'RETURNING',
  '10': 'IN_TRANSIT',
  A1: 'IN_TRANSIT',
  AD: 'IN_TRANSIT',
  SF: 'IN_TRANSIT',
  T1: 'IN_TRANSIT',
  TL: 'IN_TRANSIT',
  OF: 'OUT_FOR_DELIVERY',
  '59': 'OUT_FOR_DELIVERY',
  GX: 'PRE_TRANSIT',
  MA: 'PRE_TRANSIT',
  // A shipping partner has it and USPS does not yet, but it moves.
  '80': 'IN_TRANSIT',
  '81': 'IN_TRANSIT',
  '82': 'IN_TRANSIT',
};

/** The free text of a status, where the code says nothing. Unknown words stay unknown. */
function byCategory(category: string | null | undefined): TrackingStatus | undefined {
  const found = categories.find(([words]) => words.test(category ?? ''));
  return found?.[1];
}

const categories: readonly (readonly [RegExp, TrackingStatus])[] = [
  [/^delivered/i, 'DELIVERED'],
  [/^out for delivery/i, 'OUT_FOR_DELIVERY'],
  [/^delivery attempt/i, 'DELIVERY_ATTEMPTED'],
  [/^available for pickup/i, 'AVAILABLE_FOR_PICKUP'],
  [/return to sender/i, 'RETURNING'],
  [/^(pre-shipment|shipping label created|usps awaiting)/i, 'PRE_TRANSIT'],
  [/^(accepted|usps in possession)/i, 'ACCEPTED'],
  [/^(moving through network|in transit|preparing for delivery|arrived|departed)/i, 'IN_TRANSIT'],
  [/^alert/i, 'EXCEPTION'],
];
