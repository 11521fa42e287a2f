import type { Clock } from '../domain/clock.ts';
import { ProviderError } from '../domain/errors.ts';
import type { Layer } from './http.ts';
import { retryAfterMs } from './retry.ts';

/** What a provider counts: calls of one client to one API product in a rolling window. */
export interface Counter {
  /** Provider, base URL and client, fingerprinted: the provider counts by client, whatever tenant it serves. */
  readonly key: string;
  readonly api: string;
  readonly limit: number;
  readonly windowMs: number;
  /** At most so many calls within so short a time. */
  readonly burst?: { readonly calls: number; readonly ms: number };
}

/** What an account was granted, where that is not the provider's default. */
export interface QuotaLimits {
  readonly windowSeconds?: number;
  /** Calls in a window for each API product not named in `apis`. */
  readonly default?: number;
  readonly apis?: Readonly<Record<string, number>>;
  /**
   * Calls within so many seconds, for each API product; none is held back when left out, since no provider that we know
   * has confirmed such a rule.
   */
  readonly burst?: { readonly calls: number; readonly seconds: number };
}

/** What is left of a quota. */
export interface Quota {
  readonly api: string;
  readonly limit: number;
  readonly remaining: number;
  /** When more than now is allowed again, epoch milliseconds; undefined where nothing is used. */
  readonly resetsAt?: number;
}

/** Where counts are kept; all replicas share one. */
export interface QuotaStore {
  /** Changes a counter's window under a lock, and returns what `change` returns beside it. */
  update<T>(counter: Counter, change: (window: QuotaWindow) => readonly [QuotaWindow, T]): Promise<T>;
  read(counter: Counter): Promise<QuotaWindow>;
}

/** The calls of a window, counted in sixty slices of it. */
export interface QuotaWindow {
  /** Start of the slice in epoch milliseconds, and calls in it; oldest first. */
  readonly slices: readonly (readonly [number, number])[];
  /** No call before this time, since the provider said so. */
  readonly blockedUntil?: number;
  /** No call before this time either, though the provider named none. */
  readonly pausedUntil?: number;
  /** When the latest calls went out or will go, where bursts are held back; oldest first, epoch milliseconds. */
  readonly recent?: readonly number[];
}

/** A 429 that names no time holds calls back for as long as the example in USPS's documents does. */
const pauseMs = 30_000;
/** A call that would have to wait longer for its turn fails at once, and says for how long. */
const longestHoldMs = 5_000;

export const emptyWindow: QuotaWindow = { slices: [] };

/** Counts every call against its API product before it is sent, failed ones too; refuses what the provider would. */
export function quota(
  store: QuotaStore,
  clock: Clock,
  counterOf: (api: string) => Counter | undefined,
): Layer {
  return (next) => async (request, signal) => {
    const counter = counterOf(request.api);
    if (counter === undefined) return next(request, signal);
    const turn = await store.update(counter, (window) => takeOne(window, counter, clock.now()));
    if (turn instanceof ProviderError) throw turn;
    if (turn > clock.now()) {
      await clock.sleep(turn - clock.now(), signal);
      // What the provider said meanwhile holds for those who waited too.
      const refusal = heldBack(await store.read(counter), counter, clock.now());
      if (refusal) throw refusal;
    }
    const answer = await next(request, signal);
    if (answer.status === 429) {
      const wait = retryAfterMs(answer, clock.now());
      await store.update(counter, (window) => [blocked(window, wait, clock.now()), undefined]);
    }
    return answer;
  };
}

/** Of calls that were under way together the last one may be told less than the first: the longest block holds. */
function blocked(window: QuotaWindow, wait: number | undefined, now: number): QuotaWindow {
  return wait === undefined
    ? { ...window, pausedUntil: Math.max(now + pauseMs, window.pausedUntil ?? 0) }
    : { ...window, blockedUntil: Math.max(now + wait, window.blockedUntil ?? 0) };
}

/** What is left at a moment. A slice counts until its end has left the window, so never too little. */
export function quotaLeft(window: QuotaWindow, counter: Counter, now: number): Quota {
  const { slices, blockedUntil } = current(window, counter, now);
  const used = slices.reduce((total, [, calls]) => total + calls, 0);
  const remaining = blockedUntil === undefined ? Math.max(0, counter.limit - used) : 0;
  const freed = freedAt(slices, Math.max(0, used - counter.limit), counter);
  const resetsAt = used < counter.limit ? (blockedUntil ?? freed) : Math.max(blockedUntil ?? 0, freed ?? 0);
  return { api: counter.api, limit: counter.limit, remaining, resetsAt };
}

