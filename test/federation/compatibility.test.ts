/**
 * The twelve groups of Apollo's subgraph compatibility suite
 * (https://github.com/apollographql/apollo-federation-subgraph-compatibility).
 *
 * Proved by the schema of this server: ftv1, inaccessible, introspection, key, link, shareable, tag.
 * Proved by neighbours that extend its entities, since the schema has no use for them: composeDirective, interfaceObject,
 * override, provides, requires. The supergraph is composed by two composers, and runs under two gateways.
 */
import { composeSchemaContract, transformSupergraphToPublicSchema } from '@theguild/federation-composition';
import {
  buildASTSchema,
  buildClientSchema,
  getIntrospectionQuery,
  lexicographicSortSchema,
  parse,
  print,
  printSchema,
  visit,
  type GraphQLSchema,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startApolloGateway } from '../../examples/supergraph/apollo-gateway.ts';
import { fetchSubgraph } from '../../examples/supergraph/compose.ts';
import { startHiveGateway } from '../../examples/supergraph/hive-gateway.ts';
import type { RunningServer } from '../../examples/supergraph/subgraph.ts';
import { uspsSandboxNumbers } from '../../sandbox/usps/index.ts';
import { askWith } from '../support/ask-with.ts';
import { composers, type Service } from '../support/composers.ts';
import { requestsTo } from '../support/requests-to.ts';
import { ask, openTestServer, type TestServer } from '../support/test-server.ts';
import { startNeighbours } from './neighbours.ts';

const trackingNumber = uspsSandboxNumbers.delivered;

/** A neighbour that defines a type of ours too. */
const sharing = {
  name: 'sharing',
  url: 'http://127.0.0.1/',
  typeDefs: parse(`
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@shareable"])
    type Query { heaviest: Weight! }
    type Weight @shareable { value: Float! unit: WeightUnit! }
    enum WeightUnit { GRAM KILOGRAM OUNCE POUND }`),
};

