import { count, failureFields, reads, showMoney, type Money, type Tool } from './tool.ts';

interface Data {
  readonly rates: {
    readonly rates: readonly {
      readonly service: { readonly name: string };
      readonly price: Money;
    }[];
    readonly failures: readonly unknown[];
  };
}

export const quoteRates: Tool<Data> = {
  name: 'quote_rates',
  title: 'Quote shipping rates',
  description:
    'Quotes what carriers charge for a shipment, cheapest first. It buys nothing. Pass the `id` of a rate to plan_purchase, unchanged and in full.',
  annotations: reads,
  document: /* GraphQL */ `
    query QuoteRates(
      $from: AddressInput!
      $to: AddressInput!
      $parcels: [ParcelInput!]!
      $shipDate: Date
      $customs: CustomsInput
      $options: ShipmentOptionsInput
      $carriers: [String!]
      $accountIds: [ID!]
    ) {
      rates(
        input: {
          from: $from
          to: $to
          parcels: $parcels
          shipDate: $shipDate
          customs: $customs
          options: $options
          carriers: $carriers
          accountIds: $accountIds
        }
      ) {
        rates {
          id
          account {
            id
          }
          carrier
          service {
            code
            name
          }
          packaging
          price {
            amount
            currencyCode
          }
          estimatedDays
          estimatedDeliveryDate
          guaranteed
          requires
          expiresAt
        }
        failures {
          ...FailureFields
        }
      }
    }
    ${failureFields}
  `,
  summarize({ rates: { rates, failures } }) {
    const [first] = rates;
    const cheapest = first ? `, the first one ${first.service.name} at ${showMoney(first.price)}` : '';
    return `${count(rates, 'rate')}${cheapest}; ${count(failures, 'failure')}.`;
  },
};
