import { globSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

import type { RatesInput } from '@parcelgraph/client';
import { parse } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { box, openTestServer, receiver, sender, type TestServer } from '../../support/test-server.ts';
import { buildClient, clientFolder } from '../../support/built-client.ts';

buildClient();
const client = await import('@parcelgraph/client');
const {
  createClient,
  RatesDocument,
  RatesStreamDocument,
  ShipmentPurchaseDocument,
  ShipmentVoidDocument,
  TrackerUpdatedDocument,
} = client;

const input: RatesInput = {
  from: sender,
  to: receiver,
  parcels: [
    { ...box, weight: { value: 20, unit: 'OUNCE' }, dimensions: { ...box.dimensions, unit: 'INCH' } },
  ],
  accountIds: ['usps'],
};

describe('the built client', () => {
  it('imports nothing, and its code without the documents has less than 15 kB', () => {
    const files = globSync('dist/**/*.js', { cwd: clientFolder });
    const code = files.map((name) => [name, readFileSync(clientFolder + name, 'utf8')] as const);
    for (const [, text] of code) expect(text).not.toMatch(/from ['"](?!\.)|import\(|require\(/);
    const own = code.filter(([name]) => !name.includes('generated')).map(([, text]) => text);
    expect(own.length).toBeGreaterThan(0);
    expect(Buffer.byteLength(own.join(''))).toBeLessThan(15_000);
    expect(gzipSync(code.map(([, text]) => text).join('')).length).toBeLessThan(8_000);
  });
});

describe('the client at a server', () => {
  let server: TestServer;
  beforeAll(async () => void (server = await openTestServer()));
  afterAll(() => server.close());

  const open = (more: object = {}) =>
    createClient({ url: `${server.url}/graphql`, apiKey: 'sandbox', ...more });
  const rateId = async () => {
    const result = await open().query(RatesDocument, { input });
    if (!result.ok) throw new Error(result.failure.message);
    return result.data.rates!.rates[0]!.id;
  };
  /** A `fetch` that loses the first responses. */
  const losing = (times: number) => {
    const keys: string[] = [];
    const fetchAndLose: typeof fetch = async (url, init) => {
      keys.push(JSON.parse(init!.body as string).variables.input.idempotencyKey);
      const response = await fetch(url, init);
      if (keys.length <= times) throw new TypeError('the connection was closed');
      return response;
    };
    return { keys, fetch: fetchAndLose };
  };

  it('streams the rates of each account, until none is pending', async () => {
    const pending: number[] = [];
    for await (const result of open().subscribe(RatesStreamDocument, { input })) {
      if (!result.ok) throw new Error(result.failure.message);
      pending.push(result.data.ratesStream.pending.length);
      expect(result.data.ratesStream.rates.length).toBeGreaterThan(0);
    }
    expect(pending).toEqual([0]);
  });

  it('streams the states of parcels, and ends where the loop is left', async () => {
    const numbers = [{ trackingNumber: '9200190345678900000025', carrier: 'USPS' }];
    for await (const result of open().subscribe(TrackerUpdatedDocument, { numbers })) {
      if (!result.ok) throw new Error(result.failure.message);
      expect(result.data.trackerUpdated.cursor).toBeTruthy();
      break;
    }
  });

  it('returns the data of a query with its types', async () => {
    const result = await open().query(RatesDocument, { input });
    expect(result).toMatchObject({ ok: true, data: { rates: { failures: [] } } });
    if (result.ok) expect(result.data.rates!.rates[0]!.price.currencyCode).toBe('USD');
  });

  it('sends a purchase whose response is lost again with the key that it made, and buys once', async () => {
    const charges = server.sandbox.usps.charges().length;
    const { keys, fetch } = losing(1);
    const result = await open({ fetch }).mutate(ShipmentPurchaseDocument, {
      input: { rateId: await rateId() },
    });
    expect(result).toMatchObject({
      ok: true,
      data: { shipmentPurchase: { shipment: { status: 'PURCHASED' } } },
    });
    expect(keys).toEqual([keys[0], keys[0]]);
    expect(server.sandbox.usps.charges().length).toBe(charges + 1);
  });

  it('keeps the key in a store until the purchase has succeeded, also for another process', async () => {
    const stored = new Map<string, string>();
    const store = {
      getItem: (name: string) => stored.get(name),
      setItem: (name: string, key: string) => stored.set(name, key),
      removeItem: (name: string) => stored.delete(name),
    };
    const variables = { input: { rateId: await rateId() } };
    const { keys, fetch } = losing(1);
    const lost = await open({ fetch, keys: store, retries: 0 }).mutate(ShipmentPurchaseDocument, variables);
    expect(lost).toMatchObject({ ok: false, failure: { kind: 'network', retryable: true } });
    expect([...stored.values()]).toEqual(keys);
    const again = await open({ fetch, keys: store }).mutate(ShipmentPurchaseDocument, variables);
    expect(again.ok).toBe(true);
    expect(keys).toEqual([keys[0], keys[0]]);
    expect(stored.size).toBe(0);
  });

  it('takes a parsed document that keeps its source, and refuses one that does not', async () => {
    const text = '{ providerAccounts { id } }';
    expect(await open().query(parse(text), {})).toMatchObject({ ok: true });
    const lacking = open().query(parse(text, { noLocation: true }), {});
    await expect(lacking).rejects.toThrow("documentMode: 'string'");
  });

  it('uses the key that the caller chose', async () => {
    const { keys, fetch } = losing(0);
    const variables = { input: { idempotencyKey: 'order-1', rateId: await rateId() } };
    await open({ fetch }).mutate(ShipmentPurchaseDocument, variables);
    expect(keys).toEqual(['order-1']);
  });

  it('tells failures apart: of the input, of the provider, of the request', async () => {
    const failureOf = async (result: Promise<{ ok: boolean; failure?: { kind: string } }>) =>
      (await result).failure;
    expect(
      await failureOf(open().mutate(ShipmentPurchaseDocument, { input: { rateId: 'nothing' } })),
    ).toMatchObject({
      kind: 'input',
      userErrors: [{ code: 'RATE_INVALID', field: ['input', 'rateId'] }],
    });
    const withFragment = `fragment Bought on Shipment { id }
      mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) {
        shipment { ...Bought } userErrors { code field message } } }`;
    const variables = { input: { idempotencyKey: 'with-fragment', rateId: 'nothing' } };
    expect(await failureOf(open().mutate<object, object>(withFragment, variables))).toMatchObject({ kind: 'input' }); // prettier-ignore
    const recover = server.sandbox.usps.injectFault({
      path: /\/labels\/v3\/label$/,
      response: { status: 400, body: { error: { code: '400', message: 'no' } } },
    });
    const refused = await open().mutate(ShipmentPurchaseDocument, { input: { rateId: await rateId() } });
    recover();
    expect(refused).toMatchObject({
      ok: false,
      failure: { kind: 'provider', code: 'REJECTED', failure: { account: { id: 'usps' } } },
      data: { shipmentPurchase: { shipment: { status: 'FAILED' } } },
    });
    expect(await failureOf(open({ apiKey: 'wrong' }).query(RatesDocument, { input }))).toMatchObject({
      kind: 'graphql',
      code: 'UNAUTHENTICATED',
      retryable: false,
    });
    const wrong = { input: { ...input, parcels: [] } };
    expect(await failureOf(open().query(RatesDocument, wrong))).toMatchObject({
      kind: 'graphql',
      code: 'BAD_USER_INPUT',
      field: ['input', 'parcels'],
    });
    const signal = AbortSignal.abort();
    expect(await failureOf(open().query(RatesDocument, { input }, { signal }))).toMatchObject({
      kind: 'aborted',
    });
  });
});

describe('the client at a server that fails', () => {
  let url: string;
  let answers: ((request: IncomingMessage, response: ServerResponse) => void)[] = [];
  let received = 0;
  const server = createServer((request, response) => {
    received += 1;
    request.resume();
    (answers.shift() ?? (() => response.destroy()))(request, response);
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  });
  afterEach(() => {
    answers = [];
    received = 0;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const send =
    (status: number, body: string, headers: Record<string, string> = {}) =>
    (_: IncomingMessage, response: ServerResponse) =>
      void response.writeHead(status, headers).end(body);
  const stream =
    (...chunks: string[]) =>
    (_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      for (const chunk of chunks) response.write(chunk);
      response.end();
    };

  it('sends a query again after an answer that may pass', async () => {
    answers = [send(503, 'busy'), send(502, '<html>'), send(200, '{"data":{"rates":null}}')];
    expect(await createClient({ url }).query(RatesDocument, { input })).toEqual({
      ok: true,
      data: { rates: null },
    });
    expect(received).toBe(3);
  });

  it('does not send again what is refused for good, nor a mutation without a key', async () => {
    answers = [send(404, 'not found'), send(503, 'busy')];
    expect(await createClient({ url }).query(RatesDocument, { input })).toMatchObject({
      failure: { kind: 'http', status: 404, retryable: false },
    });
    expect(
      await createClient({ url }).mutate(ShipmentVoidDocument, { input: { id: 'shp_1' } }),
    ).toMatchObject({
      failure: { kind: 'http', status: 503, retryable: true },
    });
    expect(received).toBe(2);
  });

  it('gives up an attempt that takes too long', async () => {
    answers = [() => {}];
    const result = await createClient({ url, timeoutMs: 20, retries: 0 }).query(RatesDocument, { input });
    expect(result).toMatchObject({ ok: false, failure: { kind: 'network' } });
  });

  it('yields the results of a subscription, however they are cut into chunks', async () => {
    answers = [
      stream(
        ':\n\nevent: next\ndata: {"data":{"coun',
        'ter":1}}\n',
        '\nevent: next\r\ndata: {"data":\r\ndata: {"counter":2}}\r\n\r\nevent: complete\ndata:\n\n',
      ),
    ];
    const document = new client.TypedDocumentString<{ counter: number }, object>('subscription { counter }');
    const results: unknown[] = [];
    for await (const result of createClient({ url }).subscribe(document)) results.push(result);
    expect(results).toEqual([
      { ok: true, data: { counter: 1 } },
      { ok: true, data: { counter: 2 } },
    ]);
  });

  it('ends a subscription with the failure that ended it', async () => {
    const document = new client.TypedDocumentString<object, object>('subscription { counter }');
    const last = async () => {
      let result: unknown;
      for await (result of createClient({ url }).subscribe(document));
      return result;
    };
    answers = [
      stream('event: next\ndata: {"errors":[{"message":"no","extensions":{"code":"TOO_MANY"}}]}\n\n'),
      stream('event: next\ndata: {"data":{}}\n\n'),
      send(401, '{"errors":[{"message":"a key","extensions":{"code":"UNAUTHENTICATED"}}]}'),
    ];
    expect(await last()).toMatchObject({ failure: { kind: 'graphql', code: 'TOO_MANY' } });
    expect(await last()).toMatchObject({ failure: { kind: 'network', retryable: true } });
    expect(await last()).toMatchObject({ failure: { kind: 'graphql', code: 'UNAUTHENTICATED' } });
  });
});
