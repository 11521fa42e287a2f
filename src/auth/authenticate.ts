import type { Caller } from '../accounts/account.ts';
import { hashKey, keyName, sandboxKey, type ApiKeyConfig } from '../config/api-key.ts';
import type { TenantConfig } from '../config/tenants.ts';
import type { Clock } from '../domain/clock.ts';
import type { Permission } from '../domain/permission.ts';
import type { SpendLimit } from '../domain/spend-limit.ts';
import { isLoopback } from '../transport/networks.ts';

/** The parts of an HTTP request that authentication reads. */
export interface IncomingRequest {
  readonly authorization: string | undefined;
  readonly remoteAddress: string | undefined;
}

/** Who sends a request, and what they may do. */
export interface Identity {
  /** Undefined if the request carries no valid key; `refusal` says why. */
  readonly caller?: Caller;
  readonly refusal?: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly spendLimit?: SpendLimit;
  /** The name under which history records the request: that of `keyName`, or `nobody`. */
  readonly actor: string;
}

const refuse = (actor: string, refusal: string): Identity => ({ actor, refusal, permissions: new Set() });

/** Creates the function that finds the tenant of a request by its API key, sent as `Authorization: Bearer <key>`. */
export function createAuthenticator(
  tenants: readonly TenantConfig[],
  callers: readonly Caller[],
  clock: Clock,
): (request: IncomingRequest) => Identity {
  const keys = indexKeys(tenants, callers);
  return ({ authorization, remoteAddress }) => {
    const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (key === undefined)
      return refuse('nobody', 'an API key is required: send it as `Authorization: Bearer <key>`');
    // Only the digest is compared, and it tells nothing about the key, so the comparison may take any time.
    const hash = hashKey(key);
    const found = keys.get(hash);
    const actor = keyName(hash);
    if (found === undefined || (key === sandboxKey && !isLoopback(remoteAddress ?? ''))) {
      return refuse(
        actor,
        'the API key is not valid here: check that `Authorization: Bearer <key>` has a key of this server, in full',
      );
    }
    const { expiresAt, permissions, spendLimit } = found.config;
    if (expiresAt !== undefined && expiresAt <= clock.now())
      return refuse(actor, `the API key expired at ${new Date(expiresAt).toISOString()}: use a newer one`);
    return { caller: found.caller, permissions: new Set(permissions), spendLimit, actor };
  };
}

/** The keys of all tenants by their digest. */
function indexKeys(tenants: readonly TenantConfig[], callers: readonly Caller[]) {
  return new Map<string, { readonly config: ApiKeyConfig; readonly caller?: Caller }>(
    tenants.flatMap(({ id, apiKeys }) => {
      const caller = callers.find(({ tenant }) => tenant.id === id);
      return apiKeys.map((config) => [config.hash, { config, caller }] as const);
    }),
  );
}
