/** Counts what is open by key. */
export class Counter {
  readonly #counts = new Map<string, number>();

  /** Counts one more, and returns the function that counts it off; undefined where `limit` are open already. */
  open(key: string, limit: number): (() => void) | undefined {
    const count = this.#counts.get(key) ?? 0;
    if (count >= limit) return undefined;
    this.#counts.set(key, count + 1);
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      const left = this.#counts.get(key)! - 1;
      if (left > 0) this.#counts.set(key, left);
      else this.#counts.delete(key);
    };
  }
}
