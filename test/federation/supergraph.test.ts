import { transformSupergraphToPublicSchema } from '@theguild/federation-composition';
import { buildASTSchema, lexicographicSortSchema, parse, printSchema } from 'graphql';
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { startApolloGateway } from '../../examples/supergraph/apollo-gateway.ts';
import type { Checkout } from '../../examples/supergraph/checkout.ts';
import { fetchSubgraph } from '../../examples/supergraph/compose.ts';
import { startHiveGateway } from '../../examples/supergraph/hive-gateway.ts';
import type { Order } from '../../examples/supergraph/orders.ts';
import type { RunningServer } from '../../examples/supergraph/subgraph.ts';
import { startSubgraphs } from '../../examples/supergraph/supergraph.ts';
import { uspsSandboxNumbers, uspsTrackingNumber } from '../../sandbox/usps/index.ts';
import { composers, type Service } from '../support/composers.ts';
import { requestsTo } from '../support/requests-to.ts';
import { ask as askServer, box, openTestServer, type TestServer } from '../support/test-server.ts';

const warehouse = { address: { postalCode: '20260', country: 'US' }, dimensions: box.dimensions };

/** The level from which a composition hint is a warning. */
const warning = 60;

/** Starts a server, and the example's subgraphs beside it. */
async function openSubgraphs() {
  const server = await openTestServer();
  const shop = { orders: [] as readonly Order[], checkouts: [] as readonly Checkout[] };
  const { close, ...composed } = await startSubgraphs(`${server.url}/graphql`, {
    orders: () => shop.orders,
    checkouts: () => shop.checkouts,
    warehouse,
  });
  return {
    server,
    shop,
    ...composed,
    /** The requests that reach providers while `work` runs; no token, which the first of them fetches. */
    async callsOf(work: () => Promise<unknown>): Promise<string[]> {
      const { usps, easypost } = server.sandbox;
      const [ofUsps, ofEasyPost] = [usps.calls.length, easypost.calls.length];
      await work();
      return [...usps.calls.slice(ofUsps), ...easypost.calls.slice(ofEasyPost)]
        .map(({ method, path }) => `${method} ${path}`)
        .filter((call) => !call.includes('/oauth2/'));
    },
    async close() {
      await close();
      await server.close();
    },
  };
}

