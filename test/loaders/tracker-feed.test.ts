import { rmSync } from 'node:fs';

import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTrackerFeed, type TrackerFeed } from '../../src/loaders/tracker-feed.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { createTrackerStore, type ChangedTracker, type TrackerStore } from '../../src/storage/trackers.ts';
import { startDatabaseProxy, type DatabaseProxy } from '../support/database-proxy.ts';
import { freshDatabase, ledgerFolder, storages } from '../support/test-server.ts';

const log = pino({ level: 'silent' });
const received = (trackingNumber: string, statusText: string) => ({
  trackingNumber,
  carrier: 'USPS',
  accountId: 'usps',
  state: { status: 'IN_TRANSIT' as const, statusText, events: [] },
  asOf: Date.now(),
});

/** A feed of its own process, and the number of times that it read changes. */
async function openFeed(location: Parameters<typeof openDatabase>[0]) {
  const { db, notifications, close } = await openDatabase(location);
  const trackers = createTrackerStore(db);
  let reads = 0;
  const counting: TrackerStore = {
    ...trackers,
    read: (...args) => ((reads += 1), trackers.read(...args)),
    changes: (...args) => ((reads += 1), trackers.changes(...args)),
  };
  const feed = createTrackerFeed({ storage: { trackers: counting, notifications }, log });
  return {
    feed,
    trackers,
    reads: () => reads,
    async close() {
      await feed.close();
      await close();
    },
  };
}

/** Follows numbers, and keeps what comes. */
async function follow(feed: TrackerFeed, tenantId: string, ...numbers: string[]) {
  const changes: ChangedTracker[] = [];
  const stopped = new AbortController();
  await feed.follow(tenantId, numbers, (tracker) => changes.push(tracker), stopped.signal);
  return {
    stop: () => stopped.abort(),
    texts: () => changes.map(({ trackingNumber, state }) => `${trackingNumber} ${state.statusText}`),
    versions: () => changes.map(({ version }) => version),
  };
}

describe.each(storages)('a feed of trackers, on the %s ledger', (storage) => {
  let process: Awaited<ReturnType<typeof openFeed>>;
  let closeLedger: () => Promise<void>;
  let location: Parameters<typeof openDatabase>[0];
  beforeAll(async () => {
    if (storage === 'server') {
      const database = await freshDatabase();
      location = database;
      closeLedger = database.drop;
    } else {
      const folder = ledgerFolder();
      location = { folder };
      closeLedger = async () => rmSync(folder, { recursive: true });
    }
    process = await openFeed(location);
  });
  afterAll(async () => {
    await process.close();
    await closeLedger();
  });

  it('reads a change once, however many subscriptions follow the parcel', async () => {
    const subscribers = await Promise.all(
      Array.from({ length: 1000 }, (_, index) => follow(process.feed, 'many', 'MANY', `OWN${index}`)),
    );
    const before = process.reads();
    await process.trackers.save('many', [received('MANY', 'one'), received('NOBODYS', 'one')]);
    await expect.poll(() => subscribers.every(({ texts }) => texts().length === 1)).toBe(true);
    expect(process.reads() - before).toBeLessThanOrEqual(2);
    expect(subscribers[999]!.texts()).toEqual(['MANY one']);
    for (const { stop } of subscribers) stop();
  });

  it('reads the states of subscriptions that begin together by one statement', async () => {
    await process.trackers.save('begin', [received('ONE', 'here'), received('TWO', 'there')]);
    const before = process.reads();
    const parcelsOf = (index: number) => [{ trackingNumber: index % 2 === 0 ? 'ONE' : 'TWO' }, { trackingNumber: 'NONE' }]; // prettier-ignore
    const states = await Promise.all(Array.from({ length: 500 }, (_, index) => process.feed.read('begin', parcelsOf(index)))); // prettier-ignore
    expect(states[498]!.map((state) => state?.state.statusText)).toEqual(['here', undefined]);
    expect(states[499]!.map((state) => state?.state.statusText)).toEqual(['there', undefined]);
    expect(process.reads() - before).toBe(1);
  });

  it('passes changes on in the order of their versions, and the tenant’s own only', async () => {
    const mine = await follow(process.feed, 'acme', 'A', 'B');
    const theirs = await follow(process.feed, 'other', 'A', 'B');
    for (const text of ['one', 'two', 'three']) {
      await process.trackers.save('acme', [received('B', text), received('A', text)]);
    }
    await expect.poll(() => mine.texts().filter((text) => text.endsWith('three')).length).toBe(2);
    expect(mine.versions()).toEqual(mine.versions().toSorted((a, b) => a - b));
    expect(theirs.texts()).toEqual([]);
    mine.stop();
    theirs.stop();
  });

  it('reads nothing for a tenant that nobody follows any more', async () => {
    const { stop } = await follow(process.feed, 'left', 'A');
    stop();
    const before = process.reads();
    await process.trackers.save('left', [received('A', 'one')]);
    const again = await follow(process.feed, 'left', 'A');
    await process.trackers.save('left', [received('A', 'two')]);
    await expect.poll(again.texts).toEqual(['A two']);
    expect(process.reads() - before).toBeLessThanOrEqual(2);
    again.stop();
  });

  // Two processes can share a ledger on a server only.
  describe.runIf(storage === 'server')('of which several processes have one', () => {
    it('hears of what another process saves', async () => {
      const other = await openFeed(location);
      const here = await follow(process.feed, 'shared', 'A');
      const there = await follow(other.feed, 'shared', 'A');
      await other.trackers.save('shared', [received('A', 'one')]);
      await expect.poll(here.texts).toEqual(['A one']);
      await expect.poll(there.texts).toEqual(['A one']);
      await other.close();
    });

    it('reads what it missed while its connection was lost, each change once', async () => {
      const proxy: DatabaseProxy = await startDatabaseProxy((location as { url: string }).url);
      const behind = await openFeed({ url: proxy.url });
      const subscriber = await follow(behind.feed, 'lost', 'A', 'B');
      await process.trackers.save('lost', [received('A', 'one')]);
      await expect.poll(subscriber.texts).toEqual(['A one']);
      proxy.silence();
      await process.trackers.save('lost', [received('A', 'two'), received('B', 'one')]);
      proxy.restore();
      await expect.poll(subscriber.texts, { timeout: 10_000 }).toEqual(['A one', 'A two', 'B one']);
      await behind.close();
      await proxy.close();
    });
  });
});
