import type { Environment, Operation, Provider, ProviderAdapter } from '../carriers/adapter.ts';
import type { AccountConfig } from '../config/config.ts';

/** One tenant's account at a provider, with its credentials bound: what resolvers and loaders see of it. */
export interface Account {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  readonly environment: Environment;
  /** Where it calls; undefined for an account that was removed. */
  readonly host?: { readonly name: string; readonly instead?: AccountConfig['retired'] };
  readonly active: boolean;
  readonly operations: readonly Operation[];
  readonly adapter: ProviderAdapter;
  readonly carriers?: Provider['carriers'];
  readonly verifiesCountries?: Provider['verifiesCountries'];
  readonly tracks?: Provider['tracks'];
}

/** One tenant and the accounts that belong to it. */
export interface Caller {
  readonly tenant: { readonly id: string; readonly name: string; readonly single?: true };
  readonly accounts: readonly Account[];
}
