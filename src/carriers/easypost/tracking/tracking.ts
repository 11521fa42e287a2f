import { z } from 'zod';

import type { Address } from '../../../domain/address.ts';
import { ProviderError, type Outcome } from '../../../domain/errors.ts';
import type { Tracking, TrackingEvent, TrackingStatus } from '../../../domain/tracking.ts';
import type { CallOptions, TrackingRequest } from '../../adapter.ts';
import { mapOutcomes } from '../../map-outcomes.ts';
import { fromCountry } from '../addresses/address-fields.ts';
import type { EasyPostClient } from '../client.ts';
import { optionalText, readRows } from '../readable.ts';
import { fromCarrier, toTrackerCarrier } from '../service-codes.ts';
import { followedBy, followedOutcome } from '../../../transport/call-plan.ts';

const trackingDetail = z.object({
  message: optionalText,
  description: optionalText,
  status: optionalText,
  status_detail: optionalText,
  datetime: optionalText,
  source: optionalText,
  carrier_code: optionalText,
  tracking_location: z
    .object({ city: optionalText, state: optionalText, country: optionalText, zip: optionalText })
    .nullish()
    .catch(undefined),
});
type TrackingDetail = z.infer<typeof trackingDetail>;

/** A Tracker of EasyPost. Its details are sorted oldest first. */
export const trackerSchema = z.object({
  id: z.string(),
  tracking_code: z.string(),
  status: z.string().min(1),
  status_detail: optionalText,
  signed_by: optionalText,
  est_delivery_date: optionalText,
  updated_at: optionalText,
  carrier: optionalText,
  shipment_id: optionalText,
  carrier_detail: z.object({ est_delivery_date_local: optionalText }).nullish().catch(undefined),
  /** A detail that can't be read is left out. */
  tracking_details: z
    .array(z.unknown())
    .transform((details) => readRows(details, trackingDetail).read)
    .nullish()
    .catch(undefined),
});
export type Tracker = z.infer<typeof trackerSchema>;
/** A tracker that can't be read is left out, and fetched alone. */
const trackerList = z.object({
  trackers: z.array(z.unknown()).transform((trackers) => readRows(trackers, trackerSchema).read),
});

/** Guess: the size of a batch is not documented; a page of a list has this many. */
const batchSize = 100;

/** Tracks numbers. A number without `reference` creates its tracker; known trackers are refreshed in batches. */
export const track =
  (client: EasyPostClient) =>
  async (requests: readonly TrackingRequest[], call: CallOptions): Promise<readonly Outcome<Tracking>[]> => {
    const known = requests.filter((request) => request.reference !== undefined);
    const refreshed =
      known.length > 1 ? await refreshTrackers(client, known, call) : new Map<string, never>();
    return mapOutcomes(requests, async (request) => {
      const tracker = refreshed.get(request.reference ?? '') ?? (await fetchTracker(client, request, call));
      if (tracker instanceof ProviderError) throw tracker;
      return fromTracker(tracker);
    });
  };

/** Returns refreshed trackers, or their failures, by id. A tracker that is missing in the result is to be fetched alone. */
async function refreshTrackers(
  client: EasyPostClient,
  known: readonly TrackingRequest[],
  call: CallOptions,
): Promise<Map<string, Outcome<Tracker>>> {
  const batches = Array.from({ length: Math.ceil(known.length / batchSize) }, (_, index) =>
    known.slice(index * batchSize, (index + 1) * batchSize),
  );
  const responses = await mapOutcomes(batches, (batch) => {
    const json = { tracking_codes: batch.map((request) => request.trackingNumber) };
    const request = { method: 'POST', path: '/trackers/batch', json, repeatable: true } as const;
    return followedBy(client.request(trackerList, request, call.signal), {
      calls: 2 * batch.length,
      when: 'trackers are missing in the response, or fail their batch',
    });
  });
  return new Map(
    responses.flatMap((response, index): (readonly [string, Outcome<Tracker>])[] => {
      if (!(response instanceof ProviderError)) {
        return response.trackers.map((tracker) => [tracker.id, tracker] as const);
      }
      // One number may fail its batch; any other failure would only repeat for each number.
      if (response.code === 'REJECTED' || response.code === 'NOT_FOUND') return [];
      return batches[index]!.map(({ reference }) => [reference!, response] as const);
    }),
  );
}

