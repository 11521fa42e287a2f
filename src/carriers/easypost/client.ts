import type { z } from 'zod';

import type { Clock } from '../../domain/clock.ts';
import { parseJson } from '../../domain/json.ts';
import { download } from '../../transport/download.ts';
import { timeout, type Response, type Send } from '../../transport/http.ts';
import { isLoopback } from '../../transport/networks.ts';
import { failureOf, unreadable } from './errors.ts';

/** One call to EasyPost, below `/v2`. */
export interface EasyPostRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly json?: unknown;
  readonly repeatable?: boolean;
  readonly timeoutMs?: number;
}

export interface EasyPost {
  readonly clock: Clock;
  /** The answer, whatever its status. */
  send(request: EasyPostRequest, signal: AbortSignal): Promise<Response>;
  /** The body of a 2xx, read by a schema; every other status is thrown as the failure that it is. */
  ask<T>(schema: z.ZodType<T>, request: EasyPostRequest, signal: AbortSignal): Promise<T>;
  /** As `ask`, of a list: EasyPost lets through five such calls a second (its article on rate limits). */
  list<T>(schema: z.ZodType<T>, path: string, signal: AbortSignal): Promise<T>;
  /** A file that EasyPost keeps for us, once it is known to be one. */
  download(url: URL, signal: AbortSignal): Promise<Buffer>;
}

/** Where EasyPost keeps label files: in its bucket, under its own name, or beside the API where an emulator does. */
const fileHosts = [/^easypost-files\.s3[.-][a-z0-9.-]*amazonaws\.com$/, /^[a-z0-9.-]+\.easypost\.com$/];
const isFileHost = (baseUrl: string) => (url: URL) =>
  url.origin === new URL(baseUrl).origin ||
  (url.protocol === 'https:' && url.port === '' && fileHosts.some((host) => host.test(url.hostname)));

/** A fifth of a second, and a little for clocks that differ. */
const betweenListsMs = 220;

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
  const ask: EasyPost['ask'] = async (schema, request, signal) => {
    const answer = await sendTo(request, signal);
    if (answer.status < 200 || answer.status > 299) throw failureOf(answer, clock.now());
    const parsed = schema.safeParse(parseJson(answer.body.toString('utf8')));
    if (!parsed.success) throw unreadable(request.path.split(/[/?]/)[1] ?? 'something', parsed.error);
    return parsed.data;
  };
  const files = timeout(
    download({ mayFetch: isFileHost(baseUrl), loopback: isLoopback(new URL(baseUrl).hostname) }),
  );
  let nextList = 0;
  return {
    clock,
    send: sendTo,
    ask,
    async list(schema, path, signal) {
      const now = clock.now();
      const turn = Math.max(now, nextList);
      nextList = turn + betweenListsMs;
      if (turn > now) await clock.sleep(turn - now, signal);
      return ask(schema, { path }, signal);
    },
    async download(url, signal) {
      // No key goes along: the file's host is another one.
      const answer = await files({ api, method: 'GET', url }, signal);
      if (answer.status !== 200) throw failureOf(answer, clock.now());
      return answer.body;
    },
  };
}
