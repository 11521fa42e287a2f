import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import pg from 'pg';

import { createClient, measure, type Measurement, type Run } from './load.ts';
import { operations, servers, type Operation, type Server } from './operations.ts';
import { startProcess, type RunningProcess } from './processes.ts';
import { topFunctions } from './profile.ts';

const usage = `Usage: npm run bench -- [operation ...] [options]

Compares this server with others in front of one emulated EasyPost, in rounds that take turns, and prints medians as
shares of a bare proxy. Operations: ${Object.keys(operations).join(', ')}. Default: all.

  --servers <names>      which of ${servers.join(', ')}. Default: all; postgres where DATABASE_URL is set
  --base <folder>        another checkout of this server, with its packages, to compare with on the embedded ledger
  --rounds <n>           rounds of each server. Default: 5
  --seconds <n>          length of a round. Default: 4
  --requests <n>         requests of a round, in place of its length: for processor times on a busy machine
  --warmup <n>           runs before, which do not count and take 20 seconds at most. Default: 3000
  --connections <n>      requests at once. Default: 20
  --profile              writes CPU profiles of our server to bench/profiles, and prints what takes most time`;

const folder = mkdtempSync(join(tmpdir(), 'parcelgraph-bench-'));
const profiles = new URL('profiles/', import.meta.url).pathname;

interface Options {
  readonly base: string;
  readonly servers: readonly Server[];
  readonly rounds: number;
  readonly seconds: number;
  readonly requests?: number;
  readonly warmup: number;
  readonly connections: number;
  readonly profile: boolean;
}

/** The rivals have packages of their own, which the project itself does not need. */
function installRivals(): void {
  const rivals = new URL('rivals/', import.meta.url).pathname;
  if (existsSync(join(rivals, 'node_modules/.package-lock.json'))) return;
  console.log('Installing the rivals, which takes some minutes once ...');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: rivals,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('the rivals could not be installed: `npm ci` in bench/rivals says why');
}

/** Starts our server, or another checkout of it, in front of the provider, with three accounts of one tenant. */
async function startOurs(
  provider: string,
  server: 'base' | 'embedded' | 'postgres',
  { base, profile }: Options,
): Promise<RunningProcess> {
  const own = join(folder, server);
  mkdirSync(own, { recursive: true });
  const accounts = ['one', 'two', 'three'].map((id) => ({
    id,
    provider: 'easypost',
    environment: 'TEST',
    baseUrl: provider,
    credentials: { apiKey: `EZTK${id}` },
  }));
  const tenants = join(own, 'tenants.json');
  writeFileSync(tenants, JSON.stringify({ tenants: [{ id: 'bench', apiKeys: ['bench-key'], accounts }] }));
  const database = server === 'postgres' ? await createDatabase() : undefined;
  const started = await startProcess(server === 'base' ? join(base, 'src/main.ts') : 'src/main.ts', {
    folder: own,
    nodeArguments: profile ? ['--cpu-prof', '--cpu-prof-dir', join(profiles, server)] : [],
    environment: {
      PORT: '0',
      DATA_DIR: own,
      PARCELGRAPH_TENANTS: tenants,
      PARCELGRAPH_SECRET: 'a secret of more than thirty-two characters',
      ...(database && { DATABASE_URL: database.url }),
    },
  });
  return {
    ...started,
    async stop() {
      await started.stop();
      await database?.drop();
    },
  };
}

