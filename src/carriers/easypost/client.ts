import type { z } from 'zod';

import type { Clock } from '../../domain/clock.ts';
import { parseJson } from '../../domain/json.ts';
import { download } from '../../transport/download.ts';
import { timeout, type HttpResponse, type Send } from '../../transport/http.ts';
import { isLoopback } from '../../transport/networks.ts';
import { toProviderError, unreadable } from './errors.ts';

/** One call to the EasyPost API. */
export interface EasyPostRequest {
  /** Default: GET. */
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path below `/v2`, with its query. */
  readonly path: string;
  readonly json?: unknown;
  /** Marks a POST that may be sent again after a failure. Default: false. */
  readonly repeatable?: boolean;
  readonly timeoutMs?: number;
}

export interface EasyPostClient {
  readonly clock: Clock;
  /** Sends a request and returns the response, whatever its status. */
  send(request: EasyPostRequest, signal: AbortSignal): Promise<HttpResponse>;
  /** Sends a request and parses the body of a 2xx response. Throws a `ProviderError` for any other response. */
  request<T>(schema: z.ZodType<T>, request: EasyPostRequest, signal: AbortSignal): Promise<T>;
  /** Gets a list, like `request`. EasyPost allows five such calls a second (its article "Rate limiting"). */
  list<T>(schema: z.ZodType<T>, path: string, signal: AbortSignal): Promise<T>;
  /** Downloads a file from EasyPost. Throws a `ProviderError` for a URL of any other host. */
  download(url: URL, signal: AbortSignal): Promise<Buffer>;
}

/** Hosts of EasyPost's label files. The origin of the API is one too, since an emulator serves them there. */
const fileHosts = [/^easypost-files\.s3[.-][a-z0-9.-]*amazonaws\.com$/, /^[a-z0-9.-]+\.easypost\.com$/];
const isFileHost = (baseUrl: string) => (url: URL) =>
  url.origin === new URL(baseUrl).origin ||
  (url.protocol === 'https:' && url.port === '' && fileHosts.some((host) => host.test(url.hostname)));

/** Pause between two list calls: a fifth of a second, plus a margin for differing clocks. */
const listIntervalMs = 220;

/** EasyPost does not count calls by product; it answers 429 when there are too many. */
export const api = 'easypost';

export function createClient(baseUrl: string, apiKey: string, send: Send, clock: Clock): EasyPostClient {
  const authorization = `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`;

  const sendRequest: EasyPostClient['send'] = (
    { method = 'GET', path, json, repeatable, timeoutMs },
    signal,
  ) => {
    const url = new URL(`/v2${path}`, baseUrl);
    const headers: Record<string, string> = { accept: 'application/json', authorization };
    if (json !== undefined) headers['content-type'] = 'application/json';
    const body = json === undefined ? undefined : JSON.stringify(json);
    return send({ api, method, url, headers, body, repeatable, timeoutMs }, signal);
  };

  const request: EasyPostClient['request'] = async (schema, options, signal) => {
    const response = await sendRequest(options, signal);
    if (response.status < 200 || response.status > 299) throw toProviderError(response, clock.now());
    const parsed = schema.safeParse(parseJson(response.body.toString('utf8')));
    if (!parsed.success) throw unreadable(options.path.split(/[/?]/)[1] ?? 'something', parsed.error);
    return parsed.data;
  };

  const fetchFile = timeout(
    download({ mayFetch: isFileHost(baseUrl), loopback: isLoopback(new URL(baseUrl).hostname) }),
  );
  let nextListAt = 0;
  return {
    clock,
    send: sendRequest,
    request,
    async list(schema, path, signal) {
      const now = clock.now();
      const startAt = Math.max(now, nextListAt);
      nextListAt = startAt + listIntervalMs;
      if (startAt > now) await clock.sleep(startAt - now, signal);
      return request(schema, { path }, signal);
    },
    async download(url, signal) {
      // Without the API key, since the file may be at another host.
      const response = await fetchFile({ api, method: 'GET', url }, signal);
      if (response.status !== 200) throw toProviderError(response, clock.now());
      return response.body;
    },
  };
}
