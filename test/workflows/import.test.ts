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
import { hashKey, type TenantConfig } from '../../src/config/config.ts';
import { createImports } from '../../src/storage/imports.ts';
import { callRunningServer } from '../../src/storage/data-directory-lock.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { openConnections, timeout, type Send } from '../../src/transport/http.ts';
import { box, ledgerFolder, openTestServer, receiver, sender, storages, testClock, type TestServer } from '../support/test-server.ts'; // prettier-ignore
import { openLedgerTestServer } from '../support/ledger-server.ts';
import { memoryQuotas, memoryTokens } from '../support/stores.ts';

// Processes start here, on machines that do other things too.
vi.setConfig({ testTimeout: 120_000 });

const afterwards: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of afterwards.splice(0).reverse()) await step();
});

const day = 24 * 60 * 60_000;
const key = easypostSandboxProductionKey;

/** Somebody else's program, with the same key. */
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
/** EasyPost's words for where a parcel goes. */
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
const numberOf = (number: number) => `PARCEL${String(number).padStart(4, '0')}`;

/** One tenant with EasyPost's production key, since test mode knows no numbers but its own seven. */
function tenantsOf(baseUrl: string, aliases: readonly string[]): TenantConfig[] {
  const provider = providers.find(({ id }) => id === 'easypost')!;
  const account = { id: 'easypost', provider, name: 'EasyPost', environment: 'PRODUCTION' as const, baseUrl, credentials: provider.credentials.parse({ apiKey: key }), options: provider.options.parse({}), quota: {} }; // prettier-ignore
  const accounts = aliases.map((id) => ({ ...account, id }));
  return [{ id: 'acme', name: 'Acme', apiKeyHashes: [hashKey('acme-key')], accounts }];
}

/** The account's carrier alone, without a house. */
const openAccount = (baseUrl: string, clock: Clock, send: Send) =>
  easypost.createAdapter(
    { key: 'account', clientKey: 'client', environment: 'PRODUCTION', baseUrl, credentials: { apiKey: key }, options: {}, quota: {} }, // prettier-ignore
    { send: timeout(send), tokens: memoryTokens(), quotas: memoryQuotas(), clock },
  );

async function open(aliases = ['easypost']): Promise<TestServer> {
  const house = await openTestServer({
    tenants: ({ providers }) => tenantsOf(providers.easypost.url, aliases),
  });
  afterwards.push(() => house.close());
  return house;
}

/** Steps of the running server until nothing is left, or as many as are asked for. */
async function steps(house: TestServer, wish: object, most = Infinity): Promise<ImportProgress[]> {
  const taken: ImportProgress[] = [];
  while (taken.length < most) {
    const step = (await callRunningServer(house.folder, 'import', wish))!.answer as ImportProgress;
    if (step.done) break;
    taken.push(step);
    if (step.fault) break;
  }
  return taken;
}
const imported = (taken: readonly ImportProgress[]) =>
  taken.reduce((sum, each) => sum + (each.imported ?? 0), 0);
const known = async (house: TestServer, numbers: readonly number[]) => {
  const { data, errors } = await house.ask(
    'query ($numbers: [TrackingNumberInput!]!) { trackers(numbers: $numbers) { status stale account { id } } }',
    { numbers: numbers.map((number) => ({ trackingNumber: numberOf(number), carrier: 'USPS' })) },
    'acme-key',
  );
  expect(errors).toBeUndefined();
  return data.trackers as { status: string; stale: boolean; account: { id: string } }[];
};

