import type { AddressInput } from './generated/graphql.ts';

/** Where the shop's parcels leave. */
export const sender: AddressInput = {
  name: 'Sally Sender',
  company: 'Parcelgraph Storefront',
  phone: '202-555-0100',
  street1: "475 L'Enfant Plaza SW",
  city: 'Washington',
  state: 'DC',
  postalCode: '20260',
  country: 'US',
};
