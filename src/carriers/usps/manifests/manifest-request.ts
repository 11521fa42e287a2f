import { dateAt } from '../../../domain/calendar.ts';
import { ProviderError } from '../../../domain/errors.ts';
import { shareOrigin } from '../../../domain/shippable-parcel.ts';
import type { ManifestRequest } from '../../adapter.ts';
import { toLabelAddress } from '../labels/label-address.ts';
import { toUsAddress } from '../../../domain/us-address.ts';

/**
 * Maps labels of one origin and one date, domestic and international, to the request body of one form. Throws REJECTED
 * for labels that USPS would refuse. Labels keep their date: `overwriteMailingDate` is not sent.
 */
export function toScanFormRequest({ parcels }: ManifestRequest, now: number) {
  const rejected = (message: string, hint: string) =>
    new ProviderError('REJECTED', message, { field: ['shipmentIds'], hint });
  if (!shareOrigin(parcels)) {
    throw rejected('the parcels leave from several addresses', 'Create one manifest for each address.');
  }
  const dates = [...new Set(parcels.map(({ shipDate }) => shipDate))];
  if (dates.length > 1) {
    throw rejected(`the labels are dated ${dates.sort().join(', ')}`, 'Create one manifest for each date.');
  }
  const { from, shipDate } = parcels[0]!;
  if (shipDate < dateAt(from, now)) {
    throw rejected(
      `the labels are dated ${shipDate}, which has passed`,
      'Omit them: USPS has these labels already, and they need no form.',
    );
  }
  if (parcels.some(({ isReturn }) => isReturn)) {
    throw rejected('a SCAN form can’t include return labels', 'Omit the returns.');
  }
  const { phone: _, email: __, ...fromAddress } = toLabelAddress(toUsAddress(from));
  return {
    imageInfo: { imageType: 'PDF', labelType: '8.5X11LABEL' },
    mailingDate: shipDate,
    entryFacilityZIPCode: fromAddress.ZIPCode,
    destinationEntryFacilityType: 'NONE',
    shipment: { trackingNumbers: parcels.map(({ trackingNumber }) => trackingNumber) },
    fromAddress,
  };
}
