import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import pg from 'pg';

import { openDatabase } from '../../../src/storage/database.ts';
import { explore, type Place } from './explore.ts';
import { killServers } from './kills.ts';

/**
 * The long form of what the tests do in short: `npm run prove -- --interleavings 10000 --kills 300`, on the embedded
 * ledger and, where DATABASE_URL names a server, on that one too.
 */
const { values } = parseArgs({
  options: {
    interleavings: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    /** Ledgers that interleavings happen on side by side. */
    lanes: { type: 'string', default: '2' },
    ledger: { type: 'string' },
  },
});
const [interleavings, kills, seed, lanes] = [values.interleavings, values.kills, values.seed, values.lanes].map(Number) as [number, number, number, number]; // prettier-ignore
const server = process.env.DATABASE_URL;
const ledgers = ['embedded', ...(server ? ['server'] : [])].filter(
  (each) => (values.ledger ?? each) === each,
);
const say = (line: object) => console.log(JSON.stringify({ at: new Date().toISOString(), ...line }));

/** What died in a run stays in memory with its timers, so a process sees so many runs and no more. */
const runsAProcess = 1000;

for (const ledger of ledgers) {
  for (let from = 0; interleavings > runsAProcess && from < interleavings; from += runsAProcess) {
    const part = Math.min(runsAProcess, interleavings - from);
    const flags = { interleavings: part, kills: 0, seed: seed + from, lanes, ledger };
    const { status } = spawnSync(
      process.execPath,
      [import.meta.filename, ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`)],
      { stdio: 'inherit' },
    );
    if (status !== 0) process.exit(status ?? 1);
  }
  if (interleavings > 0 && interleavings <= runsAProcess) {
    const begun = Date.now();
    const places = await Promise.all(Array.from({ length: lanes }, () => freshPlace(ledger)));
    const told = (done: object) => ({
      ledger,
      seed,
      seconds: Math.round((Date.now() - begun) / 1000),
      ...done,
    });
    try {
      const done = await explore(places.map(({ place }) => place), interleavings, seed, (sofar) => {
        if (sofar.runs % 250 === 0 && sofar.runs < interleavings) say(told({ sofar }));
      }); // prettier-ignore
      say(told({ interleavings: done }));
    } finally {
      await Promise.all(places.map(({ drop }) => drop()));
    }
  }
  if (kills > 0) {
    const begun = Date.now();
    const { place, drop } = await freshPlace(ledger);
    try {
      const report = await killServers({ kills, storage: place, tell: (sofar) => say({ ledger, sofar }) });
      say({ ledger, replicas: ledger === 'server' ? 2 : 1, seconds: Math.round((Date.now() - begun) / 1000), report }); // prettier-ignore
    } finally {
      await drop();
    }
  }
}
process.exit(0);

async function freshPlace(ledger: string): Promise<{ place: Place; drop(): Promise<void> }> {
  if (ledger === 'embedded') {
    const folder = mkdtempSync(join(tmpdir(), 'parcelgraph-proof-'));
    await made({ folder });
    return { place: { folder }, drop: async () => rmSync(folder, { recursive: true, force: true }) };
  }
  const url = new URL(server!);
  const name = `parcelgraph_proof_${process.pid}_${Math.random().toString(36).slice(2)}`;
  const administer = async (statement: string) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await administer(`create database ${name}`);
  url.pathname = `/${name}`;
  await made({ url: url.href });
  return { place: { url: url.href }, drop: () => administer(`drop database ${name} with (force)`) };
}

async function made(place: Place): Promise<void> {
  const { close } = await openDatabase(place);
  await close();
}
