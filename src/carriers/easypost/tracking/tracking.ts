import { z } from 'zod';

import type { Address } from '../../../domain/address.ts';
import { outcome, ProviderError, type Outcome } from '../../../domain/errors.ts';
import type { Tracking, TrackingEvent, TrackingStatus } from '../../../domain/tracking.ts';
import type { CallOptions, TrackingRequest } from '../../adapter.ts';
import { fanOut } from '../../fan-out.ts';
import type { EasyPost } from '../client.ts';
import { fromCarrier, toTrackerCarrier } from '../service-codes.ts';

const words = z.string().nullish();
export const tracker = z.object({
  id: z.string(),
  tracking_code: z.string(),
  status: z.string(),
  status_detail: words,
  signed_by: words,
  est_delivery_date: words,
  updated_at: words,
  carrier: words,
  shipment_id: words,
  carrier_detail: z.object({ est_delivery_date_local: words }).nullish().catch(undefined),
  tracking_details: z
    .array(
      z.object({
        message: words,
        description: words,
        status: words,
        status_detail: words,
        datetime: words,
        source: words,
        carrier_code: words,
        tracking_location: z.object({ city: words, state: words, country: words, zip: words }).nullish(),
      }),
    )
    .nullish(),
});
export type Tracker = z.infer<typeof tracker>;
const trackers = z.object({ trackers: z.array(tracker) });

/** Guess: how many a batch takes is not published; it is how many a page holds. */
const batchSize = 100;

/** A tracker is made once for a number; those that are known already are refreshed together, a hundred a call. */
export const track =
  (easypost: EasyPost) =>
  async (questions: readonly TrackingRequest[], call: CallOptions): Promise<readonly Outcome<Tracking>[]> => {
    const known = questions.filter((question) => question.reference !== undefined);
    const refreshed = known.length > 1 ? await refresh(easypost, known, call) : new Map<string, never>();
    return fanOut(questions, async (question) => {
      const found = refreshed.get(question.reference ?? '') ?? (await askOne(easypost, question, call));
      if (found instanceof ProviderError) throw found;
      return fromTracker(found);
    });
  };

/** By the trackers' ids. One that is missing in the answer is then asked for alone. */
async function refresh(
  easypost: EasyPost,
  known: readonly TrackingRequest[],
  call: CallOptions,
): Promise<Map<string, Outcome<Tracker>>> {
  const batches = Array.from({ length: Math.ceil(known.length / batchSize) }, (_, index) =>
    known.slice(index * batchSize, (index + 1) * batchSize),
  );
  const answers = await fanOut(batches, (batch) => {
    const json = { tracking_codes: batch.map((question) => question.trackingNumber) };
    const request = { method: 'POST', path: '/trackers/batch', json, repeatable: true } as const;
    return easypost.ask(trackers, request, call.signal);
  });
  return new Map(
    answers.flatMap((answer, index): (readonly [string, Outcome<Tracker>])[] => {
      if (!(answer instanceof ProviderError)) return answer.trackers.map((each) => [each.id, each] as const);
      // One number may spoil a batch; what stands in the way of all would only be met again for each.
      if (answer.code === 'REJECTED' || answer.code === 'NOT_FOUND') return [];
      return batches[index]!.map(({ reference }) => [reference!, answer] as const);
    }),
  );
}

/**
 * EasyPost answers a second creation with the tracker of the first, so asking again is harmless. One that is gone, or
 * that another key of the account had made, is made anew.
 */
async function askOne(easypost: EasyPost, question: TrackingRequest, call: CallOptions): Promise<Tracker> {
  const { trackingNumber, carrier, reference } = question;
  if (reference !== undefined) {
    const path = `/trackers/${reference}`;
    const known = await outcome(() => easypost.ask(tracker, { path }, call.signal));
    if (!(known instanceof ProviderError)) return known;
    if (known.code !== 'NOT_FOUND') throw known;
  }
  const json = { tracker: { tracking_code: trackingNumber, carrier: carrier && toTrackerCarrier(carrier) } };
  return easypost.ask(tracker, { method: 'POST', path: '/trackers', json, repeatable: true }, call.signal);
}

