import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { compose, startGateway } from '../../examples/supergraph/gateway.ts';
import { startOrders, type Order } from '../../examples/supergraph/orders.ts';
import { uspsSandboxNumbers, uspsTrackingNumber } from '../../sandbox/usps/index.ts';
import { ask, box, openTestServer, receiver, sender, type TestServer } from '../support/test-server.ts';

/** The level from which a composition hint is a warning. */
const warning = 60;

/** Counts the HTTP requests to the server at this URL while `work` runs. */
async function requestsTo(url: string, work: () => Promise<unknown>): Promise<number> {
  const port = Number(new URL(url).port);
  let count = 0;
  const started = (message: unknown) => {
    if ((message as { request: IncomingMessage }).request.socket.localPort === port) count++;
  };
  subscribe('http.server.request.start', started);
  await work().finally(() => unsubscribe('http.server.request.start', started));
  return count;
}

/** A list of representations as a GraphQL literal. */
const literal = (count: number) => `[${Array(count).fill('{__typename:"Shipment",id:"x"}').join()}]`;

/** Starts a server, the example's Orders subgraph beside it, and the example's gateway in front of both. */
async function openSupergraph() {
  const server = await openTestServer();
  let orders: readonly Order[] = [];
  const shop = await startOrders(() => orders);
  const composed = await compose([
    { name: 'shipping', url: `${server.url}/graphql` },
    { name: 'orders', url: shop.url },
  ]);
  const gateway = await startGateway(composed.supergraphSdl);
  return {
    server,
    ...composed,
    /** Replaces the orders. */
    place(parcels: readonly Order['parcel'][]) {
      orders = parcels.map((parcel, index) => ({ id: `order-${index}`, parcel }));
    },
    async ask(query: string, key?: string) {
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) },
        body: JSON.stringify({ query }),
      });
      return (await response.json()) as { data: any; errors?: any[] };
    },
    async close() {
      await gateway.close();
      await shop.close();
      await server.close();
    },
  };
}

