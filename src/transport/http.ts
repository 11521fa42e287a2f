import { Agent, errors } from 'undici';

import { ProviderError } from '../domain/errors.ts';
import type { ClientCertificate } from './certificate-files.ts';
import type { CertificateSource } from './client-certificate.ts';
import { followSignal } from './deadline.ts';
import { connectionError, probeTls, tlsOptions, toTlsError } from './tls-probe.ts';

/** One HTTP request to a provider. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute. Its path and query may contain addresses, so errors name the host only. */
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The provider's API product whose quota the request uses. */
  readonly api: string;
  /** Whether sending the request twice has the same effect as sending it once. Default: true for GET, false otherwise. */
  readonly repeatable?: boolean;
  /** Time until the complete response. Default: 30000. */
  readonly timeoutMs?: number;
  /** Whether the end of the process aborts the request, rather than waits for its response. Default: false. */
  readonly abortAtEnd?: boolean;
  /** The certificate to present and the authorities to trust. Default: no certificate and the public authorities. */
  readonly certificate?: CertificateSource;
}

/** Tells whether the request may be sent again. */
export const isRepeatable = ({ repeatable, method }: HttpRequest) => repeatable ?? method === 'GET';

/** A response with any status; only an adapter's `errors.ts` interprets it. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export type Send = (request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>;

/** A function over `Send` with one concern. The layer that is applied last is the outermost. */
export type Layer = (next: Send) => Send;

/** In bytes. A label of several pages stays far below. */
const maxResponseSize = 20 * 1024 * 1024;
const defaultTimeoutMs = 30_000;
/** The connections of one account to a host, and so its calls at a time. */
export const maxConnections = 64;

/** The connections of one account: a provider that does not respond uses up these and no others. */
export interface Connections {
  readonly send: Send;
  /**
   * Closes the connections as soon as the calls that use them have ended. A call that begins afterwards has a connection of
   * its own, which ends with it.
   */
  close(): Promise<void>;
}

/** The connections that present one certificate. */
interface CertificateAgent {
  readonly certificate: ClientCertificate;
  readonly agent: Agent;
  /** The provider has accepted the certificate, or there is none to accept. */
  accepted: boolean;
}

/** Opens connections. `ending` aborts the requests that the end of the process need not wait for. */
export function openConnections(ending?: AbortSignal): Connections {
  let isClosed = false;
  const createAgent = (certificate?: ClientCertificate) =>
    new Agent({
      connections: maxConnections,
      // 0 ends a connection after one call.
      pipelining: isClosed ? 0 : 1,
      // Set explicitly, since NODE_TLS_REJECT_UNAUTHORIZED could turn it off otherwise.
      connect: { timeout: 10_000, rejectUnauthorized: true, ...tlsOptions(certificate) },
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize,
    });
  let plainAgent = createAgent();
  const certificates = createCertificateAgents(createAgent);
  return {
    async close() {
      isClosed = true;
      const inUse = plainAgent;
      plainAgent = createAgent();
      await Promise.all([inUse.close(), certificates.close()]);
    },
    async send(request, caller) {
      const signal = request.abortAtEnd && ending ? AbortSignal.any([caller, ending]) : caller;
      const own = request.certificate && (await certificates.agentFor(request, request.certificate, signal));
      try {
        const response = await dispatch(own?.agent ?? plainAgent, request, signal);
        if (own) own.accepted = true;
        return response;
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw (
          (own && (await certificateRejection(error, request, own, signal))) ?? toNetworkError(error, request)
        );
      }
    },
  };
}

/** Sends a request and collects its response, without the stream through which undici's `request` passes it. */
function dispatch(agent: Agent, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
  const { url, method, headers, body } = request;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let status = 0;
    let responseHeaders: HttpResponse['headers'] = {};
    const chunks: Buffer[] = [];
    // Until the request has a connection, there is nothing else to abort.
    let abort: (reason: Error) => void = reject;
    const onAbort = () => abort(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    const settle = (finish: () => void) => {
      signal.removeEventListener('abort', onAbort);
      finish();
    };
    agent.dispatch(
      { origin: url.origin, path: url.pathname + url.search, method, headers, body },
      {
        onRequestStart(controller) {
          if (signal.aborted) controller.abort(signal.reason as Error);
          else abort = (reason) => controller.abort(reason);
        },
        onResponseStart(_, statusCode, received) {
          status = statusCode;
          responseHeaders = received;
        },
        onResponseData: (_, chunk) => void chunks.push(chunk),
        onResponseEnd: () =>
          settle(() => resolve({ status, headers: responseHeaders, body: Buffer.concat(chunks) })),
        // Whoever else listens to the signal comes first, as with undici's `request`.
        onResponseError: (_, error) => queueMicrotask(() => settle(() => reject(error))),
      },
    );
  });
}

