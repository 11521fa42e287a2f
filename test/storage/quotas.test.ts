import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createQuotaStore } from '../../src/storage/quotas.ts';
import type { Send } from '../../src/transport/http.ts';
import { createQuotaCounter } from '../../src/transport/quota-counter.ts';
import { emptyWindow, remainingQuota, type MeteredApi } from '../../src/transport/quota-window.ts';
import { quota } from '../../src/transport/quota.ts';
import { storages, testClock } from '../support/test-server.ts';
import { openReplicas, type Replicas } from '../workflows/replicas.ts';

const { signal } = new AbortController();

describe.each(storages)('quotas in the %s ledger', (storage) => {
  let ledger: Replicas;
  beforeAll(async () => void (ledger = await openReplicas(storage)));
  afterAll(() => ledger.close());

  const stores = () => ledger.databases.map(createQuotaStore);
  const apiOf = (key: string, limit = 60): MeteredApi => ({
    key,
    api: 'tracking',
    limit,
    windowMs: 3_600_000,
  });

  it('start without used calls', async () => {
    for (const store of stores()) expect(await store.read(apiOf('new'))).toEqual(emptyWindow);
  });

  it('are the same in every replica and after a restart', async () => {
    const [one, other] = stores();
    const window = { slices: [[1_763_488_800_000, 3]], blockedUntil: 1_763_488_900_000 } as const;
    await one!.update(apiOf('shared'), () => [window, undefined]);
    expect(await other!.read(apiOf('shared'))).toEqual(window);
    expect(await stores()[1]!.read(apiOf('shared'))).toEqual(window);
  });

  it('are separate for each client and API product', async () => {
    const [store] = stores();
    await store!.update(apiOf('apart'), () => [{ slices: [[1, 1]] }, undefined]);
    expect(await store!.read({ ...apiOf('apart'), api: 'labels' })).toEqual(emptyWindow);
    expect(await store!.read(apiOf('other'))).toEqual(emptyWindow);
  });

  it('return the value of a change', async () => {
    const [store] = stores();
    expect(await store!.update(apiOf('value'), (window) => [window, 'value'])).toBe('value');
    const failing = store!.update(apiOf('value'), () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await store!.update(apiOf('value'), (window) => [window, 'again'])).toBe('again');
  });

  it('never allow two replicas to use the same call', async () => {
    const clock = testClock('2026-11-18T18:00:00Z');
    let calls = 0;
    const provider: Send = async () => {
      calls += 1;
      return { status: 200, headers: {}, body: Buffer.alloc(0) };
    };
    const api = apiOf('race', 60);
    const sends = stores().map((store) =>
      quota(createQuotaCounter(store, clock), clock, () => api)(provider),
    );
    const request = { api: 'tracking', method: 'GET', url: new URL('http://127.0.0.1/') } as const;
    const results = await Promise.allSettled(
      Array.from({ length: 200 }, (_, index) => sends[index % 2]!(request, signal)),
    );
    expect(calls).toBe(60);
    const rejected = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []));
    expect(rejected).toEqual(Array.from({ length: 140 }, () => 'QUOTA_EXHAUSTED'));
    const window = await stores()[0]!.read(api);
    expect(remainingQuota(window, api, clock.now()).remaining).toBe(0);
    clock.advance(61 * 60_000);
    await sends[1]!(request, signal);
    expect(calls).toBe(61);
  });
});
