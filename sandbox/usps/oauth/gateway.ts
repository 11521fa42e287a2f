import type { FastifyInstance, FastifyRequest } from 'fastify';
import { scopesFor, type Api, type UspsClient } from './clients.ts';
import { countCall } from './quota.ts';
import { challenge, envelope, ErrorResponse, productRefusal, reasonPhrase } from '../errors.ts';
import type { UspsState } from '../state.ts';

const clients = new WeakMap<FastifyRequest, UspsClient>();

/** The client whose token the request carries. Throws on a route without `authorizeRequest`. */
export function clientOf(request: FastifyRequest): UspsClient {
  const client = clients.get(request);
  if (client === undefined) throw new Error('the route does not call authorizeRequest');
  return client;
}

/** The id of the client whose token the request carries; undefined where none was accepted. */
export const clientIdOf = (request: FastifyRequest) => clients.get(request)?.id;

/** A hook that checks the token, the quota, the app's product and the token's scope, in this order. */
export function authorizeRequest(state: UspsState, api: Api, apiVersion: string) {
  return async (request: FastifyRequest) => {
    const unauthorized = (message: string, title: string, detail: string) =>
      envelope(apiVersion, 401, message, [{ title, detail, source: 'Access Token' }], challenge);
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const claims = token === undefined ? 'malformed' : await state.signer.verify(token);
    if (claims === 'malformed' || claims === 'foreign' || claims.typ !== 'Bearer') {
      // Guess: a token of another environment fails like a missing one; the source says only "signature error".
      throw unauthorized(
        'Missing or malformed access token.',
        'invalid_token',
        claims === 'malformed'
          ? 'The access token presented with the request is missing or malformed (not a JWT).'
          : 'The signature of the access token presented with the request is invalid.',
      );
    }
    const client = state.clients.find((each) => each.id === claims.azp);
    if (client === undefined) throw productRefusal(apiVersion, 'client-invalid');
    countCall(state, client, api);
    if (claims.exp * 1000 <= state.clock.now()) {
      // Guess: the contract lists expired tokens beside malformed ones, without a recording.
      throw unauthorized(
        'Missing or malformed access token.',
        'invalid_token',
        'The access token presented with the request has expired.',
      );
    }
    if (client.products !== undefined && !client.products.includes(api)) {
      throw productRefusal(apiVersion, 'client-invalid');
    }
    const granted = (claims.scope ?? '').split(' ');
    if (!(scopesFor[api] ?? [api]).some((scope) => granted.includes(scope))) {
      throw unauthorized(
        'Insufficient OAuth scope.',
        'invalid_oauth_scope',
        'The OAuth scope is invalid, missing or insufficient to access resource.',
      );
    }
    clients.set(request, client);
  };
}

/** Sends thrown error responses as they are. An unexpected error is a 500 with a text body (USPS/api-examples#19). */
export function handleErrors(app: FastifyInstance) {
  // A DELETE may have a content type and no body.
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null, undefined) : parse(request, body as string, done),
  );
  app.setErrorHandler(async (error, request, reply) => {
    if (error instanceof ErrorResponse)
      return reply.code(error.status).headers(error.headers).send(error.body);
    const status = (error as { statusCode?: number }).statusCode;
    if (status !== undefined && status < 500) {
      const { status: code, body } = envelope(apiVersionOf(request.url), status, reasonPhrase(status));
      return reply.code(code).send(body);
    }
    // A bug of the emulator, printed for its developer.
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return reply.code(500).type('text/plain').send('There was an internal server error.');
  });
  app.setNotFoundHandler(async (request, reply) =>
    reply.code(404).send(envelope(apiVersionOf(request.url), 404).body),
  );
}

const apiVersionOf = (url: string) => /^\/[\w-]+\/v\w+/.exec(url)?.[0] ?? 'v3';
