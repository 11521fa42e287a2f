import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import type { FastifyInstance } from 'fastify';
import { GraphQLError, GraphQLSchema, parse } from 'graphql';
import type { OperationResult } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';

import type { Authenticate } from '../../auth/authenticate.ts';
import { createRequestRecord, type RequestRecord } from '../../auth/request-record.ts';
import { Counter } from '../counter.ts';
import type { SubscriptionLimits } from './limits.ts';
import type { Connection, Outcome, RunOperation } from './run-operation.ts';

export interface WebSocketOptions {
  readonly run: RunOperation;
  readonly authenticate: Authenticate;
  readonly limits: SubscriptionLimits;
  /** The most bytes of a message. */
  readonly maxPayload: number;
  /** Tells whether pages of an origin may connect. Other clients send no origin. */
  readonly isAllowedOrigin: (origin: string, host: string | undefined) => boolean;
  readonly log: Logger;
  readonly logOperation: (record: RequestRecord, milliseconds: number) => void;
}

/** The codes with which a socket is closed, beside those of graphql-ws. */
const closeCodes = { unauthorized: 4401, tooManyConnections: 4429, tooSlow: 1013 } as const;
/** A client that does not answer the end of its connection is cut off after this time. */
const closeMs = 2_000;

/** `execute` returns the outcome of the operation, which `onSubscribe` has run. The document only selects `execute`. */
const passOn = { schema: new GraphQLSchema({}), document: parse('{ __typename }') };

/** Adds the WebSocket protocol of graphql-ws at `/graphql`. The key comes with the upgrade, or in `connection_init`. */
export function addWebSocket(app: FastifyInstance, options: WebSocketOptions): void {
  const { run, authenticate, limits, maxPayload, isAllowedOrigin, log, logOperation } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload });
  const ofTenants = new Counter();
  const protocol = useServer<Record<string, unknown>, { connection?: Connection }>(
    {
      async onConnect({ connectionParams, extra }) {
        const { socket, request } = extra;
        const authorization = authorizationIn(connectionParams) ?? request.headers.authorization;
        const { remoteAddress } = request.socket;
        const identify = () => authenticate({ authorization, remoteAddress });
        const tenantId = (await identify()).caller?.tenant.id;
        if (tenantId === undefined) {
          socket.close(
            closeCodes.unauthorized,
            'Unauthorized: send `authorization: Bearer <key>` in connection_init',
          );
          return false;
        }
        const release = ofTenants.open(tenantId, limits.perTenant);
        if (release === undefined) {
          socket.close(
            closeCodes.tooManyConnections,
            `Too many connections: a tenant has up to ${limits.perTenant}`,
          );
          return false;
        }
        extra.connection = openConnection(extra, identify, release);
        return true;
      },
      async onSubscribe({ extra: { connection } }, _, payload) {
        const record = createRequestRecord(randomUUID());
        const started = performance.now();
        const outcome = await run(
          connection!,
          {
            query: payload.query,
            variables: payload.variables ?? undefined,
            operationName: payload.operationName ?? undefined,
            extensions: payload.extensions ?? undefined,
          },
          record,
        );
        logOperation(record, performance.now() - started);
        if ('result' in outcome && outcome.result.data === undefined) {
          return outcome.result.errors!.map(({ message, ...details }) => new GraphQLError(message, details));
        }
        return { ...passOn, contextValue: outcome };
      },
      execute: ({ contextValue }) => {
        const outcome = contextValue as Outcome;
        return ('messages' in outcome ? outcome.messages : outcome.result) as OperationResult;
      },
      // Errors are formatted already.
      onNext: (_, __, ___, ____, result) => result,
    },
    sockets,
  );

  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (request.url?.split('?', 1)[0] !== '/graphql') return refuse(socket, '404 Not Found');
    const { origin, host } = request.headers;
    if (origin !== undefined && !isAllowedOrigin(origin, host)) return refuse(socket, '403 Forbidden');
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      sockets.emit('connection', webSocket, request),
    );
  });
  app.addHook('preClose', async () => {
    const timer = setTimeout(() => sockets.clients.forEach((client) => client.terminate()), closeMs);
    await protocol.dispose();
    clearTimeout(timer);
  });
  sockets.on('error', (err) => log.error({ err }, 'the WebSocket server failed'));
}

function openConnection(
  { socket, request }: Extra,
  identify: Connection['identify'],
  release: () => void,
): Connection {
  const closed = new AbortController();
  // Before graphql-ws ends its operations, as if the client had ended them.
  socket.prependOnceListener('close', () => {
    release();
    closed.abort(new Error('the connection was closed'));
  });
  return {
    transport: 'websocket',
    identify,
    headers: request.headers,
    remoteAddress: request.socket.remoteAddress,
    signal: closed.signal,
    drop: (reason) => socket.close(closeCodes.tooSlow, `Too slow: ${reason}`),
  };
}

/** Clients write the name as they write headers, in any case. */
function authorizationIn(parameters: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const [, value] =
    Object.entries(parameters ?? {}).find(([name]) => name.toLowerCase() === 'authorization') ?? [];
  return typeof value === 'string' ? value : undefined;
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
