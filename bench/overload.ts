import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { createDatabase } from './database.ts';
import { createClient, measure } from './load.ts';
import { sendSteadily } from './open-loop.ts';
import { operations } from './operations.ts';
import { startProcess } from './processes.ts';
import { quantile } from './replica.ts';

/**
 * Measures what the server does with ten times the requests that it can serve: first its peak, by callers who each wait for
 * a response before they ask again, then requests at a steady rate of ten times as many. On Postgres where DATABASE_URL is
 * set: npm run bench:overload -- --seconds 60 --operation rates-of-3-accounts --connections 64
 */

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    operation: { type: 'string', default: 'rates' },
    connections: { type: 'string', default: '64' },
    times: { type: 'string', default: '10' },
  },
});
const [seconds, connections, times] = [values.seconds, values.connections, values.times].map(Number) as [number, number, number]; // prettier-ignore
const operation = operations[values.operation]!;

const folder = mkdtempSync(join(tmpdir(), 'parcelgraph-bench-'));
const database = process.env.DATABASE_URL ? await createDatabase() : undefined;
const provider = await startProcess('bench/provider.ts', { folder });
const accounts = ['one', 'two', 'three'].map((id) => ({ id, provider: 'easypost', environment: 'TEST', baseUrl: provider.url, credentials: { apiKey: `EZTK${id}` } })); // prettier-ignore
const tenants = join(folder, 'tenants.json');
writeFileSync(tenants, JSON.stringify({ tenants: [{ id: 'bench', apiKeys: ['bench-key'], accounts }] }));
const server = await startProcess('src/main.ts', {
  folder,
  environment: {
    PORT: '0',
    DATA_DIR: folder,
    PARCELGRAPH_TENANTS: tenants,
    PARCELGRAPH_SECRET: 'a secret of more than thirty-two characters',
    ...(database && { DATABASE_URL: database.url }),
  },
});

try {
  const client = createClient(server.url, connections);
  const run = await operation.ours(client.send);
  const bodies: object[] = [];
  const bodyOf = (number: number) => bodies[number % bodies.length]!;
  const peakFor = (length: number) => measure(run, client.send, server.cpuTime, { connections, seconds: length }); // prettier-ignore
  // Gently at first: a server whose code is not compiled yet would be overloaded by as many.
  for (const few of [4, 16, connections])
    await measure(run, client.send, server.cpuTime, { connections: few, seconds: 5 });
  // The bodies that the operation sends, each of them different.
  for (let number = 1e6; number < 1e6 + 5_000; number += 1) {
    await run(async (_, body) => (bodies.push(body!), Buffer.from('{}')), number);
  }
  const peak = await peakFor(10);
  const cpuBefore = server.cpuTime();
  const { sent, unsent, accepted, refused } = await sendSteadily(server.url, {
    rate: peak.rate * times,
    seconds,
    bodyOf,
  });
  const cpu = (server.cpuTime() - cpuBefore) / 1000;
  await setTimeout(1_000);
  const after = await peakFor(5);
  await client.close();
  const report = (name: string, value: string) => console.log(`${name.padEnd(56)} ${value}`);
  report('requests sent, to those of the peak', (sent / seconds / peak.rate).toFixed(1));
  report('responses of 200, to those of the peak', (accepted.length / seconds / peak.rate).toFixed(2));
  report('  for the same processor time', ((accepted.length / cpu) * (peak.cpu / 1000)).toFixed(2));
  report('p99 of these, to that of the peak', (quantile(accepted, 0.99) / peak.p99).toFixed(2));
  report('p99 of refusals, to it', (quantile(refused, 0.99) / peak.p99).toFixed(2));
  report('requests a second afterwards, to the peak', (after.rate / peak.rate).toFixed(2));
  report('raw', JSON.stringify({ peak, sent, unsent, accepted: accepted.length, refused: refused.length, cpu, median: quantile(accepted, 0.5), p99: quantile(accepted, 0.99), slowest: quantile(accepted, 1) })); // prettier-ignore
} finally {
  await server.stop();
  await provider.stop();
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
}
