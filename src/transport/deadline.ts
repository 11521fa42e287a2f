import type { Clock } from '../domain/clock.ts';

interface Deadline {
  /** Epoch milliseconds. */
  at: number;
  /** Aborts at the deadline. */
  passed?: AbortSignal;
}

/** The deadlines of calls, by their signal. A layer passes the signal on as it is, or loses the deadline. */
const deadlines = new WeakMap<AbortSignal, Deadline>();

/**
 * Creates a controller whose signal aborts with `signal` too, and a function that ends this. `AbortSignal.any` and
 * `AbortSignal.timeout` hold weak references and timers until they are collected, which takes several times as long.
 */
export function followSignal(signal: AbortSignal): { controller: AbortController; unfollow(): void } {
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return { controller, unfollow: () => signal.removeEventListener('abort', onAbort) };
}

/** Creates a signal that aborts after a number of milliseconds, at once where it is negative, or with `signal`. */
export function createDeadline(milliseconds: number, clock: Clock, signal: AbortSignal): AbortSignal {
  const { controller } = followSignal(signal);
  const passed = controller.signal;
  const timer = setTimeout(() => controller.abort(), Math.max(0, Math.round(milliseconds))).unref();
  passed.addEventListener('abort', () => clearTimeout(timer), { once: true });
  deadlines.set(passed, { at: clock.now() + milliseconds, passed });
  return passed;
}

/** Returns a signal that aborts with `signal` alone, for a call whose caller stops waiting at the last of some deadlines. */
export function withDeadline(signal: AbortSignal, ...passed: readonly AbortSignal[]): AbortSignal {
  const own = followSignal(signal).controller.signal;
  for (const each of passed) extendDeadline(own, each);
  return own;
}

/** Gives a call that several callers wait for, by its signal, the deadline of the one that waits longest. */
export function extendDeadline(call: AbortSignal, passed: AbortSignal): void {
  const deadline = deadlineOf(passed);
  const own = deadlines.get(call);
  if (own === undefined) deadlines.set(call, { ...deadline });
  else if (deadline.at > own.at) Object.assign(own, deadline);
}

/** Returns the deadline of a call, which may be extended later; it is at `Infinity` where there is none. */
export function deadlineOf(signal: AbortSignal): Readonly<Deadline> {
  return deadlines.get(signal) ?? { at: Number.POSITIVE_INFINITY };
}
