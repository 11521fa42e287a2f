/** The sandbox's idea of now, in epoch milliseconds: the machine's own, or one that a test moves. */
export interface Clock {
  now(): number;
}

export interface MovableClock extends Clock {
  /** Moves time forward, which is how parcels travel in a test. */
  advance(milliseconds: number): void;
}

export const systemClock: Clock = { now: () => Date.now() };

export function movableClock(start: number | string = Date.now()): MovableClock {
  let now = new Date(start).getTime();
  return { now: () => now, advance: (milliseconds) => void (now += milliseconds) };
}
