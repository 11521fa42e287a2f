import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { uspsSandboxNumbers, uspsTrackingNumber } from '../../sandbox/usps/index.ts';
import { ask, box, openTestServer, receiver, sender, type TestServer } from '../support/test-server.ts';

/** A list of representations as a GraphQL literal. */
const literal = (count: number) => `[${Array(count).fill('{__typename:"Shipment",id:"x"}').join()}]`;

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

  it('resolves 1,000 representations of every kind with as few calls as their numbers take', async () => {
    const { usps, easypost } = server.sandbox;
    const numbers = Array.from({ length: 700 }, (_, index) => uspsTrackingNumber(5000 + index));
    for (const trackingNumber of numbers) usps.parcel({ trackingNumber });
    const tracker = (trackingNumber: string) => ({ __typename: 'Tracker', trackingNumber, carrier: null });
    const { data: quote } = await server.ask(
      'query ($input: RatesInput!) { rates(input: $input) { rates { id } } }',
      { input: { from: sender, to: receiver, parcels: [box] } },
    );
    const { data: bought } = await server.ask('{ shipments(first: 1) { nodes { id } } }');
    const rate = { __typename: 'Rate', id: quote.rates.rates[0].id };
    const shipment = { __typename: 'Shipment', ...bought.shipments.nodes[0] };
    const representations = [
      ...numbers.map(tracker),
      tracker('EZ1000000001'),
      tracker('EZ2000000002'),
      ...Array(148).fill(rate),
      ...Array(150).fill(shipment),
    ];
    const [ofUsps, ofEasyPost] = [usps.calls.length, easypost.calls.length];

    const answer = await entities(
      representations,
      '... on Tracker { trackingNumber } ... on Rate { id } ... on Shipment { id }',
    );

    expect(usps.calls.slice(ofUsps).map(({ path }) => path)).toEqual(
      Array(700 / 35).fill('/tracking/v3r2/tracking'),
    );
    // EasyPost creates a tracker a number.
    expect(easypost.calls.slice(ofEasyPost).map(({ method, path }) => `${method} ${path}`)).toEqual(
      Array(2).fill('POST /v2/trackers'),
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data._entities).toEqual(representations.map(({ carrier: _, ...known }) => known));
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
