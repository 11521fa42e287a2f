import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { HttpRequest } from '../../src/transport/http.ts';

/** A signal for callers that stay connected. */
export const neverAborted = new AbortController().signal;

/** A provider on loopback whose responses a test sets, and which records the requests. */
export interface Provider {
  readonly origin: string;
  /** Method and path with query of every request, in order. */
  readonly requests: string[];
  /** Sets the handlers of the next requests; the last one handles all further requests. */
  respondWith(...handlers: Handler[]): void;
  request(over?: Partial<HttpRequest>): HttpRequest;
  close(): Promise<void>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export const respond =
  (code: number, headers: Record<string, string> = {}, body = ''): Handler =>
  (_, response) =>
    void response.writeHead(code, headers).end(body);

/** Reads the whole request, then closes the connection without a response: the request may have been processed. */
export const closeConnection: Handler = (request) =>
  void request.resume().on('end', () => request.socket.destroy());

/** Reads the request and never responds. */
export const neverRespond: Handler = (request) => void request.resume();

export async function openProvider(): Promise<Provider> {
  const requests: string[] = [];
  let nextHandlers: Handler[] = [respond(200)];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const handler = nextHandlers.length > 1 ? nextHandlers.shift()! : nextHandlers[0]!;
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    requests,
    respondWith: (...handlers) => void (nextHandlers = handlers),
    request: (over) => ({
      api: 'tracking',
      method: 'GET',
      url: new URL('/parcels?zip=94107', origin),
      ...over,
    }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
