import { randomUUID } from 'node:crypto';
import { createServer as createHttpServer, type ServerOptions as HttpOptions } from 'node:http';

import cors from '@fastify/cors';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { GraphQLError } from 'graphql';
import Fastify, { type FastifyInstance, type FastifyRequest, type RouteOptions } from 'fastify';
import type { Logger } from 'pino';

import type { Caller } from '../accounts/account.ts';
import type { Authenticate } from '../auth/authenticate.ts';
import type { createContextFactory } from '../auth/context.ts';
import { currentRequest } from '../auth/request-record.ts';
import type { ExampleNumber } from '../carriers/example-numbers.ts';
import type { Clock } from '../domain/clock.ts';
import type { Sealer } from '../domain/seal.ts';
import type { Storage } from '../storage/storage.ts';
import { createErrorFormatter } from '../resolvers/errors.ts';
import type { Workflows } from '../workflows/workflows.ts';
import type { AdmissionOptions } from './admission.ts';
import { createApollo } from './apollo.ts';
import { examples } from './examples.ts';
import { addGraphiql } from './graphiql.ts';
import { addHealth } from './health.ts';
import { addHome } from './home.ts';
import { addLabels } from './labels.ts';
import type { Metrics } from './metrics.ts';
import { arrivedAt, refuseOverload } from './overload.ts';
import { addRequestLog, createOperationLog } from './request-log.ts';
import { addSandboxParcels } from './sandbox-parcels.ts';
import { addStatusCodes } from './status-codes.ts';
import { createHttpStreams } from './subscriptions/http-stream.ts';
import { defaultLimits, type SubscriptionLimits } from './subscriptions/limits.ts';
import { createOperationRunner } from './subscriptions/run-operation.ts';
import { addWebSocket } from './subscriptions/websocket.ts';
import { addTrack } from './track/track.ts';
import { addWebhooks } from './webhooks.ts';

export interface ServerOptions {
  readonly callers: readonly Caller[];
  readonly authenticate: Authenticate;
  readonly createContext: ReturnType<typeof createContextFactory>;
  readonly storage: Storage;
  readonly workflows: Workflows;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly publicUrl: () => string;
  readonly exampleNumbers: readonly ExampleNumber[];
  /** The emulated providers, whose parcels can be sent along. */
  readonly sandbox?: { travel(trackingNumber: string, milliseconds: number): boolean };
  /** Default: `defaultLimits`. */
  readonly subscriptionLimits?: Partial<SubscriptionLimits>;
  /** The sandbox's key, which pages may show. No other key is shown. */
  readonly apiKey?: string;
  readonly admission?: AdmissionOptions;
}

const compileNoSchema = () => {
  throw new TypeError('a route has a JSON schema, for which there is no compiler');
};

/** The most bytes of a request body: 1 MiB. */
const bodyLimit = 1024 * 1024;

/** The origins that CORS allows: Apollo Studio's Sandbox, and pages on this machine. */
const origins = [/^https:\/\/studio\.apollographql\.com$/, /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/];

/** Creates the HTTP server: GraphQL, its pages, labels, webhooks, health and metrics. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { storage, workflows, metrics, log, exampleNumbers, apiKey, callers, admission } = options;
  const app = Fastify({
    bodyLimit,
    genReqId: () => randomUUID(),
    // A signed label link is longer than Fastify's default limit of 100 characters.
    routerOptions: { maxParamLength: 1024 },
    // No route has a JSON schema. Loading the compilers for them takes 50 ms of a start.
    schemaController: {
      compilersFactory: { buildValidator: compileNoSchema, buildSerializer: compileNoSchema },
    },
    serverFactory: (handle, { keepAliveTimeout, requestTimeout }: HttpOptions) =>
      createHttpServer(
        { keepAliveTimeout, requestTimeout },
        refuseOverload(handle, { log, metrics, ...admission }),
      ),
  });
  addStatusCodes(app);
  // Before CORS, which answers a preflight request by itself.
  addRequestLog(app, log);
  await app.register(cors, { origin: origins, methods: ['GET', 'POST'] });

  await addGraphql(app, options);
  addGraphiql(app, examples(exampleNumbers), apiKey);
  addHome(app, apiKey);
  addHealth(app, storage);
  metrics.serve(app, workflows.unresolved, callers);
  addLabels(app, options);
  addWebhooks(app, options);
  return app;
}

/** The reason of a request's signal. Only a request without a response shows it. */
const callerLeft = new GraphQLError('the caller disconnected before the response', {
  extensions: { code: 'CALLER_LEFT' },
});

async function addGraphql(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const { authenticate, createContext, log, metrics, exampleNumbers, apiKey } = options;
  const limits = { ...defaultLimits, ...options.subscriptionLimits };
  const formatError = createErrorFormatter(log);
  const apollo = createApollo({ formatError, metrics, example: examples(exampleNumbers)[0]!, apiKey });
  await apollo.start();
  app.addHook('onClose', () => apollo.stop());
  const run = createOperationRunner({ apollo, createContext, formatError, limits, metrics, log });
  const streams = createHttpStreams(app, run);
  addWebSocket(app, {
    run,
    authenticate,
    limits,
    maxPayload: bodyLimit,
    isAllowedOrigin: (origin, host) =>
      origins.some((allowed) => allowed.test(origin)) || hostOf(origin) === host,
    log,
    logOperation: createOperationLog(log),
  });
  const identify = (request: FastifyRequest) =>
    authenticate({
      authorization: request.headers.authorization,
      remoteAddress: request.socket.remoteAddress,
    });
  const respond = fastifyApolloHandler(apollo, {
    context: async (request, reply) => {
      const ended = new AbortController();
      reply.raw.once('close', () => ended.abort(callerLeft));
      return createContext(await identify(request), {
        requestId: request.id,
        signal: ended.signal,
        receivedAt: arrivedAt(request.raw),
      });
    },
  });
  addTrack(app, { ...options, identify, stream: streams.stream });
  if (options.sandbox) addSandboxParcels(app, { travel: options.sandbox.travel, identify, createContext });
  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    errorHandler: sendBodyError(log),
    async handler(request, reply) {
      if (!streams.accepts(request)) return respond.call(this, request, reply);
      return streams.respond(request, reply, {
        identity: await identify(request),
        record: currentRequest()!,
      });
    },
  });
}

const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : undefined);

/** The GraphQL error of a body that HTTP rejects, by status. */
const bodyErrors: Readonly<Record<number, readonly [code: string, message: string]>> = {
  413: ['PAYLOAD_TOO_LARGE', `a request has at most ${bodyLimit} bytes`],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'send the operation as application/json'],
};

/** Sends an error of the request body in the form of GraphQL errors, so that clients parse one form only. */
const sendBodyError =
  (log: Logger): RouteOptions['errorHandler'] =>
  (error, request, reply) => {
    const { statusCode = 500 } = error;
    if (statusCode >= 500) log.error({ err: error, requestId: request.id }, 'a request failed');
    const [code, message] =
      statusCode >= 500
        ? ['INTERNAL_SERVER_ERROR', 'an internal error occurred; it has been logged']
        : (bodyErrors[statusCode] ?? ['BAD_REQUEST', error.message]);
    return reply.code(statusCode).send({ errors: [{ message, extensions: { code } }] });
  };
