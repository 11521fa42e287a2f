import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { movableClock } from '../sandbox/clock.ts';
import { openDatabase } from '../src/storage/database.ts';
import { backgroundCalls, emptyWindow, grantCalls } from '../src/transport/quota-window.ts';
import { ownParcels, openPolling, pollingTenant, watchAll } from '../test/support/polling.ts';

/**
 * Counts what the polls of one USPS account take, with a clock that is moved: a sweep over watched parcels at 60 calls an
 * hour while callers ask too, the calls for some numbers of parcels at once, and the memory that a watched parcel takes.
 * `npm run bench:yield -- [sweep | reserve | calls | memory] [--parcels 10000]`.
 */

const minute = 60_000;
const hour = 60 * minute;
const batchSize = 35;

const startedAt = Date.parse('2026-11-18T18:00:00Z');
const benchClock = () => {
  const clock = movableClock(startedAt);
  return {
    ...clock,
    sleep: async (milliseconds: number) => clock.advance(milliseconds),
  };
};

/** Opens a fresh embedded ledger and an account with so many calls an hour. */
async function open(quota: number) {
  const folder = mkdtempSync(join(tmpdir(), 'parcelgraph-bench-'));
  const clock = benchClock();
  const { db, close } = await openDatabase({ folder });
  const account = await openPolling([db], clock, { quota });
  const stop = async () => {
    await account.close();
    await close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...account, replica: account.replicas[0]!, db, clock, stop };
}

/** A repeatable sequence of numbers from 0 to 1. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

/** Polls every parcel once, while callers ask for one parcel each, at a random moment of every fifth of the quota's even intervals. */
async function sweep(count: number, seed: number): Promise<void> {
  const quota = 60;
  const { replica, emulator, clock, db, calls, stop } = await open(quota);
  const parcels = ownParcels(count);
  const others = ownParcels(2_000, 5_000_000);
  for (const { trackingNumber } of [...parcels, ...others]) emulator.parcel({ trackingNumber });
  await watchAll(replica, parcels, clock.now());
  const random = createRandom(seed);
  const everyMs = hour / (quota / 5);
  let questions = 0;
  const nextQuestion = () => startedAt + (questions + random()) * everyMs;
  const isDone = async () => {
    const [row] = await db.selectFrom('watches').select((eb) => eb.fn.countAll<number>().as('left')).where('due_at', '<=', new Date(startedAt)).execute(); // prettier-ignore
    return Number(row!.left) === 0;
  };
  let questionAt = nextQuestion();
  let starved = 0;
  while (!(await isDone())) {
    await replica.polling.pollDue();
    const nextPollAt = clock.now() + minute / 2;
    while (questionAt < nextPollAt) {
      clock.advance(questionAt - clock.now());
      const known = await replica.loaders().tracker.load({ parcel: others[questions]! });
      questions += 1;
      if (known.failure) starved += 1;
      questionAt = nextQuestion();
    }
    clock.advance(nextPollAt - clock.now());
  }
  const hours = (clock.now() - startedAt) / hour;
  const minimum = (count + questions) / batchSize / quota;
  const row = {
    parcels: count,
    calls: calls(),
    'questions of callers': questions,
    'callers without an answer': starved,
    '429 responses': emulator.calls.filter(({ status }) => status === 429).length,
    hours: hours.toFixed(2),
    'arithmetic minimum': minimum.toFixed(2),
    ratio: (hours / minimum).toFixed(3),
  };
  console.table([row]);
  await stop();
}

/**
 * Repeats the sweep many times by the counts of the quota alone, for several reserves, and for callers that come once in
 * each fifth interval or at any moment.
 */
