import type { z } from 'zod';

import type { Clock } from '../../domain/clock.ts';
import type { Response, Send } from '../../transport/http.ts';
import type { CertificateSource } from '../../transport/client-certificate.ts';
import type { EasyPostConnectCredentials } from './credentials.ts';
import { failureOf, parseJson, unreadable } from './errors.ts';

/** One call to the API host. */
export interface ConnectRequest {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** A JSON body that is sent as it is, byte by byte. */
  readonly body?: string;
}

export interface EasyPostConnect {
  readonly clock: Clock;
  /** The answer, whatever its status. */
  send(request: ConnectRequest, signal: AbortSignal): Promise<Response>;
  /** The body of a 2xx, read by a schema; every other status is thrown as the failure that it is. */
  read<T>(schema: z.ZodType<T>, answer: Response, what: string): T;
  /** Sends and reads. */
  ask<T>(schema: z.ZodType<T>, request: ConnectRequest, signal: AbortSignal): Promise<T>;
}

/** Every call shows a certificate and a key here, and a token by a layer of `send`. */
export function createEasyPostConnect(
  baseUrl: string,
  { apiKey }: EasyPostConnectCredentials,
  identity: CertificateSource,
  send: Send,
  clock: Clock,
): EasyPostConnect {
  const sendTo = async ({ method = 'GET', path, query = {}, body }: ConnectRequest, signal: AbortSignal) => {
    // Without one nothing can be asked, and no token is got for it.
    identity.current();
    const url = new URL(path, baseUrl);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const headers: Record<string, string> = { accept: 'application/json', 'x-api-key': apiKey };
    if (body !== undefined) headers['content-type'] = 'application/json';
    return send({ api: 'jobs', method, url, headers, body, certificate: identity }, signal);
  };
  const read: EasyPostConnect['read'] = (schema, answer, what) => {
    if (!isOk(answer)) throw failureOf(answer, clock.now());
    const parsed = schema.safeParse(parseJson(answer.body.toString('utf8')));
    if (!parsed.success) throw unreadable(what, parsed.error);
    return parsed.data;
  };
  return {
    clock,
    send: sendTo,
    read,
    async ask(schema, request, signal) {
      const answer = await sendTo(request, signal);
      return read(schema, answer, request.path.split('/')[1] ?? 'something');
    },
  };
}

export const isOk = ({ status }: Response) => status >= 200 && status < 300;
