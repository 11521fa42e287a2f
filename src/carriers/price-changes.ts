/**
 * The time zones at whose midnight carriers of the United States change prices. USPS announces changes for midnight Central
 * Time. Guess: a carrier that names no zone means that one or Eastern Time.
 */
const zones = ['America/Chicago', 'America/New_York'];

/** Prices of this time before midnight are not kept, since clocks differ. */
const marginMs = 60_000;
/** Until this time after midnight a provider may still quote the old prices. */
const settlingMs = 5 * 60_000;
const dayMs = 24 * 60 * 60_000;

const clocks = zones.map(
  (timeZone) =>
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }),
);

/**
 * Returns the time until which prices of a moment hold for certain: a minute before the next midnight, or the moment itself
 * around midnight. Both in epoch milliseconds. On a day without 24 hours it is an hour off before 2 a.m., when midnight is
 * farther away than any quote is kept.
 */
export function pricesHoldUntil(pricedAt: number): number {
  const ends = clocks.map((clock) => {
    const timeOfDay = timeOfDayMs(clock, pricedAt);
    return timeOfDay < settlingMs ? pricedAt : pricedAt + Math.max(0, dayMs - marginMs - timeOfDay);
  });
  return Math.min(...ends);
}

/** The time since midnight, by the hands of a clock. */
function timeOfDayMs(clock: Intl.DateTimeFormat, at: number): number {
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const seconds = (parts.get('hour')! * 60 + parts.get('minute')!) * 60 + parts.get('second')!;
  return seconds * 1000 + (at % 1000);
}
