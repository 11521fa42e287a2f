import type { AccountFailure } from '../../accounts/account.ts';
import type { Context } from '../../auth/context.ts';
import { limitFreshness } from '../../auth/request-record.ts';
import { readParcelNumber, validateParcelNumber } from '../../carriers/carrier-names.ts';
import { trackingUrl } from '../../domain/carriers.ts';
import { ProviderError, throwIfInvalid } from '../../domain/errors.ts';
import {
  defaultMaxAge,
  eventId,
  parseTrackerId,
  trackerId,
  type ParcelNumber,
  type TrackingEvent,
} from '../../domain/tracking.ts';
import type { Resolvers } from '../../generated/resolvers-types.ts';
import type { KnownTracker, TrackerRequest } from '../../loaders/trackers.ts';
import { withFallback } from '../../storage/unavailable.ts';
import { maxAgeErrors } from '../max-age.ts';
import { createOperationLimit } from '../operation-limit.ts';
import { requireCaller } from '../require-caller.ts';
import { trackerCursor } from './cursor.ts';
import { toTrackerRequest } from './tracker-request.ts';

/** The source of `TrackingEvent`, whose fields are read without a resolver for each: an answer has thousands of them. */
export interface TrackingEventSource extends TrackingEvent {
  readonly parcel: ParcelNumber;
}

const countNumbers = createOperationLimit(1000, 'numbers');

export const trackerResolvers: Resolvers = {
  Query: {
    async tracker(_, { maxAgeSeconds, ...number }, context) {
      requireCaller(context);
      throwIfInvalid([...validateParcelNumber(number, []), ...maxAgeErrors(maxAgeSeconds, [])]);
      const request = toTrackerRequest(number, [], maxAgeSeconds, context);
      return withArgument(await loadTracker(request, context), []);
    },
    trackers(_, { numbers, maxAgeSeconds }, context) {
      requireCaller(context);
      countNumbers(context, numbers.length);
      throwIfInvalid(maxAgeErrors(maxAgeSeconds, []));
      // Every account is validated before the first call is made.
      const requests = numbers.map((number, index) => {
        const path = ['numbers', String(index)];
        return invalidTracker(number) ?? toTrackerRequest(number, path, maxAgeSeconds, context);
      });
      return Promise.all(
        requests.map(async (request, index) => {
          const tracker = 'failure' in request ? request : await loadTracker(request, context);
          return withArgument(tracker, ['numbers', String(index)]);
        }),
      );
    },
  },
  Tracker: {
    __resolveReference: (reference, context) => resolveReference(reference, context),
    id: ({ parcel }) => trackerId(parcel),
    trackingNumber: ({ parcel }) => parcel.trackingNumber,
    carrier: ({ parcel }) => parcel.carrier ?? null,
    // No promise where none is needed: graphql-js would wait for each of a thousand trackers.
    status: ({ parcel, tracking }, _, context) => tracking?.status ?? statusOfUnknown(parcel, context),
    statusText: ({ tracking }) => tracking?.statusText ?? null,
    estimatedDelivery: ({ tracking }) => tracking?.estimatedDelivery ?? null,
    estimatedDeliveryDate: ({ tracking }) => tracking?.estimatedDeliveryDate ?? null,
    deliveryWindowStart: ({ tracking }) => tracking?.deliveryWindowStart ?? null,
    deliveryWindowEnd: ({ tracking }) => tracking?.deliveryWindowEnd ?? null,
    signedBy: ({ tracking }) => tracking?.signedBy ?? null,
    trackingUrl: ({ parcel }) => trackingUrl(parcel.carrier, parcel.trackingNumber) ?? null,
    events: ({ parcel, tracking }) => (tracking?.events ?? []).map((event) => ({ ...event, parcel })),
    account: ({ account }) => account ?? null,
    shipment: async ({ parcel }, _, context) => (await shipmentOf(parcel, context)) ?? null,
    asOf: ({ asOf }) => (asOf === undefined ? null : new Date(asOf).toISOString()),
    sourceUpdatedAt: ({ tracking }) => tracking?.sourceUpdatedAt ?? null,
    stale: ({ stale }) => stale,
    failure: ({ failure }) => (failure ? { argument: null, ...failure } : null),
    cursor: ({ parcel, version = 0 }, _, context) =>
      trackerCursor(context.sealer, requireCaller(context).tenant.id, parcel, version),
  },
  TrackingEvent: {
    id: (event) => eventId(event.parcel, event),
  },
};

/** A label that was purchased here exists, even while its carrier does not know it. */
async function statusOfUnknown(parcel: ParcelNumber, context: Context) {
  const shipment = await withFallback(
    () => shipmentOf(parcel, context),
    () => undefined,
  );
  return shipment?.status === 'PURCHASED' ? 'PRE_TRANSIT' : 'UNKNOWN';
}

/** Loads a tracker, and tells how long it stays as fresh as the request demands; one with a failure may not be kept. */
async function loadTracker(request: TrackerRequest, context: Context): Promise<KnownTracker> {
  const known = await context.loaders.tracker.load(request);
  const { tracking, asOf = 0, failure } = known;
  const maxAgeSeconds = request.maxAgeSeconds ?? defaultMaxAge(tracking?.status ?? 'UNKNOWN');
  limitFreshness(failure ? 0 : asOf + maxAgeSeconds * 1000 - context.clock.now());
  return known;
}

/** Names the argument in which a tracker's failure is to be corrected. */
const withArgument = (tracker: KnownTracker, argument: readonly string[]): KnownTracker =>
  tracker.failure ? { ...tracker, failure: { ...tracker.failure, argument } } : tracker;

/** Loads the caller's shipment of a parcel. Two carriers may use the same number, so a known carrier must match. */
async function shipmentOf({ trackingNumber, carrier }: ParcelNumber, context: Context) {
  const shipment = await context.loaders.shipmentByNumber.load(trackingNumber);
  return !carrier || shipment?.carrier === carrier ? shipment : undefined;
}

/**
 * Resolves a reference by the tracker's id, or by tracking number and carrier as another subgraph stores them. A stored
 * number that is not valid still resolves to a tracker, whose failure names the error.
 */
function resolveReference(reference: object, context: Context): Promise<KnownTracker> | KnownTracker | null {
  requireCaller(context);
  const { id, trackingNumber, carrier } = reference as {
    id?: string;
    trackingNumber?: string;
    carrier?: string | null;
  };
  if (id != null) {
    const parcel = parseTrackerId(id);
    return parcel ? loadTracker({ parcel }, context) : null;
  }
  if (trackingNumber === undefined) return null;
  return (
    invalidTracker({ trackingNumber, carrier }) ??
    loadTracker({ parcel: readParcelNumber(trackingNumber, carrier) }, context)
  );
}

/** The tracker of a number or carrier that is not valid, whose failure names the error; undefined where both are. */
function invalidTracker(number: {
  readonly trackingNumber: string;
  readonly carrier?: string | null;
}): (KnownTracker & { readonly failure: AccountFailure }) | undefined {
  const [invalid] = validateParcelNumber(number, []);
  if (invalid === undefined) return undefined;
  limitFreshness(0);
  const { field, message } = invalid;
  const error = new ProviderError('REJECTED', `${field.join('.')}: ${message}`, { field });
  return {
    parcel: readParcelNumber(number.trackingNumber, number.carrier),
    stale: false,
    failure: { error },
  };
}