/**
 * Fetches a tracker by its id, or creates it where it has none, was deleted, or belongs to another key of the account.
 * Repeatable, since EasyPost returns the existing tracker when one is created again.
 */
async function fetchTracker(
  client: EasyPostClient,
  { trackingNumber, carrier, reference }: TrackingRequest,
  call: CallOptions,
): Promise<Tracker> {
  if (reference !== undefined) {
    const path = `/trackers/${reference}`;
    const known = await followedOutcome(client.request(trackerSchema, { path }, call.signal), {
      calls: 1,
      when: 'a tracker was deleted',
    });
    if (!(known instanceof ProviderError)) return known;
    if (known.code !== 'NOT_FOUND') throw known;
  }
  const json = { tracker: { tracking_code: trackingNumber, carrier: carrier && toTrackerCarrier(carrier) } };
  const request = { method: 'POST', path: '/trackers', json, repeatable: true } as const;
  return client.request(trackerSchema, request, call.signal);
}

/** Maps a tracker. Throws NOT_FOUND where EasyPost can't track the number. */
export function fromTracker(tracker: Tracker): Tracking {
  const details = tracker.tracking_details ?? [];
  const lastMessage = details.at(-1)?.message;
  if (tracker.status === 'error') {
    const reason = lastMessage ?? undefined;
    throw new ProviderError('NOT_FOUND', `EasyPost can't track this number${reason ? `: ${reason}` : ''}`, {
      hint: 'Check the number and its carrier. In test mode only EasyPost\'s own test numbers can be tracked.', // prettier-ignore
      providerCode: tracker.status_detail ?? undefined,
      providerMessage: reason,
    });
  }
  return {
    status: toStatus(tracker.status, tracker.status_detail),
    statusText: lastMessage || undefined,
    carrier: tracker.carrier ? fromCarrier(tracker.carrier) : undefined,
    ...toEstimate(tracker),
    signedBy: tracker.signed_by || undefined,
    events: details.map(fromTrackingDetail).reverse(),
    reference: tracker.id,
    sourceUpdatedAt: toUtc(tracker.updated_at),
    changedAt: toUtc(tracker.updated_at),
  };
}

function toUtc(time: string | null | undefined): string | undefined {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** Midnight in UTC stands for a day without a time. The carrier's local day is preferred. */
function toEstimate({ est_delivery_date, carrier_detail }: Tracker) {
  const time = instant.safeParse(est_delivery_date).data;
  return {
    estimatedDelivery: time && !time.includes('T00:00:00') ? time : undefined,
    estimatedDeliveryDate: toDate(carrier_detail?.est_delivery_date_local) ?? toDate(est_delivery_date),
  };
}

const instant = z.iso.datetime({ offset: true });
const localTime = z.iso.datetime({ local: true });
const date = z.iso.date();
/** The date (YYYY-MM-DD) of a date or time, as it is written. */
const toDate = (time: string | null | undefined) => date.safeParse(time?.slice(0, 10)).data;

function fromTrackingDetail(detail: TrackingDetail): TrackingEvent {
  return {
    status: toStatus(detail.status, detail.status_detail),
    description: detail.message || detail.description || '',
    ...toOccurrence(detail.datetime),
    location: fromLocation(detail.tracking_location),
    carrierCode: detail.carrier_code || undefined,
  };
}

/** All recorded times are in UTC. Guess: a time without a zone is local to the event's location. */
function toOccurrence(time: string | null | undefined) {
  const occurredAt = instant.safeParse(time).data;
  if (occurredAt !== undefined) return { occurredAt };
  const occurredAtLocal = localTime.safeParse(time).data?.slice(0, 19);
  return occurredAtLocal === undefined ? {} : { occurredAtLocal };
}

function fromLocation(location: TrackingDetail['tracking_location']): Address | undefined {
  if (!location?.city && !location?.state && !location?.zip) return undefined;
  const { city, state, zip, country } = location;
  return {
    city: city || undefined,
    state: state || undefined,
    postalCode: zip || undefined,
    country: fromCountry(country),
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

/** Values of `status_detail` that say more than the status `in_transit`. Few are recorded; the others are documented. */
const inTransitDetails: Readonly<Record<string, TrackingStatus>> = {
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

function toStatus(status: string | null | undefined, detail: string | null | undefined): TrackingStatus {
  const refined = status === 'in_transit' ? inTransitDetails[detail ?? ''] : undefined;
  return refined ?? statuses[status ?? ''] ?? 'UNKNOWN';
}
