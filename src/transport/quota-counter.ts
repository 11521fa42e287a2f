import type { Clock } from '../domain/clock.ts';
import { ProviderError } from '../domain/errors.ts';
import { blockWindow, grantCalls, returnCalls, windowEnd, type Grant, type MeteredApi, type QuotaWindow } from './quota-window.ts'; // prettier-ignore

/** Stores the counted calls; all replicas share one store. */
export interface QuotaStore {
  /** Changes the window of an API under a lock, and returns the second value that `change` returns. */
  update<T>(api: MeteredApi, change: (window: QuotaWindow) => readonly [QuotaWindow, T]): Promise<T>;
  read(api: MeteredApi): Promise<QuotaWindow>;
}

/** Counts the calls of this process, one counter for all of its accounts. */
export interface QuotaCounter {
  /**
   * Counts a call and returns the time from which it may be sent, in epoch milliseconds. Rejects with QUOTA_EXHAUSTED or
   * RATE_LIMITED where it may not be sent.
   */
  take(api: MeteredApi, signal: AbortSignal): Promise<number>;
  /**
   * Prevents calls after a 429: for its `Retry-After` in milliseconds, until the window is over where it `exhausts` the
   * quota, or else for a pause. Returns the end in epoch milliseconds.
   */
  block(api: MeteredApi, retryAfterMs: number | undefined, exhausts: boolean): Promise<number>;
  /** Returns the window. Calls that this process holds are not in it; those that other processes hold count as used. */
  read(api: MeteredApi): Promise<QuotaWindow>;
  /** Returns the calls that are held and not used. */
  release(): Promise<void>;
}

/** Calls that are held longer than this without a use are returned, for the other replicas. */
const idleMs = 5_000;

/** A grant whose calls this process uses one by one. */
interface HeldGrant extends Grant {
  calls: number;
  /** With this many calls left, more are taken ahead of need. */
  readonly refillAt: number;
}

/** The calls of one API product that this process holds. */
interface Held {
  readonly api: MeteredApi;
  grants: HeldGrant[];
  /** Callers that wait for a grant. */
  waiting: number;
  refilling?: Promise<void>;
  /** The calls that were used in the latest slice and the one before, which are the measure of what is taken ahead. */
  used: { slice: number; now: number; before: number };
  idle?: NodeJS.Timeout;
}

/**
 * Creates the counter. It takes calls from the store ahead of need, as many as it used lately and at most a hundredth of
 * those that remain, and uses them without the store. A grant ends with the slice that counts it, so that no call is sent
 * after the time at which it counts; what is left of it is returned. A process that crashes loses what it holds until the
 * window is over.
 */
export function createQuotaCounter(store: QuotaStore, clock: Clock): QuotaCounter {
  const all = new Map<string, Held>();
  const heldOf = (api: MeteredApi): Held => {
    const name = [api.key, api.api, api.limit, api.windowMs].join(' ');
    const held = all.get(name) ?? { api, grants: [], waiting: 0, used: { slice: 0, now: 0, before: 0 } };
    all.set(name, held);
    return held;
  };

  /** Changes the window, and returns `unused` calls to it; holds them again where the store fails. */
  const update = async <T>(
    held: Held,
    unused: readonly HeldGrant[],
    change: (window: QuotaWindow) => readonly [QuotaWindow, T],
  ): Promise<T> => {
    held.grants = held.grants.filter((grant) => grant.calls > 0 && !unused.includes(grant));
    const notEmpty = unused.filter(({ calls }) => calls > 0);
    try {
      return await store.update(held.api, (window) => change(returnCalls(window, notEmpty)));
    } catch (error) {
      held.grants.push(...notEmpty);
      throw error;
    }
  };

  const refill = async (held: Held): Promise<void> => {
    // So that calls which start together are taken together.
    await Promise.resolve();
    const { api, waiting, used } = held;
    const expired = held.grants.filter(({ until }) => until <= clock.now());
    const left = sumOf(held.grants) - sumOf(expired);
    const grant = await update(held, expired, (window) =>
      grantCalls(window, api, clock.now(), { waiting, ahead: Math.max(used.now, used.before), held: left }),
    );
    if (grant instanceof ProviderError) throw grant;
    held.grants.push({ ...grant, refillAt: Math.floor((grant.calls - waiting) / 2) });
  };
  const refillOnce = (held: Held) =>
    (held.refilling ??= refill(held).finally(() => (held.refilling = undefined)));

  /** Uses a held call and returns the time from which it may be sent; undefined where none is held. */
  const draw = (held: Held): number | undefined => {
    const now = clock.now();
    const grant = held.grants.find(({ calls, until }) => calls > 0 && now < until);
    if (grant === undefined) return undefined;
    grant.calls -= 1;
    const { used } = held;
    if (used.slice !== grant.slice) held.used = { slice: grant.slice, now: 0, before: used.now };
    held.used.now += 1;
    // A failure surfaces once no call is left.
    if (grant.calls > 0 && grant.calls === grant.refillAt) refillOnce(held).catch(() => {});
    if (grant.calls > 0) returnWhenIdle(held);
    return grant.from;
  };

  const release = async (held: Held): Promise<void> => {
    clearTimeout(held.idle);
    held.idle = undefined;
    held.used = { slice: 0, now: 0, before: 0 };
    if (sumOf(held.grants) > 0) await update(held, held.grants, (window) => [window, undefined]);
  };
  const returnWhenIdle = (held: Held) => {
    // While the ledger is unavailable, they are returned with the next use.
    held.idle ??= setTimeout(() => void release(held).catch(() => {}), idleMs).unref();
    held.idle.refresh();
  };

  return {
    async take(api, signal) {
      const held = heldOf(api);
      held.waiting += 1;
      try {
        for (;;) {
          signal.throwIfAborted();
          const from = draw(held);
          if (from !== undefined) return from;
          await refillOnce(held);
        }
      } finally {
        held.waiting -= 1;
      }
    },
    async block(api, retryAfterMs, exhausts) {
      const held = heldOf(api);
      // A grant that arrived later would be used despite the block.
      await held.refilling?.catch(() => {});
      return update(held, held.grants, (window) => {
        const now = clock.now();
        const wait = retryAfterMs ?? (exhausts ? windowEnd(window, api, now) - now : undefined);
        const blocked = blockWindow(window, wait, now);
        return [blocked, Math.max(blocked.blockedUntil ?? 0, blocked.pausedUntil ?? 0)];
      });
    },
    read: async (api) => returnCalls(await store.read(api), heldOf(api).grants),
    release: async () => void (await Promise.all([...all.values()].map(release))),
  };
}

const sumOf = (grants: readonly Grant[]) => grants.reduce((total, { calls }) => total + calls, 0);
