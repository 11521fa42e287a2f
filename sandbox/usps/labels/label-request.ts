import { standardise } from '../addresses/addresses.ts';
import type { Environment } from '../oauth/clients.ts';
import { checkCustoms, type CustomsForm } from './customs-rules.ts';
import { refusedService } from '../prices/extra-services.ts';
import type { LabelForm } from './label-schema.ts';
import { dateAt, zoneBetween } from '../addresses/places.ts';
import { pricesOf, raised, type Mailpiece, type Price } from '../prices/prices.ts';
import { convertedClass, type PriceType } from '../prices/products.ts';
import { businessError } from '../errors.ts';
import type { UspsState } from '../state.ts';

const version = '/labels/v3';

type Address = LabelForm['fromAddress'];
type Fields = LabelForm['packageDescription'];
/** The fields that are looked at: an open schema has all other names too, which would swallow these. */
type Piece = Mailpiece &
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
/** What a label is asked for with, outbound or back. */
export interface LabelRequest {
  imageInfo: LabelForm['imageInfo'];
  toAddress: Address & Pick<LabelForm['toAddress'], 'holdForPickup' | 'parcelLockerDelivery'>;
  fromAddress: Address;
  packageDescription: Piece;
  customsForm?: CustomsForm | undefined;
}

/** With a place to go to. Guess: the document asks for it in words only, and the workbook has no code for it. */
export function withPlace(body: LabelForm): LabelRequest {
  const { streetAddress, city, state, ZIPCode } = body.toAddress;
  if (streetAddress && city && state && ZIPCode) {
    return { ...body, toAddress: { ...body.toAddress, streetAddress, city, state, ZIPCode } };
  }
  throw refuse('010001', 'Invalid Address', 'toAddress');
}

/**
 * Today to a week ahead, by the calendar of the origin, as the document of 2026-06 says; the workbook's text for
 * the refusal still speaks of 45 days.
 */
const latestMailingDays = 7;

const refuse = (code: string, detail: string, parameter: string) =>
  businessError(version, code, detail, parameter);

/** The business rules of the error workbook that a label request can break. */
export function checkLabel(world: UspsState, body: LabelRequest) {
  const { packageDescription: piece, imageInfo: image, customsForm } = body;
  const origin = piece.inductionZIPCode ?? body.fromAddress.ZIPCode;
  const now = world.clock.now();
  const date = piece.mailingDate.slice(0, 10);
  if (date < dateAt(now, origin) || date > dateAt(now + latestMailingDays * 86_400_000, origin)) {
    throw refuse(
      '160001',
      'cannot be in the past or more than 45 days in the future',
      'packageDescription.mailingDate',
    );
  }
  for (const [role, each] of [
    ['toAddress', body.toAddress],
    ['fromAddress', body.fromAddress],
  ] as const) {
    if (!each.firm && !(each.firstName && each.lastName)) {
      throw refuse('160075', 'firstName and lastName or firm name are required', role);
    }
  }
  if (customsForm !== undefined && !body.fromAddress.firm) {
    throw refuse('160023', 'firm is required in From Address for labels with customs form.', 'firm');
  }
  checkCustoms(
    version,
    {
      from: body.fromAddress.ZIPCode,
      to: body.toAddress.ZIPCode,
      weight: piece.weight,
      services: piece.extraServices,
      imageType: image.imageType,
      labelType: image.labelType,
      returnLabel: image.returnLabel,
      holdForPickup: body.toAddress.holdForPickup,
      parcelLocker: body.toAddress.parcelLockerDelivery,
    },
    customsForm,
    world.switches,
  );
  checkImage(world.environment, image);
  checkServices(world, piece);
  if ((piece.rateIndicator === undefined) === (piece.packagingType === undefined)) {
    throw piece.rateIndicator === undefined
      ? refuse(
          '160285',
          'either rateIndicator or shape and packagingType are required',
          'rateIndicator, packagingType',
        )
      : refuse(
          '160284',
          'cannot include shape or packagingType with rateIndicator',
          'rateIndicator, packagingType',
        );
  }
  if (piece.destinationEntryFacilityType !== 'NONE' && piece.destinationEntryFacilityAddress === undefined) {
    throw refuse(
      '160093',
      'destinationEntryFacilityAddress is required unless destinationEntryFacilityType is NONE',
      'packageDescription.destinationEntryFacilityAddress',
    );
  }
}

function checkImage(environment: Environment, image: LabelRequest['imageInfo']) {
  const { imageType, packageNumber, totalPackages } = image;
  if (imageType === 'LABEL_BROKER' && environment === 'TEST') {
    throw refuse(
      '160124',
      "'LABEL_BROKER' is not a supported imageType in the TEM environment",
      'imageInfo.imageType',
    );
  }
  // The sandbox draws no more than these; the workbook has a refusal for the rest.
  if (!['PDF', 'PNG', 'ZPL203DPI', 'ZPL300DPI', 'NONE'].includes(imageType)) {
    throw refuse(
      '160024',
      'currently only PDF, TIFF, ZPL300DPI, ZPL203DPI and NONE are supported.',
      'imageInfo.imageType',
    );
  }
  if (imageType.startsWith('ZPL') && image.receiptOption === 'SAME_PAGE') {
    throw refuse(
      '160009',
      'ZPL format does not support same page receipt functionality.',
      'imageInfo.imageType, imageInfo.receiptOption',
    );
  }
  if (image.returnLabel) {
    throw refuse(
      '160303',
      'Must be enrolled in USPS Ship Returns in order to create labels with return labels',
      'Header: X-Payment-Authorization-Token',
    );
  }
  if ((packageNumber === undefined) !== (totalPackages === undefined)) {
    throw refuse(
      '160292',
      'must include both packageNumber and totalPackages',
      'imageInfo.packageNumber imageInfo.totalPackages',
    );
  }
  if ((packageNumber ?? 0) > (totalPackages ?? 0)) {
    throw refuse('160293', 'cannot exceed totalPackages', 'imageInfo.packageNumber');
  }
}

