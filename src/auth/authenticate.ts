import { createHash, timingSafeEqual } from 'node:crypto';

import type { Caller } from '../accounts/account.ts';
import type { TenantConfig } from '../config/config.ts';
import { isLoopback } from '../transport/networks.ts';

/** What identifies the sender of an HTTP request. */
export interface IncomingRequest {
  readonly authorization: string | undefined;
  readonly remoteAddress: string | undefined;
}

export interface Identity {
  /** Undefined where the request carries no valid key. */
  readonly caller?: Caller;
  /** For the record: the key by the first eight hex digits of its SHA-256, or "nobody". */
  readonly actor: string;
}

/** The key of the sandbox's tenant; accepted from loopback only. */
export const sandboxKey = 'sandbox';

/** Finds the tenant of a request by its API key. */
export function createAuthenticator(
  tenants: readonly TenantConfig[],
  callers: readonly Caller[],
): (request: IncomingRequest) => Identity {
  const known = tenants.map(({ id, apiKeyHashes }) => ({
    hashes: apiKeyHashes.map((hash) => Buffer.from(hash, 'hex')),
    caller: callers.find(({ tenant }) => tenant.id === id),
  }));
  return ({ authorization, remoteAddress }) => {
    const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (key === undefined) return { actor: 'nobody' };
    const digest = createHash('sha256').update(key).digest();
    // Compares every digest in constant time, so that the duration reveals nothing about the keys.
    const matching = known.filter(
      ({ hashes }) => hashes.filter((hash) => timingSafeEqual(hash, digest)).length > 0,
    );
    const actor = `key:${digest.toString('hex').slice(0, 8)}`;
    if (key === sandboxKey && !isLoopback(remoteAddress ?? '')) return { actor };
    return { caller: matching[0]?.caller, actor };
  };
}
