import { dateAt, isMilitary, zoneBetween } from '../addresses/places.ts';
import { businessError } from '../errors.ts';
import { commitmentFor, commitmentResponse, type Commitment } from '../prices/commitments.ts';
import { isUnsupportedService, priceExtraServices } from '../prices/extra-services.ts';
import { basePrice, pricesOf, withSurcharge, type Price, type PriceError } from '../prices/prices.ts';
import { classesOf } from '../prices/products.ts';
import type { UspsState } from '../state.ts';
import { pricingOptionFields, rateOption, requirePackageValue } from './rate-options.ts';
import type { DomesticRequest, PricingOption } from './shipping-options-schema.ts';

const version = '/shipments/v3';

interface PricedOption {
  price: Price;
  commitment: Commitment | undefined;
}

/** The response to a search within the United States. */
export function domesticOptions(state: UspsState, body: DomesticRequest) {
  const zone = zoneBetween(body.originZIPCode.slice(0, 5), body.destinationZIPCode.slice(0, 5));
  if (zone === undefined) {
    throw businessError(version, '160244', 'ZIP Code is not valid', 'destinationZIPCode');
  }
  checkServices(state, body);
  // Recorded: the response to `38746 0230` has a hyphen.
  return {
    originZIPCode: body.originZIPCode.replace(' ', '-'),
    destinationZIPCode: body.destinationZIPCode.replace(' ', '-'),
    pricingOptions: body.pricingOptions.map((option) => ({
      shippingOptions: shippingOptionsOf(
        state,
        body,
        filtered(pricedOptions(state, body, option, zone), body),
      ),
      ...pricingOptionFields(option),
    })),
  };
}

function checkServices(state: UspsState, body: DomesticRequest) {
  const { mailClass, packageValue, extraServices = [] } = body.packageDescription;
  requirePackageValue(extraServices, packageValue);
  const classes = classesOf(mailClass);
  if (
    classes.length === 1 &&
    extraServices.some((code) => isUnsupportedService(code, classes[0]!, state.switches))
  ) {
    throw businessError(
      version,
      '160155',
      `mailClass: ${mailClass} with ExtraServices: [${extraServices.join(', ')}] is an unsupported combination.`,
      'packageDescription.mailClass, packageDescription.extraServices',
    );
  }
  const notMilitary = [480, 481, 482, 483, 484, 485, 486, 487, 488, 489, 921, 934];
  const destination = body.destinationZIPCode.slice(0, 5);
  if (isMilitary(destination) && extraServices.some((code) => notMilitary.includes(code))) {
    throw businessError(
      version,
      '160157',
      'ExtraServices: [480-489, 921, 934] are not valid at the APO/FPO/DPO address provided',
      'packageDescription.extraServices',
    );
  }
}

function pricedOptions(
  state: UspsState,
  body: DomesticRequest,
  option: PricingOption,
  zone: number,
): PricedOption[] {
  const { packageDescription } = body;
  const origin = body.originZIPCode.slice(0, 5);
  const mailingDate = packageDescription.mailingDate?.slice(0, 10) ?? dateAt(state.clock.now(), origin);
  const military = isMilitary(body.destinationZIPCode.slice(0, 5));
  const results = classesOf(packageDescription.mailClass).map((mailClass) =>
    pricesOf(mailClass, option.priceType, packageDescription, zone),
  );
  const error = results.find((each): each is PriceError => !Array.isArray(each));
  if (error !== undefined && !results.some((each) => Array.isArray(each))) {
    throw businessError(version, error.code, error.detail);
  }
  return results
    .flatMap((each) => (Array.isArray(each) ? each : []))
    .map((price) => ({
      price: withSurcharge(price, state.switches.surcharge),
      commitment: commitmentFor(price.mailClass, zone, mailingDate, military),
    }));
}

/** The cheapest option or the fastest one, where the request filters; otherwise all. */
function filtered(options: PricedOption[], { shippingFilter }: DomesticRequest): PricedOption[] {
  const date = (option: PricedOption) => option.commitment?.date || '9999';
  switch (shippingFilter) {
    case 'PRICE':
      return options.toSorted((a, b) => basePrice(a.price).cmp(basePrice(b.price))).slice(0, 1);
    case 'SERVICE_STANDARDS':
      return options.toSorted((a, b) => date(a).localeCompare(date(b))).slice(0, 1);
    default:
      return options;
  }
}

/** Options by mail class; a class without any is left out. */
function shippingOptionsOf(state: UspsState, body: DomesticRequest, options: PricedOption[]) {
  const { mailClass: requestedClass, packageValue, extraServices = [] } = body.packageDescription;
  return classesOf(requestedClass).flatMap((mailClass) => {
    const rateOptions = options
      .filter(({ price }) => price.mailClass === mailClass)
      .map(({ price, commitment }) => ({
        ...(commitment && { commitment: commitmentResponse(commitment, state.switches.documentMode) }),
        ...rateOption(
          state,
          price,
          priceExtraServices(
            extraServices.filter((code) => !isUnsupportedService(code, price.mailClass, state.switches)),
            packageValue,
            price.letter,
          ),
          extraServices.length > 0,
        ),
      }));
    return rateOptions.length === 0 ? [] : [{ mailClass, rateOptions }];
  });
}
