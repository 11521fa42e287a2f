import type { Clock } from '../domain/clock.ts';
import { ProviderError } from '../domain/errors.ts';
import type { HttpResponse, Layer } from './http.ts';
import { retryAfterMs } from './retry.ts';

/** An API product whose calls a provider counts: one client's calls in a rolling window. */
export interface MeteredApi {
  /** A fingerprint of provider, base URL and client: the provider counts by client, for whichever tenant it calls. */
  readonly key: string;
  readonly api: string;
  /** Calls in a window. */
  readonly limit: number;
  readonly windowMs: number;
  /** The most calls within a short period. */
  readonly burst?: { readonly calls: number; readonly ms: number };
}

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

/** The remaining quota of an API product. */
export interface Quota {
  readonly api: string;
  readonly limit: number;
  readonly remaining: number;
  /** The time at which more calls than now are allowed, in epoch milliseconds; undefined where none are used. */
  readonly resetsAt?: number;
}

/** Stores the counted calls; all replicas share one store. */
export interface QuotaStore {
  /** Changes the window of an API under a lock, and returns the second value that `change` returns. */
  update<T>(api: MeteredApi, change: (window: QuotaWindow) => readonly [QuotaWindow, T]): Promise<T>;
  read(api: MeteredApi): Promise<QuotaWindow>;
}

/** The calls of a rolling window, counted in slices of a sixtieth of it. */
export interface QuotaWindow {
  /** Start of each slice in epoch milliseconds and the calls in it, oldest first. */
  readonly slices: readonly (readonly [number, number])[];
  /** The provider's `Retry-After`: no call before this time (epoch milliseconds). */
  readonly blockedUntil?: number;
  /** No call before this time (epoch milliseconds), after a 429 without `Retry-After`. */
  readonly pausedUntil?: number;
  /** Times of the latest calls, scheduled ones included, where bursts are limited; epoch milliseconds, oldest first. */
  readonly recent?: readonly number[];
}

/** Pause after a 429 without `Retry-After`: the value in the example of USPS's documentation. */
const defaultPauseMs = 30_000;
/** A call that would have to wait longer than this fails at once with `retryAfterSeconds`. */
const maxWaitMs = 5_000;

export const emptyWindow: QuotaWindow = { slices: [] };

/**
 * Counts every call against its API product before it is sent, including calls that fail; rejects calls over the quota.
 * A 429 without `Retry-After` gets the one that is obeyed: a pause, or the end of the window where `exhausts` tells that
 * the provider counts no more calls in it. So its caller reads it at once, in the provider's words.
 */
export function quota(
  store: QuotaStore,
  clock: Clock,
  meteredApi: (api: string) => MeteredApi | undefined,
  exhausts: (response: HttpResponse) => boolean = () => false,
): Layer {
  return (next) => async (request, signal) => {
    const api = meteredApi(request.api);
    if (api === undefined) return next(request, signal);
    const startsAt = await store.update(api, (window) => reserveCall(window, api, clock.now()));
    if (startsAt instanceof ProviderError) throw startsAt;
    if (startsAt > clock.now()) {
      await clock.sleep(startsAt - clock.now(), signal);
      // The provider may have sent a 429 in the meantime.
      const error = blockError(await store.read(api), api, clock.now());
      if (error) throw error;
    }
    const response = await next(request, signal);
    if (response.status !== 429) return response;
    const now = clock.now();
    const wait = retryAfterMs(response, now);
    const isExhausted = wait === undefined && exhausts(response);
    const until = await store.update(api, (window) => {
      const blocked = block(window, isExhausted ? windowEnd(window, api, now) - now : wait, now);
      return [blocked, Math.max(blocked.blockedUntil ?? 0, blocked.pausedUntil ?? 0)] as const;
    });
    if (wait !== undefined) return response;
    return { ...response, headers: { ...response.headers, 'retry-after': String(Math.ceil((until - now) / 1000)) } }; // prettier-ignore
  };
}

/** Returns the time at which the first of the counted calls leaves the window. */
const windowEnd = (window: QuotaWindow, api: MeteredApi, now: number) =>
  expiryAfter(withoutExpired(window, api, now).slices, 0, api) ?? now + api.windowMs;

/** Blocks the window. Concurrent calls may get different `Retry-After` values, of which the longest applies. */
function block(window: QuotaWindow, wait: number | undefined, now: number): QuotaWindow {
  return wait === undefined
    ? { ...window, pausedUntil: Math.max(now + defaultPauseMs, window.pausedUntil ?? 0) }
    : { ...window, blockedUntil: Math.max(now + wait, window.blockedUntil ?? 0) };
}

