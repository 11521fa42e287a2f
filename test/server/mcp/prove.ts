import { parseArgs } from 'node:util';

import { createLedger, provenLedgers } from '../../support/proof-ledger.ts';
import { runEpisodes } from './episodes.ts';

/** Runs the hostile episodes of the tests many more times, and prints what happened: `npm run prove:mcp`. */
if (process.argv.includes('--help')) {
  console.log(`Usage: npm run prove:mcp -- [--episodes N] [--seed N] [--ledger embedded|server]

Runs agents that repeat, lose answers, invent ids and obey what carriers write, against /mcp.
  --episodes   default: 1000
  --seed       of the random choices. Default: the time
  --ledger     default: embedded, and server, with two replicas, where DATABASE_URL names one

Example: npm run prove:mcp -- --episodes 100 --seed 7`);
  process.exit(0);
}
const { values } = parseArgs({
  options: {
    episodes: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    ledger: { type: 'string' },
  },
});
const [episodes, seed] = [Number(values.episodes), Number(values.seed)];

for (const ledger of provenLedgers(values.ledger)) {
  const startedAt = Date.now();
  const { location, drop } = await createLedger(ledger);
  try {
    const report = await runEpisodes(location, episodes, seed, (done) => {
      if (done % 100 === 0) console.error(`${done} of ${episodes} episodes`);
    });
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    console.log(JSON.stringify({ ledger, seed, seconds, ...report }, null, 2));
  } finally {
    await drop();
  }
}
process.exit(0);
