/** A request that asks to be admitted: one of its functions is called, unless it leaves before. */
export interface Applicant {
  start(): void;
  refuse(): void;
}

export interface AdmissionOptions {
  /** The most requests that run at a time, which bounds the memory that they take. Default: 4000. */
  readonly maxRunning?: number;
  /** The most requests that wait, at least one. Default: 1000. */
  readonly maxWaiting?: number;
  /** A turn of the event loop is late after this time, in milliseconds. Default: 50. */
  readonly turnMs?: number;
  /** A request that has waited this long when another arrives shows overload, in milliseconds. Default: 5000. */
  readonly waitMs?: number;
  /** While no more than this wait, however long, the process is slow and not overloaded. Default: 32. */
  readonly fewWaiting?: number;
  /** A request waits at most this long under overload, in milliseconds. Default: 50. */
  readonly overloadedWaitMs?: number;
  /** Returns the time in milliseconds. Default: `performance.now`. */
  readonly now?: () => number;
  /** Calls a function at the end of the current turn of the event loop. Default: `setImmediate`. */
  readonly atTurnEnd?: (call: () => void) => void;
  /** Called when overload begins and ends. */
  readonly onChange?: (isOverloaded: boolean) => void;
}

interface Entry {
  readonly applicant: Applicant;
  readonly enteredAt: number;
  isRunning: boolean;
}

/**
 * Decides which requests a busy process starts, so that those which it starts end soon.
 *
 * A request starts at once while the event loop keeps up. In a late turn of the loop, requests wait; then one starts in
 * each turn, after the work that is under way, in the order of arrival. So a burst waits, and all of it is served.
 *
 * The process is overloaded from when a request arrives while another has waited for `waitMs`, and more than a few wait, or
 * while `maxWaiting` of them wait, until none waits. Meanwhile the newest starts first, since in order of arrival each would wait as long as the queue
 * is, and those that have waited for `overloadedWaitMs` are refused.
 */
export class Admission {
  readonly #options: Required<AdmissionOptions>;
  /** A count, since the former tables of a set would keep requests in the old generation of the heap. */
  #running = 0;
  /** In order of arrival. */
  readonly #waiting: Entry[] = [];
  /** When the first request of the current turn entered; undefined where none did. */
  #turnBeganAt: number | undefined;
  #isOverloaded = false;

  constructor({
    maxRunning = 4000,
    maxWaiting = 1000,
    turnMs = 50,
    waitMs = 5000,
    fewWaiting = 32,
    overloadedWaitMs = 50,
    now = () => performance.now(),
    atTurnEnd = (call) => void setImmediate(call),
    onChange = () => {},
  }: AdmissionOptions = {}) {
    this.#options = {
      maxRunning,
      maxWaiting,
      turnMs,
      waitMs,
      fewWaiting,
      overloadedWaitMs,
      now,
      atTurnEnd,
      onChange,
    };
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Starts a request, makes it wait, or refuses it. Returns the function to call when it has ended or its caller left. */
  enter(applicant: Applicant): () => void {
    const now = this.#options.now();
    const entry = { applicant, enteredAt: now, isRunning: false };
    const isLate = now - this.#turnBegan(now) >= this.#options.turnMs;
    if (!isLate && this.#waiting.length === 0 && this.#hasPlace) {
      this.#start(entry);
    } else {
      this.#detectOverload(now);
      this.#waiting.push(entry);
    }
    return () => this.#leave(entry);
  }

  get #hasPlace(): boolean {
    return this.#running < this.#options.maxRunning;
  }

  /** Returns when the current turn began, which is now where this call is its first. */
  #turnBegan(now: number): number {
    if (this.#turnBeganAt === undefined) {
      this.#turnBeganAt = now;
      this.#options.atTurnEnd(() => this.#endTurn());
    }
    return this.#turnBeganAt;
  }

  #endTurn(): void {
    const now = this.#options.now();
    this.#turnBeganAt = undefined;
    if (this.#isOverloaded) this.#refuseLate(now);
    if (!this.#hasPlace) return;
    const next = this.#isOverloaded ? this.#waiting.pop() : this.#waiting.shift();
    if (next) this.#start(next);
    if (this.#waiting.length > 0) this.#turnBegan(now);
    else this.#setOverloaded(false);
  }

  #start(entry: Entry): void {
    this.#running += 1;
    entry.isRunning = true;
    entry.applicant.start();
  }

  #detectOverload(now: number): void {
    const { maxWaiting, fewWaiting, waitMs } = this.#options;
    const isSlow = this.#waiting.length > fewWaiting && this.#oldestWaitMs(now) >= waitMs;
    if (isSlow || this.#waiting.length >= maxWaiting) this.#setOverloaded(true);
    if (this.#isOverloaded) this.#refuseLate(now);
    if (this.#waiting.length >= maxWaiting) this.#refuseOldest();
  }

  #refuseLate(now: number): void {
    while (this.#oldestWaitMs(now) >= this.#options.overloadedWaitMs) this.#refuseOldest();
  }

  #refuseOldest(): void {
    this.#waiting.shift()!.applicant.refuse();
  }

  /** Returns the time that the oldest request has waited; -1 where none waits. */
  #oldestWaitMs(now: number): number {
    const [oldest] = this.#waiting;
    return oldest ? now - oldest.enteredAt : -1;
  }

  #leave(entry: Entry): void {
    const place = this.#waiting.indexOf(entry);
    if (place >= 0) this.#waiting.splice(place, 1);
    if (entry.isRunning) this.#running -= 1;
    entry.isRunning = false;
    if (this.#waiting.length > 0) this.#turnBegan(this.#options.now());
    else this.#setOverloaded(false);
  }

  #setOverloaded(isOverloaded: boolean): void {
    if (isOverloaded === this.#isOverloaded) return;
    this.#isOverloaded = isOverloaded;
    this.#options.onChange(isOverloaded);
  }
}
