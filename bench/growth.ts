import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createDatabase, type BenchDatabase } from './database.ts';
import { createClient, type Send } from './load.ts';
import { purchase } from './operations.ts';
import { startProcess } from './processes.ts';
import { quantile, startReplica, type Replica } from './replica.ts';

/**
 * Measures whether the memory of a process and the time of a request grow with the trackers and labels that the ledger
 * knows: for ten times as many, a figure with the exponent x is 10^x times as large. Needs `DATABASE_URL`:
 * `npm run bench:growth`.
 */

const sizes = [1_000, 10_000, 100_000];
const runs = 150;
/** Those of `bench/load.ts` and of `purchase`. */
const [key, accountId] = ['bench-key', 'one'];
const accountAt = (baseUrl: string) => ({ id: accountId, provider: 'easypost', environment: 'TEST', baseUrl, credentials: { apiKey: 'EZTKgrowth' } }); // prettier-ignore

/** Returns the tracking number of a parcel, by its number from 1 on. */
const trackingNumber = (parcel: number) => `EZ9${String(parcel).padStart(9, '0')}`;

/** Adds parcels with their label and their tracker, delivered, so that no provider is asked. */
async function addParcels(database: BenchDatabase, from: number, to: number): Promise<void> {
  const number = `'EZ9' || lpad(n::text, 9, '0')`;
  const money = `'{"amount": "7.42", "currencyCode": "USD"}'`;
  const address = `'{"country": "US", "postalCode": "94107"}'`;
  const parcels = `generate_series(${from}, ${to}) as n`;
  await database.run(`insert into trackers (tenant_id, tracking_number, carrier, account_id, state, as_of)
    select 'growth', ${number}, 'USPS', '${accountId}',
      jsonb_build_object('status', 'DELIVERED', 'carrier', 'USPS', 'events', '[]'::jsonb), now() from ${parcels}`);
  await database.run(`insert into shipments (id, tenant_id, idempotency_key, input_hash, rate_hash, account_id, provider,
      environment, status, carrier, service, sender, recipient, quoted_price, reference)
    select 'shp_' || n, 'growth', 'key ' || n, 'hash', 'rate ' || n, '${accountId}', 'easypost', 'TEST', 'PURCHASED', 'USPS',
      '{"code": "PRIORITY_MAIL", "name": "Priority Mail"}', ${address}, ${address}, ${money},
      'order ' || n from ${parcels}`);
  await database.run(`insert into parcels (shipment_id, position, parcel, state, tracking_number, label_format, price)
    select 'shp_' || n, 0, '{"weight": {"value": 20, "unit": "OUNCE"}}', 'PURCHASED', ${number}, 'PDF', ${money}
    from ${parcels}`);
  await database.run('analyze');
}

type Ask = (query: string, variables?: object) => Promise<unknown>;

/** The operations, for a parcel that is known. */
const operations: Readonly<Record<string, (ask: Ask, parcel: number) => Promise<unknown>>> = {
  'tracker by number': (ask, parcel) =>
    ask(
      'query ($number: String!) { tracker(trackingNumber: $number, carrier: "USPS") { status shipment { id } } }',
      { number: trackingNumber(parcel) },
    ),
  'trackers, 35 numbers': (ask, parcel) =>
    ask('query ($numbers: [TrackingNumberInput!]!) { trackers(numbers: $numbers) { status asOf } }', {
      numbers: Array.from({ length: 35 }, (_, index) => ({
        trackingNumber: trackingNumber(Math.max(1, parcel - index)),
        carrier: 'USPS',
      })),
    }),
  'shipment by id': (ask, parcel) =>
    ask('query ($id: ID!) { shipment(id: $id) { status trackingNumber } }', { id: `shp_${parcel}` }),
  'shipments by reference': (ask, parcel) =>
    ask(
      'query ($reference: String!) { shipments(first: 1, filter: { reference: $reference }) { nodes { id } } }',
      { reference: `order ${parcel}` },
    ),
  'first page of shipments': (ask) =>
    ask('{ shipments(first: 20) { nodes { id status } pageInfo { hasNextPage } } }'),
};

async function medianMs(work: () => Promise<unknown>): Promise<number> {
  const durations: number[] = [];
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    await work();
    durations.push(performance.now() - started);
  }
  return quantile(durations, 0.5);
}

let purchases = 0;

/** The work to measure: each operation for any parcel, and purchases. */
const worksOf = (
  replica: Replica,
  send: Send,
  size: number,
): Readonly<Record<string, () => Promise<unknown>>> => ({
  ...Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      name,
      () => operation((...request) => replica.ask(key, ...request), 1 + Math.floor(Math.random() * size)),
    ]),
  ),
  'quote and purchase': () => purchase(send, (purchases += 1)),
});

/** Returns the slope of the figures over the sizes, both as logarithms (least squares). */
function exponent(figures: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = sizes.map(Math.log);
  const y = figures.map(Math.log);
  const covariance = x.reduce((sum, value, index) => sum + (value - mean(x)) * (y[index]! - mean(y)), 0);
  return covariance / x.reduce((sum, value) => sum + (value - mean(x)) ** 2, 0);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parcelgraph-bench-'));
  const provider = await startProcess('bench/provider.ts', { folder });
  const accounts = [accountAt(provider.url)];
  const database = await createDatabase();
  const figures: Record<string, number[]> = {};
  try {
    let known = 0;
    for (const size of sizes) {
      // A new process for each size, so that none has the memory of an earlier one.
      const replica = await startReplica([{ id: 'growth', apiKeys: [key], accounts }], database.url);
      const client = createClient(replica.url, 1);
      try {
        await addParcels(database, known + 1, size);
        known = size;
        for (const [name, work] of Object.entries(worksOf(replica, client.send, size))) {
          await medianMs(work);
          (figures[`${name}, ms`] ??= []).push(await medianMs(work));
        }
        (figures['memory of the process, MB'] ??= []).push((await replica.memoryBytes()) / 2 ** 20);
      } finally {
        await client.close();
        await replica.stop();
      }
    }
  } finally {
    await database.drop();
    await provider.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const row = (name: string, cells: readonly string[]) => console.log(name.padEnd(28) + cells.map((cell) => cell.padStart(10)).join('')); // prettier-ignore
  row('', [...sizes.map(String), 'exponent']);
  for (const [name, values] of Object.entries(figures)) {
    row(name, [...values.map((value) => value.toFixed(1)), exponent(values).toFixed(2)]);
  }
}

await main();
