import type { Clock } from '../domain/clock.ts';

interface Deadline {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Aborts at the deadline. */
  readonly passed?: AbortSignal;
}

/** The deadlines of calls, by their signal. A layer passes the signal on as it is, or loses the deadline. */
const deadlines = new WeakMap<AbortSignal, Deadline>();

/** Creates a signal that aborts after a number of milliseconds, or with `signal`. */
export function createDeadline(milliseconds: number, clock: Clock, signal: AbortSignal): AbortSignal {
  const passed = AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
  deadlines.set(passed, { at: clock.now() + milliseconds, passed });
  return passed;
}

/** Returns a signal that aborts with `signal` alone, for a call whose caller stops waiting at the last of some deadlines. */
export function withDeadline(signal: AbortSignal, ...passed: readonly AbortSignal[]): AbortSignal {
  const own = AbortSignal.any([signal]);
  const last = passed.map(deadlineOf).sort((a, b) => b.at - a.at)[0];
  if (last) deadlines.set(own, last);
  return own;
}

/** Returns the deadline of a call; it is at `Infinity` where there is none. */
export function deadlineOf(signal: AbortSignal): Deadline {
  return deadlines.get(signal) ?? { at: Number.POSITIVE_INFINITY };
}
