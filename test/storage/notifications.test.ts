import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { serverNotifications } from '../../src/storage/notifications.ts';
import { connectToServer } from '../../src/storage/server-database.ts';
import { startDatabaseProxy } from '../support/database-proxy.ts';
import { freshDatabase } from '../support/test-server.ts';

// There is no server without DATABASE_URL.
describe.runIf(process.env.DATABASE_URL)('listening to a database server', () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let proxy: Awaited<ReturnType<typeof startDatabaseProxy>>;
  beforeEach(async () => {
    database = await freshDatabase();
    proxy = await startDatabaseProxy(database.url);
  });
  afterEach(async () => {
    await proxy.close();
    await database.drop();
  });
  const connect = () => connectToServer(proxy.url, 'parcelgraph test');

  /** Resolves once it listens, with the function that stops it. */
  const listen = (notifications: ReturnType<typeof serverNotifications>) =>
    new Promise<() => Promise<void>>((resolve) => {
      const stop = notifications.listen('changes', () => {}, () => resolve(stop)); // prettier-ignore
    });

  it('delivers what is announced, again after its connection was lost', async () => {
    const received: string[] = [];
    let gaps = 0;
    const stop = serverNotifications(connect).listen('changes', (text) => received.push(text), () => (gaps += 1)); // prettier-ignore
    const announcer = await connectToServer(database.url, 'parcelgraph test');
    await expect.poll(() => gaps).toBe(1);
    await announcer.query(`notify changes, 'first'`);
    await expect.poll(() => received).toEqual(['first']);
    proxy.reset();
    await expect.poll(() => gaps).toBe(2);
    await announcer.query(`notify changes, 'second'`);
    await expect.poll(() => received).toEqual(['first', 'second']);
    await announcer.end();
    await stop();
  });

  it('stops while it connects', async () => {
    const connecting = Promise.withResolvers<void>();
    const mayConnect = Promise.withResolvers<void>();
    const notifications = serverNotifications(async () => {
      connecting.resolve();
      await mayConnect.promise;
      return connect();
    });
    const stop = notifications.listen('changes', () => {}, () => {}); // prettier-ignore
    await connecting.promise;
    const stopped = stop();
    mayConnect.resolve();
    await stopped;
  });

  it('stops while the server does not respond', async () => {
    const stop = await listen(serverNotifications(connect));
    proxy.silence();
    await stop();
  });
});
