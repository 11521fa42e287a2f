import type { Logger } from 'pino';

import type { Caller } from '../accounts/account.ts';
import type { Accounts } from '../accounts/open-accounts.ts';
import { sandboxKey } from '../config/api-key.ts';
import type { TokenIssuer } from '../config/settings.ts';
import type { TenantConfig } from '../config/tenants.ts';
import { hashKey, isCreatedKey, keyName, type ApiKeyGrant } from '../domain/api-key.ts';
import type { Clock } from '../domain/clock.ts';
import type { Permission } from '../domain/permission.ts';
import type { SpendLimit } from '../domain/spend-limit.ts';
import { isLoopback } from '../transport/networks.ts';
import type { ApiKeys } from '../storage/records/api-keys.ts';
import { createKeyLookup } from './created-keys.ts';
import type { TokenClaims } from './tokens.ts';

/** The parts of an HTTP request that authentication reads. */
export interface IncomingRequest {
  readonly authorization: string | undefined;
  readonly remoteAddress: string | undefined;
}

/** Who sends a request, and what they may do. */
export interface Identity {
  /** Undefined if the request carries no valid key or JWT; `refusal` says why. */
  readonly caller?: Caller;
  readonly refusal?: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly spendLimit?: SpendLimit;
  /** The name under which history records the request: that of `keyName`, `TokenClaims.actor`, or `nobody`. */
  readonly actor: string;
}

/** Finds the tenant of a request by its API key or JWT, sent as `Authorization: Bearer <key>`. */
export type Authenticate = (request: IncomingRequest) => Promise<Identity>;

export interface AuthenticatorOptions {
  readonly tenants: readonly TenantConfig[];
  readonly accounts: Pick<Accounts, 'caller'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** The keys that were created at run time. */
  readonly apiKeys: ApiKeys;
  /** Default: JWTs are not accepted. */
  readonly tokenIssuer?: TokenIssuer;
}

export function createAuthenticator(options: AuthenticatorOptions): Authenticate {
  const { accounts, tokenIssuer, clock } = options;
  // Loaded where JWTs are accepted.
  const verifier = tokenIssuer && import('./tokens.ts').then(({ createTokenVerifier }) => createTokenVerifier(tokenIssuer, clock)); // prettier-ignore
  const keys = indexKeys(options.tenants);
  const lookUp = createKeyLookup(options.apiKeys, clock);
  /** A tenants file may hold a key of the same form. */
  const findCreated = async (hash: string) => keys.get(hash) ?? (await lookUp(hash));
  return async ({ authorization, remoteAddress }) => {
    const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (key === undefined)
      return refuse('nobody', 'an API key is required: send it as `Authorization: Bearer <key>`');
    if (verifier && isSignedToken(key)) {
      const verify = await verifier;
      const claims = await verify(key).catch((err: unknown) => {
        options.log.error({ err }, 'the keys that sign JWTs can’t be fetched');
        return {
          refusal: 'the token can’t be checked, since the keys of its issuer can’t be fetched: retry later',
        };
      });
      return ofToken(claims, accounts);
    }
    // Only digests are compared. They tell nothing about a key, so the time that it takes tells nothing either.
    const hash = hashKey(key);
    if (key === sandboxKey && !isLoopback(remoteAddress ?? ''))
      return ofKey(keyName(hash), undefined, options);
    return ofKey(keyName(hash), isCreatedKey(key) ? await findCreated(hash) : keys.get(hash), options);
  };
}

/** Tells whether a bearer token has the form of a signed JWT. */
const isSignedToken = (token: string): boolean => /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/.test(token);

function ofKey(
  actor: string,
  grant: TenantGrant | undefined,
  { accounts, clock }: AuthenticatorOptions,
): Identity {
  if (grant === undefined) {
    return refuse(
      actor,
      'the API key is not valid here: check that `Authorization: Bearer <key>` has a key of this server, in full',
    );
  }
  const caller = accounts.caller(grant.tenantId);
  if (caller === undefined)
    return refuse(actor, 'the tenant of the API key does not exist here: ask whoever runs this server');
  const { expiresAt, permissions, spendLimit } = grant;
  if (expiresAt !== undefined && expiresAt <= clock.now())
    return refuse(actor, `the API key expired at ${new Date(expiresAt).toISOString()}: use a newer one`);
  return { caller, permissions: new Set(permissions), spendLimit, actor };
}

function ofToken(claims: TokenClaims, accounts: AuthenticatorOptions['accounts']): Identity {
  if ('refusal' in claims) return refuse('nobody', claims.refusal);
  const { tenantId, permissions, actor } = claims;
  const caller = accounts.caller(tenantId);
  if (caller === undefined) return refuse(actor, 'the tenant that the token names does not exist here');
  return { caller, permissions, actor };
}

const refuse = (actor: string, refusal: string): Identity => ({ actor, refusal, permissions: new Set() });

type TenantGrant = ApiKeyGrant & { readonly tenantId: string };

/** The keys of the configuration by their digest. */
const indexKeys = (tenants: readonly TenantConfig[]) =>
  new Map<string, TenantGrant>(
    tenants.flatMap(({ id, apiKeys }) => apiKeys.map((key) => [key.hash, { ...key, tenantId: id }] as const)),
  );
