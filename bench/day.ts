import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { pino } from 'pino';

import { movableClock } from '../sandbox/clock.ts';
import { openStore } from '../sandbox/store.ts';
import { startUsps, uspsSandboxClient, type UspsSandbox } from '../sandbox/usps/index.ts';
import type { Account } from '../src/accounts/account.ts';
import { openAccounts } from '../src/accounts/open-accounts.ts';
import { usps } from '../src/carriers/usps/index.ts';
import { dateAt } from '../src/domain/calendar.ts';
import { ProviderError, type Outcome } from '../src/domain/errors.ts';
import type { Quote, RateRequest } from '../src/domain/rate.ts';
import { createSealer } from '../src/domain/seal.ts';
import { createLoaders } from '../src/loaders/loaders.ts';
import { createSharedRequests } from '../src/loaders/shared-requests.ts';
import { openStorage } from '../src/storage/storage.ts';
import { noDeadline } from '../src/transport/deadline.ts';
import { createQuotaCounter } from '../src/transport/quota-counter.ts';
import { createDatabase } from './database.ts';
import { createShop, type Cart } from './shop.ts';

const usage = `Usage: npm run bench:day -- [options]

Simulates days of a shop that quotes each cart at USPS, through loaders, adapter and ledger, on a moved clock: how
many carts have a price, how many calls it took, and how many prices USPS would not have given at that moment. Prices rise
at the midnight before the third day. The ledger is embedded, or a database of the server that DATABASE_URL names.

  --modes <names>     which of off, equal, card. Default: all
  --days <n>          Default: 4
  --carts <n>         a day. Default: 20000
  --zip-codes <n>     of customers. Default: 5000
  --products <n>      with a weight each, in five boxes. Default: 200
  --exponent <x>      of the Zipf distribution of both. Default: 1
  --quota <n>         calls an hour. Default: 60
  --seed <n>          Default: 1`;

/** The settings of the account in each mode. */
const modes = {
  off: { rateCacheMs: 0, options: {} },
  equal: { rateCacheMs: 15 * 60_000, options: {} },
  card: { rateCacheMs: 15 * 60_000, options: { rateCard: {} } },
} as const;
type Mode = keyof typeof modes;

const dayMs = 24 * 3_600_000;
/** Midnight in Chicago, on a Friday. */
const firstDay = Date.parse('2027-01-15T06:00:00Z');
/** The first day with new prices. */
const changedDay = 2;
const raisedBy = '0.35';

const from = { country: 'US', postalCode: '60607' };
const toRequest = ({ postalCode, parcel }: Cart, now: number): RateRequest => ({
  from,
  to: { country: 'US', postalCode },
  parcels: [parcel],
  shipDate: dateAt(from, now),
});

const log = pino({ level: 'silent' });
const neverAborted = new AbortController().signal;

interface DayResult {
  priced: number;
  estimated: number;
  calls: number;
  refused: number;
  wrong: number;
}

