import type { Logger } from 'pino';

import type { Accounts } from '../accounts/open-accounts.ts';
import type { Clock } from '../domain/clock.ts';
import type { Sealer } from '../domain/seal.ts';
import type { Storage } from '../storage/storage.ts';
import type { TenantChanges } from '../workflows/tenant-changes.ts';
import type { MutationWorkflows } from '../workflows/planned.ts';
import type { Workflows } from '../workflows/workflows.ts';
import { createLoaders, type Loaders } from '../loaders/loaders.ts';
import type { Timer } from '../loaders/shared-calls.ts';
import { createSharedRequests, type SharedRequests } from '../loaders/shared-requests.ts';
import type { TrackerFeed } from '../loaders/tracker-feed.ts';
import type { Identity } from './authenticate.ts';

/** The identity of one request and the services that its resolvers use. */
export interface Context extends Identity {
  readonly loaders: Loaders;
  /** Undefined in a plan, in which a subscription ends after its first state. */
  readonly trackerFeed?: TrackerFeed;
  readonly storage: Storage;
  readonly workflows: MutationWorkflows;
  readonly tenantChanges: TenantChanges;
  /** Every tenant of this server, for those who administer them. */
  readonly accounts: Pick<Accounts, 'callers' | 'caller'>;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** Aborted when the response was sent or the caller disconnected. */
  readonly signal: AbortSignal;
  /** When the request arrived, by `performance.now`: deadlines count from then on. */
  readonly receivedAt: number;
  readonly publicUrl: string;
  readonly requestId: string;
  /** Creates a context for a `CallPlan` of the same operation: it joins no call of others, and mutations write nothing. */
  planned(): Context;
}

/** The services that all contexts share. */
export interface ContextServices {
  readonly storage: Storage;
  readonly workflows: Workflows;
  readonly tenantChanges: TenantChanges & { readonly planned: TenantChanges };
  readonly trackerFeed: TrackerFeed;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly publicUrl: () => string;
  /** The calls that all requests share. */
  readonly shared: SharedRequests;
  readonly accounts: Accounts;
}

/** The `Timer` of plans, whose questions do not wait for those of other requests. */
const atOnce: Timer = (_, call) => call();

/** Creates the function that creates the context of a request, with loaders of its own. */
export function createContextFactory(services: ContextServices) {
  const { storage, workflows, tenantChanges, trackerFeed, accounts, sealer, clock, log, publicUrl, shared } =
    services;
  return (
    identity: Identity,
    { requestId, signal, receivedAt }: Pick<Context, 'requestId' | 'signal' | 'receivedAt'>,
  ): Context => {
    const { caller } = identity;
    const scope = {
      caller,
      storage,
      clock,
      log: log.child({ requestId, tenant: caller?.tenant.id }),
      signal,
      shared,
    };
    const context: Context = {
      ...identity,
      loaders: createLoaders(scope),
      trackerFeed,
      storage,
      workflows,
      tenantChanges,
      accounts,
      sealer,
      clock,
      signal,
      receivedAt,
      publicUrl: publicUrl(),
      requestId,
      planned: () => ({
        ...context,
        trackerFeed: undefined,
        loaders: createLoaders({
          ...scope,
          shared: createSharedRequests({ storage, clock }, atOnce),
          planned: new Set(),
        }),
        workflows: workflows.planned,
        tenantChanges: tenantChanges.planned,
      }),
    };
    return context;
  };
}
