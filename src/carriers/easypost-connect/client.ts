import type { z } from 'zod';

import type { Clock } from '../../domain/clock.ts';
import type { CertificateSource } from '../../transport/client-certificate.ts';
import type { HttpResponse, Send } from '../../transport/http.ts';
import type { EasyPostConnectCredentials } from './credentials.ts';
import { isOk, parseJson, toProviderError, unreadableResponse } from './errors.ts';

/** A call to the API host. */
export interface ConnectRequest {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** A JSON body, sent byte by byte as it is. */
  readonly body?: string;
}

export interface EasyPostConnect {
  readonly clock: Clock;
  /** Sends a request and returns the response, whatever its status. */
  send(request: ConnectRequest, signal: AbortSignal): Promise<HttpResponse>;
  /** Reads the body of a 2xx response by a schema. Throws any other status, and an unreadable body, as `ProviderError`. */
  read<T>(schema: z.ZodType<T>, response: HttpResponse, subject: string): T;
  /** Sends a request and reads the response. */
  fetch<T>(schema: z.ZodType<T>, request: ConnectRequest, signal: AbortSignal): Promise<T>;
}

/** Creates a client that presents the certificate and the API key on every call. `send` adds the token. */
export function createEasyPostConnect(
  baseUrl: string,
  { apiKey }: EasyPostConnectCredentials,
  certificate: CertificateSource,
  send: Send,
  clock: Clock,
): EasyPostConnect {
  const sendRequest = async (
    { method = 'GET', path, query = {}, body }: ConnectRequest,
    signal: AbortSignal,
  ) => {
    // Throws where there is no valid certificate, before a token is fetched for nothing.
    certificate.current();
    const url = new URL(path, baseUrl);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const headers: Record<string, string> = { accept: 'application/json', 'x-api-key': apiKey };
    if (body !== undefined) headers['content-type'] = 'application/json';
    return send({ api: 'jobs', method, url, headers, body, certificate }, signal);
  };
  const read: EasyPostConnect['read'] = (schema, response, subject) => {
    if (!isOk(response)) throw toProviderError(response, clock.now());
    const parsed = schema.safeParse(parseJson(response.body.toString('utf8')));
    if (!parsed.success) throw unreadableResponse(subject, parsed.error);
    return parsed.data;
  };
  return {
    clock,
    send: sendRequest,
    read,
    async fetch(schema, request, signal) {
      const response = await sendRequest(request, signal);
      return read(schema, response, request.path.split('/')[1] ?? request.path);
    },
  };
}
