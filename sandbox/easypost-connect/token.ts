import { randomBytes, randomUUID } from 'node:crypto';

import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import { jwtVerify, SignJWT } from 'jose';

import type { Store } from '../store.ts';
import { badToken, ErrorResponse, oauthError } from './errors.ts';
import type { ConnectState } from './state.ts';

/** An hour, by EasyPost's guide. */
const lifetimeSeconds = 3600;

/** `POST /oauth2/token`: client credentials in a form, without a client certificate and without a Basic header. */
export async function tokenRoutes(
  app: FastifyInstance,
  { clock, store, client }: ConnectState,
): Promise<void> {
  await app.register(formbody);
  sendErrorResponses(app);
  app.post('/oauth2/token', async (request) => {
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
    const { grant_type, client_id, client_secret } = (request.body ?? {}) as Record<string, unknown>;
    if (!isForm || grant_type === undefined) throw oauthError('invalid_request');
    if (grant_type !== 'client_credentials') throw oauthError('unsupported_grant_type');
    if (client_id !== client.id || client_secret !== client.secret) throw oauthError('invalid_client');
    const now = Math.floor(clock.now() / 1000);
    const token = await new SignJWT({ client_id: client.id })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt(now)
      .setExpirationTime(now + lifetimeSeconds)
      .setJti(randomUUID())
      .sign(signingKey(store));
    return { access_token: token, expires_in: lifetimeSeconds, token_type: 'Bearer' };
  });
}

/** Throws a 401 where the header holds no valid token. */
export async function requireToken(
  { clock, store }: ConnectState,
  authorization: string | undefined,
): Promise<void> {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
  await jwtVerify(token, signingKey(store), { currentDate: new Date(clock.now()) }).catch(() => {
    throw badToken();
  });
}

/** Creates a new signing key, so that no token granted before is valid. */
export function revokeTokens(store: Store): void {
  store.put('connect.signing-key', 'current', randomBytes(32).toString('base64'));
}

function signingKey(store: Store): Uint8Array {
  if (store.get('connect.signing-key', 'current') === undefined) revokeTokens(store);
  return Buffer.from(store.get<string>('connect.signing-key', 'current')!, 'base64');
}

/** Sends each error as JSON. */
export function sendErrorResponses(app: FastifyInstance): void {
  app.setErrorHandler((error: Error & { statusCode?: number }, _, reply) =>
    error instanceof ErrorResponse
      ? reply.code(error.status).send(error.body)
      : reply.code(error.statusCode ?? 500).send({ message: error.message }),
  );
  app.setNotFoundHandler((_, reply) => reply.code(404).send({ message: 'Not Found' }));
}
