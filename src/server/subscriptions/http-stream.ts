import { Readable } from 'node:stream';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { RequestRecord } from '../../auth/request-record.ts';
import { staysOpen } from '../overload.ts';
import type { Connection, Result, RunOperation } from './run-operation.ts';

/** How the messages of a subscription are written into one HTTP response. */
interface Framing {
  readonly transport: Connection['transport'];
  readonly contentType: string;
  /** Sent at once, with the headers. */
  readonly start: string;
  readonly message: (result: Result) => string;
  /** Keeps proxies from ending a response that is silent. */
  readonly heartbeat: string;
  readonly end: string;
}

/** GraphQL over server-sent events, mode of distinct connections (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md). */
const eventStream: Framing = {
  transport: 'event-stream',
  contentType: 'text/event-stream; charset=utf-8',
  start: ':\n\n',
  message: (result) => `event: next\ndata: ${JSON.stringify(result)}\n\n`,
  heartbeat: ':\n\n',
  end: 'event: complete\ndata:\n\n',
};

/** A part ends with the boundary of the next one: a client has read a part only when it has seen the boundary after it. */
const part = (body: object) =>
  `\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(body)}\r\n--graphql`;

/** What Apollo Client sends by itself (https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol). */
const multipart: Framing = {
  transport: 'multipart',
  contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"',
  start: '\r\n--graphql',
  message: (result) => part({ payload: result }),
  heartbeat: part({}),
  end: '--\r\n',
};

const heartbeatMs = 12_000;

/** Returns the framing that a request asks for; undefined for a plain response. */
function framingOf({ method, headers: { accept = '' } }: FastifyRequest): Framing | undefined {
  if (method !== 'POST') return undefined;
  if (/\btext\/event-stream\b/i.test(accept)) return eventStream;
  return /\bmultipart\/mixed\b[^,]*\bsubscriptionSpec\b/i.test(accept) ? multipart : undefined;
}

export interface HttpStreams {
  /** Tells whether a request asks for a response that stays open. */
  accepts(request: FastifyRequest): boolean;
  /** Runs the operation in the body, and streams its results. An operation that does not begin has a plain response. */
  respond(
    request: FastifyRequest,
    reply: FastifyReply,
    caller: Pick<Connection, 'identify'> & { readonly record: RequestRecord },
  ): Promise<FastifyReply>;
  /** Streams the results of an operation of ours. */
  stream(
    request: FastifyRequest,
    reply: FastifyReply,
    caller: Pick<Connection, 'identify'> & { readonly record: RequestRecord },
    operation: Parameters<RunOperation>[1],
  ): Promise<FastifyReply>;
}

/** Creates the responses that stay open: server-sent events and multipart. They end when the server closes. */
export function createHttpStreams(app: FastifyInstance, run: RunOperation): HttpStreams {
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort(new Error('the server is closing')));

  const stream: HttpStreams['stream'] = async (request, reply, { identify, record }, operation) => {
    const framing = framingOf(request) ?? eventStream;
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort(new Error('the connection was closed')));
    const dropped = new AbortController();
    const connection: Connection = {
      transport: framing.transport,
      identify,
      headers: request.headers,
      remoteAddress: request.socket.remoteAddress,
      signal: AbortSignal.any([gone.signal, closing.signal]),
      drop(reason) {
        dropped.abort(reason);
        // What it has not taken is still in the way of a last message.
        request.raw.socket.destroy();
      },
    };
    const outcome = await run(connection, operation, record);
    if ('result' in outcome && outcome.result.data === undefined) {
      const { errors } = outcome.result;
      return reply
        .code(outcome.status === 200 ? 400 : outcome.status)
        .type('application/graphql-response+json')
        .send(JSON.stringify({ errors }));
    }
    staysOpen(request.raw);
    const messages = 'messages' in outcome ? outcome.messages : one(outcome.result);
    const ended = AbortSignal.any([connection.signal, dropped.signal]);
    const frames = Readable.from(framesOf(messages, framing, ended), { highWaterMark: 1 });
    return reply
      .headers({
        'content-type': framing.contentType,
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      .send(frames);
  };

  return {
    accepts: (request) => framingOf(request) !== undefined,
    stream,
    async respond(request, reply, caller) {
      const body = readBody(request.body);
      if (body === undefined) {
        const error = { message: 'the body is no GraphQL request', extensions: { code: 'BAD_REQUEST' } };
        return reply.code(400).send({ errors: [error] });
      }
      return stream(request, reply, caller, body);
    },
  };
}

async function* one(result: Result): AsyncGenerator<Result> {
  yield result;
}

/** Yields what is written: messages, heartbeats while there are none, and the end where the operation has ended by itself. */
async function* framesOf(
  messages: AsyncGenerator<Result>,
  { start, message, heartbeat, end }: Framing,
  ended: AbortSignal,
): AsyncGenerator<string> {
  yield start;
  try {
    let next = messages.next();
    while (!ended.aborted) {
      const result = await firstOf(next, ended);
      if (result === undefined) yield heartbeat;
      else if (result.done) break;
      else {
        yield message(result.value);
        next = messages.next();
      }
    }
    if (!ended.aborted) yield end;
  } finally {
    await messages.return(undefined);
  }
}

/** Resolves with a promise; with undefined where it takes longer than a heartbeat, or the signal is aborted before. */
function firstOf<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const giveUp = () => resolve(undefined);
    const timer = setTimeout(giveUp, heartbeatMs);
    signal.addEventListener('abort', giveUp, { once: true });
    void promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    });
  });
}

/** Reads the parts of a GraphQL request; undefined where they have other types. */
function readBody(body: unknown): Parameters<RunOperation>[1] | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const { query, variables, operationName, extensions } = body as Record<string, unknown>;
  const isObject = (value: unknown) => value == null || (typeof value === 'object' && !Array.isArray(value));
  if (typeof query !== 'string' || !isObject(variables) || !isObject(extensions)) return undefined;
  if (operationName != null && typeof operationName !== 'string') return undefined;
  return {
    query,
    variables: (variables as Record<string, unknown> | null) ?? undefined,
    operationName: operationName ?? undefined,
    extensions: (extensions as Record<string, unknown> | null) ?? undefined,
  };
}
