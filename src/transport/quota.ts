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
}

/** What an account was granted, where that is not the provider's default. */
export interface QuotaLimits {
  readonly windowSeconds?: number;
  /** Calls in a window for each API product not named in `apis`. */
  readonly default?: number;
  readonly apis?: Readonly<Record<string, number>>;
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
}

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
    const left = await store.update(counter, (window) => takeOne(window, counter, clock.now()));
    if (left !== undefined) throw exhausted(left, clock.now());
    const answer = await next(request, signal);
    if (answer.status === 429) {
      const wait = retryAfterMs(answer, clock.now());
      if (wait !== undefined) {
        const until = clock.now() + wait;
        await store.update(counter, (window) => [{ ...window, blockedUntil: until }, undefined]);
      }
    }
    return answer;
  };
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
  });
}

/** Takes one call out of the window, or tells what is left when that is nothing. */
function takeOne(
  window: QuotaWindow,
  counter: Counter,
  now: number,
): readonly [QuotaWindow, Quota | undefined] {
  const left = quotaLeft(window, counter, now);
  const { slices } = current(window, counter, now);
  if (left.remaining === 0) return [window, left];
  const start = now - (now % (counter.windowMs / 60));
  const last = slices.at(-1);
  const counted: QuotaWindow['slices'] =
    last?.[0] === start ? [...slices.slice(0, -1), [start, last[1] + 1]] : [...slices, [start, 1]];
  return [{ slices: counted }, undefined];
}

function current(window: QuotaWindow, counter: Counter, now: number): QuotaWindow {
  const slice = counter.windowMs / 60;
  const slices = window.slices.filter(([start]) => start + slice + counter.windowMs > now);
  const blocked = window.blockedUntil !== undefined && window.blockedUntil > now;
  return blocked ? { slices, blockedUntil: window.blockedUntil } : { slices };
}

function exhausted(left: Quota, now: number): ProviderError {
  const resetsAt = left.resetsAt ?? now;
  return new ProviderError(
    'QUOTA_EXHAUSTED',
    `the quota of ${left.limit} calls to ${left.api} is used up until ${new Date(resetsAt).toISOString()}`,
    {
      hint: 'Wait for the reset, or ask the provider for a larger quota and set it on the account.',
      retryAfterSeconds: Math.max(1, Math.ceil((resetsAt - now) / 1000)),
    },
  );
}
