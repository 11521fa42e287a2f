import type { Logger } from 'pino';

import type { Caller } from '../accounts/account.ts';
import type { Verification } from '../domain/address.ts';
import type { Clock } from '../domain/clock.ts';
import type { Outcome } from '../domain/errors.ts';
import type { Tracking } from '../domain/tracking.ts';
import type { Storage } from '../storage/storage.ts';
import { InFlight } from './in-flight.ts';

/** The calls in flight that all requests of the process share. */
export interface SharedRequests {
  readonly tracking: InFlight<Outcome<Tracking>>;
  readonly verification: InFlight<Outcome<Verification>>;
}

export const createSharedRequests = (): SharedRequests => ({
  tracking: new InFlight(),
  verification: new InFlight(),
});

/** The request that loaders belong to, and the services they use. */
export interface LoaderScope {
  readonly caller: Caller | undefined;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the request ends. */
  readonly signal: AbortSignal;
  readonly shared: SharedRequests;
}
