import { createHash } from 'node:crypto';

import type { Logger } from 'pino';

import { supportedOperations } from '../carriers/adapter.ts';
import { type AdapterDependencies } from '../carriers/provider.ts';
import type { AccountConfig } from '../config/account.ts';
import type { Clock } from '../domain/clock.ts';
import { ProviderError } from '../domain/errors.ts';
import { createBreakers } from '../transport/breaker.ts';
import { bulkhead } from '../transport/bulkhead.ts';
import { openConnections, timeout, type Send } from '../transport/http.ts';
import { countCalls, withoutPlannedCalls, withoutPlannedTokens } from '../transport/count-calls.ts';
import { traceCalls } from '../transport/tracing.ts';
import { observe, observeFailures, type ProviderCall } from '../transport/observe.ts';
import type { Account } from './account.ts';

/** The services that accounts are opened with. */
export interface AccountDependencies extends Pick<AdapterDependencies, 'tokens' | 'quotas'> {
  readonly clock: Clock;
  readonly log: Logger;
  /** Is aborted when the process ends. Default: never. */
  readonly ending?: AbortSignal;
  /** Receives every call to a provider once it has ended. */
  readonly onCall?: (account: CalledAccount, call: ProviderCall) => void;
  /** Receives every call of an API product that failed, or was refused before it was sent. */
  readonly onFailure?: (account: CalledAccount, api: string, error: ProviderError) => void;
}

/** The account that a call goes through. */
export interface CalledAccount {
  readonly tenant: string;
  readonly id: string;
  readonly provider: string;
}

/** An open account and its connections. */
export interface OpenAccount {
  readonly account: Account;
  /** Closes the connections, as `Connections.close`. */
  close(): Promise<void>;
}

/** Opens an account with its credentials. No code outside of transport and the adapters sees them afterwards. */
export function openAccount(
  tenantId: string,
  config: AccountConfig,
  dependencies: AccountDependencies,
): OpenAccount {
  const { send, close } = openConnections(dependencies.ending);
  return { account: createAccount(tenantId, config, send, dependencies), close };
}

function createAccount(
  tenantId: string,
  account: AccountConfig,
  send: Send,
  { tokens, quotas, clock, log, onCall = () => {}, onFailure = () => {} }: AccountDependencies,
): Account {
  const { provider, baseUrl, credentials, options, environment, quota, rateCacheMs, retired } = account;
  const logFields = { tenant: tenantId, account: account.id };
  const called = { tenant: tenantId, id: account.id, provider: provider.id };
  const observed = observe((call) => onCall(called, call));
  const failuresObserved = observeFailures(
    (api, response) => provider.toError(api, response, clock.now()),
    (api, error) => onFailure(called, api, error),
  );
  const counted = countCalls(account.id);
  const breakers = createBreakers(clock);
  const limitCalls = bulkhead();
  if (retired) log.warn({ ...logFields, instead: retired }, 'the host of this account is retired');
  const key = fingerprint(tenantId, provider.id, baseUrl, JSON.stringify(credentials));
  const adapter = provider.createAdapter(
    {
      key,
      clientKey: fingerprint(provider.id, baseUrl, provider.clientId(credentials)),
      environment,
      baseUrl,
      credentials,
      options,
      quota,
      rateCacheMs,
    },
    {
      send: retired
        ? rejectRetiredHost(baseUrl, retired)
        : counted(observed(traceCalls(provider.id, account.id)(breakers.watch(timeout(send))))),
      guard: (next) => failuresObserved(breakers.gate(limitCalls(breakers.gate(next)))),
      tokens: withoutPlannedTokens(tokens, clock),
      quotas: withoutPlannedCalls(quotas),
      clock,
      warn: (message) => log.warn(logFields, message),
    },
  );
  return {
    id: account.id,
    tenantId,
    key,
    provider: provider.id,
    name: account.name,
    environment,
    host: { name: new URL(baseUrl).host, instead: retired },
    active: true,
    operations: supportedOperations(adapter),
    adapter,
    rateCacheMs,
    policy: account.policy,
    breakers: breakers.list,
    carriers: provider.carriers,
    verifiesCountries: provider.verifiesCountries,
    tracks: provider.tracks?.bind(provider),
  };
}

/** Derives a key for long-lived state that does not reveal the secrets among `parts`. */
function fingerprint(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** A `Send` that throws a `ProviderError` RETIRED_HOST instead of calling the host. */
function rejectRetiredHost(baseUrl: string, instead: string): Send {
  return async () => {
    const message = `${new URL(baseUrl).host} has been switched off by its provider`;
    throw new ProviderError('RETIRED_HOST', message, {
      hint: `Set the account's base URL to ${instead}.`,
    });
  };
}
