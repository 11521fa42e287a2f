/** The part of our schema that rivals write by hand, and its mapping from EasyPost's answer. */
export const typeDefs = `
  type Money { amount: String! currencyCode: String! }
  type ShippingService { code: String! name: String! }
  type Rate { id: ID! carrier: String! service: ShippingService! price: Money! estimatedDays: Int }
  type RateQuote { rates: [Rate!]! }
  input AddressInput { name: String street1: String city: String state: String postalCode: String country: String! }
  input WeightInput { value: Float! unit: String! }
  input DimensionsInput { length: Float! width: Float! height: Float! unit: String! }
  input ParcelInput { weight: WeightInput! dimensions: DimensionsInput }
  input RatesInput { from: AddressInput! to: AddressInput! parcels: [ParcelInput!]! }
  type Query { rates(input: RatesInput!): RateQuote! }
`;

const toAddress = ({ postalCode: zip, ...address }) => ({ ...address, zip });

export function toShipment({ from, to, parcels: [{ weight, dimensions }] }) {
  const { length, width, height } = dimensions;
  const parcel = { weight: weight.value, length, width, height };
  return { shipment: { from_address: toAddress(from), to_address: toAddress(to), parcel } };
}

export function toQuote({ rates }) {
  const mapped = rates.map(({ id, carrier, service, rate, currency, delivery_days: estimatedDays }) => ({
    id,
    carrier,
    service: { code: service.toUpperCase(), name: service },
    price: { amount: rate, currencyCode: currency },
    estimatedDays,
  }));
  return { rates: mapped.sort((a, b) => a.price.amount - b.price.amount) };
}
