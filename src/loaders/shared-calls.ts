import { AsyncLocalStorage } from 'node:async_hooks';

import type { Logger } from 'pino';

import type { Batching } from '../carriers/adapter.ts';
import { currentCalls, type CallRecord } from '../transport/call-record.ts';
import { extendDeadline, type Deadline } from '../transport/deadline.ts';

/** A question, and the text by which equal questions are recognised. */
export interface Asked<Question> {
  readonly key: string;
  readonly question: Question;
}

/** The request that waits for answers. */
export interface Waiter {
  /** Aborts when the request ends. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Default: none. */
  readonly deadline?: Deadline;
}

export interface SharedCallsOptions<Question, Answer> {
  /** Returns the answers in the order of the questions. `signal` aborts once nobody waits for any of them. */
  ask(
    questions: readonly Question[],
    signal: AbortSignal,
    logs: ReadonlySet<Logger>,
  ): Promise<readonly Answer[]>;
  /** How a call gathers questions of several requests. Default: the new questions of each request are a call. */
  readonly batching?: Batching;
  /** How long questions wait for each other as the quota runs low. Default: `defaultLowQuota`. */
  readonly whenQuotaLow?: LowQuota;
  readonly after?: Timer;
  /** Receives the number of questions of a request that calls of other requests answer. */
  readonly onJoined?: (count: number) => void;
}

interface LowQuota {
  /** The part of the quota below which waiting saves calls that would be missing later. */
  readonly below: number;
  readonly batchWaitMs: number;
}

const defaultLowQuota: LowQuota = { below: 0.2, batchWaitMs: 250 };

/** Calls a function after a number of milliseconds. */
export type Timer = (milliseconds: number, call: () => void) => void;

/** Lets the event loop read what has arrived meanwhile, so that a busy process gathers the questions in its sockets too. */
export const systemTimer: Timer = (milliseconds, call) =>
  void setTimeout(() => setImmediate(call), milliseconds);

/** A call that answers several questions. */
interface Call<Question, Answer> {
  readonly controller: AbortController;
  readonly pending: Pending<Question, Answer>[];
  readonly logs: Set<Logger>;
  /** The record of the operation that asked first, which the call counts for. */
  readonly record: CallRecord | undefined;
  /** Calls a function in the context of that operation. */
  readonly run: <T>(work: () => T) => T;
}

/** A question without an answer yet, and the number of requests that wait for it. */
interface Pending<Question, Answer> extends Asked<Question> {
  readonly call: Call<Question, Answer>;
  readonly answer: PromiseWithResolvers<Answer>;
  waiters: number;
}

/**
 * Shares calls to one account among all requests of the process. A question that waits or is under way is not asked
 * again. Where one call answers many questions, those of several requests go out together: at once where they fill a
 * call, or else as soon as none has arrived for a few milliseconds, so that a question waits for at most that time
 * times the size of a call.
 *
 * A request that is aborted stops waiting at once. A question that nobody waits for is not sent; a call is aborted when
 * nobody waits for any of its questions, and is not joined after that.
 */
export class SharedCalls<Question, Answer> {
  readonly #pending = new Map<string, Pending<Question, Answer>>();
  readonly #ask: SharedCallsOptions<Question, Answer>['ask'];
  readonly #batching: Batching | undefined;
  readonly #whenQuotaLow: LowQuota;
  readonly #after: Timer;
  readonly #onJoined: (count: number) => void;
  /** The call that gathers questions. */
  #open: Call<Question, Answer> | undefined;
  #waits = false;
  /** Whether a question has arrived since the wait began. */
  #arrived = false;
  /** The part of the quota that was left after the last call, from 0 to 1. */
  #quotaLeft = 1;

  constructor({
    ask,
    batching,
    whenQuotaLow = defaultLowQuota,
    after = systemTimer,
    onJoined = () => {},
  }: SharedCallsOptions<Question, Answer>) {
    this.#ask = ask;
    this.#batching = batching;
    this.#whenQuotaLow = whenQuotaLow;
    this.#after = after;
    this.#onJoined = onJoined;
  }

