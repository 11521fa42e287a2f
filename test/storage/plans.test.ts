import { CompiledQuery, sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';

import type { Database } from '../../src/storage/database.ts';
import { openLedgerTestServer, type LedgerTestServer } from '../support/ledger-server.ts';
import { observeStatements } from '../support/observe-statements.ts';
import { sender, storages } from '../support/test-server.ts';

/*
 * The time of a request must not grow with what the ledger holds. The statements of many requests are recorded, then planned
 * in a ledger with thousands of rows: each has to find its rows by an index.
 */

const rows = 5_000;
/** A statement that reads more rows than this has not found them by an index. */
const mostRows = rows / 20;
const tenant = `(array['sandbox', 'other'])[1 + n % 2]`;

/** The columns of tables that grow with use, as expressions of the number of a row. */
const growing: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  shipments: {
    id: `'shp_' || n`, tenant_id: tenant, idempotency_key: `'key ' || n`, input_hash: `'hash'`, rate_hash: `'rate ' || n`,
    account_id: `'usps'`, provider: `'usps'`, environment: `'TEST'`, status: `'PURCHASED'`, carrier: `'USPS'`, service: `'{}'`,
    sender: `'{}'`, recipient: `'{}'`, reference: `case n when 1 then (select string_agg(md5(k::text), '') from generate_series(1, 1000) k) else 'order ' || n end`, created_at: `now() - n * interval '1 minute'`,
  },
  parcels: {
    shipment_id: `'shp_' || n`, position: '0', parcel: `'{}'`, state: `'PURCHASED'`, attempt_id: `'attempt ' || n`,
    request: `'{}'`, reference: `'reference ' || n`, tracking_number: `case when n % 10 > 0 then '94' || n end`,
    label_format: `'PDF'`,
  },
  forms: { shipment_id: `'shp_' || n`, position: '0', number: '0', name: `'Invoice'`, format: `'PDF'` },
  reprints: { shipment_id: `'shp_' || n`, position: '0', format: `'ZPL'`, data: `''` },
  trackers: {
    tenant_id: tenant, tracking_number: `'94' || n`, carrier: `'USPS'`, account_id: `'usps'`, state: `'{"events": []}'`,
    as_of: 'now()', version: 'n',
  },
  watches: {
    tenant_id: tenant, tracking_number: `'94' || n`, carrier: `'USPS'`, account_id: `'usps'`, changed_at: 'now()',
    due_at: `now() + n * interval '1 minute'`,
  },
  operations: {
    id: `'man_' || n`, tenant_id: tenant, kind: `(array['PICKUP', 'MANIFEST'])[1 + n / 2 % 2]`, idempotency_key: `'key ' || n`,
    input_hash: `'hash'`, account_id: `'usps'`, provider: `'usps'`, environment: `'TEST'`, status: `'DONE'`,
    input: `jsonb_build_object('shipmentIds', jsonb_build_array('shp_' || n))`,
  },
  history: { tenant_id: tenant, subject_id: `'shp_' || n`, account_id: `'usps'`, event: `'ASKED'` },
  webhook_deliveries: {
    id: `'whd_' || n`, endpoint_id: `(select id from webhook_endpoints limit 1)`, tenant_id: tenant, event: `'TRACKER_UPDATED'`,
    subject: `'trk ' || n`, payload: `'{}'`, status: `'DELIVERED'`, created_at: `now() - n * interval '1 minute'`,
  },
  received_webhooks: {
    tenant_id: tenant, account_id: `'easypost'`, digest: `'digest ' || n`, body: `''`, received_at: 'now()', applied_at: 'now()',
  },
  rate_quotes: { key: `'key ' || n`, offers: `'[]'`, as_of: 'now()', expires_at: `now() + n * interval '1 minute'` },
  usage: {
    tenant_id: tenant, account_id: `'usps'`, hour: `date_trunc('hour', now()) - n * interval '1 hour'`, api: `'labels'`,
    operation: `'Filled'`, client: `''`, calls: '1', failed: '0', joined: '0',
  },
}; // prettier-ignore

async function fill(db: Database): Promise<void> {
  for (const [table, columns] of Object.entries(growing)) {
    const names = Object.keys(columns).join(', ');
    const values = Object.values(columns).join(', ');
    const statement = `insert into ${table} (${names}) select ${values} from generate_series(1, ${rows}) as n`;
    await sql.raw(statement).execute(db);
  }
  await sql`analyze`.execute(db);
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Plan Rows': number;
  readonly Plans?: readonly Plan[];
}

/** Indexes that have the open rows of a table alone, and so stay small. */
const isPartial = (index = '') => /_(open|due)$/.test(index);

/** Returns the parts of a plan that read a table that grows, or much of it. Below a limit, an index is read in its order as far as needed. */
function largeReads(plan: Plan, isLimited = false): string[] {
  const { 'Node Type': type, 'Relation Name': table = '', 'Index Name': index, 'Plan Rows': read } = plan;
  const isWhole = type === 'Seq Scan' || (/^Index/.test(type) && plan['Index Cond'] === undefined);
  const isLarge = /Scan$/.test(type) && !isLimited && (isWhole || read > mostRows);
  const passesOn = type === 'Limit' || (isLimited && !/Sort|Aggregate|Hash/.test(type));
  return [
    ...(table in growing && isLarge && !isPartial(index) ? [`${type} of ${read} ${table}`] : []),
    ...(plan.Plans ?? []).flatMap((part) => largeReads(part, passesOn && type !== 'Seq Scan')),
  ];
}

