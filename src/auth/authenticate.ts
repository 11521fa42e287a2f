import { createHash, timingSafeEqual } from 'node:crypto';

import type { Caller } from '../accounts/account.ts';
import type { TenantConfig } from '../config/tenants.ts';
import { isLoopback } from '../transport/networks.ts';

/** The parts of an HTTP request that authentication reads. */
export interface IncomingRequest {
  readonly authorization: string | undefined;
  readonly remoteAddress: string | undefined;
}

export interface Identity {
  /** Undefined if the request carries no valid key. */
  readonly caller?: Caller;
  /** The name under which history records the request: `key:` and the first eight hex digits of the key's SHA-256, or `nobody`. */
  readonly actor: string;
}

/** The actor of a request that carries no key. */
export const nobody = 'nobody';

/** The API key of the sandbox's tenant. It is accepted from loopback addresses only. */
export const sandboxKey = 'sandbox';

/** Creates the function that finds the tenant of a request by its API key, sent as `Authorization: Bearer <key>`. */
export function createAuthenticator(
  tenants: readonly TenantConfig[],
  callers: readonly Caller[],
): (request: IncomingRequest) => Identity {
  const keys = tenants.map(({ id, apiKeyHashes }) => ({
    hashes: apiKeyHashes.map((hash) => Buffer.from(hash, 'hex')),
    caller: callers.find(({ tenant }) => tenant.id === id),
  }));
  return ({ authorization, remoteAddress }) => {
    const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (key === undefined) return { actor: nobody };
    const digest = createHash('sha256').update(key).digest();
    // Compares every digest in constant time, so that the duration reveals nothing about the keys.
    const matching = keys.filter(
      ({ hashes }) => hashes.filter((hash) => timingSafeEqual(hash, digest)).length > 0,
    );
    const actor = `key:${digest.toString('hex').slice(0, 8)}`;
    if (key === sandboxKey && !isLoopback(remoteAddress ?? '')) return { actor };
    return { caller: matching[0]?.caller, actor };
  };
}
