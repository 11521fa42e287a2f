import type { z } from 'zod';

import type { Clock } from '../../domain/clock.ts';
import { parseJson } from '../../domain/json.ts';
import type { Response, Request, Send } from '../../transport/http.ts';
import { failureOf, unreadable } from './errors.ts';
import type { Fields } from './fields.ts';

/** USPS's API products, each with a quota of its own: 60 calls an hour unless it has granted more. */
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

/** One call to USPS: path below the base URL, query or JSON body. */
export interface UspsRequest {
  readonly api: Api;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly json?: unknown;
  /** A body that is sent as it is, byte by byte. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly repeatable?: boolean;
  readonly timeoutMs?: number;
}

export interface Usps {
  readonly clock: Clock;
  /** The answer, whatever its status. */
  send(request: UspsRequest, signal: AbortSignal): Promise<Response>;
  /** The body of a 2xx, read by a schema; every other status is thrown as the failure that it is. */
  ask<T>(schema: z.ZodType<T>, request: UspsRequest, signal: AbortSignal, fields?: Fields): Promise<T>;
}

export function createUsps(baseUrl: string, send: Send, clock: Clock): Usps {
  const sendTo = (request: UspsRequest, signal: AbortSignal) => send(toRequest(baseUrl, request), signal);
  return {
    clock,
    send: sendTo,
    async ask(schema, request, signal, fields) {
      const answer = await sendTo(request, signal);
      if (!isOk(answer)) throw failureOf(answer, clock.now(), fields);
      return read(schema, answer, request.path);
    },
  };
}

export const isOk = (answer: Response) => answer.status >= 200 && answer.status < 300;

export function read<T>(schema: z.ZodType<T>, answer: Response, what: string): T {
  const parsed = schema.safeParse(parseJson(answer.body.toString('utf8')));
  if (!parsed.success) throw unreadable(what, parsed.error);
  return parsed.data;
}

function toRequest(baseUrl: string, request: UspsRequest): Request {
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
