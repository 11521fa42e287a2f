import { parseArgs } from 'node:util';

import { readConfig } from '../config/config.ts';
import { openAdminClient } from './admin-client.ts';
import { run } from './run.ts';

const usage = 'Usage: npm run retention -- --days N [--dry-run]';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { days: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
  });
  const dryRun = values['dry-run'];
  if (!/^\d{1,5}$/.test(values.days ?? '')) throw new Error(usage);
  const days = Number(values.days);
  const care = await openAdminClient(readConfig(process.env));
  try {
    const { shipments, errands, trackers } = await care.request({ action: 'blank', days, dryRun });
    const what = `${shipments} shipments, ${errands} pickups, manifests and mail jobs, ${trackers} trackers`;
    console.log(
      dryRun
        ? `Older than ${days} days: ${what}. Nothing was deleted.`
        : `What names people was deleted from ${what}, older than ${days} days.`,
    );
  } finally {
    await care.close();
  }
}

run(main, usage);
