import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';

import type { Authenticate } from '../auth/authenticate.ts';
import type { Context, createContextFactory } from '../auth/context.ts';
import { createErrorFormatter, OperationTimeout } from '../resolvers/errors.ts';
import { buildSchema } from '../resolvers/schema/schema.ts';
import { createApollo, type ApolloOptions } from './apollo.ts';
import { isAllowedOrigin } from './cors.ts';
import { RejectedBody } from './json-body.ts';
import type { Metrics } from './metrics.ts';
import { arrivedAt } from './overload.ts';
import { createRequestLimits, type RequestLimits } from './request-limits.ts';
import { createOperationLog } from './request-log.ts';
import { createHttpStreams, type HttpStreams } from './subscriptions/http-stream.ts';
import { defaultLimits, type SubscriptionLimits } from './subscriptions/limits.ts';
import { createOperationRunner } from './subscriptions/run-operation.ts';
import { addWebSocket } from './subscriptions/websocket.ts';

export interface GraphqlOptions extends Pick<ApolloOptions, 'examples' | 'apiKey'> {
  readonly authenticate: Authenticate;
  readonly createContext: ReturnType<typeof createContextFactory>;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** The origins whose pages may call the server, beside those that always may. */
  readonly corsOrigins: readonly string[];
  /** The time after which a query and its calls to providers are aborted. */
  readonly operationTimeoutMs: number;
  /** The most bytes of a request body, and of a WebSocket message. */
  readonly bodyLimit: number;
  /** Default: `defaultLimits`. */
  readonly subscriptionLimits?: Partial<SubscriptionLimits>;
}

/** The reason of a request's signal. Only a request without a response shows it. */
const callerLeft = new GraphQLError('the caller disconnected before the response', {
  extensions: { code: 'CALLER_LEFT' },
});

/** What other routes use of the GraphQL route. */
export interface Graphql {
  readonly apollo: ApolloServer<Context>;
  readonly schema: GraphQLSchema;
  identify(request: FastifyRequest): ReturnType<Authenticate>;
  /** Admits a request, and creates its context, which ends with the response. Throws TOO_MANY_REQUESTS. */
  openContext(request: FastifyRequest, reply: FastifyReply): Promise<Context>;
  readonly streams: HttpStreams;
  readonly requestLimits: RequestLimits;
}

/** Adds `/graphql`: operations by HTTP through Apollo Server, and those whose connection stays open. */
export async function addGraphql(app: FastifyInstance, options: GraphqlOptions): Promise<Graphql> {
  const { authenticate, createContext, log, bodyLimit, operationTimeoutMs } = options;
  const formatError = createErrorFormatter(log);
  const schema = buildSchema();
  const apollo = createApollo({ ...options, schema, formatError });
  await apollo.start();
  app.addHook('onClose', () => apollo.stop());
  const requestLimits = createRequestLimits();
  const limits = { ...defaultLimits, ...options.subscriptionLimits };
  const run = createOperationRunner({ ...options, apollo, formatError, limits, requestLimits });
  const streams = createHttpStreams(app, run);
  addWebSocket(app, {
    run,
    authenticate,
    limits,
    maxPayload: bodyLimit,
    isAllowedOrigin: (origin, host) =>
      isAllowedOrigin(origin, options.corsOrigins) || hostOf(origin) === host,
    log,
    logOperation: createOperationLog(log),
  });
  const identify = (request: FastifyRequest) =>
    authenticate({
      authorization: request.headers.authorization,
      remoteAddress: request.socket.remoteAddress,
    });
  const openContext = async (request: FastifyRequest, reply: FastifyReply) => {
    const identity = await identify(request);
    const leave = await requestLimits.admit(identity.caller, request.socket.remoteAddress);
    const ended = new AbortController();
    const timer = setTimeout(() => ended.abort(new OperationTimeout(operationTimeoutMs)), operationTimeoutMs);
    reply.raw.once('close', () => {
      clearTimeout(timer);
      leave();
      ended.abort(callerLeft);
    });
    const receivedAt = arrivedAt(request.raw);
    return createContext(identity, { requestId: request.id, signal: ended.signal, receivedAt });
  };
  const respond = fastifyApolloHandler(apollo, { context: openContext });
  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    errorHandler: sendBodyError(log, bodyLimit),
    async handler(request, reply) {
      if (!streams.accepts(request)) return respond.call(this, request, reply);
      return streams.respond(request, reply, {
        identify: () => identify(request),
        record: request.record,
      });
    },
  });
  return { apollo, schema, identify, openContext, streams, requestLimits };
}

const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : undefined);

/** The GraphQL error of a body that HTTP rejects, by status. */
const bodyErrors = (
  bodyLimit: number,
): Readonly<Record<number, readonly [code: string, message: string]>> => ({
  413: ['PAYLOAD_TOO_LARGE', `a request has at most ${bodyLimit} bytes`],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'send the operation as application/json'],
});

/** Sends an error of the request body in the form of GraphQL errors, so that clients parse one form only. */
const sendBodyError =
  (log: Logger, bodyLimit: number): RouteOptions['errorHandler'] =>
  (error, request, reply) => {
    const { statusCode = 500 } = error;
    if (statusCode >= 500) {
      log.error({ err: error, requestId: request.id }, 'a request failed');
      const message = 'an internal error occurred; it has been logged';
      const extensions = { code: 'INTERNAL_SERVER_ERROR', requestId: request.id };
      return reply.code(statusCode).send({ errors: [{ message, extensions }] });
    }
    const [code, described] = bodyErrors(bodyLimit)[statusCode] ?? ['BAD_REQUEST', error.message];
    const message = error instanceof RejectedBody ? error.message : described;
    return reply.code(statusCode).send({ errors: [{ message, extensions: { code } }] });
  };
