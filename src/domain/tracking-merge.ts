import type { Tracking, TrackingEvent } from './tracking.ts';

/** A provider's answer about one parcel. */
export interface ReceivedTracking {
  readonly accountId: string;
  readonly state: Tracking;
  /** Time of receipt in epoch milliseconds. */
  readonly asOf: number;
}

/**
 * Providers' reads are eventually consistent: within this time, an answer whose newest event is older than the one that is
 * known is outdated. After it, the carrier has withdrawn the event. The figure is our assumption.
 */
const consistencyMs = 24 * 60 * 60 * 1000;

/**
 * Merges an answer into what is known of a parcel. The newer of both gives the state; events that it lacks are kept, since
 * providers shorten, reorder and resend their lists. An event with the time and code of a newer one is corrected by it.
 */
export function mergeTracking(known: ReceivedTracking, received: ReceivedTracking): ReceivedTracking {
  const order = compareChanges(received, known);
  // An answer that the provider itself dates before the known one is late, so it does not tell how the parcel is now.
  const asOf = order < 0 ? known.asOf : Math.max(known.asOf, received.asOf);
  const [newer, older] = isNewer(received, known) ? [received, known] : [known, received];
  // Accounts write the same event in different words, so events of two accounts are not mixed.
  if (newer.accountId !== older.accountId) return { ...newer, asOf };
  return {
    accountId: newer.accountId,
    state: { ...newer.state, events: mergeEvents(newer.state.events, older.state.events) },
    asOf,
  };
}

/** Tells whether two values are equal as JSON, which has no property that is undefined. */
export function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [first, second] = [a, b] as [Record<string, unknown>, Record<string, unknown>];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    Object.keys(a).every((key) => isSame(first[key], second[key])) &&
    Object.keys(b).every((key) => Object.hasOwn(a, key) || second[key] === undefined)
  );
}

/** Tells whether a client sees a difference between two states. */
export function differs(a: Tracking, b: Tracking): boolean {
  const shown = ({ reference, changedAt, ...state }: Tracking) => state;
  return !isSame(shown(a), shown(b));
}

/** The provider's own time of change decides where both have one; otherwise the newest event and the time of receipt. */
function isNewer(received: ReceivedTracking, known: ReceivedTracking): boolean {
  // A provider that has not heard of a parcel, or has deleted its record, says nothing new.
  const isUnknown = ({ state }: ReceivedTracking) => state.status === 'UNKNOWN';
  if (isUnknown(received) !== isUnknown(known)) return isUnknown(known);
  const order = compareChanges(received, known);
  if (order !== 0) return order > 0;
  if (received.asOf < known.asOf) return false;
  const [newest, knownNewest] = [received, known].map(({ state }) => timeOf(state.events[0]));
  const isOutdated = newest !== undefined && knownNewest !== undefined && newest < knownNewest;
  return !isOutdated || received.asOf - known.asOf > consistencyMs;
}

/** Compares the provider's own times of change; 0 where they are equal or one is unknown. */
function compareChanges(a: ReceivedTracking, b: ReceivedTracking): number {
  const [first, second] = [a.state.changedAt, b.state.changedAt];
  if (first === undefined || second === undefined || first === second) return 0;
  // Times in one format compare as text.
  return first > second ? 1 : -1;
}

function mergeEvents(
  newer: readonly TrackingEvent[],
  older: readonly TrackingEvent[],
): readonly TrackingEvent[] {
  const identities = new Set(newer.map(identityOf));
  const kept = older.filter((event) => !identities.has(identityOf(event)));
  if (kept.length === 0) return newer;
  return [...newer, ...kept].sort((a, b) => (timeOf(b) ?? -Infinity) - (timeOf(a) ?? -Infinity));
}

/** Two events of one account with equal identity are the same scan, which the later answer may describe differently. */
const identityOf = ({ occurredAt, occurredAtLocal, carrierCode, description }: TrackingEvent) =>
  [occurredAt ?? occurredAtLocal ?? '', carrierCode ?? description].join(' ');

/** Epoch milliseconds; a local time is read as UTC, which orders the events of one account by hours at worst. */
function timeOf(event: TrackingEvent | undefined): number | undefined {
  const { occurredAt, occurredAtLocal } = event ?? {};
  const time = Date.parse(occurredAt ?? (occurredAtLocal && `${occurredAtLocal}Z`) ?? '');
  return Number.isNaN(time) ? undefined : time;
}
