import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Request } from '../../src/transport/http.ts';

/** A provider on loopback that answers as a test wants, and counts how often somebody knocked. */
export interface Provider {
  readonly origin: string;
  /** Method and path with query of every request, in order. */
  readonly knocks: string[];
  /** What is answered from now on; the last of several stays. */
  answer(...answers: Handler[]): void;
  request(over?: Partial<Request>): Request;
  close(): Promise<void>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export const status =
  (code: number, headers: Record<string, string> = {}, body = ''): Handler =>
  (_, response) =>
    void response.writeHead(code, headers).end(body);

/** Reads the whole request, then breaks the line: it may have acted, and nobody will know. */
export const hangUp: Handler = (request) => void request.resume().on('end', () => request.socket.destroy());

/** Reads the request and never answers. */
export const silence: Handler = (request) => void request.resume();

export async function openProvider(): Promise<Provider> {
  const knocks: string[] = [];
  let script: Handler[] = [status(200)];
  const server = createServer((request, response) => {
    knocks.push(`${request.method} ${request.url}`);
    const handler = script.length > 1 ? script.shift()! : script[0]!;
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    knocks,
    answer: (...answers) => void (script = answers),
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
