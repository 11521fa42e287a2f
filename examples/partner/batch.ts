// The nightly batch: buys the labels of a CSV file, prints them as one PDF, and puts them on manifests.
// node examples/partner/batch.ts orders.csv [folder]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import {
  createClient,
  LabelDocumentDocument,
  ManifestCreateDocument,
  RatesDocument,
  ShipmentPurchaseDocument,
  type Failure,
} from '@parcelgraph/client';

import { parseCsv } from './csv.ts';
import { openJournal, type Journal } from './journal.ts';
import { createProgress } from './progress.ts';

type Order = Readonly<Record<string, string>>;
/** Why an order or a manifest is not done, and what mends it. */
interface Problem {
  readonly subject: string;
  readonly message: string;
  readonly mend: string;
}

const purchasesAtOnce = 4;
const labelsPerFile = 1000;
const sender = {
  name: 'Sally Sender',
  phone: '202-555-0100',
  street1: "475 L'Enfant Plaza SW",
  city: 'Washington',
  state: 'DC',
  postalCode: '20260',
  country: 'US',
};

const { PARCELGRAPH_URL = 'http://127.0.0.1:4000', PARCELGRAPH_API_KEY = 'sandbox' } = process.env;
const client = createClient({ url: `${PARCELGRAPH_URL}/graphql`, apiKey: PARCELGRAPH_API_KEY });

/** Buys the cheapest label of an order; an order that is bought already is left as it is. */
async function buy(order: Order, batch: string, journal: Journal): Promise<Problem | undefined> {
  const id = order.order!;
  if (journal.shipmentOf(id)) return undefined;
  let rateId = journal.rateOf(id);
  for (let isQuotedNow = rateId === undefined; ; isQuotedNow = true) {
    if (isQuotedNow) {
      const quoted = await quote(order);
      if (typeof quoted !== 'string') return quoted;
      rateId = quoted;
      journal.append({ type: 'rate', order: id, rateId });
    }
    // The key belongs to the order: whatever was lost, it buys once.
    const bought = await client.mutate(ShipmentPurchaseDocument, {
      input: { idempotencyKey: `${batch}-${id}`, rateId: rateId!, reference: id },
    });
    const shipment = bought.data?.shipmentPurchase?.shipment;
    if (bought.ok && shipment) {
      journal.append({
        type: 'shipment',
        order: id,
        shipmentId: shipment.id,
        accountId: shipment.account.id,
      });
      return undefined;
    }
    if (bought.ok) return problem(id, 'the server returned no shipment', 'Run the batch again.');
    // Refused input bought nothing: the rate has expired, or the row was mended since. The next rate is of the row as it is.
    if (bought.failure.kind !== 'input' || isQuotedNow) return toProblem(id, bought.failure);
  }
}

/** Asks for rates; returns the id of the cheapest, or why there is none. */
async function quote(order: Order): Promise<string | Problem> {
  const { order: id, ounces, length, width, height, ...to } = order;
  const asked = await client.query(RatesDocument, {
    input: {
      from: sender,
      to: { ...to, country: to.country! },
      parcels: [
        {
          weight: { value: Number(ounces), unit: 'OUNCE' },
          dimensions: { length: Number(length), width: Number(width), height: Number(height), unit: 'INCH' },
        },
      ],
      accountIds: ['usps'],
    },
  });
  if (!asked.ok) return toProblem(id!, asked.failure);
  const { rates = [], failures = [] } = asked.data.rates ?? {};
  const [failure] = failures;
  return (
    rates[0]?.id ??
    problem(id!, failure?.message ?? 'no carrier has a rate', failure?.hint ?? 'Check the parcel.')
  );
}

const problem = (subject: string, message: string, mend: string): Problem => ({ subject, message, mend });

function toProblem(subject: string, failure: Failure): Problem {
  const hint = 'hint' in failure ? failure.hint : undefined;
  const mend = failure.retryable ? 'Run the batch again.' : 'Mend the row, then run the batch again.';
  return problem(subject, failure.message, hint ?? mend);
}

/** Prints labels in the order of the file, up to 1,000 a PDF. */
async function print(shipmentIds: readonly string[], folder: string): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (let start = 0; start < shipmentIds.length; start += labelsPerFile) {
    const name = start === 0 ? 'labels.pdf' : `labels-${start / labelsPerFile + 1}.pdf`;
    const ids = shipmentIds.slice(start, start + labelsPerFile);
    const asked = await client.query(LabelDocumentDocument, { input: { shipmentIds: ids, format: 'PDF' } });
    if (!asked.ok) problems.push(toProblem(name, asked.failure));
    else {
      const document = asked.data.labelDocument!;
      await download(document.url, join(folder, name));
      for (const { shipmentId, reason } of document.skipped)
        problems.push(problem(shipmentId, reason, 'Run the batch again.'));
    }
  }
  return problems;
}

/** Puts what is on no manifest yet on one for each account; one that was interrupted is repeated under its key. */
async function manifest(
  batch: string,
  journal: Journal,
  orders: readonly Order[],
  folder: string,
): Promise<Problem[]> {
  const listed = new Set(journal.manifests().flatMap(({ shipmentIds }) => shipmentIds));
  const open = orders
    .flatMap(({ order }) => journal.shipmentOf(order!) ?? [])
    .filter(({ shipmentId }) => !listed.has(shipmentId));
  for (const [accountId, shipments] of Map.groupBy(open, (shipment) => shipment.accountId)) {
    const key = `${batch}-manifest-${accountId}-${journal.manifests().length + 1}`;
    journal.append({ type: 'manifest', key, shipmentIds: shipments.map(({ shipmentId }) => shipmentId) });
  }
  const problems: Problem[] = [];
  for (const { key, shipmentIds } of journal.manifests()) {
    const created = await client.mutate(ManifestCreateDocument, {
      input: { idempotencyKey: key, shipmentIds },
    });
    const form = created.data?.manifestCreate?.manifest?.form;
    if (!created.ok) problems.push(toProblem(key, created.failure));
    else if (form) await download(form.url, join(folder, `${key}.${form.format.toLowerCase()}`));
  }
  return problems;
}

async function download(url: string, file: string): Promise<void> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${file} can't be downloaded: the server answered ${response.status}`);
  writeFileSync(file, Buffer.from(await response.arrayBuffer()));
}

async function main([csv, folder]: readonly string[]): Promise<void> {
  if (csv === undefined) throw new Error('Usage: node examples/partner/batch.ts orders.csv [folder]');
  const batch = basename(csv, '.csv');
  const out = folder ?? batch;
  mkdirSync(out, { recursive: true });
  const journal = openJournal(join(out, 'journal.ndjson'));
  const orders = parseCsv(readFileSync(csv, 'utf8'));

  const problems: Problem[] = [];
  const progress = createProgress(orders.length);
  const queue = orders.values();
  const worker = async () => {
    for (const order of queue) {
      const found = await buy(order, batch, journal);
      if (found) problems.push(found);
      progress();
    }
  };
  await Promise.all(Array.from({ length: purchasesAtOnce }, worker));

  const bought = orders.flatMap(({ order }) => journal.shipmentOf(order!)?.shipmentId ?? []);
  problems.push(...(await print(bought, out)), ...(await manifest(batch, journal, orders, out)));
  console.log(`${bought.length} of ${orders.length} orders have a label; the files are in ${out}`);
  for (const { subject, message, mend } of problems) console.log(`${subject}: ${message}\n  ${mend}`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

await main(process.argv.slice(2));