describe('an import', () => {
  it('brings what was followed elsewhere, a hundred a call, and nothing twice', async () => {
    const house = await open();
    const { easypost } = house.sandbox;
    await follow(easypost.url, 1, 210);
    // What began in the very second at which an import ends belongs to the next one too.
    house.clock.advance(1000);
    const wish = () => ({ since: house.clock.now() - 30 * day, until: house.clock.now() });
    const before = easypost.calls.length;
    const first = await steps(house, wish());
    expect(first.map((each) => each.imported)).toEqual([0, 100, 100, 10]);
    expect(first.at(-1)).toMatchObject({ tenant: 'acme', account: 'easypost', skipped: 0, share: 1 });
    const shares = first.map((each) => each.share!);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    const asked = () => easypost.calls.slice(before).map(({ method, path }) => `${method} ${path}`);
    expect(asked()).toEqual(['GET /v2/shipments', ...Array(3).fill('GET /v2/trackers')]);

    // They are known now, and answered without a call.
    expect(await known(house, [1, 117, 210])).toEqual(Array(3).fill({ status: 'UNKNOWN', stale: false, account: { id: 'easypost' } })); // prettier-ignore
    expect(asked()).toHaveLength(4);

    expect(imported(await steps(house, { ...wish(), since: house.clock.now() - 10 * day }))).toBe(0);
    house.clock.advance(day);
    await follow(easypost.url, 211, 2);
    expect(imported(await steps(house, wish()))).toBe(2);
  });

  it('that was interrupted goes on where it stopped, in another process too', async () => {
    const house = await open();
    await follow(house.sandbox.easypost.url, 1, 110);
    const wish = { since: house.clock.now() - day, until: house.clock.now() };
    expect(imported(await steps(house, wish, 2))).toBe(100);
    await house.restart();
    house.clock.advance(1000);
    const { easypost } = house.sandbox;
    const rest = await steps(house, wish);
    expect(rest.map((each) => each.imported)).toEqual([10]);
    expect(easypost.count('GET', /trackers$/)).toBe(1);
  });

  it('that meets a failure tells it, and loses nothing', async () => {
    const house = await open();
    const { easypost } = house.sandbox;
    await follow(easypost.url, 1, 120);
    const wish = { since: house.clock.now() - day, until: house.clock.now() };
    expect(imported(await steps(house, wish, 2))).toBe(100);
    const mend = easypost.spoil({ path: /trackers$/, answer: { status: 503, body: {} } });
    expect((await steps(house, wish)).at(-1)!.fault).toMatch(/503.*Ask again later/);
    mend();
    expect(imported(await steps(house, wish))).toBe(20);
  });

  it('reaches back further a month at a time, for what is older than what is known', async () => {
    const house = await open();
    const { easypost } = house.sandbox;
    const began = house.clock.now();
    for (const number of [1, 2, 3, 4]) {
      await follow(easypost.url, number, 1);
      house.clock.advance(25 * day);
    }
    const until = house.clock.now();
    expect(imported(await steps(house, { since: until - 30 * day, until }))).toBe(1);
    expect(imported(await steps(house, { since: began, until }))).toBe(3);
    // 30 days before, then 70 days in three windows; each for trackers and for shipments.
    expect(easypost.count('GET', /trackers$/)).toBe(1 + 3);
    expect(easypost.count('GET', /shipments$/)).toBe(1 + 3);
  });

  it('never takes a parcel back to an older state', async () => {
    const house = await open();
    const { easypost } = house.sandbox;
    const bought = await buyElsewhere(easypost.url);
    house.clock.advance(4 * day);
    const wish = { since: house.clock.now() - 30 * day, until: house.clock.now() };
    // Its tracker, and the same one in its shipment.
    expect((await steps(house, wish)).map((each) => each.imported)).toEqual([1, 1]);
    const { data } = await house.ask('query ($number: String!) { tracker(trackingNumber: $number) { status stale } }', { number: bought.tracking_code }, 'acme-key'); // prettier-ignore
    expect(data.tracker.status).toBe('DELIVERED');
    expect(easypost.count('POST', /trackers/)).toBe(0);
  });

  it('goes on where the row at which it stopped is gone', async () => {
    const house = await open();
    const { easypost } = house.sandbox;
    await follow(easypost.url, 1, 120);
    house.clock.advance(1000);
    const wish = { since: house.clock.now() - day, until: house.clock.now() };
    // No shipments, then the newest hundred trackers.
    await steps(house, wish, 2);
    const headers = { authorization: `Bearer ${key}` };
    const page = await fetch(`${easypost.url}/v2/trackers?page_size=100`, { headers });
    const { trackers } = (await page.json()) as { trackers: { id: string }[] };
    await fetch(`${easypost.url}/v2/trackers/${trackers.at(-1)!.id}`, { method: 'DELETE', headers });
    const rest = await steps(house, wish);
    expect(rest.map(({ fault }) => fault)).toEqual(rest.map(() => undefined));
    expect(rest.at(-1)!.share).toBe(1);
    const before = easypost.calls.length;
    await known(house, [1, 20, 120]);
    expect(easypost.calls.length).toBe(before);
  });

  it('asks for no more than five lists a second', async () => {
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

describe('shipments that were bought elsewhere', () => {
  const shipmentFields =
    'id status account { id } carrier service { code providerCode } from { name street1 postalCode } to { name street1 street2 postalCode } price { amount currencyCode } quotedPrice { amount } charges { name amount { amount } } label { url format } forms { name } trackingNumber tracker { status } refund { status amount { amount } } isReturn reference failure { code } parcels { status trackingNumber parcel { weight { value unit } dimensions { length unit } } } history { event by detail } createdAt';
  const asked = async (house: TestServer, query: string, variables: object) => {
    const { data, errors } = await house.ask(query, variables, 'acme-key');
    expect(errors).toBeUndefined();
    return data;
  };
  const all = async (house: TestServer, filter: object = {}) => {
    const found: any[] = [];
    let after: string | null = null;
    do {
      const query = `query ($after: String, $filter: ShipmentFilter) { shipments(first: 100, after: $after, filter: $filter) { nodes { ${shipmentFields} } pageInfo { hasNextPage endCursor } } }`;
      const { shipments } = await asked(house, query, { after, filter });
      found.push(...shipments.nodes);
      after = shipments.pageInfo.hasNextPage ? shipments.pageInfo.endCursor : null;
    } while (after !== null);
    return found;
  };
  const one = async (house: TestServer, trackingNumber: string) => {
    const found = await all(house, { trackingNumber });
    expect(found).toHaveLength(1);
    return found[0];
  };
  const giveBack = async (house: TestServer, id: string) => {
    const query = `mutation ($id: ID!) { shipmentVoid(input: { id: $id }) { shipment { ${shipmentFields} } failure { code message } userErrors { message } } }`;
    return (await asked(house, query, { id })).shipmentVoid;
  };
  const quoteOurs = async (house: TestServer) => {
    const input = { from: sender, to: receiver, parcels: [box] };
    const query = 'query ($input: RatesInput!) { rates(input: $input) { rates { id service { code } } } }';
    const { rates } = (await asked(house, query, { input })).rates;
    return rates.find((each: any) => each.service.code === 'PRIORITY_MAIL').id as string;
  };
  const purchase = async (house: TestServer, rateId: string, idempotencyKey: string) => {
    const query = `mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { ${shipmentFields} } failure { code message } userErrors { message } } }`;
    return (await asked(house, query, { input: { rateId, idempotencyKey } })).shipmentPurchase;
  };
  const buyOurs = async (house: TestServer, rateId: string, idempotencyKey: string) =>
    (await purchase(house, rateId, idempotencyKey)).shipment;
  const adopted = (taken: readonly ImportProgress[]) =>
    taken.reduce((sum, each) => sum + (each.shipments ?? 0), 0);
  const recent = (house: TestServer) => ({ since: house.clock.now() - 30 * day, until: house.clock.now() });

  it('become shipments of ours, a hundred a call, resumed after a stop, and once however often they are heard of', async () => {
    const house = await open(['easypost', 'twin']);
    const { easypost } = house.sandbox;
    const ours = await buyOurs(house, await quoteOurs(house), 'ours');
    const wish = { account: 'easypost', ...recent(house) };
    const numbers: string[] = [];
    for (let count = 0; count < 130; count++) numbers.push((await buyElsewhere(easypost.url)).tracking_code);

    const before = easypost.calls.length;
    const begun = await steps(house, wish, 1);
    expect(begun.map((each) => each.shipments)).toEqual([100]);
    const calls = easypost.calls.slice(before).map(({ method, path }) => `${method} ${path}`);
    expect(calls).toEqual(['GET /v2/shipments']);
    await house.restart();
    const rest = await steps(house, wish);
    // Among the 131 is the one that was bought here.
    expect(rest.map(({ shipments, imported, skipped }) => [shipments, imported, skipped])).toEqual([[30, 31, 0], [0, 100, 0], [0, 31, 0]]); // prettier-ignore
    expect(house.sandbox.easypost.calls.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v2/shipments', 'GET /v2/trackers', 'GET /v2/trackers']); // prettier-ignore

    const shipments = await all(house);
    expect(shipments.map((each) => each.trackingNumber).sort()).toEqual([...numbers, ours.trackingNumber].sort()); // prettier-ignore
    expect((await one(house, ours.trackingNumber)).history).toEqual(ours.history);

    // What was bought in the very second at which an import ended is heard of again; and by another account of the key.
    house.clock.advance(1000);
    expect(adopted(await steps(house, { account: 'easypost', ...recent(house) }))).toBe(0);
    const twin = await steps(house, { account: 'twin', ...recent(house) });
    expect([imported(twin), adopted(twin)]).toEqual([262, 0]);
    expect((await all(house)).map((each) => each.id)).toEqual(shipments.map((each) => each.id));
  });

  it('after an import that knew them as mere quotes come with the next one, a call each, and once', async () => {
    const house = await open();
    const { easypost } = house.sandbox;
    const quoted = await quoteElsewhere(easypost.url);
    house.clock.advance(1000);
    expect(adopted(await steps(house, recent(house)))).toBe(0);
    house.clock.advance(3 * day);
    const late = await buyQuoted(easypost.url, quoted);
    await buyElsewhere(easypost.url);
    house.clock.advance(1000);
    const before = easypost.calls.length;
    expect(adopted(await steps(house, recent(house)))).toBe(2);
    const calls = easypost.calls.slice(before).map(({ method, path }) => `${method} ${path}`);
    expect(calls).toEqual(['GET /v2/shipments', 'GET /v2/trackers', `GET /v2/shipments/${late.id}`]);
    expect(await one(house, late.tracking_code)).toMatchObject({ status: 'PURCHASED', price: { amount: late.selected_rate.rate } }); // prettier-ignore
    house.clock.advance(1000);
    expect(adopted(await steps(house, recent(house)))).toBe(0);
  });

  it('long before the time that is asked for and are paid for in it, are of that time', async () => {
    const house = await open();
    const { easypost } = house.sandbox;
    const quoted = await quoteElsewhere(easypost.url);
    house.clock.advance(100 * day);
    const late = await buyQuoted(easypost.url, quoted);
    house.clock.advance(1000);
    const gone = easypost.spoil({ path: /\/shipments\/\w+$/, answer: { status: 503, body: {} } });
    const stopped = (await steps(house, recent(house))).at(-1)!;
    expect(stopped.fault).toMatch(/503/);
    gone();
    expect(adopted(await steps(house, recent(house)))).toBe(1);
    await one(house, late.tracking_code);
  });

  it('tell what EasyPost knows of them, and are found by number and reference', async () => {
    const house = await open();
    const { easypost } = house.sandbox;
    const bought = await buyElsewhere(easypost.url, {
      reference: 'order 7',
      insurance: '50.00',
      options: { label_date: '2026-11-20T00:00:00Z' },
    });
    house.clock.advance(day);
    await steps(house, recent(house));
    const [shipment, ...more] = await all(house, { reference: 'order 7' });
    expect(more).toEqual([]);
    const postage = bought.selected_rate.rate;
    expect(shipment).toMatchObject({
      status: 'PURCHASED',
      account: { id: 'easypost' },
      carrier: 'USPS',
      service: { code: 'PRIORITY_MAIL', providerCode: 'Priority' },
      from: { name: sender.name, postalCode: sender.postalCode },
      // EasyPost has corrected the recipient's.
      to: { name: 'RITA RECEIVER', street2: null },
      price: { amount: (Number(postage) + 0.5).toFixed(2), currencyCode: 'USD' },
      quotedPrice: { amount: postage },
      charges: [
        { name: 'Postage', amount: { amount: postage } },
        { name: 'Insurance', amount: { amount: '0.50' } },
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
    expect(await one(house, bought.tracking_code)).toMatchObject({ id: shipment.id });
  });

  it('have labels to print, one call each, and in the format in which they were made', async () => {
    const house = await open();
    const { easypost } = house.sandbox;
    const made = { PNG: '\x89PNG', PDF: '%PDF', ZPL: '^XA\n' };
    const numbers: [keyof typeof made, string][] = [];
    for (const format of Object.keys(made) as (keyof typeof made)[]) {
      const { tracking_code } = await buyElsewhere(easypost.url, { options: { label_format: format } });
      numbers.push([format, tracking_code]);
    }
    await steps(house, recent(house));
    const before = easypost.calls.length;
    for (const [format, number] of numbers) {
      const { label } = await one(house, number);
      expect(label.format).toBe(format);
      for (let time = 0; time < 2; time++) {
        const file = Buffer.from(await (await fetch(label.url)).arrayBuffer());
        expect(file.subarray(0, 4).toString('latin1')).toBe(made[format]);
      }
    }
    const files = easypost.calls.slice(before).filter(({ path }) => path.startsWith('/files/'));
    expect(files).toHaveLength(3);
  });

  it('are given back as our own are, until the refund is decided', async () => {
    const house = await open();
    const { easypost } = house.sandbox;
    const bought = await buyElsewhere(easypost.url);
    await steps(house, recent(house));
    const { id, label } = await one(house, bought.tracking_code);
    expect(await giveBack(house, id)).toMatchObject({
      shipment: { status: 'PURCHASED', refund: { status: 'REQUESTED' }, label: null },
      failure: null,
      userErrors: [],
    });
    expect(easypost.count('POST', new RegExp(`${bought.id}/refund$`))).toBe(1);
    expect((await fetch(label.url)).status).toBe(410);
    house.clock.advance(16 * day);
    expect(await giveBack(house, id)).toMatchObject({
      shipment: { status: 'VOIDED', refund: { status: 'REFUNDED', amount: { amount: bought.selected_rate.rate } } }, // prettier-ignore
    });
  });

  it('that were given back elsewhere are VOIDED, and those not decided yet are asked about', async () => {
    const house = await open();
    const { easypost } = house.sandbox;
    const [paid, waiting] = [await buyElsewhere(easypost.url), await buyElsewhere(easypost.url)];
    await elsewhere(easypost.url, `/v2/shipments/${paid.id}/refund`, {});
    house.clock.advance(16 * day);
    await elsewhere(easypost.url, `/v2/shipments/${waiting.id}/refund`, {});
    const late = await buyElsewhere(easypost.url);
    await elsewhere(easypost.url, `/v2/shipments/${late.id}/refund`, {});
    await steps(house, recent(house));
    expect(await one(house, paid.tracking_code)).toMatchObject({
      status: 'VOIDED',
      refund: { status: 'REFUNDED', amount: { amount: paid.selected_rate.rate } },
      parcels: [{ status: 'VOIDED' }],
      label: null,
    });
    expect(await one(house, late.tracking_code)).toMatchObject({
      status: 'PURCHASED',
      refund: { status: 'REQUESTED', amount: null },
      label: null,
    });
    // Scanned before it was given back, the other is refused; nobody asks but the server itself.
    house.clock.advance(16 * day);
    const now = async (number: string) => {
      const { status, refund } = await one(house, number);
      return [status, refund.status];
    };
    await expect.poll(() => now(late.tracking_code), { timeout: 20_000 }).toEqual(['VOIDED', 'REFUNDED']);
    await expect.poll(() => now(waiting.tracking_code), { timeout: 20_000 }).toEqual(['PURCHASED', 'REFUSED']); // prettier-ignore
  });

  it('are not alone: one that was bought here and given back elsewhere is VOIDED too', async () => {
    const house = await open();
    const ours = await buyOurs(house, await quoteOurs(house), 'ours');
    const { url } = house.sandbox.easypost;
    const listed = await fetch(`${url}/v2/shipments`, { headers: { authorization: `Bearer ${key}` } });
    const { shipments } = (await listed.json()) as { shipments: { id: string }[] };
    await elsewhere(url, `/v2/shipments/${shipments[0]!.id}/refund`, {});
    house.clock.advance(16 * day);
    expect(adopted(await steps(house, recent(house)))).toBe(0);
    const now = async () => (await one(house, ours.trackingNumber)).status;
    await expect.poll(now, { timeout: 20_000 }).toBe('VOIDED');
    expect(await one(house, ours.trackingNumber)).toMatchObject({
      id: ours.id,
      refund: { status: 'REFUNDED', amount: { amount: ours.quotedPrice.amount } },
    });
  });

  it('have no refund asked for that nobody here asked for: one that was refused elsewhere stays refused', async () => {
    const house = await open();
    const { easypost } = house.sandbox;
    const sold = async (idempotencyKey: string) => {
      const { trackingNumber } = await buyOurs(house, await quoteOurs(house), idempotencyKey);
      const listed = await fetch(`${easypost.url}/v2/shipments`, { headers: { authorization: `Bearer ${key}` } }); // prettier-ignore
      const { shipments } = (await listed.json()) as { shipments: { id: string; tracking_code: string }[] };
      return shipments.find(({ tracking_code }) => tracking_code === trackingNumber)!;
    };
    const scanned = await sold('scanned');
    house.clock.advance(10 * day);
    await elsewhere(easypost.url, `/v2/shipments/${scanned.id}/refund`, {});
    const unused = await sold('unused');
    await elsewhere(easypost.url, `/v2/shipments/${unused.id}/refund`, {});
    house.clock.advance(16 * day);
    await steps(house, recent(house));
    const now = async () => (await one(house, unused.tracking_code)).status;
    await expect.poll(now, { timeout: 20_000 }).toBe('VOIDED');
    expect(await one(house, scanned.tracking_code)).toMatchObject({ status: 'PURCHASED', refund: null });
    expect(easypost.count('POST', new RegExp(`${scanned.id}/refund$`))).toBe(1);
  });

  it('of one order are a shipment each, and can be collected and listed with our own', async () => {
    const house = await open();
    const { easypost } = house.sandbox;
    const ours = await buyOurs(house, await quoteOurs(house), 'ours');
    const order = await elsewhere(easypost.url, '/v2/orders', {
      order: {
        from_address: place(sender),
        to_address: place(receiver),
        shipments: [{ parcel: { weight: 20 } }, { parcel: { weight: 30 } }],
      },
    });
    const { shipments: members } = await elsewhere(easypost.url, `/v2/orders/${order.id}/buy`, { carrier: 'USPS', service: 'Priority' }); // prettier-ignore
    expect(adopted(await steps(house, recent(house)))).toBe(2);
    const [first, second] = await Promise.all(members.map((each: any) => one(house, each.tracking_code)));
    expect([first.status, second.status]).toEqual(['PURCHASED', 'PURCHASED']);

    const shipmentIds = [ours.id, first.id, second.id];
    const manifesting =
      'mutation ($input: ManifestCreateInput!) { manifestCreate(input: $input) { manifest { status shipments { nodes { id } } } failure { message } userErrors { message } } }';
    const { manifestCreate } = await asked(house, manifesting, {
      input: { idempotencyKey: 'm', shipmentIds },
    });
    expect(manifestCreate).toMatchObject({ failure: null, userErrors: [] });
    expect(manifestCreate.manifest.shipments.nodes).toHaveLength(3);
    const scheduling =
      'mutation ($input: PickupScheduleInput!) { pickupSchedule(input: $input) { pickup { status } failure { message } userErrors { message } } }';
    const address = { ...sender, phone: '202-555-0100' };
    const pickup = { idempotencyKey: 'p', address, date: '2026-11-20', shipmentIds };
    expect((await asked(house, scheduling, { input: pickup })).pickupSchedule).toMatchObject({
      pickup: { status: 'SCHEDULED' },
      failure: null,
      userErrors: [],
    });
    // Given back alone, the other stands.
    await giveBack(house, second.id);
    const refunds = easypost.calls.filter(({ path }) => path.endsWith('/refund')).map(({ path }) => path);
    expect(refunds).toEqual([`/v2/shipments/${members[1].id}/refund`]);
  });

  it('that go back to a merchant go the way that they go', async () => {
    const house = await open();
    // EasyPost is told the way out.
    const bought = await buyElsewhere(house.sandbox.easypost.url, { is_return: true });
    await steps(house, recent(house));
    expect(await one(house, bought.tracking_code)).toMatchObject({
      isReturn: true,
      from: { name: receiver.name },
      // EasyPost has corrected it, as the place where the parcel arrives.
      to: { name: 'SALLY SENDER' },
    });
  });

  it('are never made of a purchase of ours whose answer was lost', async () => {
    const house = await open();
    const { easypost } = house.sandbox;
    const rateId = await quoteOurs(house);
    const heal = [
      easypost.spoil({ method: 'POST', path: /\/buy$/, drop: 'after' }),
      easypost.spoil({ method: 'GET', path: /\/shipments\/\w+$/, answer: { status: 503, body: {} } }),
    ];
    const lost = await buyOurs(house, rateId, 'lost');
    expect(lost).toMatchObject({ status: 'UNCERTAIN', trackingNumber: null });
    expect((await steps(house, recent(house))).map((each) => each.imported)).toEqual([1, 1]);
    expect((await all(house)).map((each) => each.id)).toEqual([lost.id]);
    for (const mend of heal) mend();
    const found = await buyOurs(house, rateId, 'lost');
    expect(found).toMatchObject({ id: lost.id, status: 'PURCHASED' });
    expect(await one(house, found.trackingNumber)).toMatchObject({ id: lost.id });
  });

  describe('and were quoted here', () => {
    /** In EasyPost's dashboard, the shipment that our quote made there. */
    const buyQuote = async (house: TestServer) => {
      const { url } = house.sandbox.easypost;
      const listed = await fetch(`${url}/v2/shipments?purchased=false`, { headers: { authorization: `Bearer ${key}` } }); // prettier-ignore
      const { shipments: [quoted] } = (await listed.json()) as { shipments: object[] }; // prettier-ignore
      return buyQuoted(url, quoted);
    };

    it('are one shipment, whoever buys the rate after the import', async () => {
      const house = await open();
      const rateId = await quoteOurs(house);
      const bought = await buyQuote(house);
      house.clock.advance(1000);
      expect(adopted(await steps(house, recent(house)))).toBe(1);
      const imported = await one(house, bought.tracking_code);
      expect(await purchase(house, rateId, 'ours')).toMatchObject({
        shipment: { status: 'FAILED', trackingNumber: null },
        failure: { code: 'REJECTED', message: expect.stringContaining(imported.id) },
      });
      expect(await one(house, bought.tracking_code)).toMatchObject({ id: imported.id, status: 'PURCHASED', refund: null }); // prettier-ignore
      expect(house.sandbox.easypost.count('POST', /\/refund$/)).toBe(0);
    });

    it('are the shipment of the purchase where that hears of them first', async () => {
      const house = await open();
      const rateId = await quoteOurs(house);
      const bought = await buyQuote(house);
      expect(await buyOurs(house, rateId, 'ours')).toMatchObject({ status: 'PURCHASED', trackingNumber: bought.tracking_code }); // prettier-ignore
      house.clock.advance(1000);
      expect(adopted(await steps(house, recent(house)))).toBe(0);
      expect(await all(house)).toHaveLength(1);
    });
  });

  it('that can’t be read are left out and counted, and keep none of the others out', async () => {
    const house = await open();
    const { easypost } = house.sandbox;
    await buyElsewhere(easypost.url);
    const listed = await fetch(`${easypost.url}/v2/shipments`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const { shipments: [good] } = (await listed.json()); // prettier-ignore
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
    easypost.spoil({ path: /\/shipments$/, answer: { status: 200, body: { shipments: [...odd, good], has_more: false } } }); // prettier-ignore
    expect((await steps(house, recent(house)))[0]).toMatchObject({ shipments: 1, skipped: 3 });
    expect((await all(house)).map((each) => each.trackingNumber)).toEqual([good.tracking_code]);
  });

  it('are no older than they are: what names people in them goes when its time has come, and is not brought back', async () => {
    const house = await open();
    // The age of what is kept is counted by the database's clock.
    house.clock.advance(Date.now() - day - house.clock.now());
    const bought = await buyElsewhere(house.sandbox.easypost.url);
    await steps(house, recent(house));
    const { id, label } = await one(house, bought.tracking_code);
    await callRunningServer(house.folder, 'admin', { action: 'blank', days: 0, dryRun: false });
    expect(await one(house, bought.tracking_code)).toMatchObject({ id, from: { name: null }, label: null });
    expect((await fetch(label.url)).status).toBe(410);
    house.clock.advance(1000);
    expect(adopted(await steps(house, recent(house)))).toBe(0);
    expect(await giveBack(house, id)).toMatchObject({ shipment: { refund: { status: 'REQUESTED' } } });
  });
});

describe.each(storages)('two imports at once, on the %s ledger', (storage) => {
  it('add each shipment once', async () => {
    const house = await openLedgerTestServer(storage);
    const connections = openConnections();
    afterwards.push(house.close, connections.close);
    const { url } = house.sandbox.easypost;
    const numbers: string[] = [];
    for (let count = 0; count < 5; count++) numbers.push((await buyElsewhere(url)).tracking_code);
    const carrier = openAccount(url, house.clock, connections.send);
    const span = { from: house.clock.now() - day, to: house.clock.now() };
    const call = { signal: new AbortController().signal };
    const { shipments } = await carrier.listExternal!(span, undefined, call);
    await house.stop();
    const added = await house.within((db) => {
      const buyer = { id: 'easypost', provider: 'easypost', environment: 'SANDBOX' };
      const adopt = () => createImports(db).addExternal('sandbox', buyer, shipments, house.clock.now());
      return Promise.all([adopt(), adopt(), adopt()]);
    });
    expect(added.sort()).toEqual([0, 0, 5]);
    const names = shipments.map(({ reference, purchased }) => ({
      reference,
      trackingNumber: purchased.trackingNumber,
    }));
    const strange = { reference: 'shp_1', trackingNumber: '1' };
    const missing = await house.within((db) => createImports(db).missing('sandbox', [...names, strange]));
    expect(missing).toEqual([strange]);
    await house.start();
    const { data } = await house.ask('{ shipments { nodes { status trackingNumber history { event } } } }');
    expect(data.shipments.nodes.map((each: any) => each.trackingNumber).sort()).toEqual(numbers.sort());
    expect(data.shipments.nodes[0]).toMatchObject({ status: 'PURCHASED', history: [{ event: 'IMPORTED' }] });
  });
});

describe('a label that was made elsewhere', () => {
  it('is of the day at its sender’s place, where a time is told and not a day', async () => {
    const clock = testClock('2026-11-18T18:00:00Z');
    const emulator = await startEasyPost({ clock, store: openStore() });
    const connections = openConnections();
    afterwards.push(emulator.close, connections.close);
    // Washington is five hours behind.
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
  it('imports without a server too, says so in plain lines where nobody watches, and has nothing left after', async () => {
    const emulator = await startEasyPost({ clock: systemClock, store: openStore(), listsPerSecond: 5 });
    const folder = ledgerFolder();
    afterwards.push(emulator.close, () => rmSync(folder, { recursive: true, force: true }));
    await follow(emulator.url, 1, 129);
    await buyElsewhere(emulator.url);
    const run = async (...args: string[]) => {
      const child = spawn(process.execPath, ['src/cli/import.ts', ...args], {
        cwd: new URL('../../', import.meta.url),
        env: {
          PATH: process.env.PATH,
          DATA_DIR: folder,
          EASYPOST_API_KEY: key,
          EASYPOST_BASE_URL: emulator.url,
          PARCELGRAPH_API_KEY: 'acme-key',
          PARCELGRAPH_SECRET: 'a secret of more than thirty-two characters',
        },
      });
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

    expect(await run('--account', 'nobody')).toMatchObject({ code: 1, errors: expect.stringContaining('no account called nobody') }); // prettier-ignore
    expect(await run('--since', 'yesterday')).toMatchObject({ code: 1, errors: expect.stringContaining('is no date') }); // prettier-ignore
    expect(await run('--sinc', '2026-01-01')).toMatchObject({ code: 1, errors: expect.stringContaining('Usage') }); // prettier-ignore
  });
});

describe('a hundred parcels', () => {
  it('are a hundred calls when they are first heard of, and one after', async () => {
    const house = await open();
    const { easypost } = house.sandbox;
    const numbers = Array.from({ length: 100 }, (_, index) => index + 1);
    const calls = async () => {
      const before = easypost.calls.length;
      const found = await known(house, numbers);
      expect(found.filter(({ stale }) => stale)).toEqual([]);
      return easypost.calls.length - before;
    };
    const first = await calls();
    const atOnce = await calls();
    house.clock.advance(120_000);
    const later = await calls();
    console.info(
      `EasyPost calls for 100 parcels: ${first} at first, ${atOnce} at once again, ${later} when they have aged.`,
    );
    expect([first, atOnce, later]).toEqual([100, 0, 1]);
    expect(easypost.calls.at(-1)).toMatchObject({ method: 'POST', path: '/v2/trackers/batch' });
  });

  it('are no more calls where something stands in the way of all', async () => {
    const house = await open();
    const { easypost } = house.sandbox;
    const numbers = Array.from({ length: 100 }, (_, index) => index + 1);
    await known(house, numbers);
    house.clock.advance(120_000);
    const before = easypost.calls.length;
    easypost.spoil({ path: /trackers/, answer: { status: 429, body: { error: { code: 'RATE_LIMITED', message: 'Slow down.', errors: [] } } } }); // prettier-ignore
    expect((await known(house, numbers)).every(({ stale }) => stale)).toBe(true);
    // Three tries of the one call.
    expect(easypost.calls.length - before).toBe(3);
  });
});
