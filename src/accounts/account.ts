import type { Operation, ProviderAdapter } from '../carriers/adapter.ts';
import type { Environment, Provider } from '../carriers/provider.ts';
import type { AccountConfig } from '../config/account.ts';
import type { TenantConfig } from '../config/tenants.ts';
import type { ProviderError } from '../domain/errors.ts';
import type { Breaker } from '../transport/breaker.ts';

/** One tenant's account at a provider, with its credentials bound: the part that resolvers and loaders use. */
export interface Account {
  readonly id: string;
  /** Undefined for an account that was removed. */
  readonly tenantId?: string;
  /** Identifies the account's long-lived state, see `AccountSettings`. Undefined for an account that was removed. */
  readonly key?: string;
  readonly provider: string;
  readonly name: string;
  readonly environment: Environment;
  /** The host that is called, and its successor if the provider retired it. Undefined for an account that was removed. */
  readonly host?: { readonly name: string; readonly instead?: AccountConfig['retired'] };
  /** False for an account that was removed. */
  readonly active: boolean;
  readonly operations: readonly Operation[];
  readonly adapter: ProviderAdapter;
  /** How long equal requests share a quote where the adapter allows it. Default: 0. */
  readonly rateCacheMs?: number;
  /** What the account does with its quota. */
  readonly policy?: AccountConfig['policy'];
  /** Returns the circuit breakers that are not closed. */
  breakers(): readonly Breaker[];
  readonly carriers?: Provider['carriers'];
  readonly verifiesCountries?: Provider['verifiesCountries'];
  readonly tracks?: Provider['tracks'];
}

/** The part of a tenant's settings that its requests are served by. */
export interface Tenant extends Omit<TenantConfig, 'apiKeys' | 'accounts'> {
  /** When the tenant was created at run time. Undefined for a tenant of the configuration. */
  readonly createdAt?: Date;
}

/** One tenant and its accounts. */
export interface Caller {
  readonly tenant: Tenant;
  readonly accounts: readonly Account[];
}

/** A provider's failure and the account at which it occurred; without an account where none could be asked. */
export interface AccountFailure {
  readonly error: Omit<ProviderError, 'name' | 'stack' | 'cause'>;
  readonly account?: Account;
  /**
   * The path of the argument that `error.field` starts from. Default: the argument `input`. Null for a value of no
   * argument: the number of a shipment, or of an entity that another subgraph names.
   */
  readonly argument?: readonly string[] | null;
}
