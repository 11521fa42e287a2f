import type { FastifyInstance, FastifyRequest } from 'fastify';
import { scopesFor, type Api, type UspsClient } from './clients.ts';
import { spend } from './quota.ts';
import { envelope, Refusal, reasonOf } from '../errors.ts';
import type { UspsState } from '../state.ts';

/** As documented; the realm names a host that is retired. */
const challenge = { 'WWW-Authenticate': 'Bearer realm="https://api.usps.com"' };

const callers = new WeakMap<FastifyRequest, UspsClient>();

/** The app whose token came with this request; only behind `guard`. */
export function callerOf(request: FastifyRequest): UspsClient {
  const client = callers.get(request);
  if (client === undefined) throw new Error('the route has no guard');
  return client;
}

/** The check in front of a resource: token, quota, product, scope, in this order. */
export function guard(world: UspsState, api: Api, apiVersion: string) {
  return async (request: FastifyRequest) => {
    const refuse = (message: string, title: string, detail: string) =>
      envelope(apiVersion, 401, message, [{ title, detail, source: 'Access Token' }], challenge);
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const claims = token === undefined ? 'malformed' : world.signer.read(token);
    if (claims === 'malformed' || claims === 'foreign' || claims.typ !== 'Bearer') {
      // Guess: a foreign signature is told like no token at all; the source only says "signature error".
      throw refuse(
        'Missing or malformed access token.',
        'invalid_token',
        claims === 'malformed'
          ? 'The access token presented with the request is missing or malformed (not a JWT).'
          : 'The signature of the access token presented with the request is invalid.',
      );
    }
    const client = world.clients.find((each) => each.id === claims.azp);
    if (client === undefined) {
      throw envelope(apiVersion, 401, 'The client application identifier is invalid.', [], challenge);
    }
    spend(world, client, api);
    if (claims.exp * 1000 <= world.clock.now()) {
      // Guess: the contract lists expired tokens with the malformed ones and has no recording of one.
      throw refuse(
        'Missing or malformed access token.',
        'invalid_token',
        'The access token presented with the request has expired.',
      );
    }
    if (client.products !== undefined && !client.products.includes(api)) {
      throw envelope(apiVersion, 401, 'The client application identifier is invalid.', [], challenge);
    }
    const granted = (claims.scope ?? '').split(' ');
    if (!(scopesFor[api] ?? [api]).some((scope) => granted.includes(scope))) {
      throw refuse(
        'Insufficient OAuth scope.',
        'invalid_oauth_scope',
        'The OAuth scope is invalid, missing or insufficient to access resource.',
      );
    }
    callers.set(request, client);
  };
}

/** Refusals leave as they were thrown; what nobody foresaw is the 500 of issue 19, which is not JSON. */
export function answerRefusals(app: FastifyInstance) {
  // A DELETE may name a content type and have no content.
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null, undefined) : parse(request, body as string, done),
  );
  app.setErrorHandler(async (error, request, reply) => {
    if (error instanceof Refusal) return reply.code(error.status).headers(error.headers).send(error.body);
    const status = (error as { statusCode?: number }).statusCode;
    if (status !== undefined && status < 500) {
      const { status: code, body } = envelope(versionOf(request.url), status, reasonOf(status));
      return reply.code(code).send(body);
    }
    // A fault of the emulator's own; whoever runs it has to see it.
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return reply.code(500).type('text/plain').send('There was an internal server error.');
  });
  app.setNotFoundHandler(async (request, reply) =>
    reply.code(404).send(envelope(versionOf(request.url), 404).body),
  );
}

const versionOf = (url: string) => /^\/[\w-]+\/v\w+/.exec(url)?.[0] ?? 'v3';
