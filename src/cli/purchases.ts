import { userInfo } from 'node:os';
import { createInterface, type Interface } from 'node:readline/promises';
import { parseArgs } from 'node:util';

import { readConfig } from '../config/config.ts';
import type { Unresolved } from '../workflows/unresolved.ts';
import type { ManualFinding } from '../workflows/manual-resolution.ts';
import { openAdminClient, type AdminClient } from './admin-client.ts';
import { run } from './run.ts';

const usage = `npm run purchases                  what is uncertain; exit status 1 where anything is
npm run purchases -- --json        the same for machines
npm run purchases -- ask [ID]      asks the providers again
npm run purchases -- resolve       goes through them one by one
npm run purchases -- resolve ID    with what you found at the provider:
  --nothing                        nothing was bought, or nothing happened: the key may try again
  --bought NUMBER --price 7.40     the label that was bought for the only parcel
  --cancelled                      there were labels, and you have cancelled them
  --cancel                         cancels them by their keys, where the provider knows them by keys
  --done [CONFIRMATION]            the pickup, manifest or mail job is there`;

type Flags = { json: boolean; nothing: boolean; bought?: string; price?: string; cancelled: boolean; cancel: boolean; done: boolean }; // prettier-ignore
/** How one is ended: by what was found, or by having it cancelled. */
type End = ManualFinding | 'cancel';

function endOf({ nothing, bought, price, cancelled, cancel, done }: Flags, confirmation?: string): End {
  const said = [nothing, bought !== undefined, cancelled, cancel, done].filter(Boolean);
  if (said.length !== 1 || (bought !== undefined) !== (price !== undefined)) throw new Error(usage);
  if (nothing) return { found: 'nothing' };
  if (cancelled) return { found: 'cancelled' };
  if (cancel) return 'cancel';
  if (done) return { found: 'done', confirmation };
  return { found: 'bought', trackingNumber: bought!, price: price! };
}

const wishOf = (id: string, end: End, user: string) =>
  end === 'cancel'
    ? ({ action: 'cancel', id, user } as const)
    : ({ action: 'resolve', id, finding: end, user } as const);

function report(doubts: readonly Unresolved[]): string {
  if (doubts.length === 0) return 'Nothing is uncertain.';
  return [
    ...doubts.map(told),
    `${doubts.length} uncertain. Look at the provider, then: npm run purchases -- resolve`,
  ].join('\n\n');
}

function told({
  id,
  kind,
  tenant,
  account,
  provider,
  since,
  key,
  attempts,
  failure,
  trackingNumbers,
}: Unresolved): string {
  return [
    `${id}  ${kind}`,
    `  ${tenant} / ${account} (${provider}), since ${since}, key ${key}`,
    ...(attempts.length > 0 ? [`  keys at the provider, where it takes keys: ${attempts.join(', ')}`] : []),
    ...(failure ? [`  ${failure.code}: ${failure.message}`] : []),
    ...(failure?.hint ? [`  > ${failure.hint}`] : []),
    ...(trackingNumbers.length > 0 ? [`  sold: ${trackingNumbers.join(', ')}`] : []),
  ].join('\n');
}

/** One after the other, for somebody at a terminal. */
async function walk({ request }: AdminClient, terminal: Interface, user: string): Promise<void> {
  for (const doubt of await request({ action: 'list' })) {
    console.log(`\n${told(doubt)}`);
    for (;;) {
      const end = await questioned(doubt, terminal);
      if (end === undefined) break;
      const answer = await request(wishOf(doubt.id, end, user));
      console.log('done' in answer ? `✓ ${answer.done}` : `✗ ${answer.refused}`);
      if ('done' in answer) break;
    }
  }
}

/** Undefined where it is left as it is. */
async function questioned({ kind, parcels }: Unresolved, terminal: Interface): Promise<End | undefined> {
  const isPurchase = kind === 'shipmentPurchase';
  const choices = isPurchase
    ? `[n]othing was bought, ${parcels === 1 ? '[b]ought, ' : ''}[c]ancelled by hand, cancel it by [k]ey, [s]kip`
    : '[n]othing happened, [d]one, [s]kip';
  for (;;) {
    const choice = (await terminal.question(`What is there at the provider? ${choices}: `))
      .trim()
      .toLowerCase();
    if (choice === 's') return undefined;
    if (choice === 'n') return { found: 'nothing' };
    if (isPurchase && choice === 'c') return { found: 'cancelled' };
    if (isPurchase && choice === 'k') return 'cancel';
    if (isPurchase && parcels === 1 && choice === 'b') {
      const trackingNumber = await terminal.question('Its tracking number: ');
      return {
        found: 'bought',
        trackingNumber,
        price: (await terminal.question('Its price, as 7.40: ')).trim(),
      };
    }
    if (!isPurchase && choice === 'd') {
      const confirmation = await terminal.question('Its number at the provider, if there is one: ');
      return { found: 'done', confirmation: confirmation.trim() || undefined };
    }
  }
}

async function main(): Promise<void> {
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
  const [action = 'list', id, confirmation, ...rest] = positionals;
  const isKnown = ['list', 'ask', 'resolve'].includes(action) && !(action === 'list' && id !== undefined);
  if (!isKnown || rest.length > 0 || (confirmation !== undefined && !values.done)) throw new Error(usage);
  const { json: _, ...found } = values;
  const isVerdict = Object.values(found).some((flag) => flag !== undefined && flag !== false);
  if (isVerdict && (action !== 'resolve' || id === undefined)) throw new Error(usage);
  const isWalk = action === 'resolve' && id === undefined;
  if (isWalk && !process.stdin.isTTY) throw new Error(`There is no terminal to ask at.\n\n${usage}`);
  const end = action === 'resolve' && !isWalk ? endOf(values, confirmation) : undefined;

  const { username: user } = userInfo();
  const care = await openAdminClient(readConfig(process.env));
  try {
    if (isWalk) {
      const terminal = createInterface({ input: process.stdin, output: process.stdout });
      // Whoever leaves in the middle leaves the rest as it is.
      terminal.once('SIGINT', () => terminal.close());
      await walk(care, terminal, user).finally(() => terminal.close());
    } else if (end) {
      const answer = await care.request(wishOf(id!, end, user));
      if ('refused' in answer) throw new Error(answer.refused);
      console.log(answer.done);
      return;
    }
    if (action === 'ask' && id !== undefined) {
      const open = await care.request({ action: 'list' });
      if (!open.some((doubt) => doubt.id === id))
        throw new Error(`there is no ${id} among what is uncertain`);
    }
    const left = await care.request(action === 'ask' ? { action, id } : { action: 'list' });
    console.log(values.json ? JSON.stringify(left, undefined, 2) : report(left));
    process.exitCode = left.length > 0 ? 1 : 0;
  } finally {
    await care.close();
  }
}

run(main, usage);
