import { parseArgs } from 'node:util';

import { z } from 'zod';

import { importNextPage, type ImportProgress, type ImportRequest } from '../workflows/import.ts';
import { readConfig, type Config } from '../config/config.ts';
import { run } from './run.ts';
import { askServer, createStandaloneApp } from './running-server.ts';

const usage = 'Usage: npm run import -- [--account ID] [--since YYYY-MM-DD]';
/** As far back as is asked for when nothing is said. */
const defaultDays = 30;

function readWish(args: string[], now: number): ImportRequest {
  const { values } = parseArgs({ args, options: { account: { type: 'string' }, since: { type: 'string' } } });
  const since = values.since === undefined ? now - defaultDays * 24 * 60 * 60_000 : dayOf(values.since);
  if (since > now) throw new Error(`--since ${values.since} is in the future`);
  return { since, until: now, account: values.account };
}

/** By the calendar of UTC. */
function dayOf(text: string): number {
  const { success, data } = z.iso.date().safeParse(text);
  if (!success) throw new Error(`--since ${text} is no date: write it as 2026-01-31`);
  return Date.parse(data);
}

type Steps = { step(): Promise<ImportProgress>; close(): Promise<void> };

/** The server that runs on the same folder does the steps; without one, this process does. */
async function openSteps(config: Config, wish: ImportRequest): Promise<Steps> {
  const ask = () => askServer<ImportProgress>(config, 'import', wish);
  const first = await ask();
  if (first) {
    const steps = [first];
    const step = async () => {
      const next = steps.pop() ?? (await ask());
      if (next === undefined)
        throw new Error('the server has ended; run this again to go on where it stopped');
      return next;
    };
    return { step, close: async () => {} };
  }
  const { accounts, ledger, clock, close } = await createStandaloneApp(config);
  return { step: () => importNextPage(accounts.callers, ledger, wish, clock.now), close };
}

const width = 30;
const bar = (share: number) => '█'.repeat(Math.round(share * width)).padEnd(width, '░');
const percent = (share: number) => `${Math.round(share * 100)} %`;

interface Count {
  readonly imported: number;
  readonly shipments: number;
  readonly skipped: number;
}
const nothing: Count = { imported: 0, shipments: 0, skipped: 0 };
const told = ({ imported, shipments }: Count) => `${imported} parcels, ${shipments} shipments`;

/** One line that is written over on a terminal, a line a page elsewhere. */
function show(name: string, share: number, count: Count): void {
  const text = `${name}: ${told(count)}`;
  if (process.stdout.isTTY) process.stdout.write(`\r${bar(share)} ${percent(share).padStart(5)}  ${text}`);
  else console.log(`${text}, ${percent(share)}`);
}

async function main(): Promise<void> {
  const wish = readWish(process.argv.slice(2), Date.now());
  const { step, close } = await openSteps(readConfig(process.env), wish);
  const counted = new Map<string, Count>();
  try {
    for (;;) {
      const { done, accounts, tenant, account, share = 0, fault, ...page } = await step();
      if (accounts === 0) {
        const which = wish.account ? `called ${wish.account} ` : '';
        throw new Error(`there is no account ${which}that tells what it follows`);
      }
      if (done) break;
      const name = `${tenant} / ${account}`;
      if (fault) throw new Error(`${name}: ${fault}\nRun this again to go on where it stopped.`);
      const before = counted.get(name) ?? nothing;
      const count = {
        imported: before.imported + (page.imported ?? 0),
        shipments: before.shipments + (page.shipments ?? 0),
        skipped: before.skipped + (page.skipped ?? 0),
      };
      counted.set(name, count);
      show(name, share, count);
      if (process.stdout.isTTY && share === 1) process.stdout.write('\n');
    }
  } finally {
    await close();
  }
  for (const [name, count] of counted)
    console.log(`${name}: ${told(count)} imported, ${count.skipped} left out`);
  if (counted.size === 0) console.log('Everything of that time is imported already.');
}

run(main, usage);
