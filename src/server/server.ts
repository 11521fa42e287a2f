import { randomUUID } from 'node:crypto';

import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify, { type FastifyInstance, type RouteOptions } from 'fastify';
import type { Logger } from 'pino';

import { GraphQLError } from 'graphql';

import type { Caller } from '../accounts/account.ts';
import type { Identity, IncomingRequest } from '../auth/authenticate.ts';
import type { createContextFactory } from '../auth/context.ts';
import { currentRequest } from '../auth/request-record.ts';
import type { ExampleNumber } from '../carriers/example-numbers.ts';
import type { Clock } from '../domain/clock.ts';
import type { Sealer } from '../domain/seal.ts';
import { OperationTimeout } from '../resolvers/errors.ts';
import type { Storage } from '../storage/storage.ts';
import type { Tracer } from '../transport/tracing.ts';
import type { Workflows } from '../workflows/workflows.ts';
import { createApollo } from './apollo.ts';
import { addCors } from './cors.ts';
import { examples } from './examples.ts';
import { addGraphiql } from './graphiql.ts';
import { addHealth } from './health.ts';
import { addHome } from './home.ts';
import { addJsonBody, RejectedBody } from './json-body.ts';
import { addLabels } from './labels.ts';
import type { Metrics } from './metrics.ts';
import { createRequestLimits } from './request-limits.ts';
import { addRequestLog } from './request-log.ts';
import { addRequestTraces } from './request-traces.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { addStatusCodes } from './status-codes.ts';
import { addWebhooks } from './webhooks.ts';

export interface ServerOptions {
  readonly callers: readonly Caller[];
  readonly authenticate: (request: IncomingRequest) => Identity;
  readonly createContext: ReturnType<typeof createContextFactory>;
  readonly storage: Storage;
  readonly workflows: Workflows;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly publicUrl: () => string;
  readonly exampleNumbers: readonly ExampleNumber[];
  /** The origins whose pages may call the server, beside those that always may. */
  readonly corsOrigins: readonly string[];
  /** Traces requests; left out where nothing is traced. */
  readonly tracer?: Tracer;
  /** The time after which a query and its calls to providers are aborted. */
  readonly operationTimeoutMs: number;
  /** The sandbox's key, which pages may show. No other key is shown. */
  readonly apiKey?: string;
}

/** The most bytes of a request body: 1 MiB. */
const bodyLimit = 1024 * 1024;

/** Creates the HTTP server: GraphQL, its pages, labels, webhooks, health and metrics. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { storage, workflows, metrics, log, exampleNumbers, apiKey, callers } = options;
  // A signed label link is longer than Fastify's default limit of 100 characters.
  const app = Fastify({ bodyLimit, genReqId: () => randomUUID(), routerOptions: { maxParamLength: 1024 } });
  addStatusCodes(app);
  // Before CORS, which answers a preflight request by itself.
  addRequestLog(app, log);
  if (options.tracer) addRequestTraces(app, options.tracer);
  await addCors(app, options.corsOrigins);
  await addSecurityHeaders(app);
  addJsonBody(app);

  await addGraphql(app, options);
  addGraphiql(app, examples(exampleNumbers), apiKey);
  addHome(app, apiKey);
  addHealth(app, storage);
  metrics.serve(app, workflows.unresolved, callers);
  addLabels(app, options);
  addWebhooks(app, options);
  return app;
}

async function addGraphql(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const { operationTimeoutMs, authenticate, createContext, log, metrics, exampleNumbers, apiKey } = options;
  const apollo = createApollo({ log, metrics, example: examples(exampleNumbers)[0]!, apiKey });
  await apollo.start();
  const limits = createRequestLimits();
  app.addHook('onClose', () => apollo.stop());
  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    errorHandler: sendBodyError(log),
    handler: fastifyApolloHandler(apollo, {
      context: async (request, reply) => {
        const { authorization } = request.headers;
        const { remoteAddress } = request.socket;
        const identity = authenticate({ authorization, remoteAddress });
        const end = await limits.admit(identity.caller, remoteAddress).catch(recordRefusal(identity.caller));
        const ended = new AbortController();
        const timer = setTimeout(
          () => ended.abort(new OperationTimeout(operationTimeoutMs)),
          operationTimeoutMs,
        );
        reply.raw.once('close', () => {
          clearTimeout(timer);
          end();
          ended.abort(new Error('the response was sent, or the caller disconnected'));
        });
        return createContext(identity, {
          requestId: request.id,
          signal: ended.signal,
          receivedAt: performance.now() - reply.elapsedTime,
        });
      },
    }),
  });
}

/** Names the tenant and the code in the log, as plugins do for an operation that was admitted. */
const recordRefusal = (caller: Caller | undefined) => (error: unknown) => {
  const record = currentRequest();
  if (record && error instanceof GraphQLError) {
    record.tenant = caller?.tenant.id;
    record.errors = [String(error.extensions.code)];
  }
  throw error;
};

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
    if (statusCode >= 500) {
      const message = 'an internal error occurred; it has been logged';
      const extensions = { code: 'INTERNAL_SERVER_ERROR', requestId: request.id };
      return reply.code(statusCode).send({ errors: [{ message, extensions }] });
    }
    const [code, described] = bodyErrors[statusCode] ?? ['BAD_REQUEST', error.message];
    const message = error instanceof RejectedBody ? error.message : described;
    return reply.code(statusCode).send({ errors: [{ message, extensions: { code } }] });
  };
