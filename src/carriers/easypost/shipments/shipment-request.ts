import { z } from 'zod';

import { ProviderError } from '../../../domain/errors.ts';
import { sidesIn, weightIn } from '../../../domain/measure.ts';
import type { Packaging, Parcel } from '../../../domain/parcel.ts';
import type { RateRequest, ShipmentOptions } from '../../../domain/rate.ts';
import { toAddress } from '../addresses/verification.ts';
import { toCustoms } from './customs.ts';

/**
 * Where it goes. Of a return EasyPost wants the addresses of the way out, and turns them round itself
 * (docs.easypost.com/docs/shipments/returns), while ours are those of the way back.
 */
export function toAddresses({ from, to, options }: RateRequest) {
  const isReturn = options?.isReturn ?? false;
  const [merchant, customer] = isReturn ? [to, from] : [from, to];
  return {
    from_address: toAddress(merchant),
    to_address: toAddress(customer),
    is_return: isReturn || undefined,
  };
}

/** A refusal that names an address, in the way in which ours were given. */
export function toInputFields(error: unknown, { options }: RateRequest): unknown {
  if (!(error instanceof ProviderError) || !options?.isReturn) return error;
  const [end, ...path] = error.field ?? [];
  const turned = end === 'from' ? 'to' : end === 'to' ? 'from' : undefined;
  if (turned === undefined) return error;
  return new ProviderError(error.code, error.message, { ...error, field: [turned, ...path] });
}

/** What one of its parcels is, and how it goes. */
export function toShipmentRequest({ from, customs, options, shipDate }: RateRequest, parcel: Parcel) {
  return {
    parcel: toParcel(parcel),
    customs_info: customs && toCustoms(customs, from),
    options: {
      // Only a label that was made as PNG can be had in other formats later.
      label_format: 'PNG',
      label_date: `${shipDate}T12:00:00Z`,
      delivery_confirmation: toConfirmation(options),
      saturday_delivery: options?.saturdayDelivery || undefined,
    },
  };
}

/** EasyPost's names of carriers' packaging. */
const packages: Record<string, string> = {
  FLAT_RATE_ENVELOPE: 'FlatRateEnvelope',
  LEGAL_FLAT_RATE_ENVELOPE: 'FlatRateLegalEnvelope',
  PADDED_FLAT_RATE_ENVELOPE: 'FlatRatePaddedEnvelope',
  SMALL_FLAT_RATE_BOX: 'SmallFlatRateBox',
  MEDIUM_FLAT_RATE_BOX: 'MediumFlatRateBox',
  LARGE_FLAT_RATE_BOX: 'LargeFlatRateBox',
} satisfies Record<Packaging, string>;

/** Ounces and inches with one decimal, as EasyPost keeps them. */
function toParcel({ weight, packaging, dimensions }: Parcel) {
  const [length, width, height] = dimensions && !packaging ? sidesIn(dimensions, 'INCH', '0.1') : [];
  return {
    weight: weightIn(weight, 'OUNCE', '0.1'),
    length,
    width,
    height,
    predefined_package: packaging ? packages[packaging] : undefined,
  };
}

const side = z.number().nullish();
/** A parcel as EasyPost shows it. */
export const shownParcel = z.object({
  weight: z.number(),
  length: side,
  width: side,
  height: side,
  predefined_package: z.string().nullish(),
});

/** A carrier's packaging that we have no word for is left out. */
export function fromParcel(shown: z.infer<typeof shownParcel>): Parcel {
  const { weight, length, width, height, predefined_package } = shown;
  return {
    weight: { value: weight, unit: 'OUNCE' },
    dimensions: length && width && height ? { length, width, height, unit: 'INCH' } : undefined,
    packaging: Object.keys(packages).find((ours) => packages[ours] === predefined_package),
  };
}

function toConfirmation(options: ShipmentOptions | undefined): string | undefined {
  if (options?.adultSignature) return 'ADULT_SIGNATURE';
  return options?.signature ? 'SIGNATURE' : undefined;
}
