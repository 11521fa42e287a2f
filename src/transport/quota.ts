import type { Clock } from '../domain/clock.ts';
import type { HttpResponse, Layer } from './http.ts';
import type { QuotaCounter } from './quota-counter.ts';
import { blockError, remainingQuota, type MeteredApi, type Quota } from './quota-window.ts';
import { retryAfterMs } from './retry.ts';

/** The quota that an account was granted, where it differs from the provider's default. */
export interface QuotaLimits {
  readonly windowSeconds?: number;
  /** Calls in a window for each API product that is not named in `apis`. */
  readonly default?: number;
  readonly apis?: Readonly<Record<string, number>>;
  /**
   * The most calls within a number of seconds, for each API product. Default: no limit, since no provider in use has
   * confirmed such a rule.
   */
  readonly burst?: { readonly calls: number; readonly seconds: number };
}

/**
 * Counts every call against its API product before it is sent, including calls that fail; rejects calls over the quota.
 * A 429 without `Retry-After` gets the one that is obeyed: a pause, or the end of the window where `exhausts` tells that
 * the provider counts no more calls in it. So its caller reads it at once, in the provider's words.
 */
export function quota(
  counter: QuotaCounter,
  clock: Clock,
  meteredApi: (api: string) => MeteredApi | undefined,
  exhausts: (response: HttpResponse) => boolean = () => false,
): Layer {
  return (next) => async (request, signal) => {
    const api = meteredApi(request.api);
    if (api === undefined) return next(request, signal);
    const startsAt = await counter.take(api, signal);
    if (startsAt > clock.now()) {
      await clock.sleep(startsAt - clock.now(), signal);
      // The provider may have sent a 429 in the meantime.
      const error = blockError(await counter.read(api), api, clock.now());
      if (error) throw error;
    }
    const response = await next(request, signal);
    if (response.status !== 429) return response;
    const now = clock.now();
    const wait = retryAfterMs(response, now);
    const until = await counter.block(api, wait, exhausts(response));
    if (wait !== undefined) return response;
    return { ...response, headers: { ...response.headers, 'retry-after': String(Math.ceil((until - now) / 1000)) } }; // prettier-ignore
  };
}

/** Returns the remaining quota of several API products: calls that other replicas hold ahead of need count as used. */
export function remainingQuotas(
  counter: QuotaCounter,
  clock: Clock,
  apis: readonly MeteredApi[],
): Promise<Quota[]> {
  return Promise.all(apis.map(async (api) => remainingQuota(await counter.read(api), api, clock.now())));
}

/** Returns a function from the name of an API product to its limits. */
export function meteredApis(key: string, limits: QuotaLimits & { windowSeconds: number; default: number }) {
  return (api: string): MeteredApi => ({
    key,
    api,
    limit: limits.apis?.[api] ?? limits.default,
    windowMs: limits.windowSeconds * 1000,
    burst: limits.burst && { calls: limits.burst.calls, ms: limits.burst.seconds * 1000 },
  });
}
