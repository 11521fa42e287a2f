import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { runRequests } from './run.ts';
import { openWorld } from './world.ts';

/** Runs the requests of the test many more times: `npm run prove:isolation -- --requests 100000 --tenants 100`. */
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    tenants: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
});
const [requests, tenants, seed] = [values.requests, values.tenants, values.seed].map(Number) as [number, number, number]; // prettier-ignore
const folder = mkdtempSync(join(tmpdir(), 'parcelgraph-proof-'));
// An empty database of its own is expected in DATABASE_URL. Default: the embedded ledger.
const storage = process.env.DATABASE_URL ? { url: process.env.DATABASE_URL } : { folder };
const world = await openWorld(tenants, storage, folder);
const report = await runRequests(world, requests, seed);
await world.close();
console.log(JSON.stringify({ tenants, seed, ...report, wrong: report.wrong.slice(0, 20) }, null, 2));
process.exit(report.wrong.length === 0 ? 0 : 1);
