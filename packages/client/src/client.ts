import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';

import { readAnswer, type Failure, type Result } from './failure.ts';
import { memoryKeys, withKey, type KeyStore, type OptionalKey } from './idempotency-keys.ts';
import { readEvents } from './sse.ts';

export interface ClientOptions {
  /** The server's GraphQL endpoint: `https://shipping.example.com/graphql`. */
  readonly url: string;
  /** Sent as a bearer token. A function is called for each request, for keys that change. */
  readonly apiKey?: string | (() => string | Promise<string>);
  /** Sent with each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Keeps idempotency keys until their mutation has succeeded. Default: memory. */
  readonly keys?: KeyStore;
  /** How often a request is sent again. Default: 2. */
  readonly retries?: number;
  /** How long each attempt may take, in milliseconds. Default: 60,000. */
  readonly timeoutMs?: number;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Sent with this request. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A document with its types: one of this package, one that `graphql-codegen` generated with `documentMode: 'string'`, or a
 * parsed one that keeps its source, as `gql` of Apollo Client does.
 */
export type Document<Data, Variables> = DocumentTypeDecoration<Data, Variables> & { toString(): string };

export interface Client {
  /** Runs a query. One whose response is lost, or that the server can't answer now, is sent again. */
  query<Data, Variables>(
    document: Document<Data, Variables>,
    variables?: Variables,
    options?: CallOptions,
  ): Promise<Result<Data>>;
  /**
   * Runs a mutation. One that takes an idempotency key gets one unless it has its own; it is sent again with the same
   * key, and so is the next call with the same input until it succeeds. One that takes none is sent once.
   */
  mutate<Data, Variables>(
    document: Document<Data, Variables>,
    variables: OptionalKey<Variables>,
    options?: CallOptions,
  ): Promise<Result<Data>>;
  /**
   * Runs a subscription over server-sent events and yields each of its results. A failure is the last one. Leaving the
   * loop ends the subscription.
   */
  subscribe<Data, Variables>(
    document: Document<Data, Variables>,
    variables?: Variables,
    options?: CallOptions,
  ): AsyncGenerator<Result<Data>, void>;
}

/** Statuses after which the same request may succeed. */
const transient = new Set([408, 429, 502, 503, 504]);
const longestWaitMs = 30_000;

export function createClient(options: ClientOptions): Client {
  const { keys = memoryKeys(), retries = 2, timeoutMs = 60_000 } = options;

  const send = async (
    accept: string,
    document: string,
    variables: unknown,
    call: CallOptions,
    signal?: AbortSignal,
  ) => {
    const { fetch = globalThis.fetch, apiKey } = options;
    const key = typeof apiKey === 'function' ? await apiKey() : apiKey;
    return fetch(options.url, {
      method: 'POST',
      headers: {
        accept,
        'content-type': 'application/json',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...options.headers,
        ...call.headers,
      },
      body: JSON.stringify({ query: document, variables }),
      signal,
    });
  };

  const attempt = async <Data>(
    document: string,
    variables: unknown,
    call: CallOptions,
  ): Promise<Result<Data>> => {
    const signals = [AbortSignal.timeout(timeoutMs), ...(call.signal ? [call.signal] : [])];
    const accept = 'application/graphql-response+json, application/json';
    try {
      const response = await send(accept, document, variables, call, AbortSignal.any(signals));
      const answer = parse<Parameters<typeof readAnswer<Data>>[0]>(await response.text());
      if (answer === undefined) return { ok: false, failure: httpFailure(response) };
      return withRetryAfter(readAnswer(answer, isMutation(document)), response);
    } catch (error) {
      return { ok: false, failure: lost(error, call.signal) };
    }
  };

  const run = async <Data>(document: string, variables: unknown, call: CallOptions, isSafe: boolean) => {
    for (let sent = 0; ; sent += 1) {
      const result = await attempt<Data>(document, variables, call);
      if (result.ok || !isSafe || sent >= retries || !isTransient(result.failure)) return result;
      await wait(delayBefore(sent, result.failure), call.signal);
      if (call.signal?.aborted) return result;
    }
  };

  return {
    async query(document, variables, call = {}) {
      return run(textOf(document), variables, call, true);
    },
    async mutate(document, given, call = {}) {
      const text = textOf(document);
      const { variables, hasKey, succeeded } = await withKey(text, given, keys);
      const result = await run<never>(text, variables, call, hasKey);
      if (result.ok) await succeeded();
      return result;
    },
    async *subscribe(document, variables, call = {}) {
      const text = textOf(document);
      const ended = new AbortController();
      const signal = call.signal ? AbortSignal.any([ended.signal, call.signal]) : ended.signal;
      try {
        const response = await send('text/event-stream', text, variables, call, signal);
        if (!response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body) {
          const answer = parse<object>(await response.text());
          yield answer ? readAnswer(answer, false) : { ok: false, failure: httpFailure(response) };
          return;
        }
        for await (const { event, data } of readEvents(response.body)) {
          if (event === 'complete') return;
          const result = event === 'next' ? readAnswer<never>(JSON.parse(data) as object, false) : undefined;
          if (result) yield result;
          if (result?.ok === false) return;
        }
        yield {
          ok: false,
          failure: lost(new Error('the connection ended before the subscription did'), call.signal),
        };
      } catch (error) {
        yield { ok: false, failure: lost(error, call.signal) };
      } finally {
        ended.abort();
      }
    },
  };
}

/** Returns the text of a document. Throws a `TypeError` for a parsed one without its source. */
function textOf(document: { toString(): string; kind?: string; loc?: { source: { body: string } } }): string {
  if (document.kind === undefined) return document.toString();
  if (document.loc) return document.loc.source.body;
  throw new TypeError("the document has no text: generate it with documentMode: 'string'");
}

/** A fragment may stand before the operation. */
const isMutation = (document: string) => /(^|\})\s*mutation\b/.test(document);

