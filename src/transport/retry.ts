import type { Clock } from '../domain/clock.ts';
import { ProviderError } from '../domain/errors.ts';
import { deadlineOf, type Deadline } from './deadline.ts';
import { isRepeatable, type HttpResponse, type Layer } from './http.ts';

export interface RetryPolicy {
  /** Calls in total, including the first. Default: 2. */
  readonly attempts?: number;
  /** HTTP statuses that are retried. Default: 429, 500, 502, 503, 504. */
  readonly statuses?: readonly number[];
  /** A response whose `Retry-After` is longer than this is returned instead of retried. Default: 5000. */
  readonly longestWaitMs?: number;
}

/** A repeated call needs this much time before the deadline; with less, it is not made. */
const minCallMs = 500;

/**
 * Retries repeatable requests after a temporary failure, with growing, jittered pauses. A pause that would leave too
 * little time before the deadline is not begun. A repeated call that is not answered by then, or may not be sent, ends
 * like the one before it.
 */
export function retry(clock: Clock, policy: RetryPolicy = {}): Layer {
  const { attempts = 2, statuses = [429, 500, 502, 503, 504], longestWaitMs = 5_000 } = policy;
  return (next) => async (request, signal) => {
    const deadline = deadlineOf(signal);
    let earlier: Promise<HttpResponse> | undefined;
    for (let attempt = 1; ; attempt++) {
      const last = attempt >= attempts || !isRepeatable(request);
      let wait = 200 * 2 ** (attempt - 1) * (0.5 + Math.random());
      const result = unlessPassed(deadline(), next(request, signal), earlier);
      try {
        const response = await result;
        if (last || !statuses.includes(response.status)) return response;
        const requested = retryAfterMs(response, clock.now()) ?? 0;
        if (requested > longestWaitMs) return response;
        // The jitter is added to it, so that clients with the same `Retry-After` do not retry at the same moment.
        wait += requested;
      } catch (error) {
        if (isNotSent(error)) return earlier ?? result;
        const isTemporary = error instanceof ProviderError && error.code === 'UNAVAILABLE';
        if (last || !isTemporary || signal.aborted) throw error;
      }
      if (clock.now() + wait + minCallMs > deadline().at) return result;
      earlier = result;
      await clock.sleep(wait, signal);
    }
  };
}

/** Tells whether a layer below refused to send the call: the quota, the breaker and the bulkhead say when to return. */
const isNotSent = (error: unknown) => error instanceof ProviderError && error.retryAfterSeconds !== undefined;

/** Returns the result of `call`, or `earlier` once the deadline has passed. */
async function unlessPassed<T>(
  deadline: Deadline,
  call: Promise<T>,
  earlier: Promise<T> | undefined,
): Promise<T> {
  if (earlier === undefined) return call;
  const late = Promise.withResolvers<T>();
  const forget = deadline.onPassed(() => late.resolve(earlier));
  return Promise.race([call, late.promise]).finally(forget);
}

/** The longest `Retry-After` that is obeyed: one day. */
const maxRetryAfterMs = 24 * 60 * 60_000;

/** Reads `Retry-After` as whole seconds from now; undefined where it is missing or unreadable. */
export function retryAfterSeconds(response: Pick<HttpResponse, 'headers'>, now: number): number | undefined {
  const milliseconds = retryAfterMs(response, now);
  return milliseconds === undefined ? undefined : Math.ceil(milliseconds / 1000);
}

/** Reads `Retry-After`, a number or an HTTP date (RFC 9110, 10.2.3), as milliseconds from now. */
export function retryAfterMs(response: Pick<HttpResponse, 'headers'>, now: number): number | undefined {
  const header = response.headers['retry-after'];
  const text = (Array.isArray(header) ? header[0] : header)?.trim();
  if (text === undefined || text === '') return undefined;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(0, wait), maxRetryAfterMs);
}
