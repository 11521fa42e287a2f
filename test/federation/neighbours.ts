import { startSubgraph, together } from '../../examples/supergraph/subgraph.ts';

const link = (...imports: readonly string[]) =>
  `@link(url: "https://specs.apollo.dev/federation/v2.9", import: ${JSON.stringify(imports)})`;

/** A delivery, and what its shop has written down of its parcel. */
export interface Delivery {
  readonly id: string;
  readonly tracker: { readonly id: string; readonly trackingNumber: string };
}

/**
 * Starts subgraphs that use, of the entities of the shipping subgraph, what its own schema has no use for: `@interfaceObject`,
 * `@provides`, `@override`, `@requires` and `@composeDirective`.
 */
export async function startNeighbours(deliveries: readonly Delivery[]) {
  const servers = {
    deliveries: await startSubgraph(
      `extend schema ${link('@key', '@external', '@provides', '@composeDirective')}
         @link(url: "https://example.com/audit/v1.0", import: ["@audit"])
         @composeDirective(name: "@audit")
       directive @audit(team: String!) on FIELD_DEFINITION
       type Query { deliveries: [Delivery!]! @audit(team: "stores") }
       interface Delivery @key(fields: "id") { id: ID! }
       type HomeDelivery implements Delivery @key(fields: "id") {
         id: ID!
         parcel: Tracker @provides(fields: "trackingNumber")
       }
       type StoreDelivery implements Delivery @key(fields: "id") { id: ID! }
       type Tracker @key(fields: "id", resolvable: false) { id: ID! trackingNumber: String! @external }`,
      {
        Query: { deliveries: () => deliveries },
        Delivery: { __resolveType: () => 'HomeDelivery' },
        HomeDelivery: { parcel: ({ tracker }: Delivery) => tracker },
      },
    ),
    trackers: await startSubgraph(
      `extend schema ${link('@key', '@interfaceObject')}
       type Delivery @key(fields: "id") @interfaceObject { id: ID! tracker: Tracker }
       type Tracker @key(fields: "id", resolvable: false) { id: ID! }`,
      {
        Delivery: {
          tracker: ({ id }: Delivery) => deliveries.find((delivery) => delivery.id === id)?.tracker,
        },
      },
    ),
    pages: await startSubgraph(
      `extend schema ${link('@key', '@external', '@override', '@requires', '@requiresScopes')}
       type Tracker @key(fields: "id") {
         id: ID!
         trackingUrl: URL @override(from: "shipping")
         status: TrackingStatus! @external
         headline: String! @requires(fields: "status") @requiresScopes(scopes: [["tracking:read"]])
       }
       scalar URL
       enum TrackingStatus { DELIVERED }`,
      {
        Tracker: {
          trackingUrl: ({ id }: { id: string }) => `https://shop.example.com/parcels/${id}`,
          headline: ({ status }: { status: string }) => `Your parcel is ${status}`,
        },
      },
    ),
  };
  return together(servers);
}
