/** Formats a time as `2025-03-07T16:46:21Z`. */
export const isoTime = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;

/** Formats a time as `2025-03-07T16:46:21+00:00`, which addresses and end shippers use in most recordings. */
export const isoTimeWithOffset = (time: number) => isoTime(time).replace('Z', '+00:00');

/** The latest local midnight is twelve hours behind UTC. In milliseconds. */
const largestUtcDelayMs = 12 * 60 * 60 * 1000;

/** Returns the date, such as `2025-03-07`, in the last time zone to begin it: an earlier date is past everywhere. */
export const earliestLocalDate = (now: number) => isoTime(now - largestUtcDelayMs).slice(0, 10);

/** Returns the same day and hour of the month before, or that month's last day. */
export function monthBefore(time: number): number {
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() - 1);
  if (date.getUTCDate() !== day) date.setUTCDate(0);
  return date.getTime();
}

export function monthsAfter(time: number, months: number): number {
  const date = new Date(time);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.getTime();
}
