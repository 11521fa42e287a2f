/**
 * A queue of changes that keeps the latest of each key, in the order in which they came last. A reader that falls behind
 * misses states in between, and never the last one; the queue is as long as there are keys at most.
 */
export class LatestQueue<Value> implements AsyncIterable<Value> {
  readonly #values = new Map<string, Value>();
  #wake: (() => void) | undefined;
  readonly #signal: AbortSignal;

  /** The iteration ends once the signal is aborted. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake?.(), { once: true });
  }

  put(key: string, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Value> {
    while (!this.#signal.aborted) {
      const [first] = this.#values;
      if (first === undefined) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      this.#values.delete(first[0]);
      yield first[1];
    }
  }
}
