import { createHash, timingSafeEqual } from 'node:crypto';

import type { Logger } from 'pino';

import {
  operationsOf,
  type Carrier,
  type Environment,
  type Operation,
  type Provider,
} from './carriers/carrier.ts';
import type { AccountConfig, Config, TenantConfig } from './config.ts';
import type { Clock } from './domain/clock.ts';
import { ProviderError } from './domain/errors.ts';
import type { Sealer } from './domain/seal.ts';
import type { Ledger } from './ledger/ledger.ts';
import { createLoaders, createShared, type Loaders } from './loaders/loaders.ts';
import { openConnections, timeout, type Send } from './transport/http.ts';
import { isLoopback } from './transport/networks.ts';
import { watch, type Call } from './transport/watch.ts';

/** One tenant's account at a provider, with its credentials bound: what resolvers and loaders see of it. */
export interface Account {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  readonly environment: Environment;
  /** Where it calls; undefined for an account that is gone. */
  readonly host?: { readonly name: string; readonly instead?: AccountConfig['retired'] };
  readonly active: boolean;
  readonly operations: readonly Operation[];
  readonly carrier: Carrier;
  readonly carriers?: Provider['carriers'];
  readonly verifies?: Provider['verifies'];
  readonly tracks?: Provider['tracks'];
}

/** Who calls: one tenant, and what its own accounts open. */
export interface Caller {
  readonly tenant: { readonly id: string; readonly name: string; readonly single?: true };
  readonly accounts: readonly Account[];
}

/** One request's identity and everything that it may touch. */
export interface Context {
  /** Undefined where nobody was recognised; the server lets nothing but introspection pass then. */
  readonly caller: Caller | undefined;
  readonly loaders: Loaders;
  readonly ledger: Ledger;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** Aborted when the caller has left or been answered. */
  readonly signal: AbortSignal;
  readonly publicUrl: string;
  readonly requestId: string;
  /** Who asks, for the record: the caller's key by its digest. */
  readonly actor: string;
  readonly log: Logger;
}

/** What the door reads of an HTTP request. */
export interface Visitor {
  readonly authorization: string | undefined;
  readonly remoteAddress: string | undefined;
  readonly requestId: string;
  readonly signal: AbortSignal;
}

export interface Door {
  /** Everybody who may call. */
  readonly callers: readonly Caller[];
  enter(visitor: Visitor): Context;
  /** An account's carrier; undefined where the account is gone. */
  carrierOf(tenantId: string, accountId: string): Carrier | undefined;
  close(): Promise<void>;
}

export interface House {
  readonly ledger: Ledger;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly publicUrl: () => string;
  /** Told of every call to a provider. */
  readonly called?: (provider: string, call: Call) => void;
}

/** The door: who calls, which accounts are theirs, opened once with the secrets that nobody sees after this. */
export function createDoor(tenants: Config['tenants'], house: House): Door {
  const { ledger, sealer, clock, log, called = () => {} } = house;
  const connections: { close(): Promise<void> }[] = [];
  const shared = createShared();
  const callers = tenants.map((tenant) => ({
    hashes: tenant.apiKeyHashes.map((hash) => Buffer.from(hash, 'hex')),
    caller: {
      tenant: { id: tenant.id, name: tenant.name, single: tenant.single },
      accounts: tenant.accounts.map((account) => open(tenant, account)),
    } satisfies Caller,
  }));

  function open(tenant: TenantConfig, account: AccountConfig): Account {
    const { provider, baseUrl, credentials, options, environment, quota } = account;
    const wire = openConnections();
    const watched = watch((call) => called(provider.id, call));
    connections.push(wire);
    if (account.retired) {
      log.warn({ tenant: tenant.id, account: account.id, instead: account.retired }, 'the host of this account is retired'); // prettier-ignore
    }
    const carrier = provider.open(
      {
        key: fingerprint(tenant.id, provider.id, baseUrl, JSON.stringify(credentials)),
        clientKey: fingerprint(provider.id, baseUrl, provider.clientOf(credentials)),
        environment,
        baseUrl,
        credentials,
        options,
        quota,
      },
      {
        send: account.retired ? refuseRetired(baseUrl, account.retired) : watched(timeout(wire.send)),
        tokens: ledger.tokens,
        quotas: ledger.quotas,
        clock,
        warn: (message) => log.warn({ tenant: tenant.id, account: account.id }, message),
      },
    );
    return {
      id: account.id,
      provider: provider.id,
      name: account.name,
      environment,
      host: { name: new URL(baseUrl).host, instead: account.retired },
      active: true,
      operations: operationsOf(carrier),
      carrier,
      carriers: provider.carriers,
      verifies: provider.verifies,
      tracks: provider.tracks?.bind(provider),
    };
  }

  /** Compares digests in constant time, all of them, so that time tells nothing. */
  function recognise({ authorization, remoteAddress }: Visitor): { caller?: Caller; actor: string } {
    const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (key === undefined) return { actor: 'nobody' };
    const digest = createHash('sha256').update(key).digest();
    const found = callers.filter(
      ({ hashes }) => hashes.filter((hash) => timingSafeEqual(hash, digest)).length > 0,
    );
    const actor = `key:${digest.toString('hex').slice(0, 8)}`;
    if (key === sandboxKey && !isLoopback(remoteAddress ?? '')) return { actor };
    return { caller: found[0]?.caller, actor };
  }

  return {
    callers: callers.map(({ caller }) => caller),
    enter(visitor) {
      const { caller, actor } = recognise(visitor);
      const { requestId, signal } = visitor;
      const loaders = createLoaders({ caller, ledger, clock, signal, shared });
      const own = log.child({ requestId, tenant: caller?.tenant.id });
      return {
        caller,
        loaders,
        ledger,
        sealer,
        clock,
        signal,
        publicUrl: house.publicUrl(),
        requestId,
        actor,
        log: own,
      };
    },
    carrierOf(tenantId, accountId) {
      const caller = callers.find((each) => each.caller.tenant.id === tenantId)?.caller;
      return caller?.accounts.find((account) => account.id === accountId)?.carrier;
    },
    close: async () => void (await Promise.all(connections.map((each) => each.close()))),
  };
}

/** The key of the sandbox's tenant, taken from this machine only. */
export const sandboxKey = 'sandbox';

function fingerprint(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

function refuseRetired(baseUrl: string, instead: string): Send {
  return async () => {
    throw new ProviderError(
      'RETIRED_HOST',
      `${new URL(baseUrl).host} has been switched off by its provider`,
      {
        hint: `Set the account's base URL to ${instead}.`,
      },
    );
  };
}
