import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { text } from 'node:stream/consumers';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { systemClock } from '../../sandbox/clock.ts';
import { easypostSandboxProductionKey, startEasyPost } from '../../sandbox/easypost/index.ts';
import { openStore } from '../../sandbox/store.ts';
import type { ImportProgress } from '../../src/workflows/import.ts';
import { easypost } from '../../src/carriers/easypost/index.ts';
import { providers } from '../../src/carriers/registry.ts';
import { toApiKeyConfig } from '../../src/config/api-key.ts';
import { type TenantConfig } from '../../src/config/tenants.ts';
import { createImports } from '../../src/storage/records/imports.ts';
import { sendCommand } from '../../src/admin/command-client.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { openConnections, timeout, type Send } from '../../src/transport/http.ts';
import { box, ledgerFolder, openTestServer, receiver, sender, storages, testClock, type TestServer } from '../support/test-server.ts'; // prettier-ignore
import { openLedgerTestServer } from '../support/ledger-server.ts';
import { memoryQuotas, memoryTokens, unguarded } from '../support/stores.ts';

// Starts processes, which takes long on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const afterwards: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of afterwards.splice(0).reverse()) await step();
});

const day = 24 * 60 * 60_000;
const key = easypostSandboxProductionKey;

/** Another program with the same API key. */
const elsewhere = async (url: string, path: string, body: object) => {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return await answer.json();
};
const follow = async (url: string, from: number, count: number) => {
  for (let number = from; number < from + count; number++) {
    await elsewhere(url, '/v2/trackers', { tracker: { tracking_code: numberOf(number), carrier: 'USPS' } });
  }
};
/** An address in EasyPost's form. */
const place = ({ postalCode: zip, ...rest }: typeof sender) => ({ ...rest, zip });
const quoteElsewhere = async (url: string, more: object = {}) => {
  const shipment = { from_address: place(sender), to_address: place(receiver), parcel: { weight: 20, length: 10, width: 8, height: 4 } }; // prettier-ignore
  return elsewhere(url, '/v2/shipments', { shipment: { ...shipment, ...more } });
};
const buyQuoted = (url: string, quoted: any) => {
  const rate = quoted.rates.find((each: any) => each.carrier === 'USPS' && each.service === 'Priority');
  return elsewhere(url, `/v2/shipments/${quoted.id}/buy`, { rate: { id: rate.id } });
};
const buyElsewhere = async (url: string, more: object = {}) =>
  buyQuoted(url, await quoteElsewhere(url, more));
/** Purchases a shipment, and returns it as EasyPost lists it. */
const buyListed = async (url: string) => {
  await buyElsewhere(url);
  const listed = await fetch(`${url}/v2/shipments`, { headers: { authorization: `Bearer ${key}` } });
  const { shipments } = (await listed.json()) as { shipments: any[] };
  return shipments[0];
};
const numberOf = (number: number) => `9400111202555${String(number).padStart(9, '0')}`;

/** A tenant with EasyPost's production key, since test mode accepts only seven tracking numbers. */
function tenantsOf(baseUrl: string, aliases: readonly string[]): TenantConfig[] {
  const provider = providers.find(({ id }) => id === 'easypost')!;
  const account = { id: 'easypost', provider, name: 'EasyPost', environment: 'PRODUCTION' as const, baseUrl, credentials: provider.credentials.parse({ apiKey: key }), options: provider.options.parse({}), quota: {} }; // prettier-ignore
  const accounts = aliases.map((id) => ({ ...account, id }));
  return [{ id: 'acme', name: 'Acme', apiKeys: [toApiKeyConfig('acme-key')], accounts }];
}

/** The account's adapter without an app. */
const openAccount = (baseUrl: string, clock: Clock, send: Send) =>
  easypost.createAdapter(
    { key: 'account', clientKey: 'client', environment: 'PRODUCTION', baseUrl, credentials: { apiKey: key }, options: {}, quota: {} }, // prettier-ignore
    { send: timeout(send), tokens: memoryTokens(), quotas: memoryQuotas(clock), guard: unguarded, clock },
  );

async function open(aliases = ['easypost']): Promise<TestServer> {
  const server = await openTestServer({
    tenants: ({ providers }) => tenantsOf(providers.easypost.url, aliases),
  });
  afterwards.push(() => server.close());
  return server;
}

/** Imports pages through the running server until nothing is left, or `count` pages. */
async function steps(server: TestServer, period: object, most = Infinity): Promise<ImportProgress[]> {
  const taken: ImportProgress[] = [];
  while (taken.length < most) {
    const step = (await sendCommand(server.folder, 'import', period))!.result as ImportProgress;
    if (step.done) break;
    taken.push(step);
    if (step.fault) break;
  }
  return taken;
}
const imported = (taken: readonly ImportProgress[]) =>
  taken.reduce((sum, each) => sum + (each.imported ?? 0), 0);
const known = async (server: TestServer, numbers: readonly number[]) => {
  const { data, errors } = await server.ask(
    'query ($numbers: [TrackingNumberInput!]!) { trackers(numbers: $numbers) { status stale account { id } } }',
    { numbers: numbers.map((number) => ({ trackingNumber: numberOf(number), carrier: 'USPS' })) },
    'acme-key',
  );
  expect(errors).toBeUndefined();
  return data.trackers as { status: string; stale: boolean; account: { id: string } }[];
};

