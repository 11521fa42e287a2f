import type { ProviderAdapter } from '../carriers/adapter.ts';
import type { Clock } from '../domain/clock.ts';
import type { Records } from '../storage/storage.ts';

/** Returns the adapter of a tenant's account; undefined where the account was removed. */
export type AdapterOf = (tenantId: string, accountId: string) => ProviderAdapter | undefined;

/** The dependencies of every workflow. */
export interface WorkflowDependencies {
  readonly storage: Records;
  readonly adapterOf: AdapterOf;
  readonly clock: Clock;
}
