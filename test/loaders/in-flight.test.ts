import { describe, expect, it } from 'vitest';

import { InFlight } from '../../src/loaders/in-flight.ts';

/** A provider whose calls are completed by the test; `calls` holds the keys of each call. */
function createProvider() {
  const inFlight = new InFlight<string>();
  const calls: string[][] = [];
  const open: { signal: AbortSignal; respond: () => void; fail: (error: Error) => void }[] = [];
  const load = (keys: readonly string[], signal = new AbortController().signal) =>
    inFlight.load(keys, signal, (indices, signal) => {
      const loaded = indices.map((index) => keys[index]!);
      calls.push(loaded);
      const { promise, resolve, reject } = Promise.withResolvers<string[]>();
      const call = calls.length;
      signal.addEventListener('abort', () => reject(signal.reason));
      open.push({ signal, respond: () => resolve(loaded.map((key) => `${key} ${call}`)), fail: reject });
      return promise;
    });
  return { load, calls, open };
}

const createCaller = () => {
  const caller = new AbortController();
  return { signal: caller.signal, disconnect: () => caller.abort(new Error('the caller disconnected')) };
};

describe('a key in flight', () => {
  it('is loaded once for many requests at once', async () => {
    const { load, calls, open } = createProvider();
    const requests = Array.from({ length: 100 }, () => load(['a', 'b']));
    open[0]!.respond();
    for (const results of await Promise.all(requests)) expect(results).toEqual(['a 1', 'b 1']);
    expect(calls).toEqual([['a', 'b']]);
  });

  it('is loaded again by a later request: results are not cached', async () => {
    const { load, calls, open } = createProvider();
    const first = load(['a']);
    open[0]!.respond();
    expect(await first).toEqual(['a 1']);
    const second = load(['a']);
    open[1]!.respond();
    expect(await second).toEqual(['a 2']);
    expect(calls).toEqual([['a'], ['a']]);
  });

  it('is joined, the other keys are loaded in one call, and results are in the order of the request', async () => {
    const { load, calls, open } = createProvider();
    const first = load(['b', 'd']);
    const second = load(['a', 'b', 'c', 'd', 'a']);
    expect(calls).toEqual([['b', 'd'], ['a', 'c']]); // prettier-ignore
    open[1]!.respond();
    open[0]!.respond();
    expect(await first).toEqual(['b 1', 'd 1']);
    expect(await second).toEqual(['a 2', 'b 1', 'c 2', 'd 1', 'a 2']);
  });

  it('is never loaded by a request without keys', async () => {
    const { load, calls } = createProvider();
    expect(await load([])).toEqual([]);
    expect(calls).toEqual([]);
  });

  it('fails for all requests that wait for it, and the failure is not cached', async () => {
    const { load, open } = createProvider();
    const requests = [load(['a']), load(['a', 'b'])];
    open[0]!.fail(new Error('the provider is down'));
    for (const request of requests) await expect(request).rejects.toThrow('the provider is down');
    const again = load(['a']);
    open[2]!.respond();
    expect(await again).toEqual(['a 3']);
  });
});

describe('a caller that disconnects', () => {
  it('stops waiting at once, and other callers still receive the result', async () => {
    const { load, calls, open } = createProvider();
    const { signal, disconnect } = createCaller();
    const aborted = load(['a'], signal);
    const waiting = load(['a']);
    disconnect();
    await expect(aborted).rejects.toThrow('the caller disconnected');
    expect(open[0]!.signal.aborted).toBe(false);
    open[0]!.respond();
    expect(await waiting).toEqual(['a 1']);
    expect(calls).toHaveLength(1);
  });

  it('aborts the calls that it was the last to wait for', async () => {
    const { load, open } = createProvider();
    const [first, last] = [createCaller(), createCaller()];
    const requests = [load(['a'], first.signal), load(['a', 'b'], last.signal)];
    first.disconnect();
    expect(open.map(({ signal }) => signal.aborted)).toEqual([false, false]);
    last.disconnect();
    expect(open.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    for (const request of requests) await expect(request).rejects.toThrow('the caller disconnected');
  });

  it('does not abort a call that another caller waits for', async () => {
    const { load, open } = createProvider();
    const { signal, disconnect } = createCaller();
    const waiting = load(['a']);
    const aborted = load(['a', 'b'], signal);
    disconnect();
    await expect(aborted).rejects.toThrow('the caller disconnected');
    expect(open.map(({ signal }) => signal.aborted)).toEqual([false, true]);
    open[0]!.respond();
    expect(await waiting).toEqual(['a 1']);
  });

  it('does not affect a request that arrives right after', async () => {
    const { load, calls, open } = createProvider();
    const { signal, disconnect } = createCaller();
    const aborted = load(['a'], signal);
    disconnect();
    const next = load(['a']);
    expect(calls).toEqual([['a'], ['a']]);
    await expect(aborted).rejects.toThrow('the caller disconnected');
    const joined = load(['a']);
    open[1]!.respond();
    expect(await next).toEqual(['a 2']);
    expect(await joined).toEqual(['a 2']);
    expect(calls).toHaveLength(2);
  });

  it('starts no call if it disconnected before', async () => {
    const { load, calls } = createProvider();
    const { signal, disconnect } = createCaller();
    disconnect();
    await expect(load(['a'], signal)).rejects.toThrow('the caller disconnected');
    expect(calls).toEqual([]);
  });

  it('aborts nothing if it has its result', async () => {
    const { load, open } = createProvider();
    const { signal, disconnect } = createCaller();
    const completed = load(['a'], signal);
    open[0]!.respond();
    await completed;
    const running = load(['a']);
    disconnect();
    expect(open[1]!.signal.aborted).toBe(false);
    open[1]!.respond();
    expect(await running).toEqual(['a 2']);
  });
});
