import { z } from 'zod';

import { ProviderError } from '../../../domain/errors.ts';
import { sidesIn, weightIn } from '../../../domain/measure.ts';
import type { Packaging, Parcel } from '../../../domain/parcel.ts';
import type { RateRequest, ShipmentOptions } from '../../../domain/rate.ts';
import type { LabelFormat } from '../../../domain/shipment.ts';
import { toAddress } from '../addresses/address-fields.ts';
import { toCustomsInfo, toIncoterm, toTaxIdentifiers } from './customs-form.ts';

/**
 * Addresses of a shipment or order. For a return EasyPost expects the addresses of the outbound shipment and swaps them
 * (docs.easypost.com/docs/shipments/returns); our request has those of the return.
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

/** Swaps `from` and `to` in the field of a return's failure, as `toAddresses` swapped the addresses. */
export function toDirectedFields(error: unknown, { options }: RateRequest): unknown {
  if (!(error instanceof ProviderError) || !options?.isReturn) return error;
  const [end, ...path] = error.field ?? [];
  const swapped = end === 'from' ? 'to' : end === 'to' ? 'from' : undefined;
  if (swapped === undefined) return error;
  return new ProviderError(error.code, error.message, { ...error, field: [swapped, ...path] });
}

/** The format of labels of quoted shipments: only a label that was made as PNG can be converted to other formats. */
export const quotedFormat: LabelFormat = 'PNG';

/** One parcel of a request, with its customs form and options. */
export function toShipmentRequest(
  { from, customs, options, shipDate }: RateRequest,
  parcel: Parcel,
  labelFormat: LabelFormat = quotedFormat,
) {
  return {
    parcel: toParcel(parcel),
    customs_info: customs && toCustomsInfo(customs, from),
    tax_identifiers: customs && toTaxIdentifiers(customs),
    options: {
      label_format: labelFormat,
      label_date: `${shipDate}T12:00:00Z`,
      delivery_confirmation: toDeliveryConfirmation(options),
      saturday_delivery: options?.saturdayDelivery || undefined,
      incoterm: customs && toIncoterm(customs),
    },
  };
}

/** EasyPost's `predefined_package` of each packaging. */
const predefinedPackages: Record<string, string> = {
  FLAT_RATE_ENVELOPE: 'FlatRateEnvelope',
  LEGAL_FLAT_RATE_ENVELOPE: 'FlatRateLegalEnvelope',
  PADDED_FLAT_RATE_ENVELOPE: 'FlatRatePaddedEnvelope',
  SMALL_FLAT_RATE_BOX: 'SmallFlatRateBox',
  MEDIUM_FLAT_RATE_BOX: 'MediumFlatRateBox',
  LARGE_FLAT_RATE_BOX: 'LargeFlatRateBox',
} satisfies Record<Packaging, string>;

/** In ounces and inches with one decimal, the precision that EasyPost keeps. */
function toParcel({ weight, packaging, dimensions }: Parcel) {
  const [length, width, height] = dimensions && !packaging ? sidesIn(dimensions, 'INCH', '0.1') : [];
  return {
    weight: weightIn(weight, 'OUNCE', '0.1'),
    length,
    width,
    height,
    predefined_package: packaging ? predefinedPackages[packaging] : undefined,
  };
}

const inches = z.number().nullish();
/** A parcel in a response of EasyPost, its weight in ounces. */
export const parcelSchema = z.object({
  weight: z.number(),
  length: inches,
  width: inches,
  height: inches,
  predefined_package: z.string().nullish(),
});

/** Leaves out a `predefined_package` that we have no packaging for. */
export function fromParcel(parcel: z.infer<typeof parcelSchema>): Parcel {
  const { weight, length, width, height, predefined_package } = parcel;
  return {
    weight: { value: weight, unit: 'OUNCE' },
    dimensions: length && width && height ? { length, width, height, unit: 'INCH' } : undefined,
    packaging: Object.keys(predefinedPackages).find(
      (ours) => predefinedPackages[ours] === predefined_package,
    ),
  };
}

function toDeliveryConfirmation(options: ShipmentOptions | undefined): string | undefined {
  if (options?.adultSignature) return 'ADULT_SIGNATURE';
  return options?.signature ? 'SIGNATURE' : undefined;
}
