import type { Clock } from '../domain/clock.ts';
import { ProviderError } from '../domain/errors.ts';
import { isRepeatable, type Response, type Layer } from './http.ts';

export interface RetryPolicy {
  /** Sends in all, the first included. */
  readonly attempts?: number;
  /** Statuses after which the same question may be asked again. */
  readonly statuses?: readonly number[];
  /** A provider that asks for more patience than this gets none: its answer is passed on. */
  readonly longestWaitMs?: number;
}

/** Asks again after a passing failure, only where asking twice does no harm, with growing, jittered pauses. */
export function retry(clock: Clock, policy: RetryPolicy = {}): Layer {
  const { attempts = 2, statuses = [429, 500, 502, 503, 504], longestWaitMs = 5_000 } = policy;
  return (next) => async (request, signal) => {
    for (let attempt = 1; ; attempt++) {
      const last = attempt >= attempts || !isRepeatable(request);
      let wait = 200 * 2 ** (attempt - 1) * (0.5 + Math.random());
      try {
        const answer = await next(request, signal);
        if (last || !statuses.includes(answer.status)) return answer;
        const asked = retryAfterMs(answer, clock.now()) ?? 0;
        if (asked > longestWaitMs) return answer;
        // On top of what it asks for, so that not all who were told the same come back in the same moment.
        wait += asked;
      } catch (error) {
        const passing = error instanceof ProviderError && error.code === 'UNAVAILABLE';
        if (last || !passing || signal.aborted) throw error;
      }
      await clock.sleep(wait, signal);
    }
  };
}

/** Who asks for more is asked again tomorrow. */
const longestRetryAfterMs = 24 * 60 * 60_000;

/** `Retry-After` in whole seconds from now. */
export function retryAfterSeconds(answer: Pick<Response, 'headers'>, now: number): number | undefined {
  const milliseconds = retryAfterMs(answer, now);
  return milliseconds === undefined ? undefined : Math.ceil(milliseconds / 1000);
}

/** `Retry-After` in milliseconds from now, whether it is a number or an HTTP date (RFC 9110, 10.2.3). */
export function retryAfterMs(answer: Pick<Response, 'headers'>, now: number): number | undefined {
  const header = answer.headers['retry-after'];
  const text = (Array.isArray(header) ? header[0] : header)?.trim();
  if (text === undefined || text === '') return undefined;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(0, wait), longestRetryAfterMs);
}
