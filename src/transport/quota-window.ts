import { ProviderError } from '../domain/errors.ts';

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

/** The remaining quota of an API product. */
export interface Quota {
  readonly api: string;
  readonly limit: number;
  readonly remaining: number;
  /** The time at which more calls than now are allowed, in epoch milliseconds; undefined where none are used. */
  readonly resetsAt?: number;
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

/** Calls that a window has counted, and that a process may send: no sooner than `from`, and before `until`. */
export interface Grant {
  /** The slice that counts the calls; `until` is its end, so that a call leaves the window no sooner than it must. */
  readonly slice: number;
  readonly calls: number;
  /** Epoch milliseconds. */
  readonly from: number;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** Pause after a 429 without `Retry-After`: the value in the example of USPS's documentation. */
const defaultPauseMs = 30_000;
/** A call that would have to wait longer than this fails at once with `retryAfterSeconds`. */
const maxWaitMs = 5_000;
/** A process holds at most this share of the remaining calls ahead of need: with fewer than 100 it takes them one by one. */
const heldShare = 1 / 100;

export const emptyWindow: QuotaWindow = { slices: [] };

/**
 * Grants the calls that wait and as many again as `ahead`, or fewer where fewer remain; returns the error where none may
 * be sent. `held` calls were granted before and are not used yet.
 */
export function grantCalls(
  window: QuotaWindow,
  api: MeteredApi,
  now: number,
  { waiting, ahead, held }: { readonly waiting: number; readonly ahead: number; readonly held: number },
): readonly [QuotaWindow, Grant | ProviderError] {
  const quota = remainingQuota(window, api, now);
  if (quota.remaining === 0) return [window, blockError(window, api, now) ?? exhaustedError(quota, now)];
  const current = withoutExpired(window, api, now);
  const from = nextStart(current, api, now);
  if (from - now > maxWaitMs) return [window, rateLimitError(api, from - now)];
  const mayHold = Math.min(ahead, Math.floor(quota.remaining * heldShare)) - held;
  const calls = api.burst ? 1 : Math.min(quota.remaining, waiting + Math.max(0, mayHold));
  const slice = from - (from % sliceMs(api));
  const recent = api.burst && [...(current.recent ?? []), from];
  const counted = onlyPositive(addSlices(current.slices, [[slice, calls]]));
  return [
    { ...current, slices: counted, recent },
    { slice, calls, from, until: slice + sliceMs(api) },
  ];
}

/** Takes granted calls that were not sent out of the window again. */
export function returnCalls(
  window: QuotaWindow,
  unused: readonly Pick<Grant, 'slice' | 'calls'>[],
): QuotaWindow {
  if (unused.length === 0) return window;
  const negative = unused.map(({ slice, calls }) => [slice, -calls] as const);
  return { ...window, slices: onlyPositive(addSlices(window.slices, negative)) };
}

/**
 * Blocks the window after a 429, for the provider's `Retry-After` or a pause. Concurrent calls may get different
 * `Retry-After` values, of which the longest applies.
 */
export function blockWindow(window: QuotaWindow, retryAfterMs: number | undefined, now: number): QuotaWindow {
  return retryAfterMs === undefined
    ? { ...window, pausedUntil: Math.max(now + defaultPauseMs, window.pausedUntil ?? 0) }
    : { ...window, blockedUntil: Math.max(now + retryAfterMs, window.blockedUntil ?? 0) };
}

/** Returns what a window holds that an earlier state of it did not; calls that were returned since are negative. */
export function windowDifference(window: QuotaWindow, earlier: QuotaWindow): QuotaWindow {
  const negative = earlier.slices.map(([slice, calls]) => [slice, -calls] as const);
  const counted = addSlices(window.slices, negative).filter(([, calls]) => calls !== 0);
  return {
    ...window,
    slices: counted,
    recent: window.recent?.filter((time) => !earlier.recent?.includes(time)),
  };
}

/** Returns a window with a difference that was counted elsewhere. */
export function addDifference(window: QuotaWindow, difference: QuotaWindow): QuotaWindow {
  if (difference === emptyWindow) return window;
  const latest = (one = 0, other = 0) => Math.max(one, other) || undefined;
  const recent = [...(window.recent ?? []), ...(difference.recent ?? [])].sort((a, b) => a - b);
  return {
    slices: onlyPositive(addSlices(window.slices, difference.slices)),
    blockedUntil: latest(window.blockedUntil, difference.blockedUntil),
    pausedUntil: latest(window.pausedUntil, difference.pausedUntil),
    recent: recent.length > 0 ? recent : undefined,
  };
}

/** Returns the time at which the first of the counted calls leaves the window. */
export const windowEnd = (window: QuotaWindow, api: MeteredApi, now: number) =>
  expiryAfter(withoutExpired(window, api, now).slices, 0, api) ?? now + api.windowMs;

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

/** How much of a quota calls may use that nobody waits for. */
export interface BackgroundPolicy {
  /** The part of the quota that is kept for calls that somebody waits for, from 0 to 1. */
  readonly foregroundReserve: number;
  /** The part of the quota's even rate at which calls may be, from 0 to 1. */
  readonly pollingShare: number;
}

/**
 * Returns how many calls may be sent now that nobody waits for. They leave the reserve alone, and are spread evenly over the
 * window: calls sent together would leave it together, and until then there would be nothing but the reserve.
 */
export function backgroundCalls(
  window: QuotaWindow,
  api: MeteredApi,
  now: number,
  { foregroundReserve, pollingShare }: BackgroundPolicy,
): number {
  const { slices, pausedUntil } = withoutExpired(window, api, now);
  if (pausedUntil !== undefined) return 0;
  // The fewest slices whose even share is a call.
  const spreadSlices = Math.ceil(60 / api.limit);
  const oldest = now - (now % sliceMs(api)) - (spreadSlices - 1) * sliceMs(api);
  const recent = slices.reduce((total, [start, calls]) => total + (start >= oldest ? calls : 0), 0);
  const even = Math.ceil(((api.limit * spreadSlices) / 60) * pollingShare) - recent;
  // What leaves the window within a slice is as good as left: a reserve that waits for it would stay unused.
  const soon = remainingQuota(window, api, now + sliceMs(api)).remaining - Math.ceil(api.limit * foregroundReserve); // prettier-ignore
  return Math.max(0, Math.min(even, soon, remainingQuota(window, api, now).remaining));
}

/** Returns the error where a 429 of the provider prevents calls at present. */
export function blockError(window: QuotaWindow, api: MeteredApi, now: number): ProviderError | undefined {
  const { blockedUntil, pausedUntil } = withoutExpired(window, api, now);
  const { remaining, resetsAt } = remainingQuota(window, api, now);
  if (pausedUntil !== undefined && remaining > 0) return rateLimitError(api, pausedUntil - now);
  // Where our own count resets later, that is the reason.
  if (blockedUntil === undefined || resetsAt !== blockedUntil) return undefined;
  const until = new Date(blockedUntil).toISOString();
  return quotaError('QUOTA_EXHAUSTED', `the provider counts too many calls to ${api.api} until ${until}`, blockedUntil - now); // prettier-ignore
}

const sliceMs = ({ windowMs }: MeteredApi) => windowMs / 60;

/** Returns the time at which more than `calls` of the oldest calls have left the window. */
function expiryAfter(slices: QuotaWindow['slices'], calls: number, api: MeteredApi): number | undefined {
  let left = calls;
  const slice = slices.find(([, count]) => (left -= count) < 0);
  return slice && slice[0] + sliceMs(api) + api.windowMs;
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
function withoutExpired(window: QuotaWindow, api: MeteredApi, now: number): QuotaWindow {
  const { windowMs, burst } = api;
  const ifFuture = (time: number | undefined) => (time !== undefined && time > now ? time : undefined);
  return {
    slices: window.slices.filter(([start]) => start + sliceMs(api) + windowMs > now),
    blockedUntil: ifFuture(window.blockedUntil),
    pausedUntil: ifFuture(window.pausedUntil),
    recent: burst && window.recent?.filter((time) => time + burst.ms > now),
  };
}

/** Returns the sum of calls by slice, oldest first. */
function addSlices(one: QuotaWindow['slices'], other: QuotaWindow['slices']): [number, number][] {
  const sums = new Map(one);
  for (const [slice, calls] of other) sums.set(slice, (sums.get(slice) ?? 0) + calls);
  return [...sums].sort(([a], [b]) => a - b);
}

const onlyPositive = (slices: QuotaWindow['slices']) => slices.filter(([, calls]) => calls > 0);

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