/** When more than so many calls of the oldest have left the window. */
function freedAt(slices: QuotaWindow['slices'], calls: number, { windowMs }: Counter): number | undefined {
  let left = calls;
  const last = slices.find(([, count]) => (left -= count) < 0);
  return last && last[0] + windowMs / 60 + windowMs;
}

/** What is left of each of an account's counters. */
export function quotasLeft(store: QuotaStore, clock: Clock, counters: readonly Counter[]): Promise<Quota[]> {
  return Promise.all(
    counters.map(async (counter) => quotaLeft(await store.read(counter), counter, clock.now())),
  );
}

/** The counter of each API product, with the limits that an account was granted. */
export function counters(key: string, limits: QuotaLimits & { windowSeconds: number; default: number }) {
  return (api: string): Counter => ({
    key,
    api,
    limit: limits.apis?.[api] ?? limits.default,
    windowMs: limits.windowSeconds * 1000,
    burst: limits.burst && { calls: limits.burst.calls, ms: limits.burst.seconds * 1000 },
  });
}

/** Takes one call out of the window and tells when it may go, or why it may not. */
function takeOne(
  window: QuotaWindow,
  counter: Counter,
  now: number,
): readonly [QuotaWindow, number | ProviderError] {
  const left = quotaLeft(window, counter, now);
  if (left.remaining === 0) return [window, heldBack(window, counter, now) ?? exhausted(left, now)];
  const kept = current(window, counter, now);
  const turn = turnAfter(kept, counter, now);
  if (turn - now > longestHoldMs) return [window, tooFast(counter, turn - now)];
  const { slices } = kept;
  const start = turn - (turn % (counter.windowMs / 60));
  const last = slices.at(-1);
  const counted: QuotaWindow['slices'] =
    last?.[0] === start ? [...slices.slice(0, -1), [start, last[1] + 1]] : [...slices, [start, 1]];
  const recent = counter.burst && [...(kept.recent ?? []), turn];
  return [{ ...kept, slices: counted, recent }, turn];
}

/** The first moment that is no burst with the calls before it; each takes its place in the queue when it comes. */
function turnAfter({ recent = [], pausedUntil = 0 }: QuotaWindow, { burst }: Counter, now: number): number {
  const before = burst && recent[recent.length - burst.calls];
  return Math.max(now, pausedUntil, before === undefined ? 0 : before + burst!.ms);
}

function current(window: QuotaWindow, { windowMs, burst }: Counter, now: number): QuotaWindow {
  const ahead = (time: number | undefined) => (time !== undefined && time > now ? time : undefined);
  return {
    slices: window.slices.filter(([start]) => start + windowMs / 60 + windowMs > now),
    blockedUntil: ahead(window.blockedUntil),
    pausedUntil: ahead(window.pausedUntil),
    recent: burst && window.recent?.filter((time) => time + burst.ms > now),
  };
}

/** Why no call may go, where the provider said so. */
function heldBack(window: QuotaWindow, counter: Counter, now: number): ProviderError | undefined {
  const { blockedUntil, pausedUntil } = current(window, counter, now);
  const { remaining, resetsAt } = quotaLeft(window, counter, now);
  if (pausedUntil !== undefined && remaining > 0) return tooFast(counter, pausedUntil - now);
  // Where our own count ends later, that is the reason.
  if (blockedUntil === undefined || resetsAt !== blockedUntil) return undefined;
  const until = new Date(blockedUntil).toISOString();
  return refusal('QUOTA_EXHAUSTED', `the provider counts too many calls to ${counter.api} until ${until}`, blockedUntil - now); // prettier-ignore
}

function exhausted({ limit, api, resetsAt }: Quota, now: number): ProviderError {
  const until = resetsAt ?? now;
  const message = `the quota of ${limit} calls to ${api} is used up until ${new Date(until).toISOString()}`;
  return refusal('QUOTA_EXHAUSTED', message, until - now);
}

const tooFast = ({ api }: Counter, wait: number) =>
  refusal('RATE_LIMITED', `calls to ${api} come faster than they may`, wait);

function refusal(code: 'QUOTA_EXHAUSTED' | 'RATE_LIMITED', message: string, wait: number): ProviderError {
  return new ProviderError(code, message, {
    hint: 'Wait, or ask the provider for a larger quota and set it on the account.',
    retryAfterSeconds: Math.max(1, Math.ceil(wait / 1000)),
  });
}