describe('the subgraph', () => {
  let server: TestServer;
  let neighbours: Awaited<ReturnType<typeof startNeighbours>>;
  let shipping: Service;
  let services: Service[];
  let trackerId: string;
  beforeAll(async () => {
    server = await openTestServer();
    const { data } = await server.ask(`{ tracker(trackingNumber: "${trackingNumber}") { id } }`);
    trackerId = data.tracker.id;
    neighbours = await startNeighbours([{ id: '1', tracker: { id: trackerId, trackingNumber } }]);
    shipping = await fetchSubgraph({ name: 'shipping', url: `${server.url}/graphql` });
    services = [shipping, ...(await Promise.all(neighbours.subgraphs.map(fetchSubgraph)))];
  });
  afterAll(async () => {
    await neighbours.close();
    await server.close();
  });

  const typeOf = (name: string) =>
    server.ask(`{ __type(name: "${name}") { kind fields { name } possibleTypes { name } } }`, {}, '');

  it('link: links the federation specification once', () => {
    expect(print(shipping.typeDefs).match(/https:\/\/specs\.apollo\.dev\/federation\/[^"]+/g)).toEqual([
      'https://specs.apollo.dev/federation/v2.9',
    ]);
  });

  it('introspection: has the schema that its SDL defines, and the types of the federation specification', async () => {
    const { data } = await server.ask(getIntrospectionQuery({ directiveIsRepeatable: true }), {}, '');
    const sorted = (schema: GraphQLSchema) => printSchema(lexicographicSortSchema(schema));
    expect(sorted(buildClientSchema(data))).toBe(sorted(buildASTSchema(shipping.typeDefs)));
    expect((await typeOf('_Any')).data.__type).toMatchObject({ kind: 'SCALAR' });
    expect((await typeOf('_Service')).data.__type).toMatchObject({
      kind: 'OBJECT',
      fields: [{ name: 'sdl' }],
    });
  });

  it('key: has five entities, of which a tracker has two keys', async () => {
    const { possibleTypes } = (await typeOf('_Entity')).data.__type;
    expect(possibleTypes.map(({ name }: any) => name).sort()).toEqual([
      'Manifest',
      'Pickup',
      'Rate',
      'Shipment',
      'Tracker',
    ]);
    const representations = [
      { __typename: 'Tracker', id: trackerId },
      { __typename: 'Tracker', trackingNumber, carrier: 'USPS' },
    ];
    const { data } = await server.ask(
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Tracker { id status } } }',
      { representations },
    );
    expect(data._entities).toEqual(Array(2).fill({ id: trackerId, status: 'DELIVERED' }));
  });

  it.each(composers)('shareable: shares its values with a neighbour, by %s', (_, compose) => {
    expect(compose([shipping, sharing])).toContain('type Weight');
    const typeDefs = visit(shipping.typeDefs, {
      ObjectTypeDefinition: (type) =>
        type.name.value === 'Weight' ? { ...type, directives: [] } : undefined,
    });
    expect(() => compose([{ ...shipping, typeDefs }, sharing])).toThrow(/Non-shareable field "Weight\.\w+"/);
  });

  it.each(composers)('inaccessible: shows no tenant and no API key in a supergraph, by %s', (_, compose) => {
    const { definitions } = transformSupergraphToPublicSchema(parse(compose([shipping])));
    const names = definitions.map((definition) => 'name' in definition && definition.name?.value);
    expect(names).toContain('Shipment');
    expect(names.filter((name) => name && /^(ApiKey|Tenant|Permission)/.test(name))).toEqual([]);
  });

  it('inaccessible: shows them in its own schema', async () => {
    expect((await typeOf('ApiKey')).data.__type.kind).toBe('OBJECT');
  });

  it('tag: leaves a contract without `internal` what customers may see', () => {
    const contract = composeSchemaContract(
      [shipping],
      { include: new Set(), exclude: new Set(['internal']) },
      true,
    );
    const fields: string[] = [];
    visit(contract.publicDocumentNode!, {
      ObjectTypeDefinition({ name: { value: type }, fields: own = [] }) {
        if (!/^(Query|Mutation|Subscription|Shipment|Webhook|ApiKey)/.test(type)) return;
        fields.push(...own.map(({ name }) => `${type}.${name.value}`));
      },
    });
    expect(fields.sort()).toEqual([
      'Query.addressVerification',
      'Query.addressVerifications',
      'Query.dropOffLocations',
      'Query.rates',
      'Query.tracker',
      'Query.trackers',
      'Subscription.ratesStream',
      'Subscription.trackerUpdated',
    ]);
  });

  describe('ftv1', () => {
    const query = `query ($trackingNumber: String!) {
      tracker(trackingNumber: $trackingNumber) { status }
      failed: tracker(trackingNumber: "Rita Receiver?") { id }
    }`;

    it('traces fields for a router that asks for it, without arguments and messages', async () => {
      const { errors, extensions } = await askWith(
        server.url,
        { 'apollo-federation-include-trace': 'ftv1' },
        query,
        { trackingNumber },
      );
      const trace = Buffer.from(extensions.ftv1, 'base64').toString('latin1');
      for (const part of ['tracker', 'TrackingStatus!', 'failed', '<masked>']) expect(trace).toContain(part);
      for (const secret of [trackingNumber, 'Rita', errors![0]!.message]) expect(trace).not.toContain(secret);
    });

    it('traces nothing for others', async () => {
      expect((await askWith(server.url, {}, query, { trackingNumber })).extensions).toBeUndefined();
    });
  });

  describe.each(composers)('with neighbours, composed by %s', (_, compose) => {
    it('composeDirective: leaves the directives of neighbours in the supergraph', () => {
      expect(compose(services)).toContain('@audit(team: "stores")');
    });

    describe.each([
      ['Apollo Gateway', startApolloGateway],
      ['Hive Gateway', startHiveGateway],
    ])('under %s', (_gateway, start) => {
      let gateway: RunningServer;
      beforeAll(async () => void (gateway = await start(compose(services))));
      afterAll(() => gateway.close());

      /** Asks for fields of the deliveries; returns them, and the number of requests that reach the subgraph. */
      const askDeliveries = async (fields: string) => {
        let data: unknown;
        const requests = await requestsTo(server.url, async () => {
          ({ data } = await ask(new URL(gateway.url).origin, `{ deliveries { ${fields} } }`, {}, 'sandbox'));
        });
        return { data, requests };
      };

      it.each([
        [
          'interfaceObject: resolves an entity that each implementation has from a neighbour',
          '... on HomeDelivery { id } tracker { status }',
          { id: '1', tracker: { status: 'DELIVERED' } },
          1,
        ],
        [
          'provides: is not asked for what a neighbour provides',
          '... on HomeDelivery { parcel { trackingNumber } }',
          { parcel: { trackingNumber } },
          0,
        ],
        [
          'override: is not asked for a field that a neighbour has taken over',
          'tracker { trackingUrl }',
          { tracker: { trackingUrl: expect.stringMatching(/^https:\/\/shop\.example\.com\/parcels\/trk_/) } },
          0,
        ],
        [
          'requires: is asked for what a neighbour requires',
          'tracker { headline }',
          { tracker: { headline: 'Your parcel is DELIVERED' } },
          1,
        ],
      ])('%s', async (_group, fields, delivery, requests) => {
        expect(await askDeliveries(fields)).toEqual({ data: { deliveries: [delivery] }, requests });
      });
    });
  });
});
