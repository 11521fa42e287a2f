import { zoneBetween } from '../addresses/places.ts';
import { pricesOf, withSurcharge, type Price } from '../prices/prices.ts';
import { convertedClass, type PriceType } from '../prices/products.ts';
import type { UspsState } from '../state.ts';
import { labelError } from './label-errors.ts';
import type { LabelRequest } from './label-request.ts';

const packagings: Record<string, string[]> = {
  VARIABLE: ['SP', 'DR', 'DN', 'OS', 'PA', 'NP', 'LC'],
  FLAT_RATE_ENVELOPE: ['FE', 'E4'],
  LEGAL_FLAT_RATE_ENVELOPE: ['FA', 'E6'],
  PADDED_FLAT_RATE_ENVELOPE: ['FP'],
  SM_FLAT_RATE_BOX: ['FS'],
  MD_FLAT_RATE_BOX: ['FB'],
  LG_FLAT_RATE_BOX: ['PL'],
  CUBIC_PARCELS: ['CP'],
  CONNECT_LOCAL_FLAT_RATE_BOX: ['LF'],
  CONNECT_LOCAL_SMALL_FLAT_RATE_BAG: ['LS'],
  CONNECT_LOCAL_LARGE_FLAT_RATE_BAG: ['LL'],
};

/** The price of a shipping-options search with the same mail class, rate indicator, facility and category. */
export function labelPrice(
  state: UspsState,
  body: LabelRequest,
  priceType: PriceType,
): { price: Price; zone: number } {
  const piece = body.packageDescription;
  const zone = zoneBetween(piece.inductionZIPCode ?? body.fromAddress.ZIPCode, body.toAddress.ZIPCode);
  if (zone === undefined) {
    throw labelError(
      '030001',
      'Could not find zone from provided ZIPs, date, and mail class',
      'packageDescription',
    );
  }
  const facility = piece.destinationEntryFacilityType;
  const requestedClass = convertedClass(piece.mailClass);
  // Documented: Parcel Select without a facility becomes Ground Advantage.
  const mailClass =
    requestedClass === 'PARCEL_SELECT' && facility === 'NONE' ? 'USPS_GROUND_ADVANTAGE' : requestedClass;
  const found = pricesOf(mailClass, priceType, piece, zone);
  if (!Array.isArray(found)) {
    throw found.code === '030004'
      ? labelError(
          '160098',
          'Weight should be greater than 0 LB and should not exceed 70 LB',
          'packageDescription.weight, packageDescription.mailClass',
        )
      : labelError(found.code, found.detail, 'length, height, width ,mailClass');
  }
  const indicators =
    piece.rateIndicator === undefined ? packagings[piece.packagingType!] : [piece.rateIndicator];
  const atFacility = found.filter((each) => each.destinationEntryFacilityType === facility);
  const matching = atFacility.filter((each) => indicators?.includes(each.rateIndicator));
  const price = matching.find((each) => fitsCategory(piece.processingCategory, each));
  if (price !== undefined) return { price: withSurcharge(price, state.switches.surcharge), zone };
  if (matching.length > 0 && piece.processingCategory === 'MACHINABLE') {
    throw labelError(
      '030011',
      'Package was marked as machinable, but is nonmachinable',
      'packageDescription',
    );
  }
  if (indicators?.includes('SP') && atFacility.some((each) => each.dimWeight > 0)) {
    throw labelError(
      '030007',
      'Package dimensions and weight result in dimensional weight rule applying, but rate ingredients are not dimensional.',
      'packageDescription',
    );
  }
  throw labelError('030002', 'Could not find working sku from SSF ingredients', 'packageDescription');
}

/** Any parcel may be NONSTANDARD, which replaced IRREGULAR and NON_MACHINABLE on 2025-01-19. */
function fitsCategory(
  category: LabelRequest['packageDescription']['processingCategory'],
  price: Price,
): boolean {
  if (category === 'FLATS' || category === 'LETTERS') return price.processingCategory === 'FLATS';
  if (category === 'MACHINABLE') return price.processingCategory === 'MACHINABLE';
  return price.processingCategory !== 'FLATS';
}