function checkServices({ environment, switches }: UspsState, piece: LabelRequest['packageDescription']) {
  const services = piece.extraServices;
  const mailClass = convertedClass(piece.mailClass);
  if (services.some((code) => refusedService(code, mailClass, switches))) {
    throw refuse(
      '160010',
      `Mailclass : ${piece.mailClass} with ExtraServices: [${services.join(', ')}] is an unsupported combination.`,
      'packageDescription.mailClass, packageDescription.extraServices',
    );
  }
  const insured = services.includes(930) || services.includes(931);
  if (insured && !piece.packageOptions?.packageValue) {
    throw refuse(
      '160017',
      'packageValue is required with insurance(extraService = 930)',
      'packageDescription/packageOptions',
    );
  }
  if (services.includes(415) && environment === 'TEST') {
    throw refuse(
      '160125',
      'Print and Deliver (415) is not a supported extraService in the TEM environment',
      'packageDescription.extraServices',
    );
  }
}

/** The address as printed: standardised, unless the caller vouches for it. */
export function labelAddress(input: Address, role: string, apiVersion = version): Address {
  const refuse = (code: string, detail: string, parameter: string) =>
    businessError(apiVersion, code, detail, parameter);
  if (input.ignoreBadAddress === true) return input;
  const found = standardise({ ...input, ZIPPlus4: input.ZIPPlus4 ?? undefined });
  if (found === 'multiple') {
    throw refuse(
      '010006',
      'Multiple addresses were found for the information you entered, and no default exists.',
      role,
    );
  }
  if (typeof found === 'string' || found.confirmation === 'N')
    throw refuse('010005', 'Address Not Found', role);
  if (/^R77[79]$/.test(found.carrierRoute)) {
    throw refuse(
      '160320',
      `Address supplied is not a deliverable address: ${found.carrierRoute} Phantom Route physical address is not deliverable.`,
      role,
    );
  }
  return {
    streetAddress: found.streetAddress,
    ...(found.secondaryAddress === null ? {} : { secondaryAddress: found.secondaryAddress }),
    city: found.city,
    state: found.state,
    ZIPCode: found.ZIPCode,
    ZIPPlus4: found.ZIPPlus4,
    ...(input.firstName === undefined ? {} : { firstName: input.firstName.toUpperCase() }),
    ...(input.lastName === undefined ? {} : { lastName: input.lastName.toUpperCase() }),
    ...(input.firm === undefined ? {} : { firm: input.firm.toUpperCase() }),
    ignoreBadAddress: false,
  };
}

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

/** The price of the options call that fits the label's ingredients. */
export function labelPrice(
  world: UspsState,
  body: LabelRequest,
  priceType: PriceType,
): { price: Price; zone: number } {
  const piece = body.packageDescription;
  const zone = zoneBetween(piece.inductionZIPCode ?? body.fromAddress.ZIPCode, body.toAddress.ZIPCode);
  if (zone === undefined) {
    throw refuse(
      '030001',
      'Could not find zone from provided ZIPs, date, and mail class',
      'packageDescription',
    );
  }
  const facility = piece.destinationEntryFacilityType;
  const asked = convertedClass(piece.mailClass);
  // Documented: Parcel Select without a facility becomes Ground Advantage.
  const mailClass = asked === 'PARCEL_SELECT' && facility === 'NONE' ? 'USPS_GROUND_ADVANTAGE' : asked;
  const found = pricesOf(mailClass, priceType, piece, zone);
  if (!Array.isArray(found)) {
    throw found.code === '030004'
      ? refuse(
          '160098',
          'Weight should be greater than 0 LB and should not exceed 70 LB',
          'packageDescription.weight, packageDescription.mailClass',
        )
      : refuse(found.code, found.detail, 'length, height, width ,mailClass');
  }
  const wanted = piece.rateIndicator === undefined ? packagings[piece.packagingType!] : [piece.rateIndicator];
  const atFacility = found.filter((each) => each.destinationEntryFacilityType === facility);
  const matching = atFacility.filter((each) => wanted?.includes(each.rateIndicator));
  const price = matching.find((each) => suits(piece.processingCategory, each));
  if (price !== undefined) return { price: raised(price, world.switches.surcharge), zone };
  if (matching.length > 0 && piece.processingCategory === 'MACHINABLE') {
    throw refuse('030011', 'Package was marked as machinable, but is nonmachinable', 'packageDescription');
  }
  if (wanted?.includes('SP') && atFacility.some((each) => each.dimWeight > 0)) {
    throw refuse(
      '030007',
      'Package dimensions and weight result in dimensional weight rule applying, but rate ingredients are not dimensional.',
      'packageDescription',
    );
  }
  throw refuse('030002', 'Could not find working sku from SSF ingredients', 'packageDescription');
}

/** Nonstandard may be claimed for any parcel; IRREGULAR and NON_MACHINABLE became it on 2025-01-19. */
function suits(category: LabelRequest['packageDescription']['processingCategory'], price: Price): boolean {
  if (category === 'FLATS' || category === 'LETTERS') return price.processingCategory === 'FLATS';
  if (category === 'MACHINABLE') return price.processingCategory === 'MACHINABLE';
  return price.processingCategory !== 'FLATS';
}
