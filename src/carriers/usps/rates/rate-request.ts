import type { RateRequest } from '../../../domain/rate.ts';
import { splitZip } from '../addresses/zip-code.ts';
import { directionOf } from './direction.ts';
import { toExtraServices } from './extra-services.ts';
import { toMeasures } from './packaging.ts';
import type { Pricing } from './pricing.ts';

/** The longest foreign postal code that USPS accepts. A longer one is omitted: the price depends on the country alone. */
const maxPostalCodeLength = 11;

/** Maps one parcel of a request to the body of a shipping-options search. */
export function toRateRequest(request: RateRequest, position: number, pricing: Pricing) {
  const { from, to, shipDate: mailingDate, options } = request;
  const direction = directionOf(request);
  const retail = pricing.priceType === 'RETAIL' ? [] : [{ priceType: 'RETAIL' }];
  const common = { originZIPCode: splitZip(from.postalCode)[0], pricingOptions: [pricing, ...retail] };
  const { services, packageValue } = toExtraServices(options, direction, to);
  const parcel = {
    ...toMeasures(request.parcels[position]!, position),
    extraServices: services.length > 0 ? services.flat() : undefined,
    packageValue,
    mailingDate,
  };
  if (direction === 'international') {
    const { postalCode } = to;
    return {
      ...common,
      destinationCountryCode: to.country,
      foreignPostalCode: postalCode && postalCode.length <= maxPostalCodeLength ? postalCode : undefined,
      packageDescription: { ...parcel, mailClass: 'ALL' },
    };
  }
  return {
    ...common,
    destinationZIPCode: splitZip(to.postalCode)[0],
    destinationEntryFacilityType: 'NONE',
    packageDescription: { ...parcel, mailClass: direction === 'return' ? 'ALL_RETURNS' : 'ALL_OUTBOUND' },
  };
}