/** Only what the provider decides is left to the caller: the server has retried it already where that is safe. */
const isTransient = (failure: Failure) => failure.retryable && failure.kind !== 'provider';

/** Doubles from a quarter of a second, less up to a half at random; the server's `Retry-After` if that is longer. */
function delayBefore(sent: number, failure: Failure): number {
  const backoff = 250 * 2 ** sent * (0.5 + Math.random() / 2);
  const asked = 'retryAfterSeconds' in failure ? (failure.retryAfterSeconds ?? 0) * 1000 : 0;
  return Math.min(Math.max(backoff, asked), longestWaitMs);
}

const wait = (milliseconds: number, signal?: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done);
    if (signal?.aborted) done();
  });

function parse<T extends object>(text: string): T | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer && ('data' in answer || 'errors' in answer)
      ? (answer as T)
      : undefined;
  } catch {
    return undefined;
  }
}

const retryAfter = (response: Response) => Number(response.headers.get('retry-after')) || undefined;

const httpFailure = (response: Response): Failure => ({
  kind: 'http',
  message: `the server answered ${response.status} without a GraphQL response`,
  status: response.status,
  retryable: transient.has(response.status),
  retryAfterSeconds: retryAfter(response),
});

/** A GraphQL error under a transient status may be retried, whatever it says itself. */
function withRetryAfter<Data>(result: Result<Data>, response: Response): Result<Data> {
  if (result.ok || result.failure.kind !== 'graphql' || !transient.has(response.status)) return result;
  const { retryAfterSeconds = retryAfter(response) } = result.failure;
  return { ...result, failure: { ...result.failure, retryable: true, retryAfterSeconds } };
}

function lost(error: unknown, signal: AbortSignal | undefined): Failure {
  if (signal?.aborted)
    return { kind: 'aborted', message: 'the caller aborted the request', retryable: false };
  const reason = error instanceof Error ? error.message : String(error);
  return { kind: 'network', message: `no response arrived: ${reason}`, retryable: true };
}
