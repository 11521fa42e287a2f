import { hasArrived, type TrackingStatus } from './tracking.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long after an answer a parcel of a status is asked for again. One that has arrived is not. */
const intervalsMs: Partial<Record<TrackingStatus, number>> = {
  OUT_FOR_DELIVERY: 30 * minuteMs,
  DELIVERY_ATTEMPTED: 2 * hourMs,
  ACCEPTED: 4 * hourMs,
  IN_TRANSIT: 4 * hourMs,
  RETURNING: 6 * hourMs,
  AVAILABLE_FOR_PICKUP: 6 * hourMs,
  EXCEPTION: 6 * hourMs,
  PRE_TRANSIT: 12 * hourMs,
};

/** A parcel that has not changed for so long is not watched any more. */
export const watchEndsAfterMs = 30 * dayMs;

/** A provider that pushes changes is asked this much later, in case that a push was lost. */
export const pushedPollDelayMs = 12 * hourMs;

/** When the first poll of a label is due that was purchased just now: no carrier has the parcel before. */
export const purchasedPollDelayMs = intervalsMs.PRE_TRANSIT!;

/**
 * Returns when a watched parcel is asked for again, or undefined where its watch ends: it has arrived, or did not change for
 * 30 days. A parcel of which nothing is known is asked for after a quarter of the time for which that has been so, from
 * 15 minutes to a day. All times are epoch milliseconds.
 */
export function nextPoll(status: TrackingStatus, answeredAt: number, changedAt: number): number | undefined {
  const unchangedMs = answeredAt - changedAt;
  if (hasArrived(status) || unchangedMs >= watchEndsAfterMs) return undefined;
  const unknownMs = Math.min(dayMs, Math.max(15 * minuteMs, unchangedMs / 4));
  return answeredAt + (intervalsMs[status] ?? unknownMs);
}
