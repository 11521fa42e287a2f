import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What became of the requests that were sent at a steady rate. */
export interface Outcome {
  readonly sent: number;
  /** Requests that were due and found no free connection. */
  readonly unsent: number;
  /** Milliseconds of each response with status 200. */
  readonly accepted: readonly number[];
  /** Milliseconds of each response with status 503. */
  readonly refused: readonly number[];
}

interface Connection {
  readonly socket: Socket;
  /** Undefined while the connection is free. */
  onResponse?: (status: number) => void;
}

/**
 * Sends requests at a steady rate, whether or not those before have a response: as many callers do who do not know of each
 * other. It writes and reads HTTP by itself, since a client library takes more time for a request than a refusal takes.
 */
export async function sendSteadily(
  url: string,
  { rate, seconds, bodyOf }: { rate: number; seconds: number; bodyOf: (number: number) => object },
): Promise<Outcome> {
  const free: Connection[] = [];
  const all: Connection[] = [];
  // Opened one after the other, and before the time begins: connections are not what is measured.
  while (all.length < maxConnections) all.push(await open(new URL(url)));
  free.push(...all);
  const pending = new Set<Promise<void>>();
  const accepted: number[] = [];
  const refused: number[] = [];
  let unsent = 0;

  const send = async (body: string) => {
    const connection = free.pop();
    if (connection === undefined) {
      unsent += 1;
      return;
    }
    const response = Promise.withResolvers<number>();
    connection.onResponse = response.resolve;
    const sentAt = performance.now();
    connection.socket.write(toRequest(body));
    const status = await response.promise;
    free.push(connection);
    if (status !== 200 && status !== 503) throw new Error(`the server answered ${status}`);
    (status === 200 ? accepted : refused).push(performance.now() - sentAt);
  };

  const began = performance.now();
  let sent = 0;
  while (performance.now() - began < seconds * 1000) {
    const due = Math.floor(((performance.now() - began) / 1000) * rate);
    for (; sent < due; sent += 1) {
      const sending = send(JSON.stringify(bodyOf(sent)));
      pending.add(sending);
      void sending.finally(() => pending.delete(sending));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(pending);
  for (const { socket } of all) socket.destroy();
  return { sent: sent - unsent, unsent, accepted, refused };
}

/** More than wait and run at a time at the server: a request that finds all in use is not sent. */
const maxConnections = 2_000;

const toRequest = (body: string) =>
  `POST /graphql HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\nauthorization: Bearer bench-key\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

async function open({ hostname, port }: URL): Promise<Connection> {
  const socket = connect(Number(port), hostname).setNoDelay();
  const connection: Connection = { socket };
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => {
    text += part;
    const head = text.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(text.slice(0, head))![1]);
    if (text.length < head + 4 + length) return;
    const status = Number(text.slice(9, 12));
    text = '';
    connection.onResponse!(status);
  });
  await once(socket, 'connect');
  return connection;
}
