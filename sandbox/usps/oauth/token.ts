import formbody from '@fastify/formbody';
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  sign,
  verify,
} from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Store } from '../../store.ts';
import type { Environment, UspsClient } from './clients.ts';
import { spend } from './quota.ts';
import { guideUnauthorized, oauthError, Refusal } from '../errors.ts';
import type { UspsState } from '../state.ts';

/** Claims of our tokens; those that a reader needs. */
export interface Claims {
  iss: string;
  sub: string;
  azp: string;
  typ: 'Bearer' | 'Payment';
  aud?: string[];
  scope?: string;
  iat: number;
  exp: number;
  [claim: string]: unknown;
}

/** Makes and reads real JWTs (RS256) with a key that is this sandbox's own. */
export interface Signer {
  mint(claims: Claims): string;
  /** `malformed`: no JWT at all. `foreign`: signed with another key, as a token of the other environment is. */
  read(token: string): Claims | 'malformed' | 'foreign';
  /** Base64 of the public key's PEM, as the token answer carries it. */
  publicKey: string;
}

/** The key lies in the store, so that tokens outlive a restart as they do at USPS. */
export function openSigner(store: Store): Signer {
  let kept = store.get<{ pem: string; kid: string }>('usps.key', 'signing');
  if (kept === undefined) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    kept = { pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), kid: randomUUID() };
    store.put('usps.key', 'signing', kept);
  }
  const privateKey = createPrivateKey(kept.pem);
  const publicKey = createPublicKey(privateKey);
  const header = encode({ alg: 'RS256', typ: 'JWT', kid: kept.kid });
  return {
    publicKey: Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }).toString()).toString('base64'),
    mint(claims) {
      const content = `${header}.${encode(claims)}`;
      return `${content}.${sign('sha256', Buffer.from(content), privateKey).toString('base64url')}`;
    },
    read(token) {
      const [head, body, signature, ...rest] = token.split('.');
      if (!head || !body || !signature || rest.length > 0) return 'malformed';
      const claims = decode(body);
      if (decode(head) === undefined || claims === undefined) return 'malformed';
      const content = Buffer.from(`${head}.${body}`);
      return verify('sha256', content, publicKey, Buffer.from(signature, 'base64url')) ? claims : 'foreign';
    },
  };
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function decode(part: string): Claims | undefined {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims;
  } catch {
    return undefined;
  }
}

const issuers: Record<Environment, string> = {
  TEST: 'https://cat-keyc.usps.com/realms/USPS',
  PRODUCTION: 'https://keyc.usps.com/realms/USPS',
};
export const issuerOf = (world: UspsState) => issuers[world.environment];

/** A second less than eight hours, as recorded. */
const lifetimeSeconds = 28_799;

/** Guess: the guide shows the shape of this 401 and no words for these two cases. */
const notAForm = 'The content type of the request must be application/x-www-form-urlencoded.';
const noGrantType = 'The grant_type is missing.';

