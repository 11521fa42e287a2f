import { AsyncLocalStorage } from 'node:async_hooks';

import { outcome, ProviderError, type Outcome } from '../domain/errors.ts';
import { CallRecord, currentCalls, type CallCount } from './call-record.ts';

/** The calls of one API product in a plan: `calls` are made in any case. */
export interface PlannedCount extends CallCount {
  /** The calls with all those that depend on responses. Resends and refused tokens are not among them. */
  readonly callsAtMost: number;
  /** What the responses have to say for more calls than `calls`. */
  readonly dependsOn: readonly string[];
}

/** Calls that may follow a response. */
export interface FollowingCalls {
  readonly calls: number;
  /** What the response has to say, as half a sentence. */
  readonly when: string;
  /** Default: the API product of the response. */
  readonly api?: string;
}

/** Counts the calls that an operation would make. While it is the current record, none is sent. */
export class CallPlan extends CallRecord {
  readonly #possible = new Map<string, { calls: number; readonly conditions: Set<string> }>();
  readonly #choices = new Map<string, Set<string>>();
  readonly #shared = new Map<unknown, Promise<unknown>>();

  override get counts(): readonly PlannedCount[] {
    return super.counts.map((count) => {
      const { calls = 0, conditions = [] } = this.#possible.get(keyOf(count.account, count.api)) ?? {};
      return { ...count, callsAtMost: count.calls + calls, dependsOn: [...conditions] };
    });
  }

  /** All calls together. */
  get callsAtMost(): number {
    return this.counts.reduce((total, { callsAtMost }) => total + callsAtMost, 0);
  }

  /** The reasons for which accounts were selected, by account. */
  get choices(): readonly { readonly account: string; readonly reasons: readonly string[] }[] {
    return [...this.#choices].map(([account, reasons]) => ({ account, reasons: [...reasons] }));
  }

  override add(account: string, api: string, kind: 'calls' | 'joined' | 'fromLedger', count = 1): void {
    const condition = conditions.getStore();
    if (kind === 'calls' && condition !== undefined) this.addPossible(account, api, count, condition);
    else super.add(account, api, kind, count);
  }

  addPossible(account: string, api: string, calls: number, when: string): void {
    if (calls <= 0) return;
    this.countOf(account, api);
    const key = keyOf(account, api);
    const possible = this.#possible.get(key) ?? { calls: 0, conditions: new Set() };
    possible.calls += calls;
    possible.conditions.add(when);
    this.#possible.set(key, possible);
  }

  choose(account: string, reason: string): void {
    const reasons = this.#choices.get(account) ?? new Set();
    this.#choices.set(account, reasons.add(reason));
  }

  /** Returns the result of the first call with this key: what an operation asks for once, however often it needs it. */
  once<T>(key: unknown, work: () => Promise<T>): Promise<T> {
    const result = this.#shared.get(key) ?? work();
    this.#shared.set(key, result);
    return result as Promise<T>;
  }
}

const keyOf = (account: string, api: string) => JSON.stringify([account, api]);

/** The plan that the running code works for; undefined where calls are sent. */
export function currentPlan(): CallPlan | undefined {
  const record = currentCalls();
  return record instanceof CallPlan ? record : undefined;
}

/** The failure of a call that is counted in a plan and not sent. */
export class NotSent extends ProviderError {
  readonly #plan: CallPlan;
  readonly #account: string;
  readonly #api: string;

  constructor(plan: CallPlan, account: string, api: string) {
    super('UNREADABLE', 'a planned call has no response', { refused: false });
    this.#plan = plan;
    this.#account = account;
    this.#api = api;
  }

  /** Adds the calls that may follow a response to this one. */
  follow({ calls, when, api = this.#api }: FollowingCalls): void {
    this.#plan.addPossible(this.#account, api, calls, when);
  }
}

/** Returns the result of a call. In a plan, adds the calls that may follow its response. */
export async function followedBy<T>(call: Promise<T>, following: FollowingCalls): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof NotSent) error.follow(following);
    throw error;
  }
}

const conditions = new AsyncLocalStorage<string>();

/** Calls a function. In a plan, all calls that it makes depend on what a response says: `when`, as half a sentence. */
export const possibly = <T>(when: string, work: () => T): T => conditions.run(when, work);

/**
 * Returns the outcome of a call, for code that goes on after a failure. In a plan, adds the calls that may follow, and
 * throws, since there is nothing to go on with.
 */
export async function followedOutcome<T>(call: Promise<T>, following: FollowingCalls): Promise<Outcome<T>> {
  const result = await outcome(() => followedBy(call, following));
  if (result instanceof NotSent) throw result;
  return result;
}
