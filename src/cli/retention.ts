import { parseArgs } from 'node:util';

import { readConfig } from '../config/config.ts';
import type { Redacted } from '../storage/records/redaction.ts';
import { openMaintenanceClient } from './maintenance-client.ts';
import { run } from './run.ts';

/** Deleting what is younger than this many days needs `--yes`: labels may not be printed yet, or pickups not ordered. */
const youngDays = 30;

const usage = `Usage: npm run retention -- --days N [--dry-run] [--yes]

Prints what is older than N days, then deletes the personal data in it: addresses, labels, requests, signatures.
  --dry-run   deletes nothing
  --yes       deletes where N is less than ${youngDays}

Example: npm run retention -- --days 180`;

const options = {
  days: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
} as const;

const describe = ({ shipments, operations, trackers }: Redacted) =>
  `${shipments} shipments, ${operations} pickups, manifests and mail jobs, ${trackers} trackers`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  if (!/^\d{1,5}$/.test(values.days ?? '')) throw new Error(usage);
  const days = Number(values.days);
  const client = await openMaintenanceClient(readConfig(process.env));
  try {
    const count = await client.send({ action: 'count redactable', days });
    console.log(`Older than ${days} days: ${describe(count)}.`);
    if (count.voidable > 0) {
      console.log(`${count.voidable} of the shipments have labels that may still be voided. They lose the label itself; voiding stays possible.`); // prettier-ignore
    }
    if (count.open > 0) console.log(`${count.open} more are UNCERTAIN or in progress, and are left whole.`);
    if (values['dry-run']) {
      console.log('Nothing was deleted.');
      return;
    }
    if (days < youngDays && !values.yes) {
      throw new Error(
        `Nothing was deleted: what is younger than ${youngDays} days may still have to be printed, picked up or put on a manifest. To delete it, repeat the command with --yes.`,
      );
    }
    console.log(`Personal data was deleted from ${describe(await client.send({ action: 'redact', days }))}.`);
  } finally {
    await client.close();
  }
}

run(main, usage);
