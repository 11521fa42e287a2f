import type { Logger } from 'pino';

import type { Caller } from '../accounts/account.ts';
import type { Clock } from '../domain/clock.ts';
import type { Storage } from '../storage/storage.ts';
import type { SharedRequests } from './shared-requests.ts';

/** The request that loaders belong to, and the services they use. */
export interface LoaderScope {
  readonly caller: Caller | undefined;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the request ends. */
  readonly signal: AbortSignal;
  readonly shared: SharedRequests;
  /** In a plan: the parcels that were asked for, which the ledger then answers. */
  readonly planned?: Set<string>;
}
