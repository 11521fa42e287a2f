import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { uspsTrackingNumber } from '../../sandbox/usps/index.ts';
import { toApiKeyConfig } from '../../src/config/api-key.ts';
import { box, openTestServer, receiver, sender, type TestServer } from '../support/test-server.ts';

const minute = 60_000;

describe('the Cache-Control of a response', () => {
  let server: TestServer;
  const [moving, arrived] = [uspsTrackingNumber(1), uspsTrackingNumber(2)];
  beforeAll(async () => {
    server = await openTestServer({
      tenants: ({ tenant }) => [
        tenant,
        { ...tenant, id: 'telling', apiKeys: [toApiKeyConfig('telling-key')], providerCalls: true },
      ],
    });
    const created = server.clock.now() - 100 * 3_600_000;
    server.sandbox.usps.parcel({ trackingNumber: moving });
    server.sandbox.usps.parcel({ trackingNumber: arrived, created, accepted: created });
  });
  afterAll(() => server.close());

  const ask = async (query: string, variables: object = {}, headers: Record<string, string> = {}) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sandbox', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return { headers: response.headers, body: await response.json() };
  };
  const cacheControl = async (...asked: Parameters<typeof ask>) =>
    (await ask(...asked)).headers.get('cache-control');
  const tracker = (number: string, fields = 'status', more = '') =>
    `{ tracker(trackingNumber: "${number}", carrier: "USPS"${more}) { ${fields} } }`;

  it('lets a cache of the caller keep trackers while they are fresh', async () => {
    const { headers } = await ask(
      tracker(moving, '__typename status events { description location { city } } failure { code }'),
    );
    expect(headers.get('cache-control')).toBe('private, max-age=900');
    expect(headers.get('vary')).toBe('authorization, origin');
    server.clock.advance(5 * minute);
    expect(await cacheControl(tracker(moving))).toBe('private, max-age=600');
    expect(await cacheControl(tracker(moving, 'status', ', maxAgeSeconds: 400'))).toBe(
      'private, max-age=100',
    );
    expect(await cacheControl(tracker(moving, 'status', ', maxAgeSeconds: 0'))).toBe('no-store');
  });

  it('is that of the tracker that ages first, and an hour at most', async () => {
    expect(await cacheControl(tracker(arrived))).toBe('private, max-age=3600');
    const both = `{ trackers(numbers: [{ trackingNumber: "${arrived}" }, { trackingNumber: "${moving}" }]) { status } }`;
    server.clock.advance(minute);
    const seconds = Number((await cacheControl(both))!.split('=')[1]);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(900);
  });

  it('holds for the entities of a router', async () => {
    const entities = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Tracker { status } ... on Rate { asOf } } }`;
    const of = [{ __typename: 'Tracker', trackingNumber: arrived, carrier: 'USPS' }];
    expect(await cacheControl(entities.replace('... on Rate { asOf }', ''), { of })).toBe(
      'private, max-age=3600',
    );
    expect(await cacheControl(entities, { of })).toBe('no-store');
  });

  const input = { from: sender, to: receiver, parcels: [box], accountIds: ['usps'] };
  it.each([
    [
      'money',
      'query ($input: RatesInput!) { rates(input: $input) { rates { price { amount } } } }',
      { input },
    ],
    ['an account', tracker(arrived, 'status account { id }'), {}],
    ['a shipment', tracker(arrived, 'shipment { id }'), {}],
    [
      'shipments beside a tracker',
      `{ tracker(trackingNumber: "${arrived}") { status } shipments { nodes { id } } }`,
      {},
    ],
    ['a failure', tracker('9400100000000000000000'), {}],
    ['an error', '{ tracker(trackingNumber: "") { status } }', {}],
    ['a document that is not valid', '{ nothing }', {}],
    ['the schema', '{ __schema { queryType { name } } }', {}],
    ['a mutation', 'mutation { shipmentVoid(input: { id: "shp_1" }) { userErrors { code } } }', {}],
  ])('forbids to keep %s', async (_, query, variables) => {
    expect(await cacheControl(query, variables)).toBe('no-store');
  });

  it('forbids to keep what an operation took or would take', async () => {
    for (const header of ['x-parcelgraph-provider-calls', 'x-parcelgraph-plan'])
      expect(await cacheControl(tracker(arrived), {}, { [header]: 'true' })).toBe('no-store');
    expect(await cacheControl(tracker(moving), {}, { authorization: 'Bearer telling-key' })).toBe('no-store');
  });

  it('forbids to keep a tracker that could not be refreshed', async () => {
    await ask(tracker(moving));
    server.clock.advance(16 * minute);
    const recover = server.sandbox.usps.injectFault({
      path: /\/tracking/,
      response: { status: 503, body: {} },
    });
    const { headers, body } = await ask(tracker(moving, 'status stale'));
    recover();
    expect(body.data.tracker.stale).toBe(true);
    expect(headers.get('cache-control')).toBe('no-store');
  });
});
