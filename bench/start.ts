import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import pg from 'pg';

/**
 * Measures how long a start takes until the server listens, and how much memory the process then holds: on Postgres, on the
 * embedded ledger, and in the sandbox, each at its first and its second start. Prints the medians of `RUNS` (default: 5),
 * after a start that is not counted, since it fills the cache of compiled code.
 *
 * Usage: DATABASE_URL=postgres://... node bench/start.ts
 */

const root = new URL('../', import.meta.url);
const runs = Number(process.env.RUNS ?? 5);
/** The time after which a process that nobody calls counts as idle, in milliseconds. */
const settleMs = Number(process.env.SETTLE_MS ?? 5_000);

interface Start {
  readonly seconds: number;
  /** Resident memory in MB when idle, and at its highest. */
  readonly idle: number;
  readonly peak: number;
}

async function start(env: Record<string, string>): Promise<Start> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', './src/compile-cache.mjs', 'src/main.ts'], {
    cwd: root,
    env: { PATH: process.env.PATH, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const text of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    output += String(text);
    if (/(ready|listens) at http/.test(output)) break;
  }
  const seconds = (performance.now() - began) / 1000;
  child.stdout.resume();
  await setTimeout(settleMs);
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const megabytes = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)![1]) / 1024;
  const result = { seconds, idle: megabytes('VmRSS'), peak: megabytes('VmHWM') };
  child.kill('SIGTERM');
  await once(child, 'exit');
  return result;
}

const configured = {
  PARCELGRAPH_API_KEY: 'a-key-of-the-bench',
  PARCELGRAPH_SECRET: 's'.repeat(32),
  EASYPOST_API_KEY: 'EZTKbench',
  LOG_LEVEL: 'warn',
};

/** Creates what the first start finds empty; `drop` removes it. */
type Setup = () => Promise<{ env: Record<string, string>; drop(): Promise<void> }>;

const folder = (more: Record<string, string>): Setup => {
  return async () => {
    const path = mkdtempSync(join(tmpdir(), 'parcelgraph-bench-'));
    return { env: { DATA_DIR: path, ...more }, drop: async () => rmSync(path, { recursive: true }) };
  };
};

const server: Setup = async () => {
  const url = new URL(process.env.DATABASE_URL!);
  const name = `parcelgraph_bench_${process.pid}`;
  const administer = async (statement: string) => {
    const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await administer(`create database ${name}`);
  url.pathname = `/${name}`;
  return { env: { DATABASE_URL: url.href, ...configured }, drop: () => administer(`drop database ${name}`) };
};

const setups: Readonly<Record<string, Setup>> = {
  ...(process.env.DATABASE_URL && { Postgres: server }),
  embedded: folder(configured),
  sandbox: folder({}),
};

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const describe = (starts: readonly Start[]) => ({
  'seconds to listen': median(starts.map(({ seconds }) => seconds)).toFixed(2),
  'idle MB': median(starts.map(({ idle }) => idle)).toFixed(0),
  'peak MB': median(starts.map(({ peak }) => peak)).toFixed(0),
});

const warm = await setups.sandbox!();
await start(warm.env);
await warm.drop();
const table: Record<string, object> = {};
for (const [name, setup] of Object.entries(setups)) {
  const first: Start[] = [];
  const second: Start[] = [];
  for (let run = 0; run < runs; run += 1) {
    const { env, drop } = await setup();
    first.push(await start(env));
    second.push(await start(env));
    await drop();
  }
  table[`${name}, first start`] = describe(first);
  table[`${name}, second start`] = describe(second);
}
console.table(table);
