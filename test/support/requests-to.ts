import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/** Counts the HTTP requests to the server of this process at a URL while `work` runs. */
export async function requestsTo(url: string, work: () => Promise<unknown>): Promise<number> {
  const port = Number(new URL(url).port);
  let count = 0;
  const started = (message: unknown) => {
    if ((message as { request: IncomingMessage }).request.socket.localPort === port) count++;
  };
  subscribe('http.server.request.start', started);
  await work().finally(() => unsubscribe('http.server.request.start', started));
  return count;
}
