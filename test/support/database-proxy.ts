import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A proxy in front of a database, which can stop responding or reset its connections. */
export interface DatabaseProxy {
  readonly url: string;
  /** Drops all bytes from now on without closing a connection, as a host does that has lost power. */
  silence(): void;
  /** Resets every connection; new ones work. */
  reset(): void;
  /** Ends the silence and resets the connections. */
  restore(): void;
  close(): Promise<void>;
}

export async function startDatabaseProxy(url: string): Promise<DatabaseProxy> {
  const target = new URL(url);
  const pairs = new Set<readonly [Socket, Socket]>();
  let silent = false;
  // A host that has lost power does not answer the end of a connection either.
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (client) => {
    const upstream = connect(Number(target.port || 5432), target.hostname);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('data', (bytes) => void (silent || to.write(bytes))).on('error', () => {});
      from.on('end', () => void (silent || to.end()));
      from.on('close', () => {
        pairs.delete(pair);
        if (!silent) to.destroy();
      });
    }
    if (!silent) client.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxied = new URL(url);
  proxied.hostname = '127.0.0.1';
  proxied.port = String((server.address() as AddressInfo).port);
  const reset = () => {
    for (const [client, upstream] of pairs) {
      client.resetAndDestroy();
      upstream.destroy();
    }
    pairs.clear();
  };
  return {
    url: proxied.href,
    silence: () => void (silent = true),
    reset,
    restore() {
      silent = false;
      // The connections of that time have lost bytes.
      reset();
    },
    async close() {
      reset();
      server.close();
    },
  };
}
