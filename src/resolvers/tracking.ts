import { trackingUrl } from '../domain/carriers.ts';
import { ProviderError, throwIfInvalid, type UserError } from '../domain/errors.ts';
import {
  eventId,
  parcelNumber,
  parcelNumberErrors,
  parseTrackerId,
  trackerId,
  type ParcelNumber,
  type TrackingEvent,
} from '../domain/tracking.ts';
import type { Context } from '../auth/context.ts';
import type { Resolvers, TrackingNumberInput } from '../generated/resolvers-types.ts';
import { withFallback } from '../storage/unavailable.ts';
import type { KnownTracker, TrackerRequest } from '../loaders/trackers.ts';
import { requireCaller, requireAccount } from './require-auth.ts';
import { createOperationLimit } from './operation-limit.ts';

/** An event and the parcel that it happened to. */
export interface EventOf {
  readonly parcel: ParcelNumber;
  readonly event: TrackingEvent;
}

const countNumbers = createOperationLimit(1000, 'numbers');

export const trackingResolvers: Resolvers = {
  Query: {
    tracker(_, { maxAgeSeconds, ...number }, context) {
      requireCaller(context);
      throwIfInvalid([...parcelNumberErrors(number, []), ...ageErrors(maxAgeSeconds)]);
      return context.loaders.tracker.load(toQuestion(number, [], maxAgeSeconds, context));
    },
    trackers(_, { numbers, maxAgeSeconds }, context) {
      requireCaller(context);
      countNumbers(context, numbers.length);
      throwIfInvalid([
        ...ageErrors(maxAgeSeconds),
        ...numbers.flatMap((number, index) => parcelNumberErrors(number, ['numbers', String(index)])),
      ]);
      // Every account is judged before the first call is made.
      const questions = numbers.map((number, index) =>
        toQuestion(number, ['numbers', String(index)], maxAgeSeconds, context),
      );
      return Promise.all(questions.map((question) => context.loaders.tracker.load(question)));
    },
  },
  Tracker: {
    __resolveReference: (reference, context) => trackerOf(reference, context),
    id: ({ parcel }) => trackerId(parcel),
    trackingNumber: ({ parcel }) => parcel.trackingNumber,
    carrier: ({ parcel }) => parcel.carrier ?? null,
    status: async ({ parcel, tracking }, _, context) => {
      if (tracking) return tracking.status;
      // A label of ours that its carrier has not seen yet is more than unknown.
      const sold = await withFallback(
        () => soldAs(parcel, context),
        () => undefined,
      );
      return sold?.status === 'PURCHASED' ? 'PRE_TRANSIT' : 'UNKNOWN';
    },
    statusText: ({ tracking }) => tracking?.statusText ?? null,
    estimatedDelivery: ({ tracking }) => tracking?.estimatedDelivery ?? null,
    estimatedDeliveryDate: ({ tracking }) => tracking?.estimatedDeliveryDate ?? null,
    deliveryWindowStart: ({ tracking }) => tracking?.deliveryWindowStart ?? null,
    deliveryWindowEnd: ({ tracking }) => tracking?.deliveryWindowEnd ?? null,
    signedBy: ({ tracking }) => tracking?.signedBy ?? null,
    trackingUrl: ({ parcel }) => trackingUrl(parcel.carrier, parcel.trackingNumber) ?? null,
    events: ({ parcel, tracking }) => (tracking?.events ?? []).map((event) => ({ parcel, event })),
    account: ({ account }) => account ?? null,
    shipment: async ({ parcel }, _, context) => (await soldAs(parcel, context)) ?? null,
    asOf: ({ asOf }) => (asOf === undefined ? null : new Date(asOf).toISOString()),
    stale: ({ stale }) => stale,
    failure: ({ failure }) => failure ?? null,
  },
  TrackingEvent: {
    id: ({ parcel, event }) => eventId(parcel, event),
    status: ({ event }) => event.status,
    description: ({ event }) => event.description,
    occurredAt: ({ event }) => event.occurredAt ?? null,
    occurredAtLocal: ({ event }) => event.occurredAtLocal ?? null,
    location: ({ event }) => event.location ?? null,
    carrierCode: ({ event }) => event.carrierCode ?? null,
  },
};

/** The shipment that this parcel was bought with; another carrier's parcel may have the same number. */
async function soldAs({ trackingNumber, carrier }: ParcelNumber, context: Context) {
  const sold = await context.loaders.shipmentByNumber.load(trackingNumber);
  return !carrier || sold?.carrier === carrier ? sold : undefined;
}

function toQuestion(
  number: TrackingNumberInput,
  path: readonly string[],
  maxAgeSeconds: number | null | undefined,
  context: Context,
): TrackerRequest {
  return {
    parcel: parcelNumber(number.trackingNumber, number.carrier),
    account: number.accountId
      ? requireAccount(requireCaller(context), number.accountId, [...path, 'accountId'])
      : undefined,
    maxAgeSeconds: maxAgeSeconds ?? undefined,
  };
}

function ageErrors(maxAgeSeconds: number | null | undefined): UserError[] {
  if (maxAgeSeconds == null || maxAgeSeconds >= 0) return [];
  return [{ code: 'INVALID', field: ['maxAgeSeconds'], message: 'is zero or more' }];
}

/**
 * A reference names the tracker by its id, or by number and carrier as another subgraph writes them. A number always
 * resolves to a tracker: what another subgraph holds for one may be none, and then the failure says so.
 */
function trackerOf(reference: object, context: Context): Promise<KnownTracker> | KnownTracker | null {
  requireCaller(context);
  const { id, trackingNumber, carrier } = reference as {
    id?: string;
    trackingNumber?: string;
    carrier?: string | null;
  };
  if (id != null) {
    const byId = parseTrackerId(id);
    return byId ? context.loaders.tracker.load({ parcel: byId }) : null;
  }
  if (trackingNumber === undefined) return null;
  const parcel = parcelNumber(trackingNumber, carrier);
  const [fault] = parcelNumberErrors({ trackingNumber, carrier }, []);
  if (fault === undefined) return context.loaders.tracker.load({ parcel });
  const error = new ProviderError('REJECTED', fault.message, { field: fault.field });
  return { parcel, stale: false, failure: { error } };
}