/** Opens the shop's account in front of an emulated USPS that grants `quota` calls an hour. */
async function openShopAccount(mode: Mode, quota: number, name: string = mode) {
  const clock = { ...movableClock(firstDay), sleep: async () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'parcelgraph-bench-'));
  const sealer = createSealer('a secret of more than thirty-two characters');
  const database = process.env.DATABASE_URL ? await createDatabase(name) : undefined;
  const storage = await openStorage(database ?? { folder }, { sealer });
  const emulator = await startUsps({ clock, store: openStore(), quota });
  const quotas = createQuotaCounter(storage.quotas, clock);
  const { id: clientId, secret: clientSecret } = uspsSandboxClient;
  const account = {
    id: 'usps',
    provider: usps,
    name: 'USPS',
    environment: 'TEST' as const,
    baseUrl: emulator.url,
    credentials: usps.credentials.parse({ clientId, clientSecret }),
    options: usps.options.parse(modes[mode].options),
    quota: { default: quota },
    rateCacheMs: modes[mode].rateCacheMs,
  };
  const tenant = { id: 'shop', name: 'Shop', apiKeys: [], accounts: [account] };
  const accounts = openAccounts([tenant], { tokens: storage.tokens, quotas, clock, log });
  const shared = createSharedRequests({ storage, clock });
  const [caller] = accounts.callers();
  return {
    clock,
    emulator,
    storage,
    account: caller!.accounts[0]!,
    quote: async (account: Account, request: RateRequest): Promise<Outcome<Quote>> => {
      const loaders = createLoaders({ caller, storage, clock, log, signal: neverAborted, shared });
      const quoted = loaders.quote(account).load({ request, deadline: noDeadline });
      return quoted.catch((error: unknown) => {
        if (error instanceof ProviderError) return error;
        throw error;
      });
    },
    async close() {
      await quotas.release();
      await accounts.close();
      await emulator.close();
      await storage.close();
      await database?.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const pricesOf = ({ offers }: Quote): string =>
  offers.map(({ service, price }) => `${service.code} ${price.amount}`).sort().join(', '); // prettier-ignore

/** What USPS answers to a cart at a price list, each asked once for all modes. */
function createTruth(open: Awaited<ReturnType<typeof openShopAccount>>) {
  const known = new Map<string, string>();
  return async (cart: Cart, surcharge: string): Promise<string> => {
    const key = JSON.stringify([cart.postalCode, cart.parcel, surcharge]);
    const found = known.get(key);
    if (found !== undefined) return found;
    open.emulator.switches.surcharge = surcharge;
    const request = toRequest(cart, open.clock.now());
    const [quote] = await open.account.adapter.quote!([request], { signal: neverAborted });
    if (quote instanceof ProviderError) throw quote;
    const prices = pricesOf(quote!);
    known.set(key, prices);
    return prices;
  };
}

const searches = (emulator: UspsSandbox) => emulator.count('POST', /\/options\/search$/);

async function simulateDay(
  day: number,
  carts: readonly Cart[],
  { account, clock, emulator, storage, quote }: Awaited<ReturnType<typeof openShopAccount>>,
  truth: ReturnType<typeof createTruth>,
): Promise<DayResult> {
  const result: DayResult = { priced: 0, estimated: 0, calls: 0, refused: 0, wrong: 0 };
  const surcharge = day < changedDay ? '0' : raisedBy;
  emulator.switches.surcharge = surcharge;
  const before = searches(emulator);
  let hour = -1;
  for (const cart of carts) {
    clock.advance(firstDay + day * dayMs + cart.at - clock.now());
    if (hour !== (hour = Math.floor(cart.at / 3_600_000))) await storage.rateQuotes.prune(clock.now());
    const quoted = await quote(account, toRequest(cart, clock.now()));
    if (quoted instanceof ProviderError) continue;
    result.priced += 1;
    if (quoted.offers.some(({ estimated }) => estimated)) result.estimated += 1;
    if (pricesOf(quoted) !== (await truth(cart, surcharge))) result.wrong += 1;
  }
  result.calls = searches(emulator) - before;
  result.refused = emulator.calls.slice(-result.calls).filter(({ status }) => status === 429).length;
  return result;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean' },
      modes: { type: 'string', default: Object.keys(modes).join() },
      days: { type: 'string', default: '4' },
      carts: { type: 'string', default: '20000' },
      'zip-codes': { type: 'string', default: '5000' },
      products: { type: 'string', default: '200' },
      exponent: { type: 'string', default: '1' },
      quota: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
    },
  });
  if (values.help) return console.log(usage);
  const [days, quota] = [Number(values.days), Number(values.quota)];
  const options = {
    carts: Number(values.carts),
    zipCodes: Number(values['zip-codes']),
    products: Number(values.products),
    exponent: Number(values.exponent),
    seed: Number(values.seed),
  };
  const shop = createShop(options);
  const carts = Array.from({ length: days }, shop.day);
  console.log(JSON.stringify({ ...options, quota, pricesRiseBefore: `day ${changedDay + 1}` }));
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
  const oracle = await openShopAccount('off', 1_000_000, 'truth');
  const truth = createTruth(oracle);
  for (const mode of values.modes.split(',') as Mode[]) {
    const open = await openShopAccount(mode, quota);
    for (const [day, some] of carts.entries()) {
      const { priced, estimated, calls, refused, wrong } = await simulateDay(day, some, open, truth);
      console.log(
        `${mode.padEnd(5)}  day ${day + 1}  priced ${percent(priced, some.length).padStart(7)}  ` +
          `estimated ${percent(estimated, some.length).padStart(7)}  calls ${calls}  refused ${refused}  wrong ${wrong}`,
      );
    }
    await open.close();
  }
  await oracle.close();
}

await main();