describe('an import', () => {
  it('stores external trackers, a hundred per call, each once', async () => {
    const server = await open();
    const { easypost } = server.sandbox;
    await follow(easypost.url, 1, 210);
    // A tracker created in the second at which an import ends belongs to the next import too.
    server.clock.advance(1000);
    const period = () => ({ since: server.clock.now() - 30 * day, until: server.clock.now() });
    const before = easypost.calls.length;
    const first = await steps(server, period());
    expect(first.map((each) => each.imported)).toEqual([0, 100, 100, 10]);
    expect(first.at(-1)).toMatchObject({ tenant: 'acme', account: 'easypost', skipped: {}, share: 1 });
    const shares = first.map((each) => each.share!);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    const asked = () => easypost.calls.slice(before).map(({ method, path }) => `${method} ${path}`);
    expect(asked()).toEqual(['GET /v2/shipments', ...Array(3).fill('GET /v2/trackers')]);

    // They are stored now, so that reading them takes no call.
    expect(await known(server, [1, 117, 210])).toEqual(Array(3).fill({ status: 'UNKNOWN', stale: false, account: { id: 'easypost' } })); // prettier-ignore
    expect(asked()).toHaveLength(4);

    expect(imported(await steps(server, { ...period(), since: server.clock.now() - 10 * day }))).toBe(0);
    server.clock.advance(day);
    await follow(easypost.url, 211, 2);
    expect(imported(await steps(server, period()))).toBe(2);
  });

  it('resumes where it was interrupted, in another process too', async () => {
    const server = await open();
    await follow(server.sandbox.easypost.url, 1, 110);
    const period = { since: server.clock.now() - day, until: server.clock.now() };
    expect(imported(await steps(server, period, 2))).toBe(100);
    await server.restart();
    server.clock.advance(1000);
    const { easypost } = server.sandbox;
    const rest = await steps(server, period);
    expect(rest.map((each) => each.imported)).toEqual([10]);
    expect(easypost.count('GET', /trackers$/)).toBe(1);
  });

  it('reports a failure, and loses no page', async () => {
    const server = await open();
    const { easypost } = server.sandbox;
    await follow(easypost.url, 1, 120);
    const period = { since: server.clock.now() - day, until: server.clock.now() };
    expect(imported(await steps(server, period, 2))).toBe(100);
    const mend = easypost.injectFault({ path: /trackers$/, response: { status: 503, body: {} } });
    expect((await steps(server, period)).at(-1)!.fault).toMatch(/503.*Try again/);
    mend();
    expect(imported(await steps(server, period))).toBe(20);
  });

  it('reads older periods a month at a time', async () => {
    const server = await open();
    const { easypost } = server.sandbox;
    const began = server.clock.now();
    for (const number of [1, 2, 3, 4]) {
      await follow(easypost.url, number, 1);
      server.clock.advance(25 * day);
    }
    const until = server.clock.now();
    expect(imported(await steps(server, { since: until - 30 * day, until }))).toBe(1);
    expect(imported(await steps(server, { since: began, until }))).toBe(3);
    // 30 days before, then 70 days in three windows; each for trackers and for shipments.
    expect(easypost.count('GET', /trackers$/)).toBe(1 + 3);
    expect(easypost.count('GET', /shipments$/)).toBe(1 + 3);
  });

  it('never replaces a tracking state by an older one', async () => {
    const server = await open();
    const { easypost } = server.sandbox;
    const bought = await buyElsewhere(easypost.url);
    server.clock.advance(4 * day);
    const period = { since: server.clock.now() - 30 * day, until: server.clock.now() };
    // The tracker, and the same one in its shipment.
    expect((await steps(server, period)).map((each) => each.imported)).toEqual([1, 1]);
    const { data } = await server.ask('query ($number: String!) { tracker(trackingNumber: $number) { status stale } }', { number: bought.tracking_code }, 'acme-key'); // prettier-ignore
    expect(data.tracker.status).toBe('DELIVERED');
    expect(easypost.count('POST', /trackers/)).toBe(0);
  });

  it('resumes where the row at which it stopped was deleted', async () => {
    const server = await open();
    const { easypost } = server.sandbox;
    await follow(easypost.url, 1, 120);
    server.clock.advance(1000);
    const period = { since: server.clock.now() - day, until: server.clock.now() };
    // No shipments, then the newest hundred trackers.
    await steps(server, period, 2);
    const headers = { authorization: `Bearer ${key}` };
    const page = await fetch(`${easypost.url}/v2/trackers?page_size=100`, { headers });
    const { trackers } = (await page.json()) as { trackers: { id: string }[] };
    await fetch(`${easypost.url}/v2/trackers/${trackers.at(-1)!.id}`, { method: 'DELETE', headers });
    const rest = await steps(server, period);
    expect(rest.map(({ fault }) => fault)).toEqual(rest.map(() => undefined));
    expect(rest.at(-1)!.share).toBe(1);
    const before = easypost.calls.length;
    await known(server, [1, 20, 120]);
    expect(easypost.calls.length).toBe(before);
  });

  it('requests at most five lists per second', async () => {
    const clock = testClock('2026-11-18T18:00:00Z');
    const emulator = await startEasyPost({ clock, store: openStore(), listsPerSecond: 5 });
    const connections = openConnections();
    afterwards.push(emulator.close, connections.close);
    await follow(emulator.url, 1, 1);
    const carrier = openAccount(emulator.url, clock, connections.send);
    const call = { signal: new AbortController().signal };
    const span = { from: clock.now() - 300 * day, to: clock.now() };
    let next: string | undefined;
    let pages = 0;
    do {
      ({ next } = await carrier.listExternal!(span, next, call));
      pages++;
    } while (next !== undefined);
    expect(pages).toBe(20);
    expect(emulator.calls.filter(({ method }) => method === 'GET').map(({ status }) => status)).toEqual(Array(20).fill(200)); // prettier-ignore
  });
});

