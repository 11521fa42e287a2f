import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createDatabase, type BenchDatabase } from './database.ts';
import { startProcess } from './processes.ts';
import { quantile, startReplica, type Replica } from './replica.ts';

/**
 * Measures whether the memory of a process and the time of a request grow with the trackers and labels that the ledger
 * knows: for ten times as many, a figure with the exponent x is 10^x times as large. Needs `DATABASE_URL`:
 * `npm run bench:growth`.
 */

const sizes = [1_000, 10_000, 100_000];
const runs = 150;
const key = 'growth-key';
const accountAt = (baseUrl: string) => ({ id: 'easypost', provider: 'easypost', environment: 'TEST', baseUrl, credentials: { apiKey: 'EZTKgrowth' } }); // prettier-ignore

/** Returns the tracking number of a parcel, by its number from 1 on. */
const trackingNumber = (parcel: number) => `EZ9${String(parcel).padStart(9, '0')}`;

/** Adds parcels with their label and their tracker, delivered, so that no provider is asked. */
async function addParcels(database: BenchDatabase, from: number, to: number): Promise<void> {
  const number = `'EZ9' || lpad(n::text, 9, '0')`;
  const money = `'{"amount": "7.42", "currencyCode": "USD"}'`;
  const address = `'{"country": "US", "postalCode": "94107"}'`;
  const parcels = `generate_series(${from}, ${to}) as n`;
  await database.run(`insert into trackers (tenant_id, tracking_number, carrier, account_id, state, as_of)
    select 'growth', ${number}, 'USPS', 'easypost',
      jsonb_build_object('status', 'DELIVERED', 'carrier', 'USPS', 'events', '[]'::jsonb), now() from ${parcels}`);
  await database.run(`insert into shipments (id, tenant_id, idempotency_key, input_hash, rate_hash, account_id, provider,
      environment, status, carrier, service, sender, recipient, quoted_price, reference)
    select 'shp_' || n, 'growth', 'key ' || n, 'hash', 'rate ' || n, 'easypost', 'easypost', 'TEST', 'PURCHASED', 'USPS',
      '{"code": "PRIORITY_MAIL", "name": "Priority Mail"}', ${address}, ${address}, ${money},
      'order ' || n from ${parcels}`);
  await database.run(`insert into parcels (shipment_id, position, parcel, state, tracking_number, label_format, price)
    select 'shp_' || n, 0, '{"weight": {"value": 20, "unit": "OUNCE"}}', 'PURCHASED', ${number}, 'PDF', ${money}
    from ${parcels}`);
  await database.run('analyze');
}

type Ask = <Data>(query: string, variables?: object) => Promise<Data>;

/** The address of a recipient; each is quoted once, since a quote is bought once. */
const address = (number: number) => ({ street1: `${number} Main St`, city: 'San Francisco', state: 'CA', postalCode: '94107', country: 'US', name: 'Ada Lovelace' }); // prettier-ignore
let purchases = 0;

async function purchase(ask: Ask): Promise<void> {
  purchases += 1;
  const parcel = {
    weight: { value: 20, unit: 'OUNCE' },
    dimensions: { length: 10, width: 8, height: 4, unit: 'INCH' },
  };
  const { rates } = await ask<{ rates: { rates: readonly { id: string }[] } }>(
    'query ($input: RatesInput!) { rates(input: $input) { rates { id } failures { message } } }',
    { input: { from: address(1), to: address(purchases), parcels: [parcel] } },
  );
  const input = { idempotencyKey: `growth ${purchases}`, rateId: rates.rates[0]!.id };
  const { shipmentPurchase } = await ask<{ shipmentPurchase: { shipment?: { status: string } } }>(
    'mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { status } failure { message } userErrors { message } } }',
    { input },
  );
  if (shipmentPurchase.shipment?.status !== 'PURCHASED') throw new Error(JSON.stringify(shipmentPurchase));
}

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
  'quote and purchase': purchase,
};

async function medianMs(
  replica: Replica,
  size: number,
  operation: (typeof operations)[string],
): Promise<number> {
  const durations: number[] = [];
  for (let run = 0; run < runs; run++) {
    const parcel = 1 + Math.floor(Math.random() * size);
    const started = performance.now();
    await operation((...request) => replica.ask(key, ...request), parcel);
    durations.push(performance.now() - started);
  }
  return quantile(durations, 0.5);
}

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
      try {
        await addParcels(database, known + 1, size);
        known = size;
        for (const [name, operation] of Object.entries(operations)) {
          await medianMs(replica, size, operation);
          (figures[`${name}, ms`] ??= []).push(await medianMs(replica, size, operation));
        }
        (figures['memory of the process, MB'] ??= []).push((await replica.memoryBytes()) / 2 ** 20);
      } finally {
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
