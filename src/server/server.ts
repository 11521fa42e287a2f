import { randomUUID } from 'node:crypto';

import cors from '@fastify/cors';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import Fastify, { type FastifyInstance, type RouteOptions } from 'fastify';
import type { Logger } from 'pino';

import type { Caller } from '../accounts/account.ts';
import type { Identity, IncomingRequest } from '../auth/authenticate.ts';
import type { Context } from '../auth/context.ts';
import type { Clock } from '../domain/clock.ts';
import type { Sealer } from '../domain/seal.ts';
import type { Ledger } from '../workflows/ledger.ts';
import { examples, type Example, type KnownNumbers } from './examples.ts';
import { createApollo } from './graphql.ts';
import { addLabels } from './labels.ts';
import type { Metrics } from './metrics.ts';
import { addWebhooks } from './webhooks.ts';

export interface ServerOptions {
  readonly callers: readonly Caller[];
  readonly authenticate: (request: IncomingRequest) => Identity;
  readonly createContext: (identity: Identity, requestId: string, signal: AbortSignal) => Context;
  readonly ledger: Ledger;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly publicUrl: () => string;
  readonly numbers: KnownNumbers;
  /** The sandbox's key, which pages may show; no other key is ever shown. */
  readonly apiKey?: string;
}

const bodyLimit = 1024 * 1024;

/** Browsers that may ask from elsewhere: Apollo Studio's Sandbox and pages under development on this machine. */
const origins = [/^https:\/\/studio\.apollographql\.com$/, /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/];

/** The HTTP house around the graph: its pages, its health, its labels. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { authenticate, createContext, ledger, log, metrics, numbers, apiKey } = options;
  // A sealed link is longer than the router's own limit of 100.
  const app = Fastify({ bodyLimit, genReqId: () => randomUUID(), routerOptions: { maxParamLength: 1024 } });
  await app.register(cors, { origin: origins, methods: ['GET', 'POST'] });
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));

  const tabs = examples(numbers);
  const apollo = createApollo({ log, metrics, example: tabs[0]!, apiKey });
  await apollo.start();
  app.addHook('onClose', () => apollo.stop());
  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    errorHandler: refuseBody(log),
    handler: fastifyApolloHandler(apollo, {
      context: async (request, reply) => {
        const left = new AbortController();
        reply.raw.once('close', () => left.abort(new Error('the caller has left or been answered')));
        const { authorization } = request.headers;
        const identity = authenticate({ authorization, remoteAddress: request.socket.remoteAddress });
        return createContext(identity, request.id, left.signal);
      },
    }),
  });

  const page = graphiqlPage(tabs, apiKey);
  app.get('/graphiql', async (_, reply) => reply.type('text/html; charset=utf-8').send(page));

  let draining = false;
  app.addHook('preClose', async () => void (draining = true));
  // Whoever is answered while we close would otherwise keep the connection, and with it the process, for a minute.
  app.addHook('onSend', async (_, reply) => void (draining && reply.header('connection', 'close')));
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_, reply) => {
    const answers = !draining && (await ledger.ping().then(() => true, () => false)); // prettier-ignore
    return reply
      .code(answers ? 200 : 503)
      .send({ status: answers ? 'ready' : draining ? 'draining' : 'no ledger' });
  });
  metrics.serve(app, ledger);
  addLabels(app, options);
  addWebhooks(app, options);
  return app;
}

/** What HTTP calls wrong with a body, in the words of GraphQL; a client reads one form of error. */
const bodyErrors: Readonly<Record<number, readonly [code: string, message: string]>> = {
  413: ['PAYLOAD_TOO_LARGE', `a request has at most ${bodyLimit} bytes`],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'send the operation as application/json'],
};

const refuseBody =
  (log: Logger): RouteOptions['errorHandler'] =>
  (error, request, reply) => {
    const { statusCode = 500 } = error;
    if (statusCode >= 500) log.error({ err: error, requestId: request.id }, 'a request failed');
    const [code, message] =
      statusCode >= 500
        ? ['INTERNAL_SERVER_ERROR', 'something failed on our side; it has been logged']
        : (bodyErrors[statusCode] ?? ['BAD_REQUEST', error.message]);
    return reply.code(statusCode).send({ errors: [{ message, extensions: { code } }] });
  };

/** A tab for each example; what a visitor does there is kept by the browser. */
function graphiqlPage(tabs: readonly Example[], apiKey: string | undefined): string {
  const headers = apiKey ? JSON.stringify({ authorization: `Bearer ${apiKey}` }, null, 2) : undefined;
  const defaultTabs = tabs.map(({ query, variables }) => ({
    query,
    variables: variables && JSON.stringify(variables, null, 2),
    headers,
  }));
  const page = renderGraphiQL({ title: 'Parcelgraph', endpoint: '/graphql', headers, defaultTabs });
  // The editors are filled with what the browser remembers rather than with the first tab, so it is made to remember it.
  const remember = `if (!localStorage.getItem('graphiql:tabState'))
    for (const [name, value] of Object.entries(${JSON.stringify(defaultTabs[0])})) localStorage.setItem('graphiql:' + name, value);`;
  return page.replace('</head>', () => `<script>${remember}</script></head>`);
}
