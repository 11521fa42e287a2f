import { businessError } from '../errors.ts';
import type { Package } from '../prices/prices.ts';
import type { CustomsForm } from './customs-rules.ts';
import type { LabelSchema } from './label-schema.ts';

export type LabelAddress = LabelSchema['fromAddress'];
type Fields = LabelSchema['packageDescription'];
/** The fields that the sandbox reads. Picked by name, since the type of an open schema accepts any name. */
type PackageDescription = Package &
  Pick<
    Fields,
    | 'processingCategory'
    | 'destinationEntryFacilityType'
    | 'destinationEntryFacilityAddress'
    | 'mailingDate'
    | 'rateIndicator'
    | 'packagingType'
    | 'extraServices'
    | 'packageOptions'
    | 'customerReference'
    | 'inductionZIPCode'
  > & { mailClass: string };
/** The request of a domestic label, outbound or return. */
export interface LabelRequest {
  imageInfo: LabelSchema['imageInfo'];
  toAddress: LabelAddress & Pick<LabelSchema['toAddress'], 'holdForPickup' | 'parcelLockerDelivery'>;
  fromAddress: LabelAddress;
  packageDescription: PackageDescription;
  customsForm?: CustomsForm | undefined;
}

/**
 * Throws unless the destination has a street, city, state and ZIP Code. Guess: the document demands them in words only,
 * and the workbook has no code for it.
 */
export function requireDestination(body: LabelSchema): LabelRequest {
  const { streetAddress, city, state, ZIPCode } = body.toAddress;
  if (streetAddress && city && state && ZIPCode) {
    return { ...body, toAddress: { ...body.toAddress, streetAddress, city, state, ZIPCode } };
  }
  throw businessError('/labels/v3', '010001', 'Invalid Address', 'toAddress');
}
