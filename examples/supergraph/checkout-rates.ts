import { GraphQLError } from 'graphql';

import type { Checkout } from './checkout.ts';
import { startSubgraph, type Caller } from './subgraph.ts';

const sdl = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])
  type Checkout @key(fields: "id") {
    id: ID!
    address: DeliveryAddress! @external
    weight: Weight! @external
    rates: [Rate!] @requires(fields: "address { postalCode country } weight { value unit }")
  }
  type DeliveryAddress @external { postalCode: String! country: String! }
  type Weight @external { value: Float! unit: WeightUnit! }
  enum WeightUnit { GRAM KILOGRAM OUNCE POUND }
  type Rate @key(fields: "id", resolvable: false) { id: ID! }
`;

const query = `query ($input: RatesInput!) { rates(input: $input) { rates { id } failures { message } } }`;

/** Where parcels are sent from, and the box that they are sent in: without its size some providers quote nothing. */
export interface Warehouse {
  readonly address: Checkout['address'];
  readonly dimensions: {
    readonly length: number;
    readonly width: number;
    readonly height: number;
    readonly unit: string;
  };
}

/**
 * Starts the subgraph that gives a checkout its rates. The gateway brings the address and the weight; Parcelgraph, which is
 * asked with the caller's own key, quotes them and resolves the rates by their ids without another call to a provider.
 */
export const startCheckoutRates = (shippingUrl: string, { address: from, dimensions }: Warehouse) =>
  startSubgraph(sdl, {
    Checkout: {
      async rates({ address, weight }: Checkout, _, { authorization = '' }: Caller) {
        const response = await fetch(shippingUrl, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization },
          body: JSON.stringify({
            query,
            variables: { input: { from, to: address, parcels: [{ weight, dimensions }] } },
          }),
        });
        const { data, errors } = (await response.json()) as RatesResponse;
        if (errors?.[0]) throw new GraphQLError(errors[0].message, errors[0]);
        const { rates, failures } = data.rates;
        if (rates.length === 0) throw new GraphQLError(failures[0]!.message);
        return rates;
      },
    },
  });

interface RatesResponse {
  readonly data: {
    readonly rates: {
      readonly rates: readonly { readonly id: string }[];
      readonly failures: readonly { readonly message: string }[];
    };
  };
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
}