  /** Returns the answers in the order of the questions. Rejects with the signal's reason once it aborts. */
  async load(asked: readonly Asked<Question>[], waiter: Waiter): Promise<Answer[]> {
    const { signal } = waiter;
    signal.throwIfAborted();
    const full: Call<Question, Answer>[] = [];
    const all = asked.map((each) => this.#join(each, waiter, full));
    const own = new Set(all);
    for (const pending of own) pending.waiters += 1;
    const record = currentCalls();
    this.#onJoined([...own].filter(({ call }) => call.record !== record).length);
    for (const call of full) this.#send(call);
    if (this.#batching) this.#wait();
    else this.#sendOpen();

    const aborted = Promise.withResolvers<never>();
    const leave = () => {
      aborted.reject(signal.reason);
      for (const pending of own) this.#leave(pending, signal.reason);
      own.clear();
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([Promise.all(all.map(({ answer }) => answer.promise)), aborted.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
      leave();
    }
  }

  /** Returns the question that is pending already, or adds it to the open call. A call that it fills is moved to `full`. */
  #join(
    asked: Asked<Question>,
    { log, deadline }: Waiter,
    full: Call<Question, Answer>[],
  ): Pending<Question, Answer> {
    const running = this.#pending.get(asked.key);
    const pending = running && !running.call.controller.signal.aborted ? running : this.#add(asked);
    const { call } = pending;
    call.logs.add(log);
    if (deadline) extendDeadline(call.controller.signal, deadline);
    if (call === this.#open && call.pending.length === this.#batching?.size) {
      full.push(call);
      this.#open = undefined;
    }
    return pending;
  }

  #add(asked: Asked<Question>): Pending<Question, Answer> {
    const call = (this.#open ??= openCall());
    const pending = { ...asked, call, answer: Promise.withResolvers<Answer>(), waiters: 0 };
    // Waiters receive the rejection; without one it must not end the process as unhandled.
    pending.answer.promise.catch(() => {});
    call.pending.push(pending);
    this.#pending.set(asked.key, pending);
    this.#arrived = true;
    return pending;
  }

  /** Sends the open call after a time in which no question has arrived. */
  #wait(): void {
    if (this.#waits || this.#open === undefined) return;
    this.#waits = true;
    this.#arrived = false;
    this.#after(waitMs(this.#quotaLeft, this.#whenQuotaLow), () => {
      this.#waits = false;
      if (this.#arrived) this.#wait();
      else this.#sendOpen();
    });
  }

  #sendOpen(): void {
    const call = this.#open;
    this.#open = undefined;
    if (call) this.#send(call);
  }

  #send({ pending, controller, logs, run }: Call<Question, Answer>): void {
    const settle = (finish: (each: Pending<Question, Answer>, index: number) => void) =>
      pending.forEach((each, index) => {
        if (this.#pending.get(each.key) === each) this.#pending.delete(each.key);
        finish(each, index);
      });
    const questions = pending.map(({ question }) => question);
    run(() => this.#ask(questions, controller.signal, logs)).then(
      (answers) => settle(({ answer }, index) => answer.resolve(answers[index]!)),
      (error: unknown) => settle(({ answer }) => answer.reject(error)),
    );
    // A count that can't be read leaves the last one.
    this.#batching?.quotaLeft?.().then((left) => (this.#quotaLeft = left), () => {}); // prettier-ignore
  }

  #leave(pending: Pending<Question, Answer>, reason: unknown): void {
    pending.waiters -= 1;
    if (pending.waiters > 0) return;
    const { call } = pending;
    if (call !== this.#open) {
      // Also after its answer: what it has left under way is not needed any more.
      if (call.pending.every(({ waiters }) => waiters === 0)) call.controller.abort(reason ?? answered);
      return;
    }
    call.pending.splice(call.pending.indexOf(pending), 1);
    this.#pending.delete(pending.key);
    if (call.pending.length === 0) this.#open = undefined;
  }
}

/** The reason that a call is aborted with after its answer. Without one, each would get an exception of its own. */
const answered = new Error('the call has been answered');

const openCall = <Question, Answer>(): Call<Question, Answer> => ({
  controller: new AbortController(),
  pending: [],
  logs: new Set(),
  record: currentCalls(),
  run: AsyncLocalStorage.snapshot(),
});

/** How long an open call waits for the next question while there is quota. */
const shortWaitMs = 3;

/** Returns the wait for the next question, in milliseconds: it grows as the quota nears its end. */
function waitMs(quotaLeft: number, { below, batchWaitMs }: LowQuota): number {
  return Math.min(batchWaitMs, shortWaitMs * Math.max(1, below / quotaLeft));
}
