import { AsyncLocalStorage } from 'node:async_hooks';

import { compareMoney, sum, type Money } from '../domain/money.ts';

/** What one operation asks of one API product of an account. */
export interface CallCount {
  /** The alias of the account. */
  readonly account: string;
  /** The API product, in the provider's own word. */
  readonly api: string;
  /** Calls to the provider, each resend and each token among them. */
  calls: number;
  /** Questions that a call of another operation answered. */
  joined: number;
  /** Questions that the ledger answered. */
  fromLedger: number;
}

/** An amount that an account was charged or refunded. */
export interface Charge {
  readonly account: string;
  readonly amount: Money;
}

/** Records what one operation asks of the providers, and the money that it moves. */
export class CallRecord {
  readonly #counts = new Map<string, CallCount>();
  #charges: readonly Charge[] = [];
  #refunds: readonly Charge[] = [];

  get counts(): readonly CallCount[] {
    return [...this.#counts.values()];
  }

  /** The sums of what was charged, one for each account and currency. */
  get charges(): readonly Charge[] {
    return this.#charges;
  }

  /** The sums of what was refunded, one for each account and currency. */
  get refunds(): readonly Charge[] {
    return this.#refunds;
  }

  add(account: string, api: string, kind: 'calls' | 'joined' | 'fromLedger', count = 1): void {
    if (count > 0) this.countOf(account, api)[kind] += count;
  }

  charge(account: string, amount: Money | undefined): void {
    this.#charges = withCharge(this.#charges, account, amount);
  }

  refund(account: string, amount: Money | undefined): void {
    this.#refunds = withCharge(this.#refunds, account, amount);
  }

  protected countOf(account: string, api: string): CallCount {
    const key = JSON.stringify([account, api]);
    const count = this.#counts.get(key) ?? { account, api, calls: 0, joined: 0, fromLedger: 0 };
    this.#counts.set(key, count);
    return count;
  }
}

/** Adds an amount to the sum of its account and currency; an amount that is unknown or zero changes nothing. */
function withCharge(
  charges: readonly Charge[],
  account: string,
  amount: Money | undefined,
): readonly Charge[] {
  if (amount === undefined || compareMoney(amount, { ...amount, amount: '0' }) === 0) return charges;
  const isSame = (charge: Charge) =>
    charge.account === account && charge.amount.currencyCode === amount.currencyCode;
  const same = charges.find(isSame);
  const total = same ? sum(same.amount, amount) : amount;
  return [...charges.filter((charge) => !isSame(charge)), { account, amount: total }];
}

const records = new AsyncLocalStorage<CallRecord>();

/** Calls a function; whatever it asks of providers is added to the record. */
export const recordCalls = <T>(record: CallRecord, work: () => T): T => records.run(record, work);

/** The record of the operation that the running code works for; undefined in background jobs and commands. */
export const currentCalls = (): CallRecord | undefined => records.getStore();