export function fromTracker(answer: Tracker): Tracking {
  const details = answer.tracking_details ?? [];
  if (answer.status === 'error') {
    const said = details.at(-1)?.message ?? undefined;
    throw new ProviderError('NOT_FOUND', `EasyPost can't track this number${said ? `: ${said}` : ''}`, {
      hint: 'Check the number and its carrier. In test mode only EasyPost\'s own test numbers can be tracked.', // prettier-ignore
      providerCode: answer.status_detail ?? undefined,
      providerMessage: said,
    });
  }
  return {
    status: toStatus(answer.status, answer.status_detail),
    statusText: details.at(-1)?.message || undefined,
    carrier: answer.carrier ? fromCarrier(answer.carrier) : undefined,
    ...fromEstimate(answer),
    signedBy: answer.signed_by || undefined,
    // EasyPost lists them oldest first.
    events: details.map(fromDetail).reverse(),
    reference: answer.id,
    changedAt: fromTime(answer.updated_at),
  };
}

function fromTime(time: string | null | undefined): string | undefined {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** Midnight in UTC is how EasyPost writes a day without an hour; a local day is nearer to the truth where it is told. */
function fromEstimate({ est_delivery_date: instant, carrier_detail }: Tracker) {
  const day = carrier_detail?.est_delivery_date_local ?? instant;
  return {
    estimatedDelivery: instant && !instant.includes('T00:00:00') ? instant : undefined,
    estimatedDeliveryDate: day?.slice(0, 10),
  };
}

function fromDetail(detail: NonNullable<Tracker['tracking_details']>[number]): TrackingEvent {
  return {
    status: toStatus(detail.status, detail.status_detail),
    description: detail.message || detail.description || '',
    // Recorded times are all in UTC; one without a zone is the place's own.
    [detail.datetime && !/(Z|[+-]\d\d:?\d\d)$/i.test(detail.datetime) ? 'occurredAtLocal' : 'occurredAt']:
      detail.datetime ?? undefined,
    location: place(detail.tracking_location),
    carrierCode: detail.carrier_code || undefined,
  };
}

function place(
  location: NonNullable<Tracker['tracking_details']>[number]['tracking_location'],
): Address | undefined {
  if (!location?.city && !location?.state && !location?.zip) return undefined;
  const { city, state, zip, country } = location;
  return {
    city: city || undefined,
    state: state || undefined,
    postalCode: zip || undefined,
    country: country && /^[A-Z]{2}$/.test(country) ? country : undefined,
  };
}

const statuses: Record<string, TrackingStatus> = {
  unknown: 'UNKNOWN',
  pre_transit: 'PRE_TRANSIT',
  in_transit: 'IN_TRANSIT',
  out_for_delivery: 'OUT_FOR_DELIVERY',
  delivered: 'DELIVERED',
  available_for_pickup: 'AVAILABLE_FOR_PICKUP',
  return_to_sender: 'RETURNING',
  failure: 'EXCEPTION',
  cancelled: 'CANCELLED',
  error: 'EXCEPTION',
};

/** What the details of a parcel on its way say beyond that. Recorded are few of them; of the rest the word is taken. */
const onItsWay: Readonly<Record<string, TrackingStatus>> = {
  received_at_origin_facility: 'ACCEPTED',
  out_for_delivery: 'OUT_FOR_DELIVERY',
  arrived_at_pickup_location: 'AVAILABLE_FOR_PICKUP',
  return: 'RETURNING',
  damaged: 'EXCEPTION',
  delivery_exception: 'EXCEPTION',
  lost: 'EXCEPTION',
  refused: 'EXCEPTION',
  transit_exception: 'EXCEPTION',
};

/** The detail refines a status where it says more. */
function toStatus(status: string | null | undefined, detail: string | null | undefined): TrackingStatus {
  const refined = status === 'in_transit' ? onItsWay[detail ?? ''] : undefined;
  return refined ?? statuses[status ?? ''] ?? 'UNKNOWN';
}
