import { parseArgs } from 'node:util';

import { z } from 'zod';

import type { ImportProgress, ImportRequest } from '../workflows/import.ts';
import type { Skipped } from '../carriers/adapter.ts';
import { readConfig, type Config } from '../config/config.ts';
import { createProgressBar } from './progress-bar.ts';
import { run } from './run.ts';
import { askServer, createStandaloneApp } from './running-server.ts';

/** Default of `--since`, in days before now. */
const defaultDays = 30;
const usage = `Usage: npm run import -- [--account ID] [--since YYYY-MM-DD]

Imports the trackers of provider accounts. Each page is stored, so that an import that stops continues there.
  --account   default: every account that lists its trackers
  --since     the first day in UTC. Default: ${defaultDays} days ago

Example: npm run import -- --account easypost --since 2026-01-31`;

function readRequest(args: string[], now: number): ImportRequest {
  const { values } = parseArgs({ args, options: { account: { type: 'string' }, since: { type: 'string' } } });
  const since = values.since === undefined ? now - defaultDays * 24 * 60 * 60_000 : parseDate(values.since);
  if (since > now) throw new Error(`--since ${values.since} is in the future`);
  return { since, until: now, account: values.account };
}

/** Returns the start of a day in UTC. */
function parseDate(text: string): number {
  const { success, data } = z.iso.date().safeParse(text);
  if (!success) throw new Error(`--since ${text} is not a date: write it as 2026-01-31`);
  return Date.parse(data);
}

interface Importer {
  importNextPage(): Promise<ImportProgress>;
  close(): Promise<void>;
}

/** Imports pages in the server that runs on the same data directory, else in this process. */
async function openImporter(config: Config, request: ImportRequest): Promise<Importer> {
  const ask = () => askServer<ImportProgress>(config, 'import', request);
  const first = await ask();
  if (first) {
    const received = [first];
    const next = async () => {
      const progress = received.pop() ?? (await ask());
      if (progress === undefined)
        throw new Error('the server has stopped; run the command again to continue the import');
      return progress;
    };
    return { importNextPage: next, close: async () => {} };
  }
  const { accounts, workflows, close } = await createStandaloneApp(config);
  return { importNextPage: () => workflows.importNextPage(accounts.callers(), request), close };
}

interface Count {
  readonly imported: number;
  readonly shipments: number;
  readonly skipped: Skipped;
}
const zero: Count = { imported: 0, shipments: 0, skipped: {} };
const describe = ({ imported, shipments }: Count) => `${imported} parcels, ${shipments} shipments`;

/** Adds the counts of each reason. */
const addSkipped = (before: Skipped, page: Skipped = {}): Skipped =>
  Object.entries(page).reduce(
    (sum, [reason, rows]) => ({ ...sum, [reason]: (sum[reason] ?? 0) + rows }),
    before,
  );

/** Imports all pages and returns the counts by account. */
async function importAll(importer: Importer, request: ImportRequest): Promise<Map<string, Count>> {
  const counts = new Map<string, Count>();
  const bar = createProgressBar();
  for (;;) {
    const { done, accounts, tenant, account, share = 0, fault, ...page } = await importer.importNextPage();
    if (accounts === 0) {
      const name = request.account ? ` named ${request.account}` : '';
      throw new Error(`there is no account${name} that lists its trackers`);
    }
    if (done) return counts;
    const name = `${tenant} / ${account}`;
    if (fault) throw new Error(`${name}: ${fault}\nRun the command again to continue the import.`);
    const previous = counts.get(name) ?? zero;
    const count = {
      imported: previous.imported + (page.imported ?? 0),
      shipments: previous.shipments + (page.shipments ?? 0),
      skipped: addSkipped(previous.skipped, page.skipped),
    };
    counts.set(name, count);
    const text = `${name}: ${describe(count)}`;
    bar(share, text, `${text}, ${Math.round(share * 100)} %`);
  }
}

async function main(): Promise<void> {
  const request = readRequest(process.argv.slice(2), Date.now());
  const importer = await openImporter(readConfig(process.env), request);
  const counts = await importAll(importer, request).finally(() => importer.close());
  for (const [name, count] of counts) {
    const skipped = Object.entries(count.skipped);
    const total = skipped.reduce((sum, [, rows]) => sum + rows, 0);
    console.log(`${name}: ${describe(count)} imported, ${total} left out`);
    for (const [reason, rows] of skipped) console.log(`  ${rows}: ${reason}`);
  }
  if (counts.size === 0) console.log('Everything in this period is already imported.');
}

run(main, usage);
