import { parseArgs } from 'node:util';

import { readConfig } from '../config.ts';
import { openCare } from './care.ts';
import { run } from './run.ts';

const usage = 'Usage: npm run retention -- --days N [--dry-run]';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { days: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
  });
  const dryRun = values['dry-run'];
  if (!/^\d{1,5}$/.test(values.days ?? '')) throw new Error(usage);
  const days = Number(values.days);
  const care = await openCare(readConfig(process.env));
  try {
    const { shipments, errands, trackers } = await care.want({ action: 'blank', days, dryRun });
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
