/** One batch that several may be waiting for. */
interface Flight {
  readonly controller: AbortController;
  waiting: number;
}

/**
 * What is being asked right now, in all of the process: a question that somebody asks already is joined rather than
 * asked again. Who leaves does not wait for the others; a call is aborted only when the last who waited for it has
 * left, and is not joined after that.
 */
export class InFlight<Answer> {
  readonly #answers = new Map<string, { flight: Flight; answer: Promise<Answer> }>();

  /** Asks for those keys that nobody is asking for, all in one call of `ask`; answers in the order of the keys. */
  async answers(
    keys: readonly string[],
    signal: AbortSignal,
    ask: (indices: readonly number[], signal: AbortSignal) => Promise<readonly Answer[]>,
  ): Promise<Answer[]> {
    signal.throwIfAborted();
    const fresh = keys.flatMap((key, index) =>
      this.#isAsked(key) || keys.indexOf(key) !== index ? [] : [index],
    );
    if (fresh.length > 0) {
      const flight: Flight = { controller: new AbortController(), waiting: 0 };
      const batch = ask(fresh, flight.controller.signal);
      fresh.forEach((index, at) => {
        const key = keys[index]!;
        const forget = () => {
          if (this.#answers.get(key)?.flight === flight) this.#answers.delete(key);
        };
        const answer = batch.then((all) => all[at]!).finally(forget);
        // Those who wait get the failure; nobody waiting is no reason to end the process.
        answer.catch(() => {});
        this.#answers.set(key, { flight, answer });
      });
    }
    const joined = keys.map((key) => this.#answers.get(key)!);
    const flights = new Set(joined.map(({ flight }) => flight));
    for (const flight of flights) flight.waiting += 1;
    const left = Promise.withResolvers<never>();
    const leave = () => {
      left.reject(signal.reason);
      for (const flight of flights) {
        flight.waiting -= 1;
        if (flight.waiting === 0) flight.controller.abort(signal.reason);
      }
      flights.clear();
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([Promise.all(joined.map(({ answer }) => answer)), left.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
      leave();
    }
  }

  #isAsked(key: string): boolean {
    return this.#answers.get(key)?.flight.controller.signal.aborted === false;
  }
}
