import { userInfo } from 'node:os';
import { createInterface, type Interface } from 'node:readline/promises';
import { parseArgs } from 'node:util';

import { readConfig } from '../config/config.ts';
import type { Unresolved } from '../admin/maintenance.ts';
import { howToResolve } from '../workflows/unresolved.ts';
import type { ManualFinding } from '../workflows/manual-resolution.ts';
import { openMaintenanceClient, type MaintenanceClient } from './maintenance-client.ts';
import { run } from './run.ts';

const usage = `Usage: npm run purchases -- [ask [ID] | resolve [ID OPTION]] [--json]

npm run purchases                  lists what is unresolved; exit status 1 if there is anything
npm run purchases -- --json        prints the list as JSON
npm run purchases -- ask [ID]      asks the providers again
npm run purchases -- resolve       goes through the list on a terminal
npm run purchases -- resolve ID    records what you found at the provider:
  --nothing                        nothing was purchased, or nothing happened: the key may be retried
  --bought NUMBER --price 7.40     the label that was purchased for the only parcel; NUMBER is "none" where it has none
  --cancelled                      there were labels, and you have cancelled them
  --cancel                         cancels the labels by their keys, if the provider supports that
  --done [CONFIRMATION]            the pickup, manifest or mail job exists

Example: npm run purchases -- resolve shp_1 --bought 9400100000000000000000 --price 7.40`;

/** How to resolve an unresolved purchase or operation: by a finding, or by cancelling the labels at the provider. */
type Action = ManualFinding | 'cancel';

interface Flags {
  json: boolean;
  nothing: boolean;
  bought?: string;
  price?: string;
  cancelled: boolean;
  cancel: boolean;
  done: boolean;
}

/** Returns the action that the flags name. Throws the usage unless they name exactly one. */
function readAction(flags: Flags, confirmation?: string): Action {
  const { nothing, bought, price, cancelled, cancel, done } = flags;
  const named = [nothing, bought !== undefined, cancelled, cancel, done].filter(Boolean);
  if (named.length !== 1 || (bought !== undefined) !== (price !== undefined)) throw new Error(usage);
  if (nothing) return { found: 'nothing' };
  if (cancelled) return { found: 'cancelled' };
  if (cancel) return 'cancel';
  if (done) return { found: 'done', confirmation };
  return toPurchased(bought!, price!);
}

const toPurchased = (number: string, price: string): ManualFinding => ({
  found: 'bought',
  trackingNumber: number === 'none' ? undefined : number,
  price,
});

type Command =
  | { readonly name: 'list' }
  | { readonly name: 'ask'; readonly id?: string }
  | { readonly name: 'resolve'; readonly id: string; readonly action: Action }
  | { readonly name: 'resolve all' };

function readCommand(): { command: Command; json: boolean } {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      nothing: { type: 'boolean', default: false },
      bought: { type: 'string' },
      price: { type: 'string' },
      cancelled: { type: 'boolean', default: false },
      cancel: { type: 'boolean', default: false },
      done: { type: 'boolean', default: false },
    },
  });
  const [name = 'list', id, confirmation, ...rest] = positionals;
  const { json, ...flags } = values;
  if (rest.length > 0 || (confirmation !== undefined && !values.done)) throw new Error(usage);
  const hasAction = Object.values(flags).some((flag) => flag !== undefined && flag !== false);
  if (hasAction && (name !== 'resolve' || id === undefined)) throw new Error(usage);
  if (name === 'list' && id === undefined) return { command: { name }, json };
  if (name === 'ask') return { command: { name, id }, json };
  if (name !== 'resolve') throw new Error(usage);
  if (id !== undefined) return { command: { name, id, action: readAction(values, confirmation) }, json };
  if (!process.stdin.isTTY) throw new Error(`There is no terminal to ask on.\n\n${usage}`);
  return { command: { name: 'resolve all' }, json };
}

function resolve({ send }: MaintenanceClient, id: string, action: Action) {
  const user = userInfo().username;
  return action === 'cancel'
    ? send({ action: 'cancel', id, user })
    : send({ action: 'resolve', id, finding: action, user });
}

