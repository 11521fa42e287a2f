import { Agent, errors, request as undiciRequest } from 'undici';

import { ProviderError } from '../domain/errors.ts';
import { tlsFailure, tlsOptions, probeTls, connectionFailure } from './tls-probe.ts';
import type { ClientCertificate, CertificateSource } from './client-certificate.ts';

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
  /** Whose certificate is shown, and whom we trust; nobody's and the public authorities when left out. */
  readonly certificate?: CertificateSource;
}

/** Whether sending it again does no harm. */
export const isRepeatable = ({ repeatable, method }: Request) => repeatable ?? method === 'GET';

/** Any status is an answer; only an adapter's `errors.ts` reads it. */
export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export type Send = (request: Request, signal: AbortSignal) => Promise<Response>;

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

/** The connections made with one certificate. */
interface Shown {
  readonly identity: ClientCertificate;
  readonly agent: Agent;
  /** The certificate was good enough for an answer, or there is none. */
  accepted: boolean;
}

export function openConnections(options: { connections?: number } = {}): Connections {
  const open = (identity?: ClientCertificate) =>
    new Agent({
      connections: options.connections ?? 64,
      // Said aloud, since NODE_TLS_REJECT_UNAUTHORIZED could turn it off otherwise.
      connect: { timeout: 10_000, rejectUnauthorized: true, ...tlsOptions(identity) },
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: largestAnswer,
    });
  const plain = open();
  const shown = new Map<CertificateSource, Shown>();
  const ending = new Set<Promise<void>>();
  const end = (agent: Agent) => {
    const ended: Promise<void> = agent.close().finally(() => ending.delete(ended));
    ending.add(ended);
  };
  /** Nothing is awaited between this and the sending, so no call meets connections that are closing. */
  function showing(source: CertificateSource): Shown {
    const identity = source.current();
    const last = shown.get(source);
    if (last?.identity === identity) return last;
    const next = { identity, agent: open(identity), accepted: identity.certificate === undefined };
    shown.set(source, next);
    // Calls under way end on the old connections.
    if (last) end(last.agent);
    return next;
  }
  /**
   * What must not be sent twice goes out by a certificate that was taken before: were it refused meanwhile, a closed
   * connection would not tell whether it was for that, or lost after the call was acted upon.
   */
  async function proven(request: Request, source: CertificateSource, signal: AbortSignal): Promise<Shown> {
    let own = showing(source);
    while (!own.accepted && !isRepeatable(request) && request.url.protocol === 'https:') {
      const failure = await probeTls(request.url, own.identity, signal);
      if (failure) throw failure;
      own.accepted = true;
      // Another may have taken its place meanwhile.
      own = showing(source);
    }
    return own;
  }
  return {
    async close() {
      for (const { agent } of shown.values()) end(agent);
      shown.clear();
      await Promise.all([plain.close(), ...ending]);
    },
    async send(request, signal) {
      const own = request.certificate && (await proven(request, request.certificate, signal));
      try {
        const { statusCode, headers, body } = await undiciRequest(request.url, {
          dispatcher: own?.agent ?? plain,
          method: request.method,
          headers: request.headers,
          body: request.body,
          signal,
        });
        if (own) own.accepted = true;
        return { status: statusCode, headers, body: Buffer.from(await body.arrayBuffer()) };
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw (own && (await refusal(error, request, own, signal))) ?? unreachable(error, request);
      }
    },
  };
}

/** Codes of a connection that was closed on us, which is how a certificate is refused in TLS 1.3. */
const hungUp = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** Whether it was our certificate that a call failed of. */
async function refusal(
  error: unknown,
  { url }: Request,
  { identity, accepted }: Shown,
  signal: AbortSignal,
): Promise<ProviderError | undefined> {
  if (identity.certificate === undefined || !hungUp.has(codeOf(error) ?? '')) return undefined;
  const failure = await probeTls(url, identity, signal);
  if (failure?.code !== 'CREDENTIALS_REJECTED') return undefined;
  // One that was taken before may have been withdrawn after the call was acted upon.
  return new ProviderError(failure.code, failure.message, { ...failure, refused: !accepted, cause: error });
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

export function unreachable(error: unknown, request: Request): ProviderError {
  const code = codeOf(error);
  const failure = tlsFailure(code, request.url.host, error);
  if (failure) return failure;
  return connectionFailure(request.url, code ?? 'connection failed', {
    refused: code !== undefined && neverSent.has(code),
    cause: error,
  });
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (error instanceof errors.UndiciError) return error.code;
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : undefined;
}
