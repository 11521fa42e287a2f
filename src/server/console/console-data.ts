import type { Account } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/open-accounts.ts';
import type { Clock } from '../../domain/clock.ts';
import { mutationNames } from '../../domain/operation.ts';
import type { HourlyCalls, UsageStore } from '../../storage/usage.ts';
import { howToResolve, type Unresolved, type UnresolvedWork } from '../../workflows/unresolved.ts';
import type { ProviderLatency, RecentCalls, RecentFailure } from './recent-calls.ts';

/** The response of `/console/data`: what the schema does not have, of all tenants. Times are RFC 3339. */
export interface ConsoleData {
  /** The time of the server. */
  readonly at: string;
  readonly accounts: readonly AccountState[];
  /** Of this process. */
  readonly latency: readonly ProviderLatency[];
  /** Of this process, latest first. */
  readonly failures: readonly RecentFailure[];
  /** Purchases and operations of unknown outcome, oldest first. */
  readonly unresolved: readonly UnresolvedEntry[];
  /** What to do about `unresolved`. */
  readonly howToResolve: string;
}

export interface AccountState {
  readonly tenant: string;
  readonly account: string;
  /** Left out where no credential expires. */
  readonly expiries?: {
    /** Left out where no token is stored. */
    readonly token?: string;
    readonly certificate?: string;
    /** Why the certificate can't be presented. */
    readonly certificateFault?: string;
  };
  /** The calls of the last 24 hours, by API product; hours without calls are left out. */
  readonly hours: readonly {
    /** The beginning of the hour. */
    readonly at: string;
    readonly api: string;
    readonly calls: number;
    readonly failed: number;
  }[];
}

export interface UnresolvedEntry extends Pick<
  Unresolved,
  'id' | 'tenant' | 'account' | 'provider' | 'since'
> {
  /** The mutation. */
  readonly kind: string;
  /** Of the failure: the message may hold the provider's own words, which may repeat an address. */
  readonly code?: string;
  readonly hint?: string;
}

export interface ConsoleServices {
  readonly accounts: Pick<Accounts, 'callers'>;
  readonly storage: { readonly usage: Pick<UsageStore, 'byHour'> };
  readonly workflows: { readonly unresolved: Pick<UnresolvedWork, 'list'> };
  readonly recentCalls: RecentCalls;
  readonly clock: Clock;
}

/** The current hour and the 23 before. */
const shownMs = 23 * 60 * 60 * 1000;

/** Reads the state of all accounts. Calls no provider. */
export async function readConsoleData(services: ConsoleServices): Promise<ConsoleData> {
  const { accounts, storage, workflows, recentCalls, clock } = services;
  const [calls, unresolved] = await Promise.all([
    storage.usage.byHour(new Date(clock.now() - shownMs)),
    workflows.unresolved.list(),
  ]);
  const states = accounts
    .callers()
    .flatMap(({ tenant, accounts: own }) => own.map((account) => stateOf(tenant.id, account, calls)));
  return {
    at: new Date(clock.now()).toISOString(),
    accounts: await Promise.all(states),
    latency: recentCalls.latency(),
    failures: recentCalls.failures(),
    unresolved: unresolved.map(({ id, kind, tenant, account, provider, since, failure }) => ({
      ...{ id, kind: mutationNames[kind], tenant, account, provider, since },
      ...{ code: failure?.code, hint: failure?.hint },
    })),
    howToResolve,
  };
}

async function stateOf(
  tenant: string,
  { id, adapter }: Account,
  calls: readonly HourlyCalls[],
): Promise<AccountState> {
  const expiries = await adapter.expiries?.();
  return {
    tenant,
    account: id,
    expiries: expiries && {
      token: toTime(expiries.token),
      certificate: toTime(expiries.certificate),
      certificateFault: expiries.certificateFault,
    },
    hours: calls
      .filter(({ tenantId, accountId }) => tenantId === tenant && accountId === id)
      .map(({ hour, api, calls, failed }) => ({ at: hour.toISOString(), api, calls, failed })),
  };
}

const toTime = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString());
