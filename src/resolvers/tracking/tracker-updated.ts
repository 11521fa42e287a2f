import type { Context } from '../../auth/context.ts';
import { validateParcelNumber } from '../../carriers/carrier-names.ts';
import { throwIfInvalid } from '../../domain/errors.ts';
import type { ParcelNumber } from '../../domain/tracking.ts';
import type { Resolvers, TrackingNumberInput } from '../../generated/resolvers-types.ts';
import { LatestQueue } from '../../loaders/latest-queue.ts';
import { fromLedger, type KnownTracker, type TrackerRequest } from '../../loaders/trackers.ts';
import type { ChangedTracker } from '../../storage/trackers.ts';
import { requireCaller } from '../require-caller.ts';
import { readTrackerCursor } from './cursor.ts';
import { toTrackerRequest } from './tracker-request.ts';

const maxNumbers = 1000;

export const trackerUpdatedResolvers: Resolvers = {
  Subscription: {
    trackerUpdated: {
      async subscribe(_, { numbers, after }, context) {
        throwIfInvalid(numberErrors(numbers));
        const requests = numbers.map((number, index) =>
          toTrackerRequest(number, ['numbers', String(index)], undefined, context),
        );
        return updates(await begin(requests, after ?? undefined, context), context);
      },
      resolve: (tracker: KnownTracker) => tracker,
    },
  },
};

function numberErrors(numbers: readonly TrackingNumberInput[]) {
  const field = ['numbers'];
  if (numbers.length === 0) return [{ code: 'REQUIRED', field, message: 'is empty: name a parcel' } as const];
  if (numbers.length > maxNumbers) {
    const message = `a subscription takes up to ${maxNumbers} numbers; use several for more`;
    return [{ code: 'TOO_MANY', field, message } as const];
  }
  return numbers.flatMap((number, index) => validateParcelNumber(number, [...field, String(index)]));
}

/** A state to send. One that is not `inOrder` may come before a change with a lower version. */
interface Update {
  readonly tracker: KnownTracker;
  readonly inOrder: boolean;
}

/** A subscription whose parcels are followed: what it sends first, and what comes then. */
interface Beginning {
  readonly stored: readonly KnownTracker[];
  /** The version up to which the client has every change. */
  readonly version: number;
  readonly changes: LatestQueue<Update>;
}

const keyOf = ({ trackingNumber, carrier }: ParcelNumber) => `${trackingNumber} ${carrier ?? ''}`;

/** Follows the parcels, and then reads their state: a change in between comes twice, and none is missed. */
async function begin(
  requests: readonly TrackerRequest[],
  after: string | undefined,
  context: Context,
): Promise<Beginning> {
  const { storage, sealer, trackerFeed, signal } = context;
  const caller = requireCaller(context);
  const tenantId = caller.tenant.id;
  const changes = new LatestQueue<Update>(signal);
  const carriers = new Map<string, (string | undefined)[]>();
  const onChange = (changed: ChangedTracker) => {
    const { trackingNumber, carrier } = changed;
    const followed = carriers.get(trackingNumber) ?? [];
    if (!followed.some((each) => each === undefined || each === carrier)) return;
    const tracker = fromLedger({ trackingNumber, carrier }, changed, caller);
    changes.put(keyOf(changed), { tracker, inOrder: true });
  };
  for (const { parcel } of requests) {
    carriers.set(parcel.trackingNumber, [...(carriers.get(parcel.trackingNumber) ?? []), parcel.carrier]);
  }
  await trackerFeed?.follow(tenantId, carriers.keys(), onChange, signal);

  const states = await (trackerFeed ?? storage.trackers).read(
    tenantId,
    requests.map(({ parcel }) => parcel),
  );
  const trackers = requests.map(({ parcel }, index) => fromLedger(parcel, states[index], caller));
  const parcels = [...trackers, ...requests].map(({ parcel }) => parcel);
  const version = after === undefined ? 0 : readTrackerCursor(sealer, tenantId, parcels, after);
  if (version === undefined) throwIfInvalid([invalidCursor]);
  if (after === undefined) {
    const unknown = requests.filter((_, index) => states[index] === undefined);
    const asked = ask(unknown, changes, context);
    if (trackerFeed === undefined) await asked;
  }
  const known = new Map(trackers.map((tracker) => [keyOf(tracker.parcel), tracker])).values();
  const stored = [...known].filter((tracker) => (tracker.version ?? 0) > version!);
  return { stored: stored.sort((a, b) => a.version! - b.version!), version: version!, changes };
}

const invalidCursor = {
  code: 'INVALID',
  field: ['after'],
  message: 'is not the cursor of one of these parcels; leave it out to begin with their present state',
} as const;

/** Asks for parcels that the ledger does not know. Each is sent as soon as it is known; where asking throws, by its next change. */
const ask = (
  requests: readonly TrackerRequest[],
  changes: LatestQueue<Update>,
  { loaders }: Pick<Context, 'loaders'>,
) =>
  Promise.allSettled(
    requests.map(async (request) => {
      const tracker = await loaders.tracker.load(request);
      changes.put(`asked ${keyOf(request.parcel)}`, { tracker, inOrder: false });
    }),
  );

/** Yields what is stored, then the changes, each once. */
async function* updates(
  { stored, version, changes }: Beginning,
  { trackerFeed }: Context,
): AsyncGenerator<KnownTracker> {
  const sent = new Map<string, number>();
  let last = version;
  for (const tracker of stored) {
    last = tracker.version!;
    sent.set(keyOf(tracker.parcel), last);
    yield tracker;
  }
  if (trackerFeed === undefined) return;
  for await (const { tracker, inOrder } of changes) {
    const key = keyOf(tracker.parcel);
    const { version: ownVersion = 0 } = tracker;
    if (ownVersion <= (sent.get(key) ?? -1)) continue;
    sent.set(key, ownVersion);
    if (inOrder) last = ownVersion;
    // The cursor of an answer that came out of order must not skip the changes before it.
    yield { ...tracker, version: last };
  }
}