describe('a supergraph', () => {
  let subgraphs: Awaited<ReturnType<typeof openSubgraphs>>;
  let server: TestServer;
  let services: Service[];
  beforeAll(async () => {
    subgraphs = await openSubgraphs();
    server = subgraphs.server;
    services = await Promise.all(subgraphs.subgraphs.map(fetchSubgraph));
  });
  afterAll(() => subgraphs.close());

  /** Replaces the orders. */
  const place = (parcels: readonly Order['parcel'][]) => {
    subgraphs.shop.orders = parcels.map((parcel, index) => ({ id: `order-${index}`, parcel }));
  };

  /** Parcels that USPS has, and that no test has asked for. */
  let last = 0;
  const newNumbers = (count: number) =>
    Array.from({ length: count }, () => {
      const trackingNumber = uspsTrackingNumber(1000 + last++);
      server.sandbox.usps.parcel({ trackingNumber });
      return trackingNumber;
    });

  it('composes without a warning', () => {
    const warnings = subgraphs.hints.filter(({ definition }) => Number(definition.level.value) >= warning);
    expect(warnings).toEqual([]);
  });

  it.each(composers)('tells a router permissions, costs and sizes of lists, by %s', (_, compose) => {
    const supergraphSdl = compose(services);
    for (const directive of [
      '@requiresScopes(scopes: [["rates:read"]])',
      '@authenticated',
      '@cost(weight: 30)',
      '@listSize(assumedSize: 20',
    ]) {
      expect(supergraphSdl).toContain(directive);
    }
  });

  it('has the same schema by both composers', () => {
    const [ofApollo, ofTheGuild] = composers.map(([, compose]) => {
      const schema = transformSupergraphToPublicSchema(parse(compose(services)));
      return printSchema(lexicographicSortSchema(buildASTSchema(schema)));
    });
    expect(ofApollo).toContain('type Checkout {');
    expect(ofTheGuild).toBe(ofApollo);
  });

  describe.each([
    ['Apollo Gateway', startApolloGateway, 20],
    // Another weight, since equal questions share an answer.
    ['Hive Gateway', startHiveGateway, 24],
  ])('under %s', (_, start, ounces) => {
    let gateway: RunningServer;
    beforeAll(async () => void (gateway = await start(subgraphs.supergraphSdl)));
    afterAll(() => gateway.close());

    const ask = (query: string, key?: string) => askServer<any>(new URL(gateway.url).origin, query, {}, key);

    it.each([
      [35, 1],
      [100, 3],
    ])('tracks the parcels of %i orders with one request to us and %i to USPS', async (orders, calls) => {
      const numbers = newNumbers(orders);
      place(numbers.map((trackingNumber) => ({ trackingNumber, carrier: 'USPS' })));

      let answer: Awaited<ReturnType<typeof ask>>;
      let requests = 0;
      const called = await subgraphs.callsOf(async () => {
        requests = await requestsTo(server.url, async () => {
          answer = await ask('{ orders { parcel { status events { description } } } }', 'sandbox');
        });
      });

      expect(called).toEqual(Array(calls).fill('POST /tracking/v3r2/tracking'));
      expect(requests).toBe(1);
      expect(answer!.errors).toBeUndefined();
      expect(answer!.data.orders).toEqual(
        numbers.map(() => ({
          parcel: {
            status: 'ACCEPTED',
            events: expect.arrayContaining([{ description: expect.any(String) }]),
          },
        })),
      );
      const again = () => ask('{ orders { parcel { status } } }', 'sandbox');
      expect(await subgraphs.callsOf(again)).toEqual([]);
    });

    it('returns parcels of all carriers, and an unknown one with its failure', async () => {
      place([
        { trackingNumber: uspsSandboxNumbers.delivered, carrier: 'USPS' },
        { trackingNumber: uspsSandboxNumbers.unknown, carrier: 'USPS' },
        null,
        { trackingNumber: 'EZ4000000004', carrier: null },
        { trackingNumber: uspsSandboxNumbers.delivered, carrier: 'Acme Pigeons' },
      ]);
      const { data, errors } = await ask(
        '{ orders { id parcel { status failure { code field message } account { provider } } } }',
        'sandbox',
      );
      expect(errors).toBeUndefined();
      expect(data.orders).toMatchObject([
        { id: 'order-0', parcel: { status: 'DELIVERED', failure: null, account: { provider: 'usps' } } },
        { id: 'order-1', parcel: { status: 'UNKNOWN', failure: { code: 'NOT_FOUND' } } },
        { id: 'order-2', parcel: null },
        { id: 'order-3', parcel: { status: 'DELIVERED', failure: null, account: { provider: 'easypost' } } },
        // The key of an entity is no argument, so the message names what is wrong.
        {
          id: 'order-4',
          parcel: {
            status: 'UNKNOWN',
            failure: { code: 'REJECTED', field: null, message: expect.stringMatching(/^carrier: /) },
          },
        },
      ]);
    });

    it('rates a checkout by its own address and weight, for the calls of one quote', async () => {
      const weight = { value: ounces, unit: 'OUNCE' };
      subgraphs.shop.checkouts = [{ id: '1', address: { postalCode: '94107', country: 'US' }, weight }];
      let answer: Awaited<ReturnType<typeof ask>>;
      const called = await subgraphs.callsOf(async () => {
        answer = await ask(
          '{ checkouts { weight { value } rates { carrier price { amount } } } }',
          'sandbox',
        );
      });

      expect(called).toEqual(['POST /shipments/v3/options/search', 'POST /v2/shipments']);
      const parcels = [{ weight, dimensions: warehouse.dimensions }];
      const input = { from: warehouse.address, to: subgraphs.shop.checkouts[0]!.address, parcels };
      const query =
        'query ($input: RatesInput!) { rates(input: $input) { rates { carrier price { amount } } } }';
      let direct: { data: any };
      const calledAgain = await subgraphs.callsOf(
        async () => void (direct = await server.ask(query, { input })),
      );
      // Equal questions share the answer of USPS; an EasyPost quote is a shipment there, and shared with nobody.
      expect(calledAgain).toEqual(['POST /v2/shipments']);
      expect(answer!.errors).toBeUndefined();
      expect(answer!.data.checkouts).toEqual([
        { weight: { value: weight.value }, rates: direct!.data.rates.rates },
      ]);
    });

    it('hands the key on, and returns the orders without tracking if there is none', async () => {
      place(newNumbers(1).map((trackingNumber) => ({ trackingNumber, carrier: 'USPS' })));
      let answer: Awaited<ReturnType<typeof ask>>;
      const query = '{ orders { id parcel { trackingNumber status } } checkouts { id rates { id } } }';
      const called = await subgraphs.callsOf(async () => void (answer = await ask(query)));
      expect(called).toEqual([]);
      expect(answer!.data).toEqual({
        orders: [{ id: 'order-0', parcel: null }],
        checkouts: subgraphs.shop.checkouts.map(({ id }) => ({ id, rates: null })),
      });
      expect(answer!.errors!.map(({ extensions }) => extensions.code)).toEqual(
        answer!.errors!.map(() => 'UNAUTHENTICATED'),
      );
    });

    it('keeps callers apart that ask the same at once', async () => {
      place(newNumbers(1).map((trackingNumber) => ({ trackingNumber, carrier: 'USPS' })));
      const query = '{ orders { parcel { status } } }';
      const answers = await Promise.all([ask(query), ask(query, 'sandbox'), ask(query, 'wrong')]);
      expect(answers.map(({ data }) => data.orders[0].parcel)).toEqual([null, { status: 'ACCEPTED' }, null]);
    });
  });

  it('has subscriptions under Hive Gateway, which end with those of its clients', async () => {
    const gateway = await startHiveGateway(subgraphs.supergraphSdl);
    const client = createClient({ url: gateway.url, headers: { authorization: 'Bearer sandbox' } });
    const [trackingNumber] = newNumbers(1);
    const query = `subscription { trackerUpdated(numbers: [{ trackingNumber: "${trackingNumber}" }]) { status } }`;
    const messages = client.iterate<any>({ query });
    expect(await messages.next()).toMatchObject({
      value: { data: { trackerUpdated: { status: 'ACCEPTED' } } },
    });

    server.clock.advance(24 * 3600_000);
    await server.ask(`{ tracker(trackingNumber: "${trackingNumber}", maxAgeSeconds: 0) { status } }`);
    expect(await messages.next()).toMatchObject({
      value: { data: { trackerUpdated: { status: 'IN_TRANSIT' } } },
    });
    await messages.return?.();
    await vi.waitFor(async () => {
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      expect(metrics).toContain('parcelgraph_subscriptions{transport="event-stream"} 0');
    });
    client.dispose();
    await gateway.close();
  });

  it('has none under Apollo Gateway, which refuses them', async () => {
    const gateway = await startApolloGateway(subgraphs.supergraphSdl);
    const query = `subscription { trackerUpdated(numbers: [{ trackingNumber: "${uspsSandboxNumbers.inTransit}" }]) { status } }`;
    const { errors } = await askServer(new URL(gateway.url).origin, query, {}, 'sandbox');
    expect(errors).toMatchObject([{ message: 'Execution of subscriptions not supported by gateway' }]);
    await gateway.close();
  });
});