async function explain(db: Database, query: CompiledQuery): Promise<Plan> {
  const explained = CompiledQuery.raw(`explain (format json) ${query.sql}`, [...query.parameters]);
  const result = await db.executeQuery<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(explained);
  return result.rows[0]!['QUERY PLAN'][0]!.Plan;
}

/**
 * What a job deletes by its age, once a day, it finds by reading the table. Watches are counted for the limit of a tenant,
 * which bounds them.
 */
const isPlanned = (text: string) => /^\s*(select|insert|update|with)/i.test(text) && !/as others from watches/.test(text); // prettier-ignore

/** Sends requests of each kind that reads or writes the ledger. */
async function sendRequests(server: LedgerTestServer): Promise<void> {
  const ask = async (query: string, variables: object = {}) => {
    const { data, errors } = await server.ask(query, variables);
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).not.toContain('"userErrors":[{');
    return data;
  };
  await ask('mutation { webhookEndpointCreate(input: { url: "http://127.0.0.1:1/", events: [SHIPMENT_PURCHASED, TRACKER_UPDATED] }) { endpoint { id } } }'); // prettier-ignore
  const bought = [];
  for (const account of ['usps', 'easypost', 'usps']) {
    const { data } = await server.buy(`key of ${account} ${bought.length}`, await server.rate(account));
    expect(data.shipmentPurchase.shipment.status).toBe('PURCHASED');
    bought.push(data.shipmentPurchase.shipment);
  }
  const [first, , third] = bought;
  const trackerFields = 'status events { id } shipment { id }';
  const number = first.trackingNumber;
  for (const maxAge of [0, 0, 3600])
    await ask(`query ($number: String!) { tracker(trackingNumber: $number, carrier: "USPS", maxAgeSeconds: ${maxAge}) { ${trackerFields} } }`, { number }); // prettier-ignore
  await ask('mutation ($number: String!) { trackerWatch(input: { numbers: [{ trackingNumber: $number, carrier: "USPS" }] }) { trackers { status } } }', { number }); // prettier-ignore
  for (const filter of [{}, { reference: 'order 2' }, { trackingNumber: number }, { status: ['VOIDED'] }, { accountIds: ['usps'] }, { createdAfter: '2026-11-18T00:00:00Z' }]) // prettier-ignore
    await ask('query ($filter: ShipmentFilter) { shipments(first: 10, filter: $filter) { nodes { id history { event } forms { url } parcels { tracker { status } } } } }', { filter }); // prettier-ignore
  await ask('query ($id: ID!) { shipment(id: $id) { id } }', { id: first.id });
  const address = { ...sender, phone: '2025550100' };
  await ask('mutation ($input: PickupScheduleInput!) { pickupSchedule(input: $input) { pickup { id } userErrors { message } } }', { input: { idempotencyKey: 'pickup', address, date: '2026-11-20', shipmentIds: [first.id] } }); // prettier-ignore
  await ask('mutation ($input: ManifestCreateInput!) { manifestCreate(input: $input) { manifest { id } userErrors { message } } }', { input: { idempotencyKey: 'manifest', shipmentIds: [first.id] } }); // prettier-ignore
  await ask('{ pickups(first: 10) { nodes { id } } manifests(last: 10) { nodes { id shipments { nodes { id } } } } }'); // prettier-ignore
  await ask('mutation ($id: ID!) { shipmentVoid(input: { id: $id }) { shipment { refund { status } } } }', { id: third.id }); // prettier-ignore
  await ask('{ webhookEndpoints { deliveries(first: 10) { nodes { status } } } providerAccounts { usage(since: "2026-11-18T00:00:00Z") { calls } } }'); // prettier-ignore
}

describe.each(storages)('the statements of requests, on the %s ledger', (storage) => {
  const recorded = new Map<string, CompiledQuery>();
  const reads: Record<string, readonly string[]> = {};

  beforeAll(async () => {
    const record = (query: CompiledQuery) => void recorded.set(query.sql, query);
    const server = await openLedgerTestServer(storage, { wrapDialect: (dialect) => observeStatements(dialect, record) }); // prettier-ignore
    try {
      // Those of migrations are run once.
      recorded.clear();
      await sendRequests(server);
      await server.stop();
      await server.within(async (db) => {
        await fill(db);
        for (const [text, query] of recorded) {
          if (isPlanned(text)) reads[text] = largeReads(await explain(db, query));
        }
      });
    } finally {
      await server.close();
    }
  }, 120_000);

  it('find their rows by an index', () => {
    expect(Object.keys(reads).length).toBeGreaterThan(60);
    expect(Object.entries(reads).filter(([, parts]) => parts.length > 0)).toEqual([]);
  });
});
