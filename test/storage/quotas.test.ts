import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createQuotaStore } from '../../src/storage/quotas.ts';
import type { Send } from '../../src/transport/http.ts';
import { emptyWindow, quota, quotaLeft, type Counter } from '../../src/transport/quota.ts';
import { storages, testClock } from '../support/test-server.ts';
import { openReplicas, type Replicas } from '../workflows/replicas.ts';

const { signal } = new AbortController();

describe.each(storages)('quotas in the %s ledger', (storage) => {
  let ledger: Replicas;
  beforeAll(async () => void (ledger = await openReplicas(storage)));
  afterAll(() => ledger.close());

  const stores = () => ledger.databases.map(createQuotaStore);
  const counterOf = (key: string, limit = 60): Counter => ({
    key,
    api: 'tracking',
    limit,
    windowMs: 3_600_000,
  });

  it('begin with nothing used', async () => {
    for (const store of stores()) expect(await store.read(counterOf('new'))).toEqual(emptyWindow);
  });

  it('are the same for every replica, and after a restart', async () => {
    const [one, other] = stores();
    const window = { slices: [[1_763_488_800_000, 3]], blockedUntil: 1_763_488_900_000 } as const;
    await one!.update(counterOf('shared'), () => [window, undefined]);
    expect(await other!.read(counterOf('shared'))).toEqual(window);
    expect(await stores()[1]!.read(counterOf('shared'))).toEqual(window);
  });

  it('are each one client’s for one API product', async () => {
    const [store] = stores();
    await store!.update(counterOf('apart'), () => [{ slices: [[1, 1]] }, undefined]);
    expect(await store!.read({ ...counterOf('apart'), api: 'labels' })).toEqual(emptyWindow);
    expect(await store!.read(counterOf('other'))).toEqual(emptyWindow);
  });

  it('give back what a change returns beside the window', async () => {
    const [store] = stores();
    expect(await store!.update(counterOf('answer'), (window) => [window, 'answer'])).toBe('answer');
    const failing = store!.update(counterOf('answer'), () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await store!.update(counterOf('answer'), (window) => [window, 'again'])).toBe('again');
  });

  it('never let two take one call, whatever the replica', async () => {
    const clock = testClock('2026-11-18T18:00:00Z');
    let calls = 0;
    const wire: Send = async () => {
      calls += 1;
      return { status: 200, headers: {}, body: Buffer.alloc(0) };
    };
    const counter = counterOf('race', 60);
    const sends = stores().map((store) => quota(store, clock, () => counter)(wire));
    const request = { api: 'tracking', method: 'GET', url: new URL('http://127.0.0.1/') } as const;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, (_, index) => sends[index % 2]!(request, signal)),
    );
    expect(calls).toBe(60);
    const refused = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
    expect(refused).toEqual(Array.from({ length: 140 }, () => 'QUOTA_EXHAUSTED'));
    const window = await stores()[0]!.read(counter);
    expect(quotaLeft(window, counter, clock.now()).remaining).toBe(0);
    clock.advance(61 * 60_000);
    await sends[1]!(request, signal);
    expect(calls).toBe(61);
  });
});