/** Returns the remaining quota at a time. A slice counts until its end has left the window, so never too few calls are counted. */
export function remainingQuota(window: QuotaWindow, api: MeteredApi, now: number): Quota {
  const { slices, blockedUntil } = withoutExpired(window, api, now);
  const used = slices.reduce((total, [, calls]) => total + calls, 0);
  const remaining = blockedUntil === undefined ? Math.max(0, api.limit - used) : 0;
  const nextExpiry = expiryAfter(slices, Math.max(0, used - api.limit), api);
  const resetsAt =
    used < api.limit ? (blockedUntil ?? nextExpiry) : Math.max(blockedUntil ?? 0, nextExpiry ?? 0);
  return { api: api.api, limit: api.limit, remaining, resetsAt };
}

/** Returns the time at which more than `calls` of the oldest calls have left the window. */
function expiryAfter(
  slices: QuotaWindow['slices'],
  calls: number,
  { windowMs }: MeteredApi,
): number | undefined {
  let left = calls;
  const slice = slices.find(([, count]) => (left -= count) < 0);
  return slice && slice[0] + windowMs / 60 + windowMs;
}

/** Returns the remaining quota of several API products. */
export function remainingQuotas(
  store: QuotaStore,
  clock: Clock,
  apis: readonly MeteredApi[],
): Promise<Quota[]> {
  return Promise.all(apis.map(async (api) => remainingQuota(await store.read(api), api, clock.now())));
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

/** Counts one call; returns the time at which it may be sent, or the error where it may not. */
function reserveCall(
  window: QuotaWindow,
  api: MeteredApi,
  now: number,
): readonly [QuotaWindow, number | ProviderError] {
  const quota = remainingQuota(window, api, now);
  if (quota.remaining === 0) return [window, blockError(window, api, now) ?? exhaustedError(quota, now)];
  const current = withoutExpired(window, api, now);
  const startsAt = nextStart(current, api, now);
  if (startsAt - now > maxWaitMs) return [window, rateLimitError(api, startsAt - now)];
  const { slices } = current;
  const sliceStart = startsAt - (startsAt % (api.windowMs / 60));
  const last = slices.at(-1);
  const counted: QuotaWindow['slices'] =
    last?.[0] === sliceStart
      ? [...slices.slice(0, -1), [sliceStart, last[1] + 1]]
      : [...slices, [sliceStart, 1]];
  const recent = api.burst && [...(current.recent ?? []), startsAt];
  return [{ ...current, slices: counted, recent }, startsAt];
}

/** Returns the earliest time at which a call exceeds neither the burst limit nor a pause. */
function nextStart(
  { recent = [], pausedUntil = 0 }: QuotaWindow,
  { burst }: MeteredApi,
  now: number,
): number {
  const firstOfBurst = burst && recent[recent.length - burst.calls];
  return Math.max(now, pausedUntil, firstOfBurst === undefined ? 0 : firstOfBurst + burst!.ms);
}

/** Drops the slices, blocks and calls that are over. */
function withoutExpired(window: QuotaWindow, { windowMs, burst }: MeteredApi, now: number): QuotaWindow {
  const ifFuture = (time: number | undefined) => (time !== undefined && time > now ? time : undefined);
  return {
    slices: window.slices.filter(([start]) => start + windowMs / 60 + windowMs > now),
    blockedUntil: ifFuture(window.blockedUntil),
    pausedUntil: ifFuture(window.pausedUntil),
    recent: burst && window.recent?.filter((time) => time + burst.ms > now),
  };
}

/** Returns the error where a 429 of the provider prevents calls at present. */
function blockError(window: QuotaWindow, api: MeteredApi, now: number): ProviderError | undefined {
  const { blockedUntil, pausedUntil } = withoutExpired(window, api, now);
  const { remaining, resetsAt } = remainingQuota(window, api, now);
  if (pausedUntil !== undefined && remaining > 0) return rateLimitError(api, pausedUntil - now);
  // Where our own count resets later, that is the reason.
  if (blockedUntil === undefined || resetsAt !== blockedUntil) return undefined;
  const until = new Date(blockedUntil).toISOString();
  return quotaError('QUOTA_EXHAUSTED', `the provider counts too many calls to ${api.api} until ${until}`, blockedUntil - now); // prettier-ignore
}

function exhaustedError({ limit, api, resetsAt }: Quota, now: number): ProviderError {
  const until = resetsAt ?? now;
  const message = `the quota of ${limit} calls to ${api} is used up until ${new Date(until).toISOString()}`;
  return quotaError('QUOTA_EXHAUSTED', message, until - now);
}

const rateLimitError = ({ api }: MeteredApi, wait: number) =>
  quotaError('RATE_LIMITED', `calls to ${api} exceed the rate limit`, wait);

function quotaError(
  code: 'QUOTA_EXHAUSTED' | 'RATE_LIMITED',
  message: string,
  waitMs: number,
): ProviderError {
  return new ProviderError(code, message, {
    hint: 'Wait, or ask the provider for a larger quota and set it on the account.',
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
  });
}