function formatList(unresolved: readonly Unresolved[]): string {
  if (unresolved.length === 0) return 'Nothing is unresolved.';
  return [...unresolved.map(format), `${unresolved.length} unresolved. ${howToResolve}`].join('\n\n');
}

function format(unresolved: Unresolved): string {
  const { id, kind, tenant, account, provider, since, key, attempts, failure, trackingNumbers } = unresolved;
  return [
    `${id}  ${kind}`,
    `  ${tenant} / ${account} (${provider}), since ${since}, key ${key}`,
    ...(attempts.length > 0 ? [`  keys at the provider, if it accepts keys: ${attempts.join(', ')}`] : []),
    ...(failure ? [`  ${failure.code}: ${failure.message}`] : []),
    ...(failure?.hint ? [`  > ${failure.hint}`] : []),
    ...(trackingNumbers.length > 0 ? [`  purchased: ${trackingNumbers.join(', ')}`] : []),
  ].join('\n');
}

/** Asks on the terminal how to resolve each entry of the list. Ctrl-C leaves the rest unresolved. */
async function resolveAll(client: MaintenanceClient): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  terminal.once('SIGINT', () => terminal.close());
  try {
    for (const unresolved of await client.send({ action: 'list' })) {
      console.log(`\n${format(unresolved)}`);
      await resolveInteractively(client, unresolved, terminal);
    }
  } finally {
    terminal.close();
  }
}

/** Asks until a resolution succeeds or the entry is skipped. */
async function resolveInteractively(client: MaintenanceClient, unresolved: Unresolved, terminal: Interface) {
  for (;;) {
    const action = await askAction(unresolved, terminal);
    if (action === undefined) return;
    const result = await resolve(client, unresolved.id, action);
    console.log('done' in result ? `✓ ${result.done}` : `✗ ${result.refused}`);
    if ('done' in result) return;
  }
}

/** Returns the action that the user chooses; undefined to skip the entry. */
async function askAction({ kind, parcels }: Unresolved, terminal: Interface): Promise<Action | undefined> {
  const isPurchase = kind === 'shipmentPurchase';
  const choices = isPurchase
    ? `[n]othing was purchased, ${parcels === 1 ? '[b]ought, ' : ''}[c]ancelled by you, cancel by [k]ey, [s]kip`
    : '[n]othing happened, [d]one, [s]kip';
  for (;;) {
    const text = await terminal.question(`What did you find at the provider? ${choices}: `);
    const choice = text.trim().toLowerCase();
    if (choice === 's') return undefined;
    if (choice === 'n') return { found: 'nothing' };
    if (isPurchase && choice === 'c') return { found: 'cancelled' };
    if (isPurchase && choice === 'k') return 'cancel';
    if (isPurchase && parcels === 1 && choice === 'b') {
      const trackingNumber = await terminal.question('Its tracking number, or none: ');
      const price = (await terminal.question('Its price, such as 7.40: ')).trim();
      return toPurchased(trackingNumber, price);
    }
    if (!isPurchase && choice === 'd') {
      const confirmation = await terminal.question('Its number at the provider, if it has one: ');
      return { found: 'done', confirmation: confirmation.trim() || undefined };
    }
  }
}

/** Asks the providers again: about one entry, which must be on the list, or about all. */
async function reconcile({ send }: MaintenanceClient, id: string | undefined) {
  if (id !== undefined) {
    const unresolved = await send({ action: 'list' });
    if (!unresolved.some((each) => each.id === id)) throw new Error(`${id} is not unresolved`);
  }
  return send({ action: 'reconcile', id });
}

async function main(): Promise<void> {
  const { command, json } = readCommand();
  const client = await openMaintenanceClient(readConfig(process.env));
  try {
    if (command.name === 'resolve') {
      const result = await resolve(client, command.id, command.action);
      if ('refused' in result) throw new Error(result.refused);
      console.log(result.done);
      return;
    }
    if (command.name === 'resolve all') await resolveAll(client);
    const unresolved =
      command.name === 'ask' ? await reconcile(client, command.id) : await client.send({ action: 'list' });
    console.log(json ? JSON.stringify(unresolved, undefined, 2) : formatList(unresolved));
    process.exitCode = unresolved.length > 0 ? 1 : 0;
  } finally {
    await client.close();
  }
}

run(main, usage);
