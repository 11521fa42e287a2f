import { Agent, errors, request as undiciRequest } from 'undici';

import { ProviderError } from '../domain/errors.ts';

/** One HTTP call to a provider. */
export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute; the query may hold addresses, so logs and errors name its path only. */
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The provider's API product that this call counts against. */
  readonly api: string;
  /** Whether sending it twice does no more than sending it once: true for GET unless said, false for all else. */
  readonly repeatable?: boolean;
  /** How long to wait for the whole answer; 30 s when left out. */
  readonly timeoutMs?: number;
}

/** Any status is an answer; only an adapter's `errors.ts` reads it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export type Send = (request: Request, signal: AbortSignal) => Promise<Answer>;

/** A function over `Send`: one concern each. The one applied last is the outermost. */
export type Layer = (next: Send) => Send;

/** No answer of a provider is larger; a label of several pages stays far below. */
const largestAnswer = 20 * 1024 * 1024;
const defaultTimeoutMs = 30_000;

/** Connections of one account: a hanging provider fills its own and no other's. */
export interface Connections {
  readonly send: Send;
  close(): Promise<void>;
}

export function openConnections(options: { connections?: number } = {}): Connections {
  const agent = new Agent({
    connections: options.connections ?? 64,
    connect: { timeout: 10_000 },
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: largestAnswer,
  });
  return {
    close: () => agent.close(),
    async send(request, signal) {
      try {
        const { statusCode, headers, body } = await undiciRequest(request.url, {
          dispatcher: agent,
          method: request.method,
          headers: request.headers,
          body: request.body,
          signal,
        });
        return { status: statusCode, headers, body: Buffer.from(await body.arrayBuffer()) };
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw unreachable(error, request);
      }
    },
  };
}

/** Gives every call an end, whatever the caller's patience. */
export const timeout: Layer = (next) => async (request, signal) => {
  const milliseconds = request.timeoutMs ?? defaultTimeoutMs;
  const late = AbortSignal.timeout(milliseconds);
  try {
    return await next(request, AbortSignal.any([signal, late]));
  } catch (error) {
    if (!late.aborted || signal.aborted) throw error;
    throw new ProviderError('TIMEOUT', `${request.url.host} did not answer within ${milliseconds / 1000} s`, {
      hint: 'Ask again later; what was asked may still have happened.',
      refused: false,
      cause: error,
    });
  }
};

/** Failures before a byte was sent; after these nothing can have happened at the provider. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function unreachable(error: unknown, request: Request): ProviderError {
  const code = codeOf(error);
  return new ProviderError(
    'UNAVAILABLE',
    `${request.url.host} could not be reached (${code ?? 'connection failed'})`,
    {
      hint: 'Check the base URL and the network, or ask again later.',
      refused: code !== undefined && neverSent.has(code),
      cause: error,
    },
  );
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (error instanceof errors.UndiciError) return error.code;
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : undefined;
}
