import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

import { createLedger, provenLedgers } from '../../support/proof-ledger.ts';
import { explore } from './explore.ts';
import { killServers } from './kills.ts';

/**
 * Runs the interleavings and kills of the tests many more times: `npm run prove -- --interleavings 10000 --kills 300`, on the embedded
 * ledger, and on the server that DATABASE_URL names, if any.
 */
if (process.argv.includes('--help')) {
  console.log(`Usage: npm run prove -- [--interleavings N] [--kills N] [--seed N] [--lanes N] [--ledger embedded|server]

Runs interleavings of purchases and kills of servers.
  --interleavings   default: 10000
  --kills           default: 300
  --seed            of the random order. Default: the time
  --lanes           how many ledgers run interleavings at a time. Default: 2
  --ledger          default: embedded, and server where DATABASE_URL names one

Example: npm run prove -- --interleavings 1000 --kills 10`);
  process.exit(0);
}
const { values } = parseArgs({
  options: {
    interleavings: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    /** How many ledgers run interleavings at a time. */
    lanes: { type: 'string', default: '2' },
    ledger: { type: 'string' },
  },
});
const [interleavings, kills, seed, lanes] = [values.interleavings, values.kills, values.seed, values.lanes].map(Number) as [number, number, number, number]; // prettier-ignore
const print = (line: object) => console.log(JSON.stringify({ at: new Date().toISOString(), ...line }));

/** Processes that died in a run stay in memory with their timers, so a process runs at most this many. */
const runsPerProcess = 1000;

for (const ledger of provenLedgers(values.ledger)) {
  for (let from = 0; interleavings > runsPerProcess && from < interleavings; from += runsPerProcess) {
    const part = Math.min(runsPerProcess, interleavings - from);
    const flags = { interleavings: part, kills: 0, seed: seed + from, lanes, ledger };
    const { status } = spawnSync(
      process.execPath,
      [import.meta.filename, ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`)],
      { stdio: 'inherit' },
    );
    if (status !== 0) process.exit(status ?? 1);
  }
  if (interleavings > 0 && interleavings <= runsPerProcess) {
    const startedAt = Date.now();
    const locations = await Promise.all(Array.from({ length: lanes }, () => createLedger(ledger)));
    const line = (done: object) => ({
      ledger,
      seed,
      seconds: Math.round((Date.now() - startedAt) / 1000),
      ...done,
    });
    try {
      const done = await explore(locations.map(({ location }) => location), interleavings, seed, (progress) => {
        if (progress.runs % 250 === 0 && progress.runs < interleavings) print(line({ progress }));
      }); // prettier-ignore
      print(line({ interleavings: done }));
    } finally {
      await Promise.all(locations.map(({ drop }) => drop()));
    }
  }
  if (kills > 0) {
    const startedAt = Date.now();
    const { location, drop } = await createLedger(ledger);
    try {
      const report = await killServers({
        kills,
        storage: location,
        onProgress: (progress) => print({ ledger, progress }),
      });
      print({ ledger, replicas: ledger === 'server' ? 2 : 1, seconds: Math.round((Date.now() - startedAt) / 1000), report }); // prettier-ignore
    } finally {
      await drop();
    }
  }
}
process.exit(0);
