import { rmSync } from 'node:fs';

import { createClient, type Client } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';

import { systemClock } from '../../../sandbox/clock.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import { ask, freshDatabase, ledgerFolder, storages } from '../../support/test-server.ts';
import { startServer, type Server } from '../../workflows/purchases/server.ts';

const key = 'key-of-the-kill-test';
const scans = 20;
/** `KILLS=10` kills more often. */
const kills = Number(process.env.KILLS ?? 1);
const parcels = ['9200190345678911111111', '9200190345678922222222'];
const numbers = parcels.map((trackingNumber) => ({ trackingNumber, carrier: 'USPS' }));

const updates = `subscription ($numbers: [TrackingNumberInput!]!, $after: String) {
  trackerUpdated(numbers: $numbers, after: $after) { trackingNumber cursor events { id } }
}`;

interface Received {
  readonly trackingNumber: string;
  readonly cursor: string;
  readonly events: readonly { readonly id: string }[];
}

/** Follows the parcels at one server after another: whenever one is lost, it resumes after the last cursor. */
function followAcross(url: () => string, received: Received[], stopped: AbortSignal): Promise<void> {
  const followOnce = async () => {
    const client: Client = createClient({
      url: `${url().replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${key}` },
      retryAttempts: 0,
    });
    const after = received.at(-1)?.cursor;
    const messages = client.iterate<{ trackerUpdated: Received }>({ query: updates, variables: { numbers, after } }); // prettier-ignore
    stopped.addEventListener('abort', () => void client.dispose(), { once: true });
    for await (const { data } of messages) received.push(data!.trackerUpdated);
  };
  const run = async (): Promise<void> => {
    if (stopped.aborted) return;
    // A killed server closes the connection without a word, and one that starts refuses it.
    await followOnce().catch(() => new Promise((resolve) => setTimeout(resolve, 20)));
    return run();
  };
  return run();
}

describe.each(storages)('a server that is killed while it pushes, on the %s ledger', (storage) => {
  it('loses no event, and sends no state twice, to who resumes', { timeout: 240_000 }, async () => {
    const folder = ledgerFolder();
    const database = storage === 'server' ? await freshDatabase() : undefined;
    const sandbox: Sandbox = await startSandbox({ clock: systemClock, quota: 100_000 });
    const { variables } = sandbox.accounts.find(({ provider }) => provider === 'usps')!;
    const start = async (): Promise<Server> =>
      (await startServer({
        ...variables,
        DATA_DIR: folder,
        ...(database && { DATABASE_URL: database.url }),
        PARCELGRAPH_API_KEY: key,
        PARCELGRAPH_SECRET: 'a secret of more than thirty-two characters',
        LOG_LEVEL: 'silent',
      }))!;
    // On a server, one replica notices the changes and another pushes them.
    let pushing = await start();
    const noticing = database ? await start() : undefined;
    for (const trackingNumber of parcels) sandbox.usps.parcel({ trackingNumber, accepted: undefined });
    const notice = (trackingNumber: string) =>
      ask<any>(
        (noticing ?? pushing).url,
        'query ($number: String!) { tracker(trackingNumber: $number, carrier: "USPS", maxAgeSeconds: 0) { cursor events { id } } }',
        { number: trackingNumber },
        key,
      );
    await notice(parcels[0]!);
    await notice(parcels[1]!);

    const received: Received[] = [];
    const stopped = new AbortController();
    const following = followAcross(() => pushing.url, received, stopped.signal);
    for (let scan = 0; scan < scans; scan += 1) {
      const trackingNumber = parcels[scan % 2]!;
      sandbox.usps.scan(trackingNumber, '07', { eventType: `Scan ${scan}`, at: Date.now() + scan });
      const noticed = notice(trackingNumber).catch(() => undefined);
      if (scan % Math.floor(scans / kills) === Math.floor(scans / kills / 2)) {
        await pushing.kill('SIGKILL');
        pushing = await start();
      }
      await noticed;
    }
    const final = await Promise.all(parcels.map((number) => notice(number)));
    const last = (trackingNumber: string) =>
      received.findLast((each) => each.trackingNumber === trackingNumber);
    const ids = (events: readonly { id: string }[] = []) => events.map(({ id }) => id).sort();
    for (const [index, number] of parcels.entries()) {
      const { events } = final[index]!.data.tracker;
      // The announcement, and every scan until now.
      await expect.poll(() => ids(last(number)?.events), { timeout: 10_000 }).toEqual(ids(events));
      expect(events).toHaveLength(1 + scans / 2);
    }
    stopped.abort();
    await following;
    const versions = received.map(({ cursor }) => Number.parseInt(cursor, 36));
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));

    await pushing.kill('SIGTERM');
    await noticing?.kill('SIGTERM');
    await sandbox.close();
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  });
});