/** Keeps one agent for each certificate source, and replaces it when the certificate changes. */
function createCertificateAgents(createAgent: (certificate: ClientCertificate) => Agent) {
  const agents = new Map<CertificateSource, CertificateAgent>();
  const closing = new Set<Promise<void>>();
  const closeWhenIdle = (agent: Agent) => {
    const closed: Promise<void> = agent.close().finally(() => closing.delete(closed));
    closing.add(closed);
  };
  /** Synchronous, and nothing is awaited before the request is sent, so no request uses an agent that is closing. */
  function currentAgent(source: CertificateSource): CertificateAgent {
    const certificate = source.current();
    const last = agents.get(source);
    if (last?.certificate === certificate) return last;
    const next = {
      certificate,
      agent: createAgent(certificate),
      accepted: certificate.certificate === undefined,
    };
    agents.set(source, next);
    // Requests in progress complete on the old connections.
    if (last) closeWhenIdle(last.agent);
    return next;
  }
  return {
    /**
     * Returns the agent for a request. A request that is not repeatable is sent only once the certificate is known to be
     * accepted: if it were refused then, a closed connection would not tell whether the request was processed.
     */
    async agentFor(
      request: HttpRequest,
      source: CertificateSource,
      signal: AbortSignal,
    ): Promise<CertificateAgent> {
      let own = currentAgent(source);
      while (!own.accepted && !isRepeatable(request) && request.url.protocol === 'https:') {
        const error = await probeTls(request.url, own.certificate, signal);
        if (error) throw error;
        own.accepted = true;
        // The certificate may have been replaced during the probe.
        own = currentAgent(source);
      }
      return own;
    },
    async close() {
      for (const { agent } of agents.values()) closeWhenIdle(agent);
      agents.clear();
      await Promise.all(closing);
    },
  };
}

/** Codes of a connection that the server closed, which is how TLS 1.3 servers refuse a certificate. */
const closedByServer = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** Returns the error where a request failed because the server refuses our certificate. */
async function certificateRejection(
  error: unknown,
  { url }: HttpRequest,
  { certificate, accepted }: CertificateAgent,
  signal: AbortSignal,
): Promise<ProviderError | undefined> {
  if (certificate.certificate === undefined || !closedByServer.has(codeOf(error) ?? '')) return undefined;
  const rejection = await probeTls(url, certificate, signal);
  if (rejection?.code !== 'CREDENTIALS_REJECTED') return undefined;
  // A certificate that was accepted before may have been withdrawn after the request was processed.
  return new ProviderError(rejection.code, rejection.message, {
    ...rejection,
    refused: !accepted,
    cause: error,
  });
}

/** Ends every call after its `timeoutMs`, however long the caller waits. */
export const timeout: Layer = (next) => async (request, signal) => {
  const milliseconds = request.timeoutMs ?? defaultTimeoutMs;
  const { controller, unfollow } = followSignal(signal);
  const timer = setTimeout(() => controller.abort(), milliseconds);
  try {
    return await next(request, controller.signal);
  } catch (error) {
    if (!controller.signal.aborted || signal.aborted) throw error;
    throw new ProviderError(
      'TIMEOUT',
      `${request.url.host} did not respond within ${milliseconds / 1000} s`,
      {
        hint: 'Try again later; the request may still have been processed.',
        refused: false,
        cause: error,
      },
    );
  } finally {
    clearTimeout(timer);
    unfollow();
  }
};

/** Codes of failures before any byte was sent, after which the provider cannot have processed the request. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Returns the `ProviderError` for a request that failed without a response. */
export function toNetworkError(error: unknown, request: HttpRequest): ProviderError {
  const code = codeOf(error);
  const tlsError = toTlsError(code, request.url.host, error);
  if (tlsError) return tlsError;
  return connectionError(request.url, code ?? 'connection failed', {
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
