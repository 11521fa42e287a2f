import { startSubgraph } from './subgraph.ts';

/** What a customer is about to buy: where it goes, and what it weighs. */
export interface Checkout {
  readonly id: string;
  readonly address: { readonly postalCode: string; readonly country: string };
  readonly weight: { readonly value: number; readonly unit: string };
}

const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
  type Query { checkouts: [Checkout!]! }
  type Checkout @key(fields: "id") { id: ID! address: DeliveryAddress! weight: Weight! }
  type DeliveryAddress { postalCode: String! country: String! }
  type Weight @shareable { value: Float! unit: WeightUnit! }
  enum WeightUnit { GRAM KILOGRAM OUNCE POUND }
`;

/** Starts a subgraph that knows addresses and weights, and nothing of shipping. `Weight` is the type that Parcelgraph shares. */
export const startCheckout = (checkouts: () => readonly Checkout[]) =>
  startSubgraph(sdl, {
    Query: { checkouts },
    Checkout: { __resolveReference: ({ id }: { id: string }) => checkouts().find((each) => each.id === id) },
  });
