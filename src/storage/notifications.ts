import type pg from 'pg';

/** Notifications of the database (`NOTIFY`), which reach every process that listens once their transaction is committed. */
export interface Notifications {
  /**
   * Listens to a channel until the returned function is called. `onGap` is called whenever notifications may have been
   * missed, as they are while the connection is lost: what they announce is then read again.
   */
  listen(channel: string, onNotification: (payload: string) => void, onGap: () => void): () => Promise<void>;
}

const reconnectMs = { first: 100, most: 5_000 };
/** A connection whose peer has gone silently is found out within this time. */
const heartbeatMs = 15_000;

/**
 * Listens on a Postgres server through one connection a channel, outside the pool, which is opened again whenever it is
 * lost. A pooler between must keep sessions: in transaction mode it loses notifications.
 */
export function serverNotifications(connect: () => Promise<pg.Client>): Notifications {
  return {
    listen(channel, onNotification, onGap) {
      const stopped = new AbortController();
      const running = keepListening({ channel, onNotification, onGap, connect, stopped: stopped.signal });
      return async () => {
        stopped.abort();
        await running;
      };
    },
  };
}

interface Listening {
  readonly channel: string;
  readonly onNotification: (payload: string) => void;
  readonly onGap: () => void;
  readonly connect: () => Promise<pg.Client>;
  readonly stopped: AbortSignal;
}

async function keepListening(listening: Listening): Promise<void> {
  const { stopped } = listening;
  let delay = reconnectMs.first;
  while (!stopped.aborted) {
    await listenOnce(listening, () => (delay = reconnectMs.first)).catch(() => {});
    await wait(delay, stopped);
    delay = Math.min(delay * 2, reconnectMs.most);
  }
}

/** Listens through one connection until it is lost or `stopped`. */
async function listenOnce(
  { channel, onNotification, onGap, connect, stopped }: Listening,
  onConnected: () => void,
): Promise<void> {
  const client = await connect();
  const ended = new Promise<void>((resolve) => {
    client.once('end', resolve);
    client.on('error', () => resolve());
    stopped.addEventListener('abort', () => resolve(), { once: true });
    // It may have been stopped while it connected.
    if (stopped.aborted) resolve();
  });
  client.on('notification', ({ payload = '' }) => onNotification(payload));
  let heartbeat: NodeJS.Timeout | undefined;
  try {
    await client.query(`listen ${channel}`);
    onConnected();
    onGap();
    heartbeat = setInterval(() => void client.query('select 1').catch(() => client.end()), heartbeatMs);
    await ended;
  } finally {
    clearInterval(heartbeat);
    // Not awaited, since a server that does not respond never ends it.
    client.end().catch(() => {});
  }
}

const wait = (milliseconds: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    if (signal.aborted) resolve();
  });