describe('external shipments', () => {
  const shipmentFields =
    'id status account { id } carrier service { code providerCode } from { name street1 postalCode } to { name street1 street2 postalCode } price { amount currencyCode } quotedPrice { amount } charges { name amount { amount } } label { url format } forms { name } trackingNumber tracker { status } refund { status amount { amount } } isReturn reference failure { code } parcels { status trackingNumber parcel { weight { value unit } dimensions { length unit } } } history { event by detail } createdAt';
  const asked = async (server: TestServer, query: string, variables: object) => {
    const { data, errors } = await server.ask(query, variables, 'acme-key');
    expect(errors).toBeUndefined();
    return data;
  };
  const all = async (server: TestServer, filter: object = {}) => {
    const found: any[] = [];
    let after: string | null = null;
    do {
      const query = `query ($after: String, $filter: ShipmentFilter) { shipments(first: 100, after: $after, filter: $filter) { nodes { ${shipmentFields} } pageInfo { hasNextPage endCursor } } }`;
      const { shipments } = await asked(server, query, { after, filter });
      found.push(...shipments.nodes);
      after = shipments.pageInfo.hasNextPage ? shipments.pageInfo.endCursor : null;
    } while (after !== null);
    return found;
  };
  const one = async (server: TestServer, trackingNumber: string) => {
    const found = await all(server, { trackingNumber });
    expect(found).toHaveLength(1);
    return found[0];
  };
  const voidShipment = async (server: TestServer, id: string) => {
    const query = `mutation ($id: ID!) { shipmentVoid(input: { id: $id }) { shipment { ${shipmentFields} } failure { code message } userErrors { message } } }`;
    return (await asked(server, query, { id })).shipmentVoid;
  };
  const quoteOurs = async (server: TestServer) => {
    const input = { from: sender, to: receiver, parcels: [box] };
    const query = 'query ($input: RatesInput!) { rates(input: $input) { rates { id service { code } } } }';
    const { rates } = (await asked(server, query, { input })).rates;
    return rates.find((each: any) => each.service.code === 'PRIORITY_MAIL').id as string;
  };
  const purchase = async (server: TestServer, rateId: string, idempotencyKey: string) => {
    const query = `mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { ${shipmentFields} } failure { code message } userErrors { message } } }`;
    return (await asked(server, query, { input: { rateId, idempotencyKey } })).shipmentPurchase;
  };
  const buyOurs = async (server: TestServer, rateId: string, idempotencyKey: string) =>
    (await purchase(server, rateId, idempotencyKey)).shipment;
  const adopted = (taken: readonly ImportProgress[]) =>
    taken.reduce((sum, each) => sum + (each.shipments ?? 0), 0);
  const recent = (server: TestServer) => ({
    since: server.clock.now() - 30 * day,
    until: server.clock.now(),
  });

  it('are stored as shipments, a hundred per call, resumed after an interruption, each once', async () => {
    const server = await open(['easypost', 'twin']);
    const { easypost } = server.sandbox;
    const ours = await buyOurs(server, await quoteOurs(server), 'ours');
    const period = { account: 'easypost', ...recent(server) };
    const numbers: string[] = [];
    for (let count = 0; count < 130; count++) numbers.push((await buyElsewhere(easypost.url)).tracking_code);

    const before = easypost.calls.length;
    const begun = await steps(server, period, 1);
    expect(begun.map((each) => each.shipments)).toEqual([100]);
    const calls = easypost.calls.slice(before).map(({ method, path }) => `${method} ${path}`);
    expect(calls).toEqual(['GET /v2/shipments']);
    await server.restart();
    const rest = await steps(server, period);
    // One of the 131 was purchased here.
    expect(rest.map(({ shipments, imported, skipped }) => [shipments, imported, skipped])).toEqual([[30, 31, {}], [0, 100, {}], [0, 31, {}]]); // prettier-ignore
    expect(server.sandbox.easypost.calls.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v2/shipments', 'GET /v2/trackers', 'GET /v2/trackers']); // prettier-ignore

    const shipments = await all(server);
    expect(shipments.map((each) => each.trackingNumber).sort()).toEqual([...numbers, ours.trackingNumber].sort()); // prettier-ignore
    expect((await one(server, ours.trackingNumber)).history).toEqual(ours.history);

    // A label purchased in the second at which an import ended is listed again, and by another account with the same key.
    server.clock.advance(1000);
    expect(adopted(await steps(server, { account: 'easypost', ...recent(server) }))).toBe(0);
    const twin = await steps(server, { account: 'twin', ...recent(server) });
    expect([imported(twin), adopted(twin)]).toEqual([262, 0]);
    expect((await all(server)).map((each) => each.id)).toEqual(shipments.map((each) => each.id));
  });

  it('that were only quotes in an earlier import are stored by the next one, a call each, each once', async () => {
    const server = await open();
    const { easypost } = server.sandbox;
    const quoted = await quoteElsewhere(easypost.url);
    server.clock.advance(1000);
    expect(adopted(await steps(server, recent(server)))).toBe(0);
    server.clock.advance(3 * day);
    const late = await buyQuoted(easypost.url, quoted);
    await buyElsewhere(easypost.url);
    server.clock.advance(1000);
    const before = easypost.calls.length;
    expect(adopted(await steps(server, recent(server)))).toBe(2);
    const calls = easypost.calls.slice(before).map(({ method, path }) => `${method} ${path}`);
    expect(calls).toEqual(['GET /v2/shipments', 'GET /v2/trackers', `GET /v2/shipments/${late.id}`]);
    expect(await one(server, late.tracking_code)).toMatchObject({ status: 'PURCHASED', price: { amount: late.selected_rate.rate } }); // prettier-ignore
    server.clock.advance(1000);
    expect(adopted(await steps(server, recent(server)))).toBe(0);
  });

  it('that were created before the period and purchased in it are imported', async () => {
    const server = await open();
    const { easypost } = server.sandbox;
    const quoted = await quoteElsewhere(easypost.url);
    server.clock.advance(100 * day);
    const late = await buyQuoted(easypost.url, quoted);
    server.clock.advance(1000);
    const gone = easypost.injectFault({ path: /\/shipments\/\w+$/, response: { status: 503, body: {} } });
    const stopped = (await steps(server, recent(server))).at(-1)!;
    expect(stopped.fault).toMatch(/503/);
    gone();
    expect(adopted(await steps(server, recent(server)))).toBe(1);
    await one(server, late.tracking_code);
  });

  it('that the carrier does not track are imported without a tracking number, each once', async () => {
    const server = await open();
    const { easypost } = server.sandbox;
    easypost.sellUntracked('Priority');
    for (const reference of ['letter 1', 'letter 2']) await buyElsewhere(easypost.url, { reference });
    server.clock.advance(1000);
    expect(adopted(await steps(server, recent(server)))).toBe(2);
    server.clock.advance(1000);
    expect(adopted(await steps(server, { ...recent(server), since: 0 }))).toBe(0);
    const [letter] = await all(server, { reference: 'letter 1' });
    expect(letter).toMatchObject({ status: 'PURCHASED', trackingNumber: null, tracker: null });
  });

  it('have everything that EasyPost reports, and are found by tracking number and reference', async () => {
    const server = await open();
    const { easypost } = server.sandbox;
    const bought = await buyElsewhere(easypost.url, {
      reference: 'order 7',
      insurance: '50.00',
      options: { label_date: '2026-11-20T00:00:00Z' },
    });
    server.clock.advance(day);
    await steps(server, recent(server));
    const [shipment, ...more] = await all(server, { reference: 'order 7' });
    expect(more).toEqual([]);
    const postage = bought.selected_rate.rate;
    expect(shipment).toMatchObject({
      status: 'PURCHASED',
      account: { id: 'easypost' },
      carrier: 'USPS',
      service: { code: 'PRIORITY_MAIL', providerCode: 'Priority' },
      from: { name: sender.name, postalCode: sender.postalCode },
      // EasyPost corrected the recipient's address.
      to: { name: 'RITA RECEIVER', street2: null },
      price: { amount: (Number(postage) + 1).toFixed(2), currencyCode: 'USD' },
      quotedPrice: { amount: (Number(postage) + 1).toFixed(2) },
      charges: [
        { name: 'Postage', amount: { amount: postage } },
        { name: 'Insurance', amount: { amount: '1.00' } },
      ],
      label: { format: 'PNG' },
      trackingNumber: bought.tracking_code,
      tracker: { status: 'IN_TRANSIT' },
      refund: null,
      isReturn: false,
      reference: 'order 7',
      failure: null,
      parcels: [{ status: 'PURCHASED', parcel: { weight: { value: 20, unit: 'OUNCE' }, dimensions: { length: 10, unit: 'INCH' } } }], // prettier-ignore
      history: [{ event: 'IMPORTED', by: null, detail: bought.tracking_code }],
    });
    expect(Date.parse(shipment.createdAt)).toBe(Date.parse(bought.created_at));
    expect(await one(server, bought.tracking_code)).toMatchObject({ id: shipment.id });
  });

  it('have labels to print, fetched by one call each, in their original format', async () => {
    const server = await open();
    const { easypost } = server.sandbox;
    const made = { PNG: '\x89PNG', PDF: '%PDF', ZPL: '^XA\n' };
    const numbers: [keyof typeof made, string][] = [];
    for (const format of Object.keys(made) as (keyof typeof made)[]) {
      const { tracking_code } = await buyElsewhere(easypost.url, { options: { label_format: format } });
      numbers.push([format, tracking_code]);
    }
    await steps(server, recent(server));
    const before = easypost.calls.length;
    for (const [format, number] of numbers) {
      const { label } = await one(server, number);
      expect(label.format).toBe(format);
      for (let time = 0; time < 2; time++) {
        const file = Buffer.from(await (await fetch(label.url)).arrayBuffer());
        expect(file.subarray(0, 4).toString('latin1')).toBe(made[format]);
      }
    }
    const files = easypost.calls.slice(before).filter(({ path }) => path.startsWith('/files/'));
    expect(files).toHaveLength(3);
  });

  it('are voided as any shipment, and followed until the refund is decided', async () => {
    const server = await open();
    const { easypost } = server.sandbox;
    const bought = await buyElsewhere(easypost.url);
    await steps(server, recent(server));
    const { id, label } = await one(server, bought.tracking_code);
    expect(await voidShipment(server, id)).toMatchObject({
      shipment: { status: 'PURCHASED', refund: { status: 'REQUESTED' }, label: null },
      failure: null,
      userErrors: [],
    });
    expect(easypost.count('POST', new RegExp(`${bought.id}/refund$`))).toBe(1);
    expect((await fetch(label.url)).status).toBe(410);
    server.clock.advance(16 * day);
    expect(await voidShipment(server, id)).toMatchObject({
      shipment: { status: 'VOIDED', refund: { status: 'REFUNDED', amount: { amount: bought.selected_rate.rate } } }, // prettier-ignore
    });
  });

  it('that were voided externally are VOIDED, and open refunds are checked', async () => {
    const server = await open();
    const { easypost } = server.sandbox;
    const [paid, waiting] = [await buyElsewhere(easypost.url), await buyElsewhere(easypost.url)];
    await elsewhere(easypost.url, `/v2/shipments/${paid.id}/refund`, {});
    server.clock.advance(16 * day);
    await elsewhere(easypost.url, `/v2/shipments/${waiting.id}/refund`, {});
    const late = await buyElsewhere(easypost.url);
    await elsewhere(easypost.url, `/v2/shipments/${late.id}/refund`, {});
    await steps(server, recent(server));
    expect(await one(server, paid.tracking_code)).toMatchObject({
      status: 'VOIDED',
      refund: { status: 'REFUNDED', amount: { amount: paid.selected_rate.rate } },
      parcels: [{ status: 'VOIDED' }],
      label: null,
    });
    expect(await one(server, late.tracking_code)).toMatchObject({
      status: 'PURCHASED',
      refund: { status: 'REQUESTED', amount: null },
      label: null,
    });
    // The other was scanned before it was voided, so its refund is refused; only the background job checks it.
    server.clock.advance(16 * day);
    const now = async (number: string) => {
      const { status, refund } = await one(server, number);
      return [status, refund.status];
    };
    await expect.poll(() => now(late.tracking_code), { timeout: 20_000 }).toEqual(['VOIDED', 'REFUNDED']);
    await expect.poll(() => now(waiting.tracking_code), { timeout: 20_000 }).toEqual(['PURCHASED', 'REFUSED']); // prettier-ignore
  });

  it('include the refunds of labels purchased here and voided externally', async () => {
    const server = await open();
    const ours = await buyOurs(server, await quoteOurs(server), 'ours');
    const { url } = server.sandbox.easypost;
    const listed = await fetch(`${url}/v2/shipments`, { headers: { authorization: `Bearer ${key}` } });
    const { shipments } = (await listed.json()) as { shipments: { id: string }[] };
    await elsewhere(url, `/v2/shipments/${shipments[0]!.id}/refund`, {});
    server.clock.advance(16 * day);
    expect(adopted(await steps(server, recent(server)))).toBe(0);
    const now = async () => (await one(server, ours.trackingNumber)).status;
    await expect.poll(now, { timeout: 20_000 }).toBe('VOIDED');
    expect(await one(server, ours.trackingNumber)).toMatchObject({
      id: ours.id,
      refund: { status: 'REFUNDED', amount: { amount: ours.quotedPrice.amount } },
    });
  });

  it('with a refused refund do not have it requested again', async () => {
    const server = await open();
    const { easypost } = server.sandbox;
    const sold = async (idempotencyKey: string) => {
      const { trackingNumber } = await buyOurs(server, await quoteOurs(server), idempotencyKey);
      const listed = await fetch(`${easypost.url}/v2/shipments`, { headers: { authorization: `Bearer ${key}` } }); // prettier-ignore
      const { shipments } = (await listed.json()) as { shipments: { id: string; tracking_code: string }[] };
      return shipments.find(({ tracking_code }) => tracking_code === trackingNumber)!;
    };
    const scanned = await sold('scanned');
    server.clock.advance(10 * day);
    await elsewhere(easypost.url, `/v2/shipments/${scanned.id}/refund`, {});
    const unused = await sold('unused');
    await elsewhere(easypost.url, `/v2/shipments/${unused.id}/refund`, {});
    server.clock.advance(16 * day);
    await steps(server, recent(server));
    const now = async () => (await one(server, unused.tracking_code)).status;
    await expect.poll(now, { timeout: 20_000 }).toBe('VOIDED');
    expect(await one(server, scanned.tracking_code)).toMatchObject({ status: 'PURCHASED', refund: null });
    expect(easypost.count('POST', new RegExp(`${scanned.id}/refund$`))).toBe(1);
  });

  it('of one order are a shipment each, and can be in pickups and manifests with others', async () => {
    const server = await open();
    const { easypost } = server.sandbox;
    const ours = await buyOurs(server, await quoteOurs(server), 'ours');
    const order = await elsewhere(easypost.url, '/v2/orders', {
      order: {
        from_address: place(sender),
        to_address: place(receiver),
        shipments: [{ parcel: { weight: 20 } }, { parcel: { weight: 30 } }],
      },
    });
    const { shipments: members } = await elsewhere(easypost.url, `/v2/orders/${order.id}/buy`, { carrier: 'USPS', service: 'Priority' }); // prettier-ignore
    expect(adopted(await steps(server, recent(server)))).toBe(2);
    const [first, second] = await Promise.all(members.map((each: any) => one(server, each.tracking_code)));
    expect([first.status, second.status]).toEqual(['PURCHASED', 'PURCHASED']);

    const shipmentIds = [ours.id, first.id, second.id];
    const manifesting =
      'mutation ($input: ManifestCreateInput!) { manifestCreate(input: $input) { manifest { status shipments { nodes { id } } } failure { message } userErrors { message } } }';
    const { manifestCreate } = await asked(server, manifesting, {
      input: { idempotencyKey: 'm', shipmentIds },
    });
    expect(manifestCreate).toMatchObject({ failure: null, userErrors: [] });
    expect(manifestCreate.manifest.shipments.nodes).toHaveLength(3);
    const scheduling =
      'mutation ($input: PickupScheduleInput!) { pickupSchedule(input: $input) { pickup { status } failure { message } userErrors { message } } }';
    const address = { ...sender, phone: '202-555-0100' };
    const pickup = { idempotencyKey: 'p', address, date: '2026-11-20', shipmentIds };
    expect((await asked(server, scheduling, { input: pickup })).pickupSchedule).toMatchObject({
      pickup: { status: 'SCHEDULED' },
      failure: null,
      userErrors: [],
    });
    // A label on a manifest is not voided.
    expect(easypost.calls.filter(({ path }) => path.endsWith('/refund'))).toEqual([]);
  });

  it('that are returns go from the customer to the merchant', async () => {
    const server = await open();
    // EasyPost takes the addresses of the outbound direction.
    const bought = await buyElsewhere(server.sandbox.easypost.url, { is_return: true });
    await steps(server, recent(server));
    expect(await one(server, bought.tracking_code)).toMatchObject({
      isReturn: true,
      from: { name: receiver.name },
      // EasyPost corrected it, as the address of delivery.
      to: { name: 'SALLY SENDER' },
    });
  });

  it('are not created from a purchase here whose response was lost', async () => {
    const server = await open();
    const { easypost } = server.sandbox;
    const rateId = await quoteOurs(server);
    const heal = [
      easypost.injectFault({ method: 'POST', path: /\/buy$/, drop: 'after' }),
      easypost.injectFault({ method: 'GET', path: /\/shipments\/\w+$/, response: { status: 503, body: {} } }),
    ];
    const lost = await buyOurs(server, rateId, 'lost');
    expect(lost).toMatchObject({ status: 'UNCERTAIN', trackingNumber: null });
    expect((await steps(server, recent(server))).map((each) => each.imported)).toEqual([1, 1]);
    expect((await all(server)).map((each) => each.id)).toEqual([lost.id]);
    for (const mend of heal) mend();
    const found = await buyOurs(server, rateId, 'lost');
    expect(found).toMatchObject({ id: lost.id, status: 'PURCHASED' });
    expect(await one(server, found.trackingNumber)).toMatchObject({ id: lost.id });
  });

  describe('that were quoted here', () => {
    /** Purchases, in EasyPost's dashboard, the shipment that a quote here created. */
    const buyQuote = async (server: TestServer) => {
      const { url } = server.sandbox.easypost;
      const listed = await fetch(`${url}/v2/shipments?purchased=false`, { headers: { authorization: `Bearer ${key}` } }); // prettier-ignore
      const { shipments: [quoted] } = (await listed.json()) as { shipments: object[] }; // prettier-ignore
      return buyQuoted(url, quoted);
    };

    it('are one shipment where the rate is purchased after the import', async () => {
      const server = await open();
      const rateId = await quoteOurs(server);
      const bought = await buyQuote(server);
      server.clock.advance(1000);
      expect(adopted(await steps(server, recent(server)))).toBe(1);
      const imported = await one(server, bought.tracking_code);
      expect(await purchase(server, rateId, 'ours')).toMatchObject({
        shipment: { status: 'FAILED', trackingNumber: null },
        failure: { code: 'REJECTED', message: expect.stringContaining(imported.id) },
      });
      expect(await one(server, bought.tracking_code)).toMatchObject({ id: imported.id, status: 'PURCHASED', refund: null }); // prettier-ignore
      expect(server.sandbox.easypost.count('POST', /\/refund$/)).toBe(0);
    });

    it('are the shipment of the purchase where the purchase comes first', async () => {
      const server = await open();
      const rateId = await quoteOurs(server);
      const bought = await buyQuote(server);
      expect(await buyOurs(server, rateId, 'ours')).toMatchObject({ status: 'PURCHASED', trackingNumber: bought.tracking_code }); // prettier-ignore
      server.clock.advance(1000);
      expect(adopted(await steps(server, recent(server)))).toBe(0);
      expect(await all(server)).toHaveLength(1);
    });
  });

  it('whose price EasyPost does not tell are imported without it', async () => {
    const server = await open();
    const { easypost } = server.sandbox;
    const good = await buyListed(easypost.url);
    const { rate: _, ...unpriced } = good.selected_rate;
    const shipments = [
      { ...good, selected_rate: unpriced, fees: [] },
      { ...good, id: 'shp_2', tracking_code: 'A2', fees: [{ type: 'PostageFee', amount: 'free' }], refund_status: 'refunded' },
    ]; // prettier-ignore
    easypost.injectFault({ path: /\/shipments$/, response: { status: 200, body: { shipments, has_more: false } } }); // prettier-ignore
    const [first] = await steps(server, recent(server));
    expect(first).toMatchObject({ shipments: 2, skipped: {} });
    const stored = await all(server);
    expect(stored).toHaveLength(2);
    for (const shipment of stored) {
      expect(shipment).toMatchObject({ price: null, quotedPrice: null, charges: [], service: { code: 'PRIORITY_MAIL' } }); // prettier-ignore
    }
    expect((await one(server, 'A2')).refund).toEqual({ status: 'REFUNDED', amount: null });
    const { id } = await one(server, good.tracking_code);
    easypost.injectFault({
      path: /\/refund$/,
      response: { status: 200, body: { refund_status: 'submitted' } },
    });
    expect((await voidShipment(server, id)).shipment.refund).toEqual({ status: 'REQUESTED', amount: null });
  });

  it('that cannot be read are left out and counted by reason, and the others are imported', async () => {
    const server = await open();
    const { easypost } = server.sandbox;
    const good = await buyListed(easypost.url);
    const odd = [
      { ...good, id: 'shp_1', tracking_code: 'A1', selected_rate: null },
      { ...good, id: 'shp_2', tracking_code: 'A2', refund_status: 'pondered' },
      {
        ...good,
        id: 'shp_3',
        tracking_code: 'A3',
        postage_label: { ...good.postage_label, label_url: null },
      },
    ];
    easypost.injectFault({ path: /\/shipments$/, response: { status: 200, body: { shipments: [...odd, good], has_more: false } } }); // prettier-ignore
    const [first] = await steps(server, recent(server));
    expect(first!.shipments).toBe(1);
    expect(Object.entries(first!.skipped!)).toEqual([
      ['shipments whose selected_rate cannot be read', 1],
      [expect.stringContaining('shipments that cannot be used: '), 1],
      ['shipments whose postage_label.label_url cannot be read', 1],
    ]);
    expect((await all(server)).map((each) => each.trackingNumber)).toEqual([good.tracking_code]);
  });

  it('are redacted by their original date, and not restored by another import', async () => {
    const server = await open();
    // Retention uses the database's clock.
    server.clock.advance(Date.now() - day - server.clock.now());
    const bought = await buyElsewhere(server.sandbox.easypost.url);
    await steps(server, recent(server));
    const { id, label } = await one(server, bought.tracking_code);
    await sendCommand(server.folder, 'maintenance', { action: 'redact', days: 0, dryRun: false });
    expect(await one(server, bought.tracking_code)).toMatchObject({ id, from: { name: null }, label: null });
    expect((await fetch(label.url)).status).toBe(410);
    server.clock.advance(1000);
    expect(adopted(await steps(server, recent(server)))).toBe(0);
    expect(await voidShipment(server, id)).toMatchObject({ shipment: { refund: { status: 'REQUESTED' } } });
  });
});

describe.each(storages)('two concurrent imports on the %s ledger', (storage) => {
  it('add each shipment once', async () => {
    const server = await openLedgerTestServer(storage);
    const connections = openConnections();
    afterwards.push(server.close, connections.close);
    const { url } = server.sandbox.easypost;
    const numbers: string[] = [];
    for (let count = 0; count < 5; count++) numbers.push((await buyElsewhere(url)).tracking_code);
    const carrier = openAccount(url, server.clock, connections.send);
    const span = { from: server.clock.now() - day, to: server.clock.now() };
    const call = { signal: new AbortController().signal };
    const { shipments } = await carrier.listExternal!(span, undefined, call);
    await server.stop();
    const added = await server.within((db) => {
      const buyer = { id: 'easypost', provider: 'easypost', environment: 'SANDBOX' };
      const adopt = () => createImports(db).addExternal('sandbox', buyer, shipments, server.clock.now());
      return Promise.all([adopt(), adopt(), adopt()]);
    });
    expect(added.sort()).toEqual([0, 0, 5]);
    const names = shipments.map(({ reference, purchased }) => ({
      reference,
      trackingNumber: purchased.trackingNumber,
    }));
    const strange = { reference: 'shp_1', trackingNumber: '1' };
    const missing = await server.within((db) => createImports(db).missing('sandbox', [...names, strange]));
    expect(missing).toEqual([strange]);
    await server.start();
    const { data } = await server.ask('{ shipments { nodes { status trackingNumber history { event } } } }');
    expect(data.shipments.nodes.map((each: any) => each.trackingNumber).sort()).toEqual(numbers.sort());
    expect(data.shipments.nodes[0]).toMatchObject({ status: 'PURCHASED', history: [{ event: 'IMPORTED' }] });
  });
});

describe('an external label', () => {
  it('has the date at its sender’s place where the provider reports a time', async () => {
    const clock = testClock('2026-11-18T18:00:00Z');
    const emulator = await startEasyPost({ clock, store: openStore() });
    const connections = openConnections();
    afterwards.push(emulator.close, connections.close);
    // Washington is five hours behind UTC.
    const dates = ['2026-11-21T02:00:00Z', '2026-11-21T12:00:00Z', '2026-11-21T00:00:00Z'];
    for (const label_date of dates) await buyElsewhere(emulator.url, { options: { label_date } });
    const carrier = openAccount(emulator.url, clock, connections.send);
    const call = { signal: new AbortController().signal };
    const span = { from: clock.now() - day, to: clock.now() };
    const { shipments } = await carrier.listExternal!(span, undefined, call);
    expect(shipments.map(({ shipDate }) => shipDate).reverse()).toEqual(['2026-11-20', '2026-11-21', '2026-11-21']); // prettier-ignore
  });
});

describe('npm run import', () => {
  it('imports without a server too, prints plain lines without a terminal, and has nothing left afterwards', async () => {
    const emulator = await startEasyPost({ clock: systemClock, store: openStore(), listsPerSecond: 5 });
    const folder = ledgerFolder();
    afterwards.push(emulator.close, () => rmSync(folder, { recursive: true, force: true }));
    await follow(emulator.url, 1, 129);
    await buyElsewhere(emulator.url);
    const run = async (...args: string[]) => {
      const child = spawn(
        process.execPath,
        ['--import', './src/compile-cache.mjs', 'src/cli/import.ts', ...args],
        {
          cwd: new URL('../../', import.meta.url),
          env: {
            PATH: process.env.PATH,
            DATA_DIR: folder,
            EASYPOST_API_KEY: key,
            EASYPOST_BASE_URL: emulator.url,
            PARCELGRAPH_API_KEY: 'acme-key',
            PARCELGRAPH_SECRET: 'a secret of more than thirty-two characters',
          },
        },
      );
      const ended = once(child, 'close');
      const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
      return { code: ((await ended) as [number])[0], output, errors };
    };
    const first = await run();
    expect(first).toMatchObject({ code: 0, errors: '' });
    expect(first.output.trim().split('\n')).toEqual([
      'default / easypost: 1 parcels, 1 shipments, 50 %',
      expect.stringMatching(/^default \/ easypost: 101 parcels, 1 shipments, \d+ %$/),
      'default / easypost: 131 parcels, 1 shipments, 100 %',
      'default / easypost: 131 parcels, 1 shipments imported, 0 left out',
    ]);
    const again = await run('--account', 'easypost');
    expect(again).toMatchObject({ code: 0, errors: '' });
    expect(again.output).toContain('default / easypost: 0 parcels, 0 shipments imported, 0 left out');

    expect(await run('--account', 'nobody')).toMatchObject({ code: 1, errors: expect.stringContaining('no account named nobody') }); // prettier-ignore
    expect(await run('--since', 'yesterday')).toMatchObject({ code: 1, errors: expect.stringContaining('is not a date') }); // prettier-ignore
    expect(await run('--sinc', '2026-01-01')).toMatchObject({ code: 1, errors: expect.stringContaining('Usage') }); // prettier-ignore
  });
});

describe('a hundred tracked parcels', () => {
  it('take a hundred calls when they are new, and one call afterwards', async () => {
    const server = await open();
    const { easypost } = server.sandbox;
    const numbers = Array.from({ length: 100 }, (_, index) => index + 1);
    const calls = async () => {
      const before = easypost.calls.length;
      const found = await known(server, numbers);
      expect(found.filter(({ stale }) => stale)).toEqual([]);
      return easypost.calls.length - before;
    };
    const first = await calls();
    const atOnce = await calls();
    server.clock.advance(120_000);
    const later = await calls();
    console.info(
      `EasyPost calls for 100 parcels: ${first} at first, ${atOnce} at once again, ${later} when they have aged.`,
    );
    expect([first, atOnce, later]).toEqual([100, 0, 1]);
    expect(easypost.calls.at(-1)).toMatchObject({ method: 'POST', path: '/v2/trackers/batch' });
  });

  it('take no further calls after a failure that concerns all', async () => {
    const server = await open();
    const { easypost } = server.sandbox;
    const numbers = Array.from({ length: 100 }, (_, index) => index + 1);
    await known(server, numbers);
    server.clock.advance(120_000);
    const before = easypost.calls.length;
    easypost.injectFault({ path: /trackers/, response: { status: 429, body: { error: { code: 'RATE_LIMITED', message: 'Slow down.', errors: [] } } } }); // prettier-ignore
    expect((await known(server, numbers)).every(({ stale }) => stale)).toBe(true);
    // Three attempts of one call.
    expect(easypost.calls.length - before).toBe(3);
  });
});
