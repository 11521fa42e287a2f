// Saleor: the synchronous webhook SHIPPING_LIST_METHODS_FOR_CHECKOUT of an app, whose subscription query is below.
// https://docs.saleor.io/developer/extending/webhooks/synchronous-events/shipping
import { quote, rateCode, rateName, type ShopOptions } from './quote.ts';

/** Saleor waits 18 seconds by default; a customer waits less. */
const defaultDeadlineMs = 5_000;

/** What Saleor sends. The names are those of its checkout. */
export const subscription = /* GraphQL */ `
  subscription {
    event {
      ... on ShippingListMethodsForCheckout {
        checkout {
          currency: channel {
            currencyCode
          }
          shippingAddress {
            firstName
            lastName
            companyName
            streetAddress1
            streetAddress2
            city
            countryArea
            postalCode
            phone
            country {
              code
            }
          }
          lines {
            quantity
            variant {
              weight {
                unit
                value
              }
            }
          }
        }
      }
    }
  }
`;

export interface SaleorRequest {
  readonly checkout: {
    readonly currency: { readonly currencyCode: string };
    readonly shippingAddress: {
      readonly [
        field in
          | 'firstName'
          | 'lastName'
          | 'companyName'
          | 'streetAddress1'
          | 'streetAddress2'
          | 'city'
          | 'countryArea'
          | 'postalCode'
      ]: string;
    } & { readonly phone: string | null; readonly country: { readonly code: string } };
    readonly lines: readonly {
      readonly quantity: number;
      readonly variant: {
        readonly weight: { readonly unit: SaleorWeightUnit; readonly value: number } | null;
      };
    }[];
  };
}

type SaleorWeightUnit = keyof typeof grams;
const grams = { G: 1, KG: 1000, OZ: 28.349523125, LB: 453.59237, TONNE: 1_000_000 };

/** Answers with the shipping methods of a checkout. Without any, Saleor shows its own. */
export async function saleorShippingMethods({ checkout }: SaleorRequest, options: ShopOptions) {
  const { shippingAddress: to, lines, currency } = checkout;
  const weight = lines.reduce(
    (sum, { quantity, variant }) =>
      sum + quantity * (variant.weight ? variant.weight.value * grams[variant.weight.unit] : 0),
    0,
  );
  const address = {
    name: `${to.firstName} ${to.lastName}`.trim(),
    company: to.companyName,
    street1: to.streetAddress1,
    street2: to.streetAddress2,
    city: to.city,
    state: to.countryArea,
    postalCode: to.postalCode,
    country: to.country.code,
    phone: to.phone,
  };
  const rates = await quote(options, address, weight, options.deadlineMs ?? defaultDeadlineMs);
  return rates
    .filter(({ price }) => price.currencyCode === currency.currencyCode)
    .map((rate) => ({
      id: rateCode(rate),
      name: rateName(rate),
      amount: rate.price.amount,
      currency: rate.price.currencyCode,
      ...(rate.estimatedDays == null ? {} : { maximum_delivery_days: rate.estimatedDays }),
    }));
}
