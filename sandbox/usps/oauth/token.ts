import formbody from '@fastify/formbody';
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { UspsClient } from './clients.ts';
import { countCall } from './quota.ts';
import { issuerOf } from './token-signer.ts';
import { guideUnauthorized, oauthError, ErrorResponse } from '../errors.ts';
import type { UspsState } from '../state.ts';

/** Recorded: one second less than eight hours. */
const lifetimeSeconds = 28_799;

/** Guess: the guide shows the shape of this 401, without the texts of these two cases. */
const notAForm = 'The content type of the request must be application/x-www-form-urlencoded.';
const noGrantType = 'The grant_type is missing.';

/** `POST /oauth2/v3/token` for client credentials only (contract, section 2), and `POST /oauth2/v3/revoke`. */
export async function tokenRoutes(app: FastifyInstance, state: UspsState) {
  await app.register(formbody);
  revokeRoute(app, state);
  app.post('/oauth2/v3/token', async (request) => {
    const { clock, switches } = state;
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
    const body = (request.body ?? {}) as Record<string, unknown>;
    const client = authenticateClient(state, body, isForm);
    checkGrant(body);
    const now = clock.now();
    const scope = grantedScope(client, typeof body.scope === 'string' ? body.scope : undefined);
    return {
      access_token: await createAccessToken(state, client, scope),
      token_type: 'Bearer',
      issued_at: switches.tokenNumbersAsStrings ? String(now) : now,
      expires_in: switches.tokenNumbersAsStrings ? String(lifetimeSeconds) : lifetimeSeconds,
      status: 'approved',
      ...(switches.omitScope ? {} : { scope }),
      issuer: issuerOf(state.environment),
      client_id: client.id,
      application_name: `${client.id} application`,
      api_products: client.scopes.includes('labels') ? '[Shipping Version 3]' : '[Public Access I]',
      public_key: state.signer.publicKey,
    };
  });
}

/** Returns the client whose credentials the body holds. Counts the call first, since failed calls count too. */
function authenticateClient(state: UspsState, body: Record<string, unknown>, isForm: boolean): UspsClient {
  const client = state.clients.find((each) => each.id === body.client_id);
  if (client !== undefined) countCall(state, client, 'oauth');
  if (!isForm && !state.switches.acceptJsonToken) throw guideUnauthorized(notAForm);
  if (body.grant_type === undefined || body.grant_type === '') throw guideUnauthorized(noGrantType);
  if (client === undefined || client.environment !== state.environment) {
    throw oauthError(
      401,
      'invalid_client',
      'InvalidApiKey: The client application credentials provided in the request are missing, invalid, inactive or not approved for access.',
    );
  }
  if (client.secret !== body.client_secret) {
    throw oauthError(401, 'invalid_client', 'Client authentication failed.');
  }
  return client;
}

/** Throws unless the grant is `client_credentials` and the body has no parameters but its own. */
function checkGrant(body: Record<string, unknown>) {
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
}

/** Client credentials bring no refresh token, so a presented one was never issued. */
function noRefreshToken(token: string): ErrorResponse {
  const { status, body } = oauthError(
    400,
    'invalid_request',
    'Invalid Refresh Token: The refresh token presented with the request was not found.',
  );
  return new ErrorResponse(status, {
    ...(body as object),
    refresh_token: token,
    refresh_token_status: 'Not Found',
  });
}

/** `POST /oauth2/v3/revoke`, which takes Basic credentials and revokes refresh tokens only (document). */
function revokeRoute(app: FastifyInstance, state: UspsState) {
  app.post('/oauth2/v3/revoke', async (request) => {
    const basic = /^Basic +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const [id, secret] = Buffer.from(basic, 'base64').toString().split(':');
    const client = state.clients.find((each) => each.id === id && each.secret === secret);
    if (client === undefined) {
      throw oauthError(401, 'invalid_client', 'Client authentication failed.');
    }
    countCall(state, client, 'oauth');
    const { token, token_type_hint: hint = 'refresh_token' } = (request.body ?? {}) as Record<
      string,
      unknown
    >;
    if (typeof token === 'string' && hint === 'refresh_token') throw noRefreshToken(token);
    // Guess: the other token type hint is undocumented.
    throw oauthError(400, 'invalid_request', 'Only refresh tokens can be revoked.');
  });
}

/** All parameters of a client credentials grant; others are errors. */
const tokenFields = new Set(['grant_type', 'client_id', 'client_secret', 'scope']);

/**
 * The client's scopes, or those of them that the request names. Other requested scopes are dropped without an error
 * (USPS/api-examples#109), so a request for those alone gets an empty scope and status 200 (USPS/api-examples#28).
 */
function grantedScope(client: UspsClient, requested: string | undefined): string {
  const names = requested?.split(' ').filter((each) => each !== '');
  const granted = names?.length ? client.scopes.filter((each) => names.includes(each)) : client.scopes;
  // Recordings have a double space after the second scope.
  return granted.length > 2
    ? `${granted[0]} ${granted[1]}  ${granted.slice(2).join(' ')}`
    : granted.join(' ');
}

function createAccessToken(state: UspsState, client: UspsClient, scope: string): Promise<string> {
  const iat = Math.floor(state.clock.now() / 1000);
  return state.signer.sign({
    iss: issuerOf(state.environment),
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
