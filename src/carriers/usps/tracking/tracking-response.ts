import { z } from 'zod';

import type { ProviderError, Outcome } from '../../../domain/errors.ts';
import type { Tracking } from '../../../domain/tracking.ts';
import type { HttpResponse } from '../../../transport/http.ts';
import type { TrackingRequest } from '../../adapter.ts';
import { parseBody } from '../client.ts';
import { unreadable } from '../errors.ts';
import { stripMarkup } from '../markup.ts';
import { date, number, rowsOf, text } from '../values.ts';
import { statusOfCategory, statusOfEventCode } from './status-codes.ts';
import { trackingFailureOf } from './tracking-errors.ts';
import { eventSchema, fromEvent, localTime } from './tracking-event.ts';

const detailSchema = z.object({
  trackingNumber: text,
  status: text,
  statusCategory: text,
  expectedDeliveryDate: date,
  expectedDeliveryTimeStamp: date,
  guaranteedDeliveryDate: date,
  deliveryDateExpectation: z
    .object({
      expectedDeliveryDate: date,
      predictedDeliveryDate: date,
      predictedDeliveryWindowStartTime: text,
      predictedDeliveryWindowEndTime: text,
      guaranteedDeliveryDate: date,
    })
    .nullish()
    .catch(undefined),
  trackingEvents: rowsOf(eventSchema),
});
type Detail = z.infer<typeof detailSchema>;
const itemError = z.object({
  trackingNumber: text,
  statusCode: number,
  error: z.looseObject({}),
});
const batchItem = z.union([itemError, detailSchema]);
const batchSchema = z.array(z.unknown());

/** Reads a response of the v3 product. */
export function fromTrackingResponse(response: HttpResponse): Tracking {
  return fromDetail(parseBody(detailSchema, response, 'a tracking detail'));
}

/** Reads a response of the v3r2 product. An item is matched by its number, else by its position in the batch. */
export function fromBatchResponse(
  response: HttpResponse,
  batch: readonly TrackingRequest[],
  now: number,
): Outcome<Tracking>[] {
  const items = parseBody(batchSchema, response, 'a batch of tracking details').map(
    (item) => batchItem.safeParse(item).data,
  );
  const byNumber = new Map(
    items.flatMap((item) => (item?.trackingNumber ? [[item.trackingNumber, item]] : [])),
  );
  return batch.map(({ trackingNumber }, index) => {
    const atPosition = items[index];
    const item = byNumber.get(trackingNumber) ?? (atPosition?.trackingNumber ? undefined : atPosition);
    if (item === undefined) return unreadable(`nothing about one of ${batch.length} numbers`);
    if ('isUnreadable' in item) return unreadable('a tracking detail');
    return 'error' in item ? fromItemError(item, now) : fromDetail(item);
  });
}

/**
 * Reads a pushed detail; undefined where it is none, or names no parcel. Guess: a push of a single scan has the fields of an
 * event beside the number.
 */
export function fromPushedTracking(
  value: unknown,
): { trackingNumber: string; tracking: Tracking } | undefined {
  const detail = detailSchema.safeParse(value).data;
  if (detail?.trackingNumber === undefined) return undefined;
  const scan = eventSchema.safeParse(value).data;
  const isScan = detail.trackingEvents.length === 0 && scan?.eventTimestamp !== undefined;
  const tracking = fromDetail(isScan ? { ...detail, trackingEvents: [scan] } : detail);
  return { trackingNumber: detail.trackingNumber, tracking };
}

/** Reads an error item of a 207 as the response that a single request would have; no document types these items. */
function fromItemError({ statusCode, error }: z.infer<typeof itemError>, now: number): ProviderError {
  const status = statusCode ?? (Number(error.code) || 404);
  return trackingFailureOf({ status, headers: {}, body: Buffer.from(JSON.stringify({ error })) }, now);
}

function fromDetail(detail: Detail): Tracking {
  const expectation = detail.deliveryDateExpectation;
  const date = deliveryDateOf(detail);
  const newestCode = detail.trackingEvents[0]?.eventCode;
  const signedEvent = detail.trackingEvents.find(
    (event) => event.name && statusOfEventCode(event.eventCode) === 'DELIVERED',
  );
  const status = statusOfEventCode(newestCode) ?? statusOfCategory(detail.statusCategory) ?? 'UNKNOWN';
  const [newest, ...older] = detail.trackingEvents.map(fromEvent);
  return {
    status,
    statusText: detail.status ? stripMarkup(detail.status) : undefined,
    carrier: 'USPS',
    signedBy: signedEvent?.name,
    estimatedDeliveryDate: date,
    deliveryWindowStart: windowTime(date, expectation?.predictedDeliveryWindowStartTime),
    deliveryWindowEnd: windowTime(date, expectation?.predictedDeliveryWindowEndTime),
    // The category of the parcel is that of its newest event.
    events: newest ? [newest.status === 'UNKNOWN' ? { ...newest, status } : newest, ...older] : [],
  };
}

/** Returns the predicted date, else the expected one, else the guaranteed one: YYYY-MM-DD. */
function deliveryDateOf(detail: Detail): string | undefined {
  const expectation = detail.deliveryDateExpectation;
  return (
    expectation?.predictedDeliveryDate ??
    expectation?.expectedDeliveryDate ??
    detail.expectedDeliveryDate ??
    detail.expectedDeliveryTimeStamp ??
    expectation?.guaranteedDeliveryDate ??
    detail.guaranteedDeliveryDate
  );
}

/** Returns a wall-clock time without a zone; undefined for a text in another form. USPS writes it with or without its date. */
function windowTime(date: string | undefined, time: string | undefined): string | undefined {
  return time && (localTime(time) ?? (date && localTime(`${date}T${time}`)));
}
