import type { Logger } from 'pino';

import type { Caller } from '../accounts/account.ts';
import type { Clock } from '../domain/clock.ts';
import type { Sealer } from '../domain/seal.ts';
import type { Ledger } from '../workflows/ledger.ts';
import { createLoaders, createSharedRequests, type Loaders } from '../loaders/loaders.ts';
import type { Identity } from './authenticate.ts';

/** One request's identity and everything that its resolvers use. */
export interface Context {
  /** Undefined without a valid key; only introspection is answered then. */
  readonly caller: Caller | undefined;
  readonly loaders: Loaders;
  readonly ledger: Ledger;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** Aborted when the caller disconnects or has its answer. */
  readonly signal: AbortSignal;
  readonly publicUrl: string;
  readonly requestId: string;
  /** Who asks, for the record: `Identity.actor`. */
  readonly actor: string;
  readonly log: Logger;
}

/** What every context shares. */
export interface ContextServices {
  readonly ledger: Ledger;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly publicUrl: () => string;
}

/** Creates the context of each request, with loaders of its own. */
export function createContextFactory(services: ContextServices) {
  const { ledger, sealer, clock, log, publicUrl } = services;
  const shared = createSharedRequests();
  return ({ caller, actor }: Identity, requestId: string, signal: AbortSignal): Context => ({
    caller,
    loaders: createLoaders({ caller, ledger, clock, signal, shared }),
    ledger,
    sealer,
    clock,
    signal,
    publicUrl: publicUrl(),
    requestId,
    actor,
    log: log.child({ requestId, tenant: caller?.tenant.id }),
  });
}
