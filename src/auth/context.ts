import type { Logger } from 'pino';

import type { Caller } from '../accounts/account.ts';
import type { Clock } from '../domain/clock.ts';
import type { Sealer } from '../domain/seal.ts';
import type { Storage } from '../storage/storage.ts';
import type { Workflows } from '../workflows/workflows.ts';
import { createLoaders, type Loaders } from '../loaders/loaders.ts';
import { createSharedRequests } from '../loaders/shared-requests.ts';
import type { Identity } from './authenticate.ts';

/** The identity of one request and the services that its resolvers use. */
export interface Context {
  /** Undefined without a valid key; only introspection is allowed then. */
  readonly caller: Caller | undefined;
  readonly loaders: Loaders;
  readonly storage: Storage;
  readonly workflows: Workflows;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** Aborted when the response was sent or the caller disconnected. */
  readonly signal: AbortSignal;
  /** When the request arrived, by `performance.now`: deadlines count from then on. */
  readonly receivedAt: number;
  readonly publicUrl: string;
  readonly requestId: string;
  /** `Identity.actor`. */
  readonly actor: string;
}

/** The services that all contexts share. */
export interface ContextServices {
  readonly storage: Storage;
  readonly workflows: Workflows;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly publicUrl: () => string;
}

/** Creates the function that creates the context of a request, with loaders of its own. */
export function createContextFactory(services: ContextServices) {
  const { storage, workflows, sealer, clock, log, publicUrl } = services;
  const shared = createSharedRequests({ storage, clock });
  return (
    { caller, actor }: Identity,
    { requestId, signal, receivedAt }: Pick<Context, 'requestId' | 'signal' | 'receivedAt'>,
  ): Context => ({
    caller,
    loaders: createLoaders({
      caller,
      storage,
      clock,
      log: log.child({ requestId, tenant: caller?.tenant.id }),
      signal,
      shared,
    }),
    storage,
    workflows,
    sealer,
    clock,
    signal,
    receivedAt,
    publicUrl: publicUrl(),
    requestId,
    actor,
  });
}
