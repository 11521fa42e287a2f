import { businessError } from '../errors.ts';
import { priceInternationalServices } from '../prices/extra-services.ts';
import { internationalGroup } from '../prices/international-groups.ts';
import { internationalPrices } from '../prices/international-prices.ts';
import { dutiesFee, dutiesOf } from '../prices/duties.ts';
import type { UspsState } from '../state.ts';
import { pricingOptionFields, rateOption, requirePackageValue } from './rate-options.ts';
import type { InternationalRequest } from './shipping-options-schema.ts';

const version = '/shipments/v3';

function quoteDuties(items: NonNullable<InternationalRequest['items']>) {
  const itemQuotes = items.map(({ itemId, itemValue, itemQuantity }) => ({
    ...dutiesOf(itemValue * itemQuantity),
    itemId,
  }));
  return { packageFee: dutiesFee, itemQuotes };
}

/** The response to a search for a destination abroad. */
export function internationalOptions(state: UspsState, body: InternationalRequest) {
  const { mailClass, packageValue, extraServices = [] } = body.packageDescription;
  requirePackageValue(extraServices, packageValue);
  if (internationalGroup(body.destinationCountryCode) === undefined) {
    throw businessError(
      version,
      '030013',
      'There was no valid international price group for the provided country, date, mail class, and mail class.',
    );
  }
  if (body.requestDutiesTaxesFees && !body.items?.length) {
    throw businessError(version, '400', 'At least one item is required for duties, taxes and fees.', 'items');
  }
  const pricingOptions = body.pricingOptions.map((option) => {
    const prices = internationalPrices(
      mailClass,
      body.destinationCountryCode,
      option.priceType,
      body.packageDescription,
    );
    if (prices.length === 0) throw businessError(version, '030020', 'No valid rates for these parameters.');
    const selected =
      body.shippingFilter === 'PRICE' ? prices.toSorted((a, b) => a.price.cmp(b.price)).slice(0, 1) : prices;
    const classes = [...new Set(selected.map((price) => price.mailClass))];
    const shippingOptions = classes.map((mailClass) => ({
      mailClass,
      rateOptions: selected
        .filter((price) => price.mailClass === mailClass)
        .map((price) => ({
          ...rateOption(
            state,
            price,
            priceInternationalServices(extraServices, packageValue),
            extraServices.length > 0,
          ),
          ...(body.requestDutiesTaxesFees ? { dutiesTaxesFeesQuote: quoteDuties(body.items ?? []) } : {}),
        })),
    }));
    return { shippingOptions, ...pricingOptionFields(option) };
  });
  return {
    originZIPCode: body.originZIPCode,
    ...(body.foreignPostalCode === undefined ? {} : { foreignPostalCode: body.foreignPostalCode }),
    destinationCountryCode: body.destinationCountryCode,
    pricingOptions,
  };
}
