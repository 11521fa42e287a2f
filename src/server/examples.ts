import type { ExampleNumber } from '../carriers/example-numbers.ts';

/** An operation that GraphiQL, the landing page and the text printed at the start show. */
export interface Example {
  readonly name: string;
  readonly query: string;
  readonly variables?: object;
}

const from = {
  street1: "475 L'Enfant Plaza SW",
  city: 'Washington',
  state: 'DC',
  postalCode: '20260',
  country: 'US',
};
const to = { street1: '388 Townsend St', street2: 'Apt 20', city: 'San Francisco', state: 'CA', postalCode: '94107', country: 'US' }; // prettier-ignore

/** Returns the examples, with tracking numbers that the configured providers know. */
export function examples(exampleNumbers: readonly ExampleNumber[]): readonly Example[] {
  return [
    {
      name: 'Rates',
      query: `query Rates($input: RatesInput!) {
  rates(input: $input) {
    rates {
      carrier
      service { name }
      price { amount currencyCode }
      estimatedDays
      account { id }
      id
    }
    failures { account { id } code message hint }
  }
}`,
      variables: {
        input: {
          from: { ...from, name: 'Sally Sender' },
          to: { ...to, name: 'Rita Receiver' },
          parcels: [
            {
              weight: { value: 20, unit: 'OUNCE' },
              dimensions: { length: 10, width: 8, height: 4, unit: 'INCH' },
            },
          ],
        },
      },
    },
    {
      name: 'Purchase',
      query: `mutation Purchase($input: ShipmentPurchaseInput!) {
  shipmentPurchase(input: $input) {
    shipment {
      id
      status
      trackingNumber
      price { amount currencyCode }
      label { url contentType }
    }
    userErrors { code field message }
    failure { code message hint }
  }
}`,
      variables: { input: { idempotencyKey: 'order-1001', rateId: 'paste the id of a rate here' } },
    },
    {
      name: 'Trackers',
      query: `query Trackers($numbers: [TrackingNumberInput!]!) {
  trackers(numbers: $numbers) {
    trackingNumber
    carrier
    status
    statusText
    estimatedDeliveryDate
    events { occurredAt occurredAtLocal description location { city state } }
    failure { code message hint }
  }
}`,
      variables: { numbers: exampleNumbers.map(({ trackingNumber }) => ({ trackingNumber })) },
    },
    {
      name: 'Address',
      query: `query Address($address: AddressInput!) {
  addressVerification(address: $address) {
    status
    address { street1 street2 city state postalCode }
    changes { field from to }
    messages { code message }
    account { id }
  }
}`,
      variables: { address: { ...to, postalCode: '94105' } },
    },
    {
      name: 'Accounts',
      query: `query Accounts {
  providerAccounts {
    id
    provider
    environment
    operations
    quotas { api limit remaining resetsAt }
  }
  shipments(first: 5) { nodes { id status trackingNumber createdAt } }
}`,
    },
  ];
}