/** `POST /oauth2/v3/token`, client credentials only (contract, section 2). */
export async function tokenRoutes(app: FastifyInstance, world: UspsState) {
  await app.register(formbody);
  revokeRoute(app, world);
  app.post('/oauth2/v3/token', async (request) => {
    const { clock, switches } = world;
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
    const body = (request.body ?? {}) as Record<string, unknown>;
    const client = world.clients.find((each) => each.id === body.client_id);
    // Failed calls count too, so the quota comes before every other check.
    if (client !== undefined) spend(world, client, 'oauth');
    if (!isForm && !switches.acceptJsonToken) throw guideUnauthorized(notAForm);
    if (body.grant_type === undefined || body.grant_type === '') throw guideUnauthorized(noGrantType);
    if (client === undefined || client.environment !== world.environment) {
      throw oauthError(
        401,
        'invalid_client',
        'InvalidApiKey: The client application credentials provided in the request are missing, invalid, inactive or not approved for access.',
      );
    }
    if (client.secret !== body.client_secret) {
      throw oauthError(401, 'invalid_client', 'Client authentication failed.');
    }
    if (body.grant_type === 'refresh_token') throw noRefreshToken(String(body.refresh_token ?? ''));
    if (body.grant_type === 'authorization_code') {
      throw oauthError(
        400,
        'invalid_request',
        'Authorizaton Code Error: The authorization code presented with the request is invalid.',
      );
    }
    if (body.grant_type !== 'client_credentials') {
      throw oauthError(400, 'unsupported_grant_type', 'The grant type is not supported.');
    }
    const unknown = Object.keys(body).find((name) => !tokenFields.has(name));
    if (unknown !== undefined) {
      throw oauthError(400, 'invalid_request', `The request has an unsupported parameter: ${unknown}`);
    }
    const now = clock.now();
    const scope = grantedScope(client, typeof body.scope === 'string' ? body.scope : undefined);
    return {
      access_token: mintAccessToken(world, client, scope),
      token_type: 'Bearer',
      issued_at: switches.tokenNumbersAsStrings ? String(now) : now,
      expires_in: switches.tokenNumbersAsStrings ? String(lifetimeSeconds) : lifetimeSeconds,
      status: 'approved',
      ...(switches.omitScope ? {} : { scope }),
      issuer: issuerOf(world),
      client_id: client.id,
      application_name: `${client.id} application`,
      api_products: client.scopes.includes('labels') ? '[Shipping Version 3]' : '[Public Access I]',
      public_key: world.signer.publicKey,
    };
  });
}

/** Client credentials bring no refresh token, so whatever is presented was never issued. */
function noRefreshToken(token: string): Refusal {
  const { status, body } = oauthError(
    400,
    'invalid_request',
    'Invalid Refresh Token: The refresh token presented with the request was not found.',
  );
  return new Refusal(status, {
    ...(body as object),
    refresh_token: token,
    refresh_token_status: 'Not Found',
  });
}

/** `POST /oauth2/v3/revoke`: Basic credentials by the document, and only refresh tokens can be revoked. */
function revokeRoute(app: FastifyInstance, world: UspsState) {
  app.post('/oauth2/v3/revoke', async (request) => {
    const basic = /^Basic +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const [id, secret] = Buffer.from(basic, 'base64').toString().split(':');
    const client = world.clients.find((each) => each.id === id && each.secret === secret);
    if (client === undefined) {
      throw oauthError(401, 'invalid_client', 'Client authentication failed.');
    }
    spend(world, client, 'oauth');
    const { token, token_type_hint: hint = 'refresh_token' } = (request.body ?? {}) as Record<
      string,
      unknown
    >;
    if (typeof token === 'string' && hint === 'refresh_token') throw noRefreshToken(token);
    // Guess: nothing is documented for the other hint.
    throw oauthError(400, 'invalid_request', 'Only refresh tokens can be revoked.');
  });
}

/** The body is closed for each grant. */
const tokenFields = new Set(['grant_type', 'client_id', 'client_secret', 'scope']);

/**
 * Everything granted, unless the request narrows it: what it may not have is dropped silently (issue 109), so
 * asking for nothing but that leaves an empty scope and still a 200 (issue 28).
 */
function grantedScope(client: UspsClient, asked: string | undefined): string {
  const wanted = asked?.split(' ').filter((each) => each !== '');
  const granted = wanted?.length ? client.scopes.filter((each) => wanted.includes(each)) : client.scopes;
  // The doubled space stands in recordings.
  return granted.length > 2
    ? `${granted[0]} ${granted[1]}  ${granted.slice(2).join(' ')}`
    : granted.join(' ');
}

function mintAccessToken(world: UspsState, client: UspsClient, scope: string): string {
  const iat = Math.floor(world.clock.now() / 1000);
  return world.signer.mint({
    iss: issuerOf(world),
    sub: client.crid,
    azp: client.id,
    typ: 'Bearer',
    scope,
    iat,
    exp: iat + lifetimeSeconds,
    jti: randomUUID(),
    payment_accounts: { accounts: [{ account_type: 'EPS', account_number: client.accountNumber }] },
    mail_owners: [{ crid: client.crid, mids: `${client.mid}, ${client.manifestMid}` }],
  });
}
