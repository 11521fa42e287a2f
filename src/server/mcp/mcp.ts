import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';

import { isAllowedOrigin } from '../cors.ts';
import type { Graphql } from '../graphql.ts';
import type { ToolServer } from './tool-server.ts';

export interface McpOptions extends Pick<Graphql, 'apollo' | 'schema' | 'openContext'> {
  readonly log: Logger;
  /** The origins whose pages may call the server, beside its own and those that always may. */
  readonly corsOrigins: readonly string[];
  readonly publicUrl: () => string;
}

/**
 * Adds `/mcp`, tools for agents by the Streamable HTTP transport of the Model Context Protocol
 * (https://modelcontextprotocol.io/specification/2026-07-28/basic/transports). There are no sessions and no streams of the
 * server, so that any replica answers any request.
 */
export function addMcp(app: FastifyInstance, options: McpOptions): void {
  const { openContext, log } = options;
  let loading: Promise<ToolServer> | undefined;
  const onRequest = checkOrigin(options);
  app.route({
    url: '/mcp',
    method: 'POST',
    onRequest,
    errorHandler: sendError(log),
    async handler(request, reply) {
      // A batch, which left the protocol in 2025, would count as one request.
      if (Array.isArray(request.body)) return refuse(reply, 400, 'send one message in a request');
      const context = await openContext(request, reply);
      if (context.caller === undefined) {
        const { refusal = 'an API key is required' } = context;
        return refuse(reply.header('www-authenticate', 'Bearer'), 401, refusal);
      }
      // Loaded with the first request, since it takes longer than all else of a start.
      loading ??= import('./tool-server.ts').then(({ createToolServer }) => createToolServer(options));
      const answer = await loading;
      const response = await answer(toWebRequest(request, context.signal), request.body, context);
      return reply
        .code(response.status)
        .headers(Object.fromEntries(response.headers))
        .send(await response.text());
    },
  });
  app.route({
    url: '/mcp',
    method: ['GET', 'DELETE'],
    onRequest,
    handler: (_, reply) =>
      refuse(reply.header('allow', 'POST'), 405, 'there are no sessions here: send POST'),
  });
}

/** The transport demands it, against pages that reach a server of the user's network by another name. */
const checkOrigin =
  ({ corsOrigins, publicUrl }: McpOptions) =>
  async ({ headers: { origin } }: FastifyRequest, reply: FastifyReply) => {
    if (origin === undefined || isAllowedOrigin(origin, [...corsOrigins, new URL(publicUrl()).origin]))
      return;
    return refuse(reply, 403, 'pages of this origin may not call the server');
  };

function toWebRequest({ method, url, headers }: FastifyRequest, signal: AbortSignal): Request {
  const entries = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return new Request(new URL(url, 'http://localhost'), { method, headers: entries, signal });
}

/** JSON-RPC 2.0, section 5.1, and the first code that it leaves to servers. */
const codes = { parse: -32700, internal: -32603, server: -32000 } as const;

/** Refuses a request before its message is read. */
const refuse = (
  reply: FastifyReply,
  status: number,
  message: string,
  code: number = codes.server,
  data?: object,
) =>
  reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send({ jsonrpc: '2.0', id: null, error: { code, message, data } });

const sendError =
  (log: Logger): RouteOptions['errorHandler'] =>
  (error, request, reply) => {
    if (error instanceof GraphQLError) {
      const { http, ...data } = error.extensions as RefusalExtensions;
      reply.headers(Object.fromEntries(http.headers ?? []));
      return refuse(reply, http.status, error.message, codes.server, data);
    }
    const { statusCode = 500 } = error;
    if (statusCode < 500) {
      return refuse(reply, statusCode, error.message, statusCode === 400 ? codes.parse : codes.server);
    }
    log.error({ err: error, requestId: request.id }, 'a request failed');
    return refuse(reply, statusCode, 'an internal error occurred; it has been logged', codes.internal);
  };

/** The extensions of an error that refuses a request as a whole. */
interface RefusalExtensions {
  readonly http: { readonly status: number; readonly headers?: ReadonlyMap<string, string> };
  readonly [name: string]: unknown;
}
