// Shopify: the callback of a carrier service. Shopify posts the cart and shows the rates of the answer at checkout.
// https://shopify.dev/docs/api/admin-graphql/latest/objects/DeliveryCarrierService
import { minorUnits, quote, rateCode, rateName, type ShopOptions } from './quote.ts';

/** Shopify waits 10 seconds, and 3 of a service that it asks often. */
const defaultDeadlineMs = 2_000;

export interface ShopifyRequest {
  readonly rate: {
    readonly destination: ShopifyAddress;
    readonly items: readonly {
      readonly quantity: number;
      readonly grams: number;
      readonly requires_shipping: boolean;
    }[];
    readonly currency: string;
  };
}

interface ShopifyAddress {
  readonly name?: string | null;
  readonly company_name?: string | null;
  readonly address1?: string | null;
  readonly address2?: string | null;
  readonly city?: string | null;
  readonly province?: string | null;
  readonly postal_code?: string | null;
  readonly country: string;
  readonly phone?: string | null;
}

/** Answers a callback. Without rates Shopify shows the backup rates of the shop. */
export async function shopifyRates({ rate }: ShopifyRequest, options: ShopOptions) {
  const { destination: to, items, currency } = rate;
  const shipped = items.filter((item) => item.requires_shipping);
  const grams = shipped.reduce((sum, item) => sum + item.grams * item.quantity, 0);
  const rates = await quote(
    options,
    {
      name: to.name,
      company: to.company_name,
      street1: to.address1,
      street2: to.address2,
      city: to.city,
      state: to.province,
      postalCode: to.postal_code,
      country: to.country,
      phone: to.phone,
    },
    grams,
    options.deadlineMs ?? defaultDeadlineMs,
  );
  return {
    rates: rates
      .filter(({ price }) => price.currencyCode === currency)
      .map((each) => ({
        service_name: rateName(each),
        service_code: rateCode(each),
        total_price: String(minorUnits(each.price)),
        currency,
        description: each.estimatedDays == null ? '' : `${each.estimatedDays} business days`,
      })),
  };
}
