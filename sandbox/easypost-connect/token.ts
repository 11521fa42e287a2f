import { randomBytes } from 'node:crypto';

import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';

import { badToken, oauthError, Refusal } from './errors.ts';
import type { ConnectState } from './state.ts';

/** By the guide. */
const lifetimeSeconds = 3600;

/** `POST /oauth2/token`: client credentials in a form, with no certificate and no Basic header. */
export async function tokenRoutes(
  app: FastifyInstance,
  { clock, store, client }: ConnectState,
): Promise<void> {
  await app.register(formbody);
  answerRefusals(app);
  app.post('/oauth2/token', async (request) => {
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
    const { grant_type, client_id, client_secret } = (request.body ?? {}) as Record<string, unknown>;
    if (!isForm || grant_type === undefined) throw oauthError('invalid_request');
    if (grant_type !== 'client_credentials') throw oauthError('unsupported_grant_type');
    if (client_id !== client.id || client_secret !== client.secret) throw oauthError('invalid_client');
    const value = `eyJraWQiOiJ.${randomBytes(24).toString('base64url')}`;
    store.put('connect.token', value, { value, expiresAt: clock.now() + lifetimeSeconds * 1000 });
    return { access_token: value, expires_in: lifetimeSeconds, token_type: 'Bearer' };
  });
}

export function requireToken({ clock, store }: ConnectState, authorization: string | undefined): void {
  const value = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
  const token = store.get<{ expiresAt: number }>('connect.token', value);
  if (token === undefined || token.expiresAt <= clock.now()) throw badToken();
}

export function answerRefusals(app: FastifyInstance): void {
  app.setErrorHandler((error: Error & { statusCode?: number }, _, reply) =>
    error instanceof Refusal
      ? reply.code(error.status).send(error.body)
      : reply.code(error.statusCode ?? 500).send({ message: error.message }),
  );
  app.setNotFoundHandler((_, reply) => reply.code(404).send({ message: 'Not Found' }));
}
