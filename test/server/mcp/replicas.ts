import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pino } from 'pino';

import type { Sandbox } from '../../../sandbox/index.ts';
import { openSandbox } from '../../../src/accounts/sandbox.ts';
import type { Config } from '../../../src/config/config.ts';
import type { ApiKeyConfig } from '../../../src/config/api-key.ts';
import { openDatabase } from '../../../src/storage/database.ts';
import { ageSentRequests } from '../../support/age-sent-requests.ts';
import { startApp, type RunningApp } from '../../support/start-app.ts';
import { testClock } from '../../support/test-server.ts';

/** Servers on one ledger with the same emulated providers: two where the ledger is on a server, else one. */
export interface Replicas {
  readonly urls: readonly string[];
  readonly sandbox: Sandbox;
  readonly clock: ReturnType<typeof testClock>;
  /** Stops the servers, lets the requests that may be in progress age, and starts the servers again. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts them with the tenants `shop` and `foreign`, which have accounts at the same providers. */
export async function openReplicas(
  storage: Config['storage'],
  keys: { readonly shop: readonly ApiKeyConfig[]; readonly foreign: readonly ApiKeyConfig[] },
): Promise<Replicas> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parcelgraph-replicas-'));
  const clock = testClock('2026-11-18T18:00:00Z');
  const { providers, tenant, close } = await openSandbox(dataDir, {}, clock, 'no webhook is sent');
  const tenants = (['shop', 'foreign'] as const).map((id) => ({
    ...tenant,
    id,
    apiKeys: keys[id],
    // No poll is sent beside the calls of the agents.
    watch: { purchased: false },
  }));
  const config: Config = {
    logLevel: 'silent',
    host: '127.0.0.1',
    port: 0,
    storage,
    dataDir: 'folder' in storage ? storage.folder : dataDir,
    secret: 'a secret of more than thirty-two characters',
    tenants,
  };
  const start = async () => {
    const first = await startApp(config, { log: pino({ level: 'silent' }), clock });
    return 'url' in storage
      ? [first, await startApp(config, { log: pino({ level: 'silent' }), clock })]
      : [first];
  };
  const stop = (apps: readonly RunningApp[]) => Promise.all(apps.map((app) => app.close()));
  let running = await start();
  return {
    get urls() {
      return running.map(({ url }) => url);
    },
    sandbox: providers,
    clock,
    async restart() {
      await stop(running);
      const { db, close: closeDatabase } = await openDatabase(storage);
      await ageSentRequests(db).finally(closeDatabase);
      running = await start();
    },
    async close() {
      await stop(running);
      await close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