describe('a supergraph of orders and shipping', () => {
  let graph: Awaited<ReturnType<typeof openSupergraph>>;
  beforeAll(async () => void (graph = await openSupergraph()));
  afterAll(() => graph.close());

  it('composes without a warning', () => {
    expect(graph.hints.filter(({ definition }) => Number(definition.level.value) >= warning)).toEqual([]);
    expect(graph.supergraphSdl).toContain('join__Graph');
    expect(graph.supergraphSdl).toMatch(/@requiresScopes\(scopes: \[\["rates:read"\]\]\)/);
  });

  it('tracks the parcels of 100 orders with one request to us, one token and three calls to USPS', async () => {
    const { usps, easypost } = graph.server.sandbox;
    const numbers = Array.from({ length: 100 }, (_, index) => uspsTrackingNumber(1000 + index));
    for (const trackingNumber of numbers) usps.parcel({ trackingNumber });
    graph.server.clock.advance(24 * 3600_000);
    graph.place(numbers.map((trackingNumber) => ({ trackingNumber, carrier: 'USPS' })));

    let answer: Awaited<ReturnType<typeof graph.ask>>;
    const requests = await requestsTo(graph.server.url, async () => {
      answer = await graph.ask('{ orders { parcel { status events { description } } } }', 'sandbox');
    });

    expect(requests).toBe(1);
    expect(usps.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /oauth2/v3/token',
      'POST /tracking/v3r2/tracking',
      'POST /tracking/v3r2/tracking',
      'POST /tracking/v3r2/tracking',
    ]);
    expect(easypost.calls).toEqual([]);
    expect(answer!.errors).toBeUndefined();
    expect(answer!.data.orders).toHaveLength(100);
    for (const { parcel } of answer!.data.orders) {
      expect(parcel.status).toBe('IN_TRANSIT');
      expect(parcel.events[0].description).toEqual(expect.any(String));
    }
  });

  it('returns the same orders again without any call while their trackers are fresh', async () => {
    const numbers = [uspsSandboxNumbers.inTransit, uspsSandboxNumbers.delivered];
    graph.place(numbers.map((trackingNumber) => ({ trackingNumber, carrier: 'USPS' })));
    await graph.ask('{ orders { parcel { status } } }', 'sandbox');
    const before = graph.server.sandbox.usps.calls.length;
    const { data } = await graph.ask('{ orders { parcel { status } } }', 'sandbox');
    expect(graph.server.sandbox.usps.calls).toHaveLength(before);
    expect(data.orders[1]).toEqual({ parcel: { status: 'DELIVERED' } });
  });

  it('recognizes the carrier by the number where the orders do not name it', async () => {
    graph.place([
      { trackingNumber: uspsSandboxNumbers.outForDelivery, carrier: null },
      { trackingNumber: 'EZ4000000004', carrier: null },
    ]);
    const { data, errors } = await graph.ask(
      '{ orders { parcel { trackingNumber status account { provider } } } }',
      'sandbox',
    );
    expect(errors).toBeUndefined();
    expect(data.orders).toEqual([
      {
        parcel: {
          trackingNumber: uspsSandboxNumbers.outForDelivery,
          status: expect.not.stringMatching('UNKNOWN'),
          account: { provider: 'usps' },
        },
      },
      {
        parcel: {
          trackingNumber: 'EZ4000000004',
          status: expect.not.stringMatching('UNKNOWN'),
          account: { provider: 'easypost' },
        },
      },
    ]);
  });

  it('returns an unknown number with its failure, beside the others', async () => {
    graph.place([
      { trackingNumber: uspsSandboxNumbers.delivered, carrier: 'USPS' },
      { trackingNumber: uspsSandboxNumbers.unknown, carrier: 'USPS' },
      null,
      { trackingNumber: uspsSandboxNumbers.noUpdate, carrier: 'USPS' },
    ]);
    const { data, errors } = await graph.ask(
      '{ orders { id parcel { status failure { code retryable } } } }',
      'sandbox',
    );
    expect(errors).toBeUndefined();
    expect(data.orders).toEqual([
      { id: 'order-0', parcel: { status: 'DELIVERED', failure: null } },
      { id: 'order-1', parcel: { status: 'UNKNOWN', failure: { code: 'NOT_FOUND', retryable: true } } },
      { id: 'order-2', parcel: null },
      { id: 'order-3', parcel: { status: 'UNKNOWN', failure: { code: 'NOT_FOUND', retryable: true } } },
    ]);
  });

  it('returns a failure for an invalid number only, whose message names it, since it is no argument', async () => {
    graph.place([
      { trackingNumber: 'no such number!', carrier: null },
      { trackingNumber: uspsSandboxNumbers.delivered, carrier: 'USPS' },
      { trackingNumber: uspsSandboxNumbers.delivered, carrier: 'Acme Pigeons' },
    ]);
    const query = '{ orders { parcel { status failure { code field message } } } }';
    const { data, errors } = await graph.ask(query, 'sandbox');
    expect(errors).toBeUndefined();
    expect(data.orders.map(({ parcel }: any) => parcel)).toEqual([
      {
        status: 'UNKNOWN',
        failure: { code: 'REJECTED', field: null, message: expect.stringMatching(/^trackingNumber: /) },
      },
      { status: 'DELIVERED', failure: null },
      {
        status: 'UNKNOWN',
        failure: { code: 'REJECTED', field: null, message: expect.stringMatching(/^carrier: /) },
      },
    ]);
  });

  it('returns the orders without tracking, and calls no provider, if the caller has no key', async () => {
    graph.place([{ trackingNumber: uspsSandboxNumbers.alert, carrier: 'USPS' }]);
    const { usps, easypost } = graph.server.sandbox;
    const before = usps.calls.length + easypost.calls.length;
    const { data, errors } = await graph.ask('{ orders { id parcel { trackingNumber status } } }');
    expect(data.orders).toEqual([{ id: 'order-0', parcel: null }]);
    expect(errors![0].extensions.code).toBe('UNAUTHENTICATED');
    expect(usps.calls.length + easypost.calls.length).toBe(before);
  });
});