function compareReserves(count: number): void {
  const api = { key: 'bench', api: 'tracking', limit: 60, windowMs: hour };
  const everyMs = 5 * minute;
  const sweeps = 200;
  const random = createRandom(20_261_118);
  const rows = [];
  for (const isEven of [true, false]) {
    for (const foregroundReserve of [0.03, 0.05, 0.08, 0.1, 0.15]) {
      const policy = { foregroundReserve, pollingShare: 1 };
      let questions = 0;
      let starved = 0;
      const hours = Array.from({ length: sweeps }, (_, run) => {
        const from = startedAt + run * 7_777;
        let [now, window, left, asked] = [from, emptyWindow, count, 0];
        const take = () => {
          const [changed, grant] = grantCalls(window, api, now, { waiting: 1, ahead: 0, held: 0 });
          window = changed;
          return 'calls' in grant;
        };
        const next = () => (isEven ? from + (asked++ + random()) * everyMs : now - Math.log(1 - random()) * everyMs); // prettier-ignore
        let questionAt = next();
        while (left > 0) {
          while (left > 0 && backgroundCalls(window, api, now, policy) > 0 && take()) left -= batchSize;
          const pollAt = now + 2_000;
          now = Math.min(pollAt, questionAt);
          if (now < questionAt) continue;
          questions += 1;
          if (take()) left -= batchSize - 1;
          else starved += 1;
          questionAt = next();
        }
        return (now - from) / hour;
      }).sort((a, b) => a - b);
      rows.push({
        callers: isEven ? 'once in every five minutes' : 'at any moment',
        reserve: foregroundReserve,
        'median hours': hours[sweeps / 2]!.toFixed(2),
        'longest hours': hours.at(-1)!.toFixed(2),
        'callers without an answer': `${((100 * starved) / questions).toFixed(2)} %`,
      });
    }
  }
  console.table(rows);
}

/** Counts the calls that polls send for parcels that are due at once. */
async function countCalls(): Promise<void> {
  const rows = [];
  for (const count of [1, 35, 36, 70, 1_000, 10_000]) {
    const { replica, emulator, clock, calls, stop } = await open(1_000_000);
    const parcels = ownParcels(count);
    for (const { trackingNumber } of parcels) emulator.parcel({ trackingNumber });
    await watchAll(replica, parcels, clock.now());
    await replica.polling.pollDue();
    rows.push({ parcels: count, calls: calls(), fewest: Math.ceil(count / batchSize) });
    await stop();
  }
  console.table(rows);
}

/** Measures the heap of this process, which holds no watched parcel, and the ledger, which does. */
async function measureMemory(): Promise<void> {
  const rows = [];
  for (const count of [1_000, 10_000, 100_000]) {
    const { replica, clock, db, stop } = await open(60);
    const { polling, records } = replica;
    await polling.pollDue();
    global.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let from = 0; from < count; from += 1_000) await watchAll(replica, ownParcels(Math.min(1_000, count - from), from), clock.now() + hour); // prettier-ignore
    await polling.pollDue();
    global.gc?.();
    const heap = process.memoryUsage().heapUsed - before;
    const size = await db.selectNoFrom((eb) => eb.fn<string>('pg_total_relation_size', [eb.val('watches')]).as('bytes')).executeTakeFirstOrThrow(); // prettier-ignore
    const started = performance.now();
    for (let run = 0; run < 20; run += 1) await records.watches.dueAccounts(clock.now());
    rows.push({
      parcels: count,
      'heap bytes a parcel': Math.round(heap / count),
      'ledger bytes a parcel': Math.round(Number(size.bytes) / count),
      'ms to find that none is due': ((performance.now() - started) / 20).toFixed(2),
      tenant: pollingTenant,
    });
    await stop();
  }
  console.table(rows.map(({ tenant: _, ...row }) => row));
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { parcels: { type: 'string', default: '10000' }, seed: { type: 'string', default: '20261118' } },
});
const measures = {
  sweep: () => sweep(Number(values.parcels), Number(values.seed)),
  reserve: () => compareReserves(Number(values.parcels)),
  calls: countCalls,
  memory: measureMemory,
};
const names = positionals.length > 0 ? positionals : Object.keys(measures);
for (const name of names) await measures[name as keyof typeof measures]();
