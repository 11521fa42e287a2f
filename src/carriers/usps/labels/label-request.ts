import type { Address } from '../../../domain/address.ts';
import type { Customs } from '../../../domain/customs.ts';
import { ProviderError } from '../../../domain/errors.ts';
import type { LabelFormat } from '../../../domain/shipment.ts';
import type { LabelRequest } from '../../../domain/label.ts';
import { directionOf, type Direction } from '../rates/direction.ts';
import { toMeasures } from '../rates/packaging.ts';
import { rateRefSchema, type RateRef } from '../rates/provider-ref.ts';
import { requireState } from '../addresses/state.ts';
import { toUsAddress } from '../../../domain/us-address.ts';
import { requiredCustoms, requireLineWeights, toCustomsForm } from './customs-form.ts';
import { toCustomsParties } from './customs-parties.ts';
import { requireLabelAddress, toForeignAddress, toLabelAddress } from './label-address.ts';

/** The JSON body of a label request, and the direction that selects its endpoint. */
export interface UspsLabelRequest {
  readonly direction: Direction;
  readonly json: object;
}

/** Maps a shipment to one label request a parcel. Throws a `ProviderError` for what USPS would refuse. */
export function toLabelRequests(label: LabelRequest): UspsLabelRequest[] {
  const from = toUsAddress(label.from);
  const to = toUsAddress(label.to);
  const { parcels, options } = label.request;
  const direction = directionOf({ from, to, options });
  const customs = requiredCustoms(from, to, label.request.customs);
  if (customs && label.format === 'PNG') {
    throw noCustomsAsPng(['label', 'format']);
  }
  requireLineWeights({ from, to, customs, parcels });
  requireState(to, ['to']);
  requireState(from, ['from']);
  requireLabelAddress(to, 'to');
  requireLabelAddress(from, 'from');
  const rateRef = rateRefSchema.parse(label.offer.providerRef);
  const toBody = bodies[direction];
  return parcels.map((_, position) => ({
    direction,
    json: toBody({ label, from, to, customs, rateRef, position }),
  }));
}

/** The failure of a label with a customs form that is requested as PNG in a field. */
export const noCustomsAsPng = (field: readonly string[]) =>
  new ProviderError('REJECTED', 'USPS prints customs forms as PDF or ZPL', {
    field,
    hint: 'Request the label as PDF or ZPL.',
  });

/** One parcel of a shipment, with what its label needs. */
interface ParcelLabel {
  readonly label: LabelRequest;
  readonly from: Address;
  readonly to: Address;
  readonly customs: Customs | undefined;
  readonly rateRef: RateRef;
  readonly position: number;
}

const bodies: Readonly<Record<Direction, (parcel: ParcelLabel) => object>> = {
  outbound: toOutboundBody,
  return: toReturnBody,
  international: toInternationalBody,
};

function toOutboundBody(parcel: ParcelLabel) {
  const { label, to } = parcel;
  return {
    imageInfo: { ...toImageInfo(label.format), ...toPieceNumber(parcel), receiptOption: 'NONE' },
    toAddress: toLabelAddress(to),
    ...toSenderAndCustoms(parcel, 'outbound'),
    packageDescription: {
      ...toPackage(parcel),
      ...toPackageOptions(parcel),
      destinationEntryFacilityType: 'NONE',
      mailingDate: label.request.shipDate,
      customerReference: toReferences(parcel, { printReferenceNumber: true }),
    },
  };
}

/** A return label has no mailing date: it may be used later, and is charged then. */
function toReturnBody(parcel: ParcelLabel) {
  const { label, to } = parcel;
  return {
    imageInfo: { ...toImageInfo(label.format), receiptOption: 'NONE' },
    toAddress: toLabelAddress(to),
    ...toSenderAndCustoms(parcel, 'return'),
    packageDescription: {
      ...toPackage(parcel),
      ...toPackageOptions(parcel),
      customerReference: toReferences(parcel, { printReferenceNumber: true }),
    },
  };
}

