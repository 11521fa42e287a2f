import { randomUUID } from 'node:crypto';
import type { ServerOptions as HttpOptions } from 'node:http';

import Fastify, { type FastifyInstance } from 'fastify';

import type { Accounts } from '../accounts/open-accounts.ts';
import type { ExampleNumber } from '../carriers/example-numbers.ts';
import type { Clock } from '../domain/clock.ts';
import type { Sealer } from '../domain/seal.ts';
import type { Storage } from '../storage/storage.ts';
import { noSchemas } from '../transport/no-schemas.ts';
import { createServer as createHttpServer } from '../transport/node-http.ts';
import type { Tracer } from '../transport/tracing.ts';
import type { Workflows } from '../workflows/workflows.ts';
import { addPageStyles } from './add-page.ts';
import type { AdmissionOptions } from './admission.ts';
import { addConsole } from './console/console.ts';
import type { RecentCalls } from './console/recent-calls.ts';
import { addCors } from './cors.ts';
import { examples } from './examples.ts';
import { addGraphiql } from './graphiql.ts';
import { addGraphql, type GraphqlOptions } from './graphql.ts';
import { addHealth } from './health.ts';
import { addHome } from './home.ts';
import { addJsonBody } from './json-body.ts';
import { addLabels } from './labels.ts';
import { addMcp } from './mcp/mcp.ts';
import { refuseOverload } from './overload.ts';
import { addRequestLog } from './request-log.ts';
import { addRequestTraces } from './request-traces.ts';
import { addSandboxParcels } from './sandbox-parcels.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { addStatusCodes } from './status-codes.ts';
import { addTrack } from './track/track.ts';
import { closeUnusedConnections } from './unused-connections.ts';
import { addWebhooks } from './webhooks.ts';

/** `apiKey` is the sandbox's, which pages may show; no other key is shown. */
export interface ServerOptions extends Omit<GraphqlOptions, 'bodyLimit' | 'examples'> {
  readonly accounts: Accounts;
  readonly storage: Storage;
  readonly workflows: Workflows;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly publicUrl: () => string;
  readonly recentCalls: RecentCalls;
  readonly exampleNumbers: readonly ExampleNumber[];
  /** Traces requests; left out where nothing is traced. */
  readonly tracer?: Tracer;
  /** The emulated providers, whose parcels can be sent along. */
  readonly sandbox?: { travel(trackingNumber: string, milliseconds: number): boolean };
  readonly admission?: AdmissionOptions;
}

/** The most bytes of a request body: 1 MiB. */
const bodyLimit = 1024 * 1024;

/** Creates the HTTP server: GraphQL, its pages, tools for agents, labels, webhooks, health and metrics. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const {
    storage,
    workflows,
    metrics,
    log,
    exampleNumbers,
    apiKey,
    accounts,
    admission,
    sandbox,
    createContext,
  } = options;
  // Only a server with emulated providers sends webhooks to this machine.
  const shown = examples(
    exampleNumbers,
    sandbox ? 'http://127.0.0.1:9000/' : 'https://shop.example.com/parcels',
  );
  const app = Fastify({
    bodyLimit,
    genReqId: () => randomUUID(),
    // A signed label link is longer than Fastify's default limit of 100 characters.
    routerOptions: { maxParamLength: 1024 },
    schemaController: noSchemas,
    serverFactory: (handle, { keepAliveTimeout, requestTimeout }: HttpOptions) =>
      createHttpServer(
        { keepAliveTimeout, requestTimeout },
        refuseOverload(handle, { log, metrics, ...admission }),
      ),
  });
  closeUnusedConnections(app);
  addStatusCodes(app);
  // Before CORS, which answers a preflight request by itself.
  addRequestLog(app, log);
  if (options.tracer) addRequestTraces(app, options.tracer);
  await addCors(app, options.corsOrigins);
  addSecurityHeaders(app);
  addJsonBody(app);

  const graphql = await addGraphql(app, { ...options, bodyLimit, examples: shown });
  const { identify, streams } = graphql;
  addMcp(app, { ...options, ...graphql });
  addPageStyles(app);
  addTrack(app, { ...options, identify, stream: streams.stream });
  if (sandbox) addSandboxParcels(app, { travel: sandbox.travel, identify, createContext });
  addConsole(app, { ...options, ...graphql });
  addGraphiql(app, shown, apiKey);
  addHome(app, shown, apiKey);
  addHealth(app, storage);
  metrics.serve(app, workflows.unresolved, accounts);
  addLabels(app, options);
  addWebhooks(app, options);
  return app;
}
