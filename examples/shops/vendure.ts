// Vendure: a calculator of a shipping method. In the shop: new ShippingCalculator(parcelgraphCalculator(options)).
// https://docs.vendure.io/reference/typescript-api/shipping/shipping-calculator
import { minorUnits, quote, rateCode, type ShopOptions } from './quote.ts';

/** Vendure sets no limit; its storefront waits for all methods together. */
const defaultDeadlineMs = 3_000;

/** What is read of Vendure's `Order`. Variants have their weight in grams in a custom field. */
export interface VendureOrder {
  readonly currencyCode: string;
  readonly shippingAddress: {
    readonly fullName?: string;
    readonly company?: string;
    readonly streetLine1?: string;
    readonly streetLine2?: string;
    readonly city?: string;
    readonly province?: string;
    readonly postalCode?: string;
    readonly countryCode?: string;
    readonly phoneNumber?: string;
  };
  readonly lines: readonly {
    readonly quantity: number;
    readonly productVariant: { readonly customFields: { readonly weight: number } };
  }[];
}

/** The configuration of a calculator whose method sells the cheapest rate, or the one of a service. */
export const parcelgraphCalculator = (options: ShopOptions) => ({
  code: 'parcelgraph',
  description: [{ languageCode: 'en' as const, value: 'Live rates of Parcelgraph' }],
  args: {
    service: { type: 'string' as const, required: false },
    taxRate: { type: 'int' as const, defaultValue: 0 },
  },
  /** Without a rate the method is not eligible. */
  async calculate(
    _: unknown,
    order: VendureOrder,
    args: { readonly service?: string; readonly taxRate: number },
  ) {
    const { shippingAddress: to, lines, currencyCode } = order;
    if (to.countryCode === undefined) return undefined;
    const grams = lines.reduce(
      (sum, line) => sum + line.quantity * line.productVariant.customFields.weight,
      0,
    );
    const address = {
      name: to.fullName,
      company: to.company,
      street1: to.streetLine1,
      street2: to.streetLine2,
      city: to.city,
      state: to.province,
      postalCode: to.postalCode,
      country: to.countryCode,
      phone: to.phoneNumber,
    };
    const rates = await quote(options, address, grams, options.deadlineMs ?? defaultDeadlineMs);
    const rate = rates.find(
      ({ price, service }) =>
        price.currencyCode === currencyCode && (!args.service || service.code === args.service),
    );
    if (rate === undefined) return undefined;
    return {
      price: minorUnits(rate.price),
      priceIncludesTax: false,
      taxRate: args.taxRate,
      metadata: { code: rateCode(rate), carrier: rate.carrier, estimatedDays: rate.estimatedDays },
    };
  },
});
