import { ProviderError } from '../domain/errors.ts';
import { currentPlan } from './call-plan.ts';
import { maxConnections, type Layer } from './http.ts';

/** The calls of one account that wait for others to end: three seconds' work for calls of a fifth of a second. */
const maxWaiting = 1_000;

/**
 * Bounds the calls of one account that are under way and those that wait. A call that finds both full fails at once with
 * UNAVAILABLE.
 */
export function bulkhead({ calls = maxConnections, waiting = maxWaiting } = {}): Layer {
  let free = calls;
  /** The calls that wait, the first one to start first. */
  const queue = new Set<() => void>();
  const leave = () => {
    const [start] = queue;
    if (start === undefined) free += 1;
    else start();
  };
  const enter = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      signal.throwIfAborted();
      const settle = (proceed: () => void) => () => {
        queue.delete(start);
        signal.removeEventListener('abort', stop);
        proceed();
      };
      const start = settle(resolve);
      const stop = settle(() => reject(signal.reason as Error));
      queue.add(start);
      signal.addEventListener('abort', stop, { once: true });
    });

  return (next) => async (request, signal) => {
    // A planned call is not sent, and uses no connection.
    if (currentPlan()) return next(request, signal);
    if (free > 0) {
      free -= 1;
    } else if (queue.size < waiting) {
      await enter(signal);
    } else {
      throw new ProviderError(
        'UNAVAILABLE',
        `${calls} calls to ${request.url.host} are under way, and ${waiting} more wait`,
        { hint: 'Retry later, or send fewer requests at a time.', retryAfterSeconds: 1 },
      );
    }
    try {
      return await next(request, signal);
    } finally {
      leave();
    }
  };
}
