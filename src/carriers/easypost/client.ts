import type { z } from 'zod';

import type { Clock } from '../../domain/clock.ts';
import type { Answer, Send } from '../../transport/http.ts';
import { failureOf, parseJson, unreadable } from './errors.ts';

/** One call to EasyPost, below `/v2`. */
export interface EasyPostRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly json?: unknown;
  readonly repeatable?: boolean;
  readonly timeoutMs?: number;
}

export interface EasyPost {
  readonly clock: Clock;
  /** The answer, whatever its status. */
  send(request: EasyPostRequest, signal: AbortSignal): Promise<Answer>;
  /** The body of a 2xx, read by a schema; every other status is thrown as the failure that it is. */
  ask<T>(schema: z.ZodType<T>, request: EasyPostRequest, signal: AbortSignal): Promise<T>;
  /** A file that EasyPost keeps for us. */
  download(url: URL, signal: AbortSignal): Promise<Buffer>;
}

/** EasyPost does not count calls by product; its limiter answers 429. */
const api = 'easypost';

export function createEasyPost(baseUrl: string, apiKey: string, send: Send, clock: Clock): EasyPost {
  const authorization = `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`;
  const sendTo = (
    { method = 'GET', path, json, repeatable, timeoutMs }: EasyPostRequest,
    signal: AbortSignal,
  ) => {
    const url = new URL(`/v2${path}`, baseUrl);
    const headers: Record<string, string> = { accept: 'application/json', authorization };
    if (json !== undefined) headers['content-type'] = 'application/json';
    const body = json === undefined ? undefined : JSON.stringify(json);
    return send({ api, method, url, headers, body, repeatable, timeoutMs }, signal);
  };
  return {
    clock,
    send: sendTo,
    async ask(schema, request, signal) {
      const answer = await sendTo(request, signal);
      if (answer.status < 200 || answer.status > 299) throw failureOf(answer, clock.now());
      const parsed = schema.safeParse(parseJson(answer.body.toString('utf8')));
      if (!parsed.success) throw unreadable(request.path.split('/')[1] ?? 'something', parsed.error);
      return parsed.data;
    },
    async download(url, signal) {
      // No key goes along: the file's host is another one.
      const answer = await send({ api, method: 'GET', url }, signal);
      if (answer.status !== 200) throw failureOf(answer, clock.now());
      return answer.body;
    },
  };
}
