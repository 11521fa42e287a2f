/** One call for a batch of keys, which several requests may wait for. */
interface Call {
  readonly controller: AbortController;
  waiters: number;
}

/**
 * Shares calls that are in flight across all requests of the process: a key that is being loaded already is not loaded
 * again. A request that is aborted stops waiting at once; the call itself is aborted when its last waiter has stopped,
 * and is not joined after that.
 */
export class InFlight<Result> {
  readonly #results = new Map<string, { call: Call; result: Promise<Result> }>();

  /**
   * Returns the results in the order of `keys`. Keys that are not in flight are loaded by one call of `loadBatch`, which
   * receives their indices. Rejects with the signal's reason once it aborts.
   */
  async load(
    keys: readonly string[],
    signal: AbortSignal,
    loadBatch: (indices: readonly number[], signal: AbortSignal) => Promise<readonly Result[]>,
  ): Promise<Result[]> {
    signal.throwIfAborted();
    const fresh = keys.flatMap((key, index) =>
      this.#isInFlight(key) || keys.indexOf(key) !== index ? [] : [index],
    );
    if (fresh.length > 0) this.#start(keys, fresh, loadBatch);
    const joined = keys.map((key) => this.#results.get(key)!);
    const calls = new Set(joined.map(({ call }) => call));
    for (const call of calls) call.waiters += 1;
    const aborted = Promise.withResolvers<never>();
    const stopWaiting = () => {
      aborted.reject(signal.reason);
      for (const call of calls) {
        call.waiters -= 1;
        if (call.waiters === 0) call.controller.abort(signal.reason);
      }
      calls.clear();
    };
    signal.addEventListener('abort', stopWaiting, { once: true });
    try {
      return await Promise.race([Promise.all(joined.map(({ result }) => result)), aborted.promise]);
    } finally {
      signal.removeEventListener('abort', stopWaiting);
      stopWaiting();
    }
  }

  #start(
    keys: readonly string[],
    fresh: readonly number[],
    loadBatch: (indices: readonly number[], signal: AbortSignal) => Promise<readonly Result[]>,
  ): void {
    const call: Call = { controller: new AbortController(), waiters: 0 };
    const batch = loadBatch(fresh, call.controller.signal);
    fresh.forEach((index, slot) => {
      const key = keys[index]!;
      const remove = () => {
        if (this.#results.get(key)?.call === call) this.#results.delete(key);
      };
      const result = batch.then((results) => results[slot]!).finally(remove);
      // Waiters receive the rejection; without one it must not end the process as unhandled.
      result.catch(() => {});
      this.#results.set(key, { call, result });
    });
  }

  #isInFlight(key: string): boolean {
    return this.#results.get(key)?.call.controller.signal.aborted === false;
  }
}
