import type { ExampleNumber } from '../carriers/example-numbers.ts';

/** An operation that GraphiQL, the landing page and the text printed at the start show. */
export interface Example {
  readonly name: string;
  readonly query: string;
  readonly variables?: object;
}

/**
 * Values that GraphiQL fills in from the responses before: the id of the cheapest rate that was asked for last, the
 * shipment that was purchased last, a fresh idempotency key for either, and the first tenant that was listed.
 */
export const placeholders = {
  rateId: '<the id of a rate; filled in by the Rates tab>',
  purchaseKey: '<a key of your choice; filled in by the Rates tab>',
  shipmentId: '<the id of a shipment; filled in by the Purchase tab>',
  pickupKey: '<a key of your choice; filled in by the Purchase tab>',
  manifestKey: '<a key of yours; filled in by the Purchase tab>',
  pickupDay: '<a day, YYYY-MM-DD>',
  tenantId: '<the id of a tenant; filled in by the Tenants tab>',
};

const from = {
  name: 'Sally Sender',
  phone: '202-555-0100',
  street1: "475 L'Enfant Plaza SW",
  city: 'Washington',
  state: 'DC',
  postalCode: '20260',
  country: 'US',
};
const to = { name: 'Rita Receiver', phone: '415-555-0100', street1: '388 Townsend St', street2: 'Apt 20', city: 'San Francisco', state: 'CA', postalCode: '94107', country: 'US' }; // prettier-ignore

const abroad = { name: 'Zoe Zimmer', phone: '416-555-0100', street1: '290 Bremner Blvd', city: 'Toronto', state: 'ON', postalCode: 'M5V 3L9', country: 'CA' }; // prettier-ignore
const parcel = { weight: { value: 20, unit: 'OUNCE' }, dimensions: { length: 10, width: 8, height: 4, unit: 'INCH' } }; // prettier-ignore

/** The question for rates, under the name of its tab. */
const ratesQuery = (name: string) => `query ${name}($input: RatesInput!) {
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
}`;

/** Returns the examples, with tracking numbers that the configured providers know, and a URL that takes webhooks. */
export function examples(exampleNumbers: readonly ExampleNumber[], webhookUrl: string): readonly Example[] {
  const numbers = exampleNumbers.map(({ trackingNumber }) => ({ trackingNumber }));
  return [
    {
      name: 'Rates',
      query: ratesQuery('Rates'),
      variables: { input: { from, to, parcels: [parcel] } },
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
      variables: { input: { idempotencyKey: placeholders.purchaseKey, rateId: placeholders.rateId } },
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
      variables: { numbers },
    },
    {
      name: 'Live',
      query: `subscription Live($numbers: [TrackingNumberInput!]!) {
  trackerUpdated(numbers: $numbers) {
    trackingNumber
    status
    statusText
    cursor
  }
}`,
      variables: { numbers },
    },
    {
      name: 'Watch',
      query: `mutation Watch($input: TrackerWatchInput!) {
  trackerWatch(input: $input) {
    trackers { trackingNumber status asOf }
    userErrors { code field message }
  }
}`,
      variables: { input: { numbers } },
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
      variables: {
        address: { street1: '388 Townsend St', street2: 'Apt 20', city: 'San Francisco', state: 'CA', postalCode: '94105', country: 'US' }, // prettier-ignore
      },
    },
    {
      name: 'Locations',
      query: `query Locations($postalCode: String!) {
  dropOffLocations(postalCode: $postalCode, radiusMiles: 5) {
    name
    address { street1 city state postalCode }
    hours
    distanceMiles
  }
}`,
      variables: { postalCode: to.postalCode },
    },
    {
      name: 'Pickup',
      query: `mutation Pickup($input: PickupScheduleInput!) {
  pickupSchedule(input: $input) {
    pickup { id status confirmation date price { amount } }
    userErrors { code field message }
    failure { code message hint }
  }
}`,
      variables: {
        input: {
          idempotencyKey: placeholders.pickupKey,
          shipmentIds: [placeholders.shipmentId],
          date: placeholders.pickupDay,
          address: from,
        },
      },
    },
    {
      name: 'Manifest',
      query: `mutation Manifest($input: ManifestCreateInput!) {
  manifestCreate(input: $input) {
    manifest { id status form { url } }
    userErrors { code field message }
    failure { code message hint }
  }
}`,
      variables: {
        input: { idempotencyKey: placeholders.manifestKey, shipmentIds: [placeholders.shipmentId] },
      },
    },
    {
      name: 'Labels',
      query: `query Labels($input: LabelDocumentInput!) {
  labelDocument(input: $input) {
    url
    contentType
    expiresAt
    labels
    skipped { shipmentId reason }
  }
}`,
      variables: { input: { shipmentIds: [placeholders.shipmentId], format: 'PDF' } },
    },
    {
      name: 'Void',
      query: `mutation Void($input: ShipmentVoidInput!) {
  shipmentVoid(input: $input) {
    shipment { id status refund { status amount { amount } } }
    userErrors { code field message }
    failure { code message hint }
  }
}`,
      variables: { input: { id: placeholders.shipmentId } },
    },
    {
      name: 'International',
      query: ratesQuery('International'),
      variables: {
        input: {
          from,
          to: abroad,
          parcels: [parcel],
          customs: {
            contents: 'MERCHANDISE',
            signer: from.name,
            items: [
              {
                description: 'Cotton T-shirt',
                quantity: 2,
                totalValue: { amount: '40.00', currencyCode: 'USD' },
                totalWeight: { value: 14, unit: 'OUNCE' },
                hsTariffNumber: '610910',
                originCountry: 'US',
              },
            ],
          },
        },
      },
    },
    {
      name: 'Return',
      query: ratesQuery('Return'),
      variables: { input: { from: to, to: from, parcels: [parcel], options: { isReturn: true } } },
    },
    {
      name: 'Webhook',
      query: `mutation Webhook($input: WebhookEndpointCreateInput!) {
  webhookEndpointCreate(input: $input) {
    endpoint { id url events }
    secret
    userErrors { code field message }
  }
}`,
      variables: { input: { url: webhookUrl, events: ['TRACKER_UPDATED', 'SHIPMENT_PURCHASED'] } },
    },
    {
      name: 'Tenants',
      query: `query Tenants {
  tenants {
    id
    name
    accounts { id provider }
    apiKeys { id prefix permissions expiresAt lastUsedAt }
  }
}`,
    },
    {
      name: 'Key',
      query: `mutation Key($input: ApiKeyCreateInput!) {
  apiKeyCreate(input: $input) {
    key
    apiKey { id prefix permissions }
    userErrors { code field message }
  }
}`,
      variables: { input: { tenantId: placeholders.tenantId, permissions: ['RATES_READ', 'TRACKING_READ'] } },
    },
    {
      name: 'Mail',
      query: `query Mail {
  mailJobs(first: 5) {
    nodes { id status startedAt }
  }
}`,
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
