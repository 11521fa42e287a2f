import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { systemClock } from '../../sandbox/clock.ts';
import { easypostSandboxKey } from '../../sandbox/easypost/index.ts';
import { startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { ask, box, freshDatabase, receiver, sender, storages } from '../support/test-server.ts';

// Starts processes, and creates a ledger.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** A closure that V8 allocates in the old generation would keep all of its request there: 16 KB and more. */
const kept = 6_000;

/** Runs in the server's process: measures its garbage collections from one message to the next, and sends what they promoted. */
const profiler = `data:text/javascript,${encodeURIComponent(`
  import { GCProfiler } from 'node:v8';
  const used = ({ heapSpaceStatistics }) =>
    heapSpaceStatistics.find(({ spaceName }) => spaceName === 'old_space').spaceUsedSize;
  const profiler = new GCProfiler();
  process.on('message', (message) => {
    if (message === 'start') return profiler.start();
    const scavenges = profiler.stop().statistics.filter(({ gcType }) => gcType === 'Scavenge');
    const promoted = scavenges.reduce((sum, { beforeGC, afterGC }) => sum + used(afterGC) - used(beforeGC), 0);
    process.send({ scavenges: scavenges.length, promoted });
  });
  process.channel.unref();
`)}`;

describe.each(storages)('the heap of a server with its ledger on %s', (storage) => {
  const folder = mkdtempSync(join(tmpdir(), 'parcelgraph-heap-'));
  let database: Awaited<ReturnType<typeof freshDatabase>> | undefined;
  let sandbox: Sandbox;
  let server: ChildProcess;
  let url: string;

  beforeAll(async () => {
    sandbox = await startSandbox({ clock: systemClock });
    database = storage === 'server' ? await freshDatabase() : undefined;
    server = fork('src/main.ts', {
      cwd: new URL('../../', import.meta.url),
      execArgv: ['--import', profiler],
      stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        PORT: '0',
        DATA_DIR: folder,
        PARCELGRAPH_API_KEY: 'my-own-key',
        PARCELGRAPH_SECRET: 's'.repeat(32),
        EASYPOST_BASE_URL: sandbox.easypost.url,
        EASYPOST_API_KEY: easypostSandboxKey,
        ...(database && { DATABASE_URL: database.url }),
      },
    });
    let output = '';
    const texts = server.stdout!.setEncoding('utf8').iterator({ destroyOnReturn: false });
    for await (const text of texts) {
      output += String(text);
      url = /(http:\/\/\S+)\/graphql\n/.exec(output)?.[1] ?? '';
      if (url !== '') break;
    }
    server.stdout!.resume();
  });
  afterAll(async () => {
    server.kill('SIGKILL');
    await once(server, 'exit');
    await sandbox.close();
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Sends a question many times, and returns the bytes that each left in the old generation. */
  async function promoted(query: string, variables: object): Promise<number> {
    const send = async (count: number) => {
      for (let number = 0; number < count; number += 1) {
        const { errors } = await ask(url, query, variables, 'my-own-key');
        expect(errors).toBeUndefined();
      }
    };
    // V8 has compiled what it runs by then.
    await send(600);
    server.send('start');
    await send(600);
    const measured = once(server, 'message');
    server.send('stop');
    const [{ scavenges, promoted }] = (await measured) as [{ scavenges: number; promoted: number }];
    // Without a second one, nothing can have been promoted.
    expect(scavenges).toBeGreaterThan(1);
    return promoted / 600;
  }

  it('keeps nothing of a question for rates', async () => {
    const query =
      'query ($input: RatesInput!) { rates(input: $input) { rates { id carrier price { amount } } } }';
    const input = { from: sender, to: receiver, parcels: [box] };
    expect(await promoted(query, { input })).toBeLessThan(kept);
  });

  it('keeps nothing of a question for trackers', async () => {
    const query = `query ($numbers: [TrackingNumberInput!]!) {
      trackers(numbers: $numbers, maxAgeSeconds: 86400) { status events { description occurredAt } } }`;
    const numbers = [1, 2, 3, 4, 5, 6, 7].map((digit) => ({ trackingNumber: `EZ${digit}00000000${digit}` }));
    expect(await promoted(query, { numbers })).toBeLessThan(kept);
  });

  it('keeps nothing of a question for a verification', async () => {
    const query =
      'query ($address: AddressInput!) { addressVerification(address: $address) { status address { street1 } } }';
    expect(await promoted(query, { address: sender })).toBeLessThan(kept);
  });
});
