import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What lies between us and a database: it may fall silent, as a host does that lost its power, or break. */
export interface DatabaseWire {
  readonly url: string;
  /** From now on not a byte passes, and nobody is told. */
  silence(): void;
  /** Every connection is reset; new ones pass. */
  cut(): void;
  heal(): void;
  close(): Promise<void>;
}

export async function databaseWire(url: string): Promise<DatabaseWire> {
  const there = new URL(url);
  const pairs = new Set<readonly [Socket, Socket]>();
  let silent = false;
  const server = createServer({ pauseOnConnect: true }, (near) => {
    const far = connect(Number(there.port || 5432), there.hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (bytes) => void (silent || to.write(bytes))).on('error', () => {});
      from.on('close', () => {
        pairs.delete(pair);
        if (!silent) to.destroy();
      });
    }
    if (!silent) near.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const here = new URL(url);
  here.hostname = '127.0.0.1';
  here.port = String((server.address() as AddressInfo).port);
  const cut = () => {
    for (const [near, far] of pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
    pairs.clear();
  };
  return {
    url: here.href,
    silence: () => void (silent = true),
    cut,
    heal() {
      silent = false;
      // Whoever was connected while it was silent has lost bytes.
      cut();
    },
    async close() {
      cut();
      server.close();
    },
  };
}
