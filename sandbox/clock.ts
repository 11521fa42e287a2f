/** The sandbox's clock: the machine's, or one that a test moves. */
export interface Clock {
  /** Returns the time in epoch milliseconds. */
  now(): number;
}

export interface MovableClock extends Clock {
  /** Moves the clock forward, and with it the simulated parcels. */
  advance(milliseconds: number): void;
}

export const systemClock: Clock = { now: () => Date.now() };

export function movableClock(start: number | string = Date.now()): MovableClock {
  let now = new Date(start).getTime();
  return { now: () => now, advance: (milliseconds) => void (now += milliseconds) };
}