function toInternationalBody(parcel: ParcelLabel) {
  const { label, to, customs, rateRef, position } = parcel;
  return {
    imageInfo: { ...toImageInfo(label.format), ...withoutPostage },
    toAddress: toForeignAddress(to),
    ...toSenderAndCustoms(parcel, 'international'),
    packageDescription: {
      ...toPackage(parcel),
      ...toPackageOptions(parcel),
      // The quoted price applies with the rate's own value only (International Prices 3.3.11).
      destinationEntryFacilityType: rateRef.parcels[position]!.destinationEntryFacilityType,
      mailingDate: label.request.shipDate,
      customerReference: toReferences(parcel, {}),
      ...(customs && toCustomsParties(customs, 'international').parcel),
    },
  };
}

/** Prints "1 of 3" on the labels of several parcels. Return and international labels have no field for it. */
function toPieceNumber({ label, position }: ParcelLabel) {
  const { length } = label.request.parcels;
  return length > 1 ? { packageNumber: position + 1, totalPackages: length } : {};
}

/** ZPL comes in 203 and 300 dpi; most label printers have 203. */
const imageTypes: Readonly<Record<LabelFormat, string>> = { PDF: 'PDF', PNG: 'PNG', ZPL: 'ZPL203DPI' };

export const toImageInfo = (format: LabelFormat) => ({
  imageType: imageTypes[format],
  labelType: '4X6LABEL',
});

/** The receiver does not see what the sender paid. Domestic labels omit it by default, international ones print it. */
export const withoutPostage = { suppressPostage: true };

/** A customs form requires the sender's company (160023); the name of a private sender takes its place. */
function toSenderAndCustoms({ label, from, customs, position }: ParcelLabel, direction: Direction) {
  const fromAddress = toLabelAddress(from);
  if (!customs) return { fromAddress };
  const { weight } = toMeasures(label.request.parcels[position]!, position);
  return {
    fromAddress: { ...fromAddress, firm: fromAddress.firm ?? toFirm(from.name) },
    customsForm: toCustomsForm(customs, direction, weight),
  };
}

function toFirm(name: string | null | undefined): string | undefined {
  if (name && name.length > 50) {
    throw new ProviderError('REJECTED', 'the customs form of USPS has up to 50 characters for the sender', {
      field: ['from', 'company'],
      hint: 'Give a company, or a shorter name.',
    });
  }
  return name ?? undefined;
}

function toPackage({ label, rateRef, position }: ParcelLabel) {
  const { mailClass, extraServices } = rateRef;
  const { processingCategory, rateIndicator } = rateRef.parcels[position]!;
  return {
    ...toMeasures(label.request.parcels[position]!, position),
    weightUOM: 'lb',
    dimensionsUOM: 'in',
    mailClass,
    processingCategory,
    rateIndicator,
    extraServices,
  };
}

function toPackageOptions({ rateRef: { packageValue }, customs }: ParcelLabel) {
  const nonDeliveryOption = customs && (customs.nonDelivery ?? 'RETURN');
  return packageValue === undefined && !nonDeliveryOption
    ? {}
    : { packageOptions: { packageValue, nonDeliveryOption } };
}

/** Splits a reference into as many customer references as a label has: four, or two beside a customs form. */
function toReferences<T extends object>({ label: { reference }, customs }: ParcelLabel, options: T) {
  const references = reference?.match(/.{1,30}/gsu) ?? [];
  const maxReferences = customs ? 2 : 4;
  if (references.length > maxReferences) {
    throw new ProviderError(
      'REJECTED',
      `USPS accepts up to ${maxReferences * 30} characters of a reference here`,
      {
        field: ['reference'],
        hint: 'Shorten it.',
      },
    );
  }
  return references.length > 0
    ? references.map((referenceNumber) => ({ referenceNumber, ...options }))
    : undefined;
}
