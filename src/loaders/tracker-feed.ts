import DataLoader from 'dataloader';
import type { Logger } from 'pino';

import type { ParcelNumber } from '../domain/tracking.ts';
import type { Storage } from '../storage/storage.ts';
import { trackerChannel, type ChangedTracker, type StoredTracking } from '../storage/trackers.ts';

/** The services that a feed reads changes from. */
export interface FeedServices {
  readonly storage: Pick<Storage, 'trackers' | 'notifications'>;
  readonly log: Logger;
}

/** Tells the subscriptions of this process what changed in the ledger, whichever process changed it. */
export interface TrackerFeed {
  /**
   * Calls `onChange` for each change of the parcels with these numbers, in the order of the changes, until the signal is
   * aborted. No change is missed that is committed after it resolves.
   */
  follow(
    tenantId: string,
    numbers: Iterable<string>,
    onChange: (tracker: ChangedTracker) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Reads the present state of parcels, as `TrackerStore.read` does. Subscriptions that begin together share a statement: a
   * thousand clients that come back after a restart do not wait for each other's.
   */
  read(tenantId: string, parcels: readonly ParcelNumber[]): Promise<readonly (StoredTracking | undefined)[]>;
  close(): Promise<void>;
}

/** Changes that come within this time are read together. */
const gatherMs = 10;
const retryMs = 1_000;

/**
 * Creates the feed. A change is read once, however many subscriptions follow its parcel; nothing is read for a tenant
 * without subscriptions, and no provider is called. It begins to listen with the first subscription.
 */
export function createTrackerFeed({ storage, log }: FeedServices): TrackerFeed {
  const tenants = new Map<string, TenantFeed>();
  const readers = new Map<string, ReturnType<typeof createReader>>();
  let stopListening: (() => Promise<void>) | undefined;
  const open = (tenantId: string) => {
    const onEmpty = () => tenants.delete(tenantId);
    const feed = new TenantFeed(tenantId, storage.trackers, log, onEmpty);
    tenants.set(tenantId, feed);
    return feed;
  };
  return {
    async follow(tenantId, numbers, onChange, signal) {
      if (signal.aborted) return;
      stopListening ??= storage.notifications.listen(
        trackerChannel,
        (changed) => tenants.get(changed)?.read(),
        () => tenants.forEach((feed) => feed.read()),
      );
      const feed = tenants.get(tenantId) ?? open(tenantId);
      const followed = [...new Set(numbers)];
      feed.add(followed, onChange);
      signal.addEventListener('abort', () => feed.remove(followed, onChange), { once: true });
      await feed.beginning;
    },
    read(tenantId, parcels) {
      const reader = readers.get(tenantId) ?? createReader(tenantId, storage.trackers);
      readers.set(tenantId, reader);
      return reader.load(parcels);
    },
    async close() {
      await stopListening?.();
      tenants.forEach((feed) => feed.close());
    },
  };
}

/** The subscriptions that share a statement, at most. */
const maxReaders = 500;

/** Creates the loader of a tenant's states. The parcels of one subscription are read by one statement, of one moment. */
const createReader = (tenantId: string, trackers: Storage['trackers']) =>
  new DataLoader<readonly ParcelNumber[], readonly (StoredTracking | undefined)[]>(
    async (lists) => {
      const states = await trackers.read(tenantId, lists.flat());
      let first = 0;
      return lists.map(({ length }) => states.slice(first, (first += length)));
    },
    {
      cache: false,
      maxBatchSize: maxReaders,
      batchScheduleFn: (dispatch) => void setTimeout(dispatch, gatherMs),
    },
  );

type Listener = (tracker: ChangedTracker) => void;

/** The subscriptions of one tenant, by the numbers that they follow. */
class TenantFeed {
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #tenantId: string;
  readonly #trackers: Storage['trackers'];
  readonly #log: Logger;
  readonly #onEmpty: () => void;
  #timer: NodeJS.Timeout | undefined;
  #reading = false;
  /** Changes were announced while others were read. */
  #readAgain = false;
  /** The version of the last change before the first subscription. What is stored by then, subscriptions read themselves. */
  readonly beginning: Promise<number>;
  /** Changes up to here were passed on. Default: `beginning`. */
  #version: number | undefined;

  constructor(tenantId: string, trackers: Storage['trackers'], log: Logger, onEmpty: () => void) {
    this.#tenantId = tenantId;
    this.#trackers = trackers;
    this.#log = log;
    this.#onEmpty = onEmpty;
    this.beginning = trackers.latestVersion(tenantId);
    // Whoever follows awaits it; reading does too.
    this.beginning.catch(() => {});
  }

  add(numbers: readonly string[], listener: Listener): void {
    for (const number of numbers) {
      const listeners = this.#listeners.get(number) ?? new Set();
      this.#listeners.set(number, listeners.add(listener));
    }
  }

  remove(numbers: readonly string[], listener: Listener): void {
    for (const number of numbers) {
      const listeners = this.#listeners.get(number);
      listeners?.delete(listener);
      if (listeners?.size === 0) this.#listeners.delete(number);
    }
    if (this.#listeners.size > 0) return;
    this.close();
    this.#onEmpty();
  }

  close(): void {
    this.#listeners.clear();
    clearTimeout(this.#timer);
  }

  /** Reads what changed, soon. */
  read(afterMs = gatherMs): void {
    if (this.#reading) this.#readAgain = true;
    else this.#timer ??= setTimeout(() => void this.#readNow(), afterMs);
  }

  async #readNow(): Promise<void> {
    this.#timer = undefined;
    this.#reading = true;
    let delay: number | undefined;
    try {
      await this.#passOn();
    } catch (err) {
      this.#log.warn({ err, tenant: this.#tenantId }, 'changed trackers could not be read; trying again');
      delay = retryMs;
    }
    this.#reading = false;
    if (delay === undefined && !this.#readAgain) return;
    this.#readAgain = false;
    if (this.#listeners.size > 0) this.read(delay);
  }

  async #passOn(): Promise<void> {
    this.#version ??= await this.beginning;
    const changes = await this.#trackers.changes(this.#tenantId, [...this.#listeners.keys()], this.#version);
    for (const tracker of changes) {
      this.#version = Math.max(this.#version, tracker.version);
      for (const listener of this.#listeners.get(tracker.trackingNumber) ?? []) listener(tracker);
    }
  }
}
