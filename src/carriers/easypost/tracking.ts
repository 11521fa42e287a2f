import { z } from 'zod';

import type { Address } from '../../domain/address.ts';
import { outcome, ProviderError, type Outcome } from '../../domain/errors.ts';
import type { Tracking, TrackingEvent, TrackingStatus } from '../../domain/tracking.ts';
import type { Call, TrackQuestion } from '../carrier.ts';
import { fanOut } from '../fan-out.ts';
import type { EasyPost } from './client.ts';
import { fromCarrier, toTrackerCarrier } from './words.ts';

const words = z.string().nullish();
const tracker = z.object({
  id: z.string(),
  tracking_code: z.string(),
  status: z.string(),
  status_detail: words,
  signed_by: words,
  est_delivery_date: words,
  carrier: words,
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
type Tracker = z.infer<typeof tracker>;
const trackers = z.object({ trackers: z.array(tracker) });

/** A tracker is made once for a number; those that are known already are refreshed together in one call. */
export const track =
  (easypost: EasyPost) =>
  async (questions: readonly TrackQuestion[], call: Call): Promise<readonly Outcome<Tracking>[]> => {
    const known = questions.filter((question) => question.reference !== undefined);
    const refreshed = known.length > 1 ? await refresh(easypost, known, call) : new Map<string, Tracker>();
    return fanOut(questions, async (question) => {
      const found = refreshed.get(question.reference ?? '') ?? (await askOne(easypost, question, call));
      return fromTracker(found);
    });
  };

async function refresh(easypost: EasyPost, known: readonly TrackQuestion[], call: Call) {
  const json = { tracking_codes: known.map((question) => question.trackingNumber) };
  const request = { method: 'POST', path: '/trackers/batch', json, repeatable: true } as const;
  const answer = await outcome(() => easypost.ask(trackers, request, call.signal));
  // One that is missing in the answer, or all of them, are then asked one by one.
  const found = answer instanceof ProviderError ? [] : answer.trackers;
  return new Map(found.map((each) => [each.id, each]));
}

/** EasyPost answers a second creation with the tracker of the first, so asking again is harmless. */
function askOne(easypost: EasyPost, question: TrackQuestion, call: Call): Promise<Tracker> {
  const { trackingNumber, carrier, reference } = question;
  if (reference !== undefined) return easypost.ask(tracker, { path: `/trackers/${reference}` }, call.signal);
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
    // The instant is EasyPost's guess for the end of the day; the day is what it means.
    estimatedDelivery: answer.est_delivery_date ?? undefined,
    estimatedDeliveryDate: answer.est_delivery_date?.slice(0, 10),
    signedBy: answer.signed_by ?? undefined,
    // EasyPost lists them oldest first.
    events: details.map(fromDetail).reverse(),
    reference: answer.id,
  };
}

function fromDetail(detail: NonNullable<Tracker['tracking_details']>[number]): TrackingEvent {
  return {
    status: toStatus(detail.status, detail.status_detail),
    description: detail.message || detail.description || '',
    occurredAt: detail.datetime ?? undefined,
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

/** The detail refines a status where it says more. */
function toStatus(status: string | null | undefined, detail: string | null | undefined): TrackingStatus {
  if (status === 'in_transit' && detail === 'received_at_origin_facility') return 'ACCEPTED';
  return statuses[status ?? ''] ?? 'UNKNOWN';
}
