import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

/** All that a shop knows of its parcels; the carrier is null where nobody wrote it down. */
export interface Order {
  readonly id: string;
  readonly parcel: { readonly trackingNumber: string; readonly carrier: string | null } | null;
}

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { orders: [Order!]! }
  type Order @key(fields: "id") { id: ID! parcel: Tracker }
  type Tracker @key(fields: "trackingNumber carrier", resolvable: false) { trackingNumber: String! carrier: String }
`);

/** A subgraph that names parcels and knows nothing of shipping. */
export async function startOrders(orders: () => readonly Order[], port = 0) {
  const Order = { __resolveReference: ({ id }: { id: string }) => orders().find((each) => each.id === id) };
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: { Query: { orders }, Order } }]);
  const server = new ApolloServer({ schema });
  const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port } });
  return { url, close: () => server.stop() };
}

if (import.meta.main) {
  const numbers = [
    '9200190345678900000025',
    '9200190345678900000018',
    'EZ4000000004',
    '9200190345678999999996',
  ];
  const orders = numbers.map((trackingNumber, index) => ({
    id: String(1001 + index),
    parcel: { trackingNumber, carrier: null },
  }));
  const { url } = await startOrders(() => orders, 4101);
  console.log(`Orders listen at ${url}`);
}
