import { AsyncLocalStorage } from 'node:async_hooks';

import type { AccountFailure } from '../accounts/account.ts';
import type { Attribution } from './attribution.ts';
import type { UserError } from '../domain/errors.ts';
import { CallRecord, recordCalls } from '../transport/call-record.ts';
import type { ProviderCall } from '../transport/observe.ts';

/** What the log says of one request: codes, names and times; no argument, which may hold an address. */
export interface RequestRecord {
  readonly requestId: string;
  tenant?: string;
  /** The name of the GraphQL operation, as the client chose it. */
  operation?: string;
  /** Undefined until the operation is known. */
  attribution?: Attribution;
  /** The codes of GraphQL errors. */
  errors?: readonly string[];
  /** By code and field: "RATE_EXPIRED input.rateId". */
  readonly userErrors: Set<string>;
  readonly failures: Map<string, RecordedFailure>;
  readonly calls: Map<string, LoggedCalls>;
  readonly providerCalls: CallRecord;
  /** How long its response stays as fresh as it was asked for. Default: it may not be kept. */
  freshMs?: number;
}

export interface RecordedFailure {
  readonly account?: string;
  readonly code: string;
  readonly providerCode?: string;
  readonly message: string;
  readonly hint?: string;
}

/** The calls of one request to one API product that ended the same way. */
interface LoggedCalls {
  readonly provider: string;
  readonly api: string;
  /** `ProviderCall.outcome`. */
  readonly status: string;
  count: number;
  /** Of the slowest. */
  milliseconds: number;
}

const records = new AsyncLocalStorage<RequestRecord>();

export const createRequestRecord = (requestId: string, providerCalls = new CallRecord()): RequestRecord => ({
  requestId,
  userErrors: new Set(),
  failures: new Map(),
  calls: new Map(),
  providerCalls,
});

/** Calls a function; all that it does counts as done by the request. */
export const runRequest = <T>(record: RequestRecord, work: () => T): T =>
  records.run(record, () => recordCalls(record.providerCalls, work));

/** The request that the running code works for; undefined in background jobs and commands. */
export const currentRequest = (): RequestRecord | undefined => records.getStore();

/** Tells that a part of the response stays fresh for a time, in milliseconds; 0 where the response may not be kept. */
export function limitFreshness(milliseconds: number): void {
  const record = currentRequest();
  if (record) record.freshMs = Math.min(record.freshMs ?? Infinity, milliseconds);
}

/** Adds a call to the record of the request that caused it, if a request did. */
export function recordCall(provider: string, { api, outcome, milliseconds }: ProviderCall): void {
  const calls = currentRequest()?.calls;
  const key = `${provider} ${api} ${outcome}`;
  const same = calls?.get(key) ?? { provider, api, status: outcome, count: 0, milliseconds: 0 };
  same.count += 1;
  same.milliseconds = Math.max(same.milliseconds, Math.round(milliseconds));
  calls?.set(key, same);
}

/** Adds the failures and user errors in the result of a root field to the record of the request. */
export function recordResult(result: unknown): void {
  const record = currentRequest();
  if (record === undefined) return;
  for (const part of Array.isArray(result) ? result : [result]) {
    const { failure, failures = [], userErrors = [] } = (part ?? {}) as ResultWithFailures;
    for (const { code, field } of userErrors) record.userErrors.add(`${code} ${field.join('.')}`);
    for (const { account, error } of [failure, ...failures].filter((entry) => entry != null)) {
      // The failure that a ledger row keeps has no `error`: an earlier request met it.
      if (error === undefined) continue;
      const { code, providerCode, message, hint } = error;
      const entry = { account: account?.id, code, providerCode, message, hint };
      record.failures.set(JSON.stringify(entry), entry);
    }
  }
}

interface ResultWithFailures {
  readonly failure?: Partial<AccountFailure> | null;
  readonly failures?: readonly Partial<AccountFailure>[];
  readonly userErrors?: readonly UserError[];
}
