import { parseArgs } from 'node:util';

import { readConfig } from '../config/config.ts';
import { openMaintenanceClient } from './maintenance-client.ts';
import { run } from './run.ts';

const usage = `Usage: npm run retention -- --days N [--dry-run]

Deletes personal data from everything older than N days.
  --dry-run   print what would be deleted, and delete nothing`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { days: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
  });
  const dryRun = values['dry-run'];
  if (!/^\d{1,5}$/.test(values.days ?? '')) throw new Error(usage);
  const days = Number(values.days);
  const client = await openMaintenanceClient(readConfig(process.env));
  try {
    const { shipments, operations, trackers } = await client.send({ action: 'redact', days, dryRun });
    const counts = `${shipments} shipments, ${operations} pickups, manifests and mail jobs, ${trackers} trackers`;
    console.log(
      dryRun
        ? `Older than ${days} days: ${counts}. Nothing was deleted.`
        : `Personal data was deleted from ${counts}, older than ${days} days.`,
    );
  } finally {
    await client.close();
  }
}

run(main, usage);
