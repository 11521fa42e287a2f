import { startSubgraph } from './subgraph.ts';

/** All that a shop knows of its parcels; the carrier is null where nobody wrote it down. */
export interface Order {
  readonly id: string;
  readonly parcel: { readonly trackingNumber: string; readonly carrier: string | null } | null;
}

const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { orders: [Order!]! }
  type Order @key(fields: "id") { id: ID! parcel: Tracker }
  type Tracker @key(fields: "trackingNumber carrier", resolvable: false) { trackingNumber: String! carrier: String }
`;

/** Starts a subgraph that names parcels, and knows nothing of shipping. */
export const startOrders = (orders: () => readonly Order[]) =>
  startSubgraph(sdl, {
    Query: { orders },
    Order: { __resolveReference: ({ id }: { id: string }) => orders().find((order) => order.id === id) },
  });