/** Creates a database on the server of DATABASE_URL, for one run. */
async function createDatabase() {
  const url = new URL(process.env.DATABASE_URL!);
  const name = `parcelgraph_bench_${process.pid}`;
  const execute = async (statement: string) => {
    const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await execute(`create database ${name}`);
  url.pathname = name;
  return { url: url.href, drop: () => execute(`drop database ${name} with (force)`) };
}

/** The compiler of V8 needs thousands of runs before it knows what to compile; slow operations have no time for so many. */
const maxWarmupSeconds = 20;

const isOurs = (server: Server) => server === 'base' || server === 'embedded' || server === 'postgres';

const start = (server: Server, provider: string, options: Options): Promise<RunningProcess> =>
  isOurs(server)
    ? startOurs(provider, server, options)
    : startProcess(`bench/rivals/${server}.js`, { folder, environment: { PROVIDER: provider } });

/** A measurement, and the calls to the provider for one run. */
interface Result extends Measurement {
  readonly calls: number;
}

/** Measures one operation at each server in turn, after a round that only warms them up. */
async function compare(
  operation: Operation,
  running: ReadonlyMap<Server, RunningProcess>,
  { rounds, seconds, requests, warmup, connections }: Options,
  countCalls: () => Promise<number>,
  onWarm: () => void,
): Promise<Map<Server, Result>> {
  const subjects: { server: Server; run: Run; client: ReturnType<typeof createClient>; cpuTime(): number }[] =
    [];
  for (const [server, { url, cpuTime }] of running) {
    const client = createClient(url, connections);
    const run = isOurs(server) ? await operation.ours(client.send) : operation.rivals[server];
    if (run) subjects.push({ server, run, client, cpuTime });
  }
  const results = new Map(subjects.map(({ server }) => [server, [] as Result[]]));
  for (let round = 0; round <= rounds; round += 1) {
    if (round === 1) onWarm();
    for (const { server, run, client, cpuTime } of subjects) {
      const callsBefore = await countCalls();
      const measurement = await measure(run, client.send, cpuTime, {
        connections,
        ...(round === 0
          ? { runs: warmup, seconds: maxWarmupSeconds }
          : { runs: requests, seconds: requests ? Infinity : seconds }),
      });
      const calls = ((await countCalls()) - callsBefore) / measurement.runs;
      if (round > 0) results.get(server)!.push({ ...measurement, calls });
    }
  }
  await Promise.all(subjects.map(({ client }) => client.close()));
  return new Map([...results].map(([server, measurements]) => [server, medians(measurements)]));
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const medians = (measurements: readonly Result[]): Result => ({
  runs: median(measurements.map(({ runs }) => runs)),
  calls: median(measurements.map(({ calls }) => calls)),
  rate: median(measurements.map(({ rate }) => rate)),
  p99: median(measurements.map(({ p99 }) => p99)),
  cpu: median(measurements.map(({ cpu }) => cpu)),
});

/** Prints a row a server: throughput, processor time and 99th percentile against those of the proxy, and provider calls. */
function print(name: string, results: ReadonlyMap<Server, Result>): void {
  const base = results.get('proxy') ?? [...results.values()][0]!;
  for (const [server, { rate, cpu, p99, calls }] of results) {
    const columns = [
      name.padEnd(24),
      server.padEnd(10),
      (rate / base.rate).toFixed(3),
      (cpu / base.cpu).toFixed(2).padStart(5),
      (p99 / base.p99).toFixed(1).padStart(5),
      calls.toFixed(2).padStart(5),
      `${Math.round(rate)}/s ${cpu.toFixed(3)}ms`,
    ];
    console.log(`| ${columns.join(' | ')} |`);
  }
}

function readArguments() {
  const number = (text: string, option: string) => {
    if (/^[1-9]\d*$/.test(text)) return Number(text);
    throw new TypeError(`--${option} is a whole number from 1 on, and not "${text}"`);
  };
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      servers: { type: 'string', default: servers.filter((server) => server !== 'postgres' || process.env.DATABASE_URL).join() },
      base: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
      requests: { type: 'string' },
      warmup: { type: 'string', default: '3000' },
      connections: { type: 'string', default: '20' },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }); // prettier-ignore
  const names = positionals.length > 0 ? positionals : Object.keys(operations);
  const unknown = [
    ...names.filter((name) => !(name in operations)),
    ...values.servers.split(',').filter((name) => !servers.includes(name as Server)),
  ];
  if (unknown.length > 0) throw new TypeError(`there is no ${unknown.join(', ')}\n\n${usage}`);
  const options: Options = {
    base: values.base ?? '',
    servers: servers.filter((server) =>
      server === 'base' ? values.base !== undefined : values.servers.split(',').includes(server),
    ),
    rounds: number(values.rounds, 'rounds'),
    seconds: number(values.seconds, 'seconds'),
    requests: values.requests === undefined ? undefined : number(values.requests, 'requests'),
    warmup: number(values.warmup, 'warmup'),
    connections: number(values.connections, 'connections'),
    profile: values.profile,
  };
  return { help: values.help, names, options };
}

async function main(): Promise<void> {
  const { help, names, options } = readArguments();
  if (help) {
    console.log(usage);
    return;
  }
  if (options.servers.some((server) => !isOurs(server))) installRivals();
  if (options.profile) rmSync(profiles, { recursive: true, force: true });
  const started: RunningProcess[] = [];
  const running = new Map<Server, RunningProcess>();
  let warmAt = 0;
  try {
    const provider = await startProcess('bench/provider.ts', { folder });
    started.push(provider);
    for (const server of options.servers) {
      running.set(server, await start(server, provider.url, options));
      started.push(running.get(server)!);
    }
    console.log(`| ${'operation'.padEnd(24)} | server     | share | cpu | p99 | calls | raw |`);
    const countCalls = async () => Number(await (await fetch(`${provider.url}/calls`)).text());
    const onWarm = () => (warmAt ||= performance.now());
    for (const name of names)
      print(name, await compare(operations[name]!, running, options, countCalls, onWarm));
  } finally {
    for (const server of started.reverse()) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  if (!options.profile) return;
  for (const [ledger, { startedAt }] of [...running].filter(([server]) => isOurs(server))) {
    console.log(`\nBusy time of ${ledger}, by function:`);
    for (const [name, share] of topFunctions(join(profiles, ledger), warmAt - startedAt, 25)) {
      console.log(`${(share * 100).toFixed(1).padStart(5)} %  ${name}`);
    }
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
try {
  await main();
} catch (error) {
  console.error(error instanceof TypeError ? error.message : error);
  process.exitCode = 1;
}
