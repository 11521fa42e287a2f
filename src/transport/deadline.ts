import type { Clock } from '../domain/clock.ts';

/** A time until which a caller waits. */
export interface Deadline {
  /** Epoch milliseconds; `Infinity` where there is none. */
  readonly at: number;
  /** Calls a function once the time has passed, unless the function that it returns is called before. */
  onPassed(listener: () => void): () => void;
}

/** Waits for ever. */
export const noDeadline: Deadline = { at: Number.POSITIVE_INFINITY, onPassed: () => () => {} };

/**
 * Creates a deadline after a number of milliseconds; one that is negative has passed. One timer calls all functions, so that
 * none of them is called a millisecond before the others.
 */
export function createDeadline(milliseconds: number, clock: Clock): Deadline {
  const passesAt = performance.now() + milliseconds;
  const listeners = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  const pass = () => {
    timer = undefined;
    for (const listener of listeners) listener();
    listeners.clear();
  };
  return {
    at: clock.now() + milliseconds,
    onPassed(listener) {
      listeners.add(listener);
      timer ??= setTimeout(pass, Math.max(0, Math.round(passesAt - performance.now()))).unref();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearTimeout(timer);
        timer = undefined;
      };
    },
  };
}

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

/** The latest deadlines of calls, by their signal. A layer passes the signal on as it is, or loses the deadline. */
const deadlines = new WeakMap<AbortSignal, { latest: Deadline }>();

/** Gives a call that several callers wait for, by its signal, the deadline of the one that waits longest. */
export function extendDeadline(call: AbortSignal, deadline: Deadline): void {
  const known = deadlines.get(call);
  if (known === undefined) deadlines.set(call, { latest: deadline });
  else if (deadline.at > known.latest.at) known.latest = deadline;
}

/** Returns a function that returns the deadline of a call, which may be extended from one time to the next. */
export function deadlineOf(call: AbortSignal): () => Deadline {
  const known = deadlines.get(call);
  return () => known?.latest ?? noDeadline;
}