describe('the subgraph', () => {
  let server: TestServer;
  beforeAll(async () => void (server = await openTestServer()));
  afterAll(() => server.close());

  const entities = (representations: readonly object[], fields: string) =>
    server.ask<{ _entities: any[] }>(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename ${fields} } }`,
      { representations },
    );

  it('returns its schema without a key', async () => {
    const { status, data } = await ask<any>(server.url, '{ _service { sdl } }');
    expect(status).toBe(200);
    expect(data._service.sdl).toContain(
      'type Tracker @key(fields: "id") @key(fields: "trackingNumber carrier")',
    );
  });

  it('resolves a tracker by its id, and by number and carrier in any spelling', async () => {
    const number = uspsSandboxNumbers.inTransit;
    const { data } = await server.ask(`{ tracker(trackingNumber: "${number}") { id } }`);
    const answer = await entities(
      [
        { __typename: 'Tracker', id: data.tracker.id },
        {
          __typename: 'Tracker',
          trackingNumber: ` ${number.slice(0, 4)} ${number.slice(4)}`,
          carrier: 'usps',
        },
        { __typename: 'Tracker', trackingNumber: number, carrier: null },
        { __typename: 'Tracker', trackingNumber: number },
      ],
      '... on Tracker { id trackingNumber carrier status }',
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data._entities).toEqual(
      Array(4).fill({
        __typename: 'Tracker',
        id: data.tracker.id,
        trackingNumber: number,
        carrier: 'USPS',
        status: 'IN_TRANSIT',
      }),
    );
  });

  it('resolves a rate and its shipment by their ids, also after the rate has expired', async () => {
    const quote = await server.ask(
      'query ($input: RatesInput!) { rates(input: $input) { rates { id price { amount } } } }',
      { input: { from: sender, to: receiver, parcels: [box] } },
    );
    const [rate] = quote.data.rates.rates;
    const purchase = await server.ask(
      'mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { id trackingNumber } userErrors { message } failure { message } } }',
      { input: { idempotencyKey: 'federation-1', rateId: rate.id } },
    );
    const { shipment } = purchase.data.shipmentPurchase;
    expect(purchase.data.shipmentPurchase).toMatchObject({ userErrors: [], failure: null });
    server.clock.advance(25 * 3600_000);

    const answer = await entities(
      [
        { __typename: 'Rate', id: rate.id },
        { __typename: 'Shipment', id: shipment.id },
        { __typename: 'Tracker', trackingNumber: shipment.trackingNumber, carrier: null },
      ],
      `... on Rate { id price { amount } account { id } }
       ... on Shipment { id status trackingNumber }
       ... on Tracker { number: trackingNumber shipment { id } }`,
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data._entities).toEqual([
      { __typename: 'Rate', ...rate, account: { id: expect.stringMatching(/^(usps|easypost)$/) } },
      { __typename: 'Shipment', ...shipment, status: 'PURCHASED' },
      { __typename: 'Tracker', number: shipment.trackingNumber, shipment: { id: shipment.id } },
    ]);
  });

  it('returns null for unknown ids', async () => {
    const answer = await entities(
      [
        { __typename: 'Rate', id: 'no-rate' },
        { __typename: 'Shipment', id: 'no-shipment' },
        { __typename: 'Shipment', id: '00000000-0000-4000-8000-000000000000' },
        { __typename: 'Tracker', id: 'no-tracker' },
        { __typename: 'Tracker', id: 'trk_%%%' },
        { __typename: 'Tracker', id: 'no-tracker', trackingNumber: uspsSandboxNumbers.delivered },
      ],
      '',
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data._entities).toEqual(Array(6).fill(null));
  });

  it('resolves up to 1,000 representations', async () => {
    const of = (count: number) =>
      Array.from({ length: count }, () => ({ __typename: 'Shipment', id: 'no-shipment' }));
    expect((await entities(of(1000), '')).errors).toBeUndefined();
    const refused = await entities(of(1001), '');
    expect(refused.errors).toEqual([
      expect.objectContaining({
        message: 'representations: an operation takes up to 1000 representations',
        extensions: expect.objectContaining({ code: 'BAD_USER_INPUT', field: ['representations'] }),
      }),
    ]);
    expect(refused.data).toBeNull();
  });

  describe.each([
    [
      'in a variable of another name',
      'query ($keys: [_Any!]!) { _entities(representations: $keys) { __typename } }',
    ],
    [
      'as the default of a variable',
      `query ($none: [_Any!]! = ${literal(1001)}) { _entities(representations: $none) { __typename } }`,
    ],
    ['in the document itself', `{ _entities(representations: ${literal(1001)}) { __typename } }`],
    [
      'under several aliases',
      `{ a: _entities(representations: ${literal(501)}) { __typename } b: _entities(representations: ${literal(500)}) { __typename } }`,
    ],
  ])('representations %s', (_, query) => {
    it('are counted too', async () => {
      const keys = Array(1001).fill({ __typename: 'Shipment', id: 'x' });
      const { errors } = await server.ask(query, { keys });
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    });
  });

  it('rejects an invalid representation only, and resolves the others', async () => {
    const invalid = [
      { __typename: 'Tracker', trackingNumber: 42 },
      { __typename: 'Tracker', trackingNumber: uspsSandboxNumbers.delivered, carrier: ['USPS'] },
      { __typename: 'Tracker', id: 42 },
      { __typename: 'Tracker', id: 42, trackingNumber: uspsSandboxNumbers.delivered },
      { __typename: 'Tracker' },
      { __typename: 'Shipment', id: null },
      { __typename: 'Rate', id: { a: 1 } },
      { __typename: 'Address', id: 'x' },
      { __typename: 'constructor', id: 'x' },
      { id: 'x' },
    ];
    const valid = { __typename: 'Tracker', trackingNumber: uspsSandboxNumbers.delivered, carrier: 'USPS' };
    const answer = await entities([...invalid, valid], '... on Tracker { status }');
    expect(answer.errors!.map(({ path, extensions }) => [path, extensions.code]).sort()).toEqual(
      invalid.map((_, index) => [['_entities', index], 'BAD_USER_INPUT']),
    );
    expect(answer.data._entities).toEqual([
      ...invalid.map(() => null),
      { __typename: 'Tracker', status: 'DELIVERED' },
    ]);
  });

  it('makes no call for entities without a key', async () => {
    const { usps, easypost } = server.sandbox;
    const before = usps.calls.length + easypost.calls.length;
    const { status, errors } = await ask(
      server.url,
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }',
      { representations: [{ __typename: 'Tracker', trackingNumber: uspsSandboxNumbers.alert }] },
    );
    expect(status).toBe(401);
    expect(errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
    expect(usps.calls.length + easypost.calls.length).toBe(before);
  });
});
