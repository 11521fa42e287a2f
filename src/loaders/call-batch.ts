import type { Logger } from 'pino';

import type { Account } from '../accounts/account.ts';
import { ProviderError, type Outcome } from '../domain/errors.ts';
import { traced } from '../transport/tracing.ts';

export interface BatchCall {
  readonly account: Account;
  /** The log of each request that waits. */
  readonly logs: Iterable<Logger>;
  readonly signal: AbortSignal;
  readonly size: number;
}

/**
 * Calls an adapter for a batch of `size` keys and returns as many results. An error that fails the whole call becomes the
 * failure of each key, so that no resolver throws it: one that is no `ProviderError` is logged for each request that
 * waits, and becomes UNREADABLE. Rejects only once the call is aborted, when nobody waits for it.
 */
export async function callForBatch<T>(
  { account, logs, signal, size }: BatchCall,
  call: () => Promise<readonly Outcome<T>[]>,
): Promise<readonly Outcome<T>[]> {
  const failEach = (error: ProviderError) => Array.from({ length: size }, () => error);
  const unreadable = (cause?: unknown) =>
    new ProviderError('UNREADABLE', `the response of ${account.name} could not be read; it has been logged`, {
      hint: 'Report this with the request id: it is found in the log.',
      refused: false,
      cause,
    });
  try {
    const results = await traced(
      `load ${account.provider}`,
      { 'parcelgraph.account': account.id, 'parcelgraph.batch_size': size },
      call,
    );
    if (results.length === size) return results;
    for (const log of logs)
      log.error({ account: account.id, results: results.length, size }, 'an adapter lost results of a batch');
    return failEach(unreadable());
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof ProviderError) return failEach(error);
    for (const log of logs) log.error({ err: error, account: account.id }, 'an adapter failed');
    return failEach(unreadable(error));
  }
}
