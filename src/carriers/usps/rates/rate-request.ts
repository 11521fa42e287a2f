import type { RateRequest } from '../../../domain/rate.ts';
import { splitZip } from '../addresses/zip-code.ts';
import { directionOf } from './direction.ts';
import { toCustomsParties } from '../labels/customs-parties.ts';
import { toDutiesRequest } from './duties.ts';
import { toExtraServices } from './extra-services.ts';
import { toMeasures } from './packaging.ts';
import type { Pricing } from './pricing.ts';

/** The longest foreign postal code that USPS accepts. A longer one is omitted: the price depends on the country alone. */
const maxPostalCodeLength = 11;

/** Maps one parcel of a request to the body of a shipping-options search. Throws REJECTED for customs that a label has no field for. */
export function toRateRequest(request: RateRequest, position: number, pricing: Pricing) {
  const { from, to, shipDate: mailingDate, customs, options } = request;
  const direction = directionOf(request);
  if (customs) toCustomsParties(customs, direction);
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
      ...toDutiesRequest(to, customs),
    };
  }
  return {
    ...common,
    destinationZIPCode: splitZip(to.postalCode)[0],
    destinationEntryFacilityType: 'NONE',
    packageDescription: { ...parcel, mailClass: direction === 'return' ? 'ALL_RETURNS' : 'ALL_OUTBOUND' },
  };
}
