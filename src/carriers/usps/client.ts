import type { z } from 'zod';

import type { Clock } from '../../domain/clock.ts';
import { parseJson } from '../../domain/json.ts';
import type { HttpResponse, HttpRequest, Send } from '../../transport/http.ts';
import type { InputPaths } from './error-fields.ts';
import { failureOf, unreadable } from './errors.ts';

/** USPS's API products. Each has a quota of its own. Default: 60 calls an hour. */
export const apis = [
  'oauth',
  'addresses',
  'shipping-options',
  'tracking',
  'payments',
  'labels',
  'international-labels',
  'scan-forms',
  'pickup',
  'locations',
] as const;
export type Api = (typeof apis)[number];

/** One call to USPS: a path below the base URL, with a query or a JSON body. */
export interface UspsRequest {
  readonly api: Api;
  /** Default: "GET". */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly json?: unknown;
  /** A body that is sent byte for byte, in place of `json`. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** True where sending the request twice has the same effect as sending it once. Default: false. */
  readonly repeatable?: boolean;
  readonly timeoutMs?: number;
}

export interface Usps {
  readonly clock: Clock;
  /** Returns the response, whatever its status. */
  send(request: UspsRequest, signal: AbortSignal): Promise<HttpResponse>;
  /**
   * Returns the parsed body of a 2xx response. Throws a `ProviderError` for any other status, and for a body that does
   * not fit the schema.
   */
  fetchJson<T>(
    schema: z.ZodType<T>,
    request: UspsRequest,
    signal: AbortSignal,
    inputPaths?: InputPaths,
  ): Promise<T>;
}

export function createUsps(baseUrl: string, send: Send, clock: Clock): Usps {
  const sendToUsps = (request: UspsRequest, signal: AbortSignal) => send(toRequest(baseUrl, request), signal);
  return {
    clock,
    send: sendToUsps,
    async fetchJson(schema, request, signal, inputPaths) {
      const response = await sendToUsps(request, signal);
      if (!isOk(response)) throw failureOf(response, clock.now(), inputPaths);
      return parseBody(schema, response, request.path);
    },
  };
}

export const isOk = (response: HttpResponse) => response.status >= 200 && response.status < 300;

/** Parses a JSON body. Throws an UNREADABLE `ProviderError` that names `subject` where the body does not fit. */
export function parseBody<T>(schema: z.ZodType<T>, response: HttpResponse, subject: string): T {
  const parsed = schema.safeParse(parseJson(response.body.toString('utf8')));
  if (!parsed.success) throw unreadable(subject, parsed.error);
  return parsed.data;
}

function toRequest(baseUrl: string, request: UspsRequest): HttpRequest {
  const { api, method = 'GET', path, query = {}, json, repeatable, timeoutMs } = request;
  const url = new URL(path, baseUrl);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') url.searchParams.set(name, value);
  }
  const headers: Record<string, string> = { accept: 'application/json', ...request.headers };
  if (json !== undefined) headers['content-type'] = 'application/json';
  const body = request.body ?? (json === undefined ? undefined : JSON.stringify(json));
  return { api, method, url, headers, body, repeatable, timeoutMs };
}
