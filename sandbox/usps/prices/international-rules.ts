import { countryName } from '../addresses/countries.ts';
import type { InternationalForm } from '../labels/international-request.ts';
import { internationalGroup } from './international-groups.ts';
import { internationalMaximum } from './international-prices.ts';
import { dateAt } from '../addresses/places.ts';
import { businessError } from '../errors.ts';
import type { UspsState } from '../state.ts';

export const internationalVersion = '/international-labels/v3/';
export const refuse = (code: string, detail: string, parameter?: string) =>
  businessError(internationalVersion, code, detail, parameter);

/** Words that say nothing of a thing. */
const empty = /^(none|not applicable|n\/a|null|gift|merchandise)$/i;
const tracking = [480, 481, 482, 483, 484, 486, 487, 488];
const hazards = [813, 820, 826];

/** The business rules of the error workbook for labels abroad. */
export function checkInternational(world: UspsState, body: InternationalForm) {
  const { packageDescription: piece, toAddress: to, fromAddress: from } = body;
  const country = to.countryISOAlpha2Code.toUpperCase();
  const origin = piece.inductionZIPCode ?? from.ZIPCode;
  const now = world.clock.now();
  if (piece.mailingDate < dateAt(now, origin) || piece.mailingDate > dateAt(now + 7 * 86_400_000, origin)) {
    throw refuse(
      '160001',
      'cannot be in the past or more than 45 days in the future',
      'packageDescription.mailingDate',
    );
  }
  for (const [role, each] of Object.entries({ toAddress: to, fromAddress: from })) {
    if (!each.firm && !(each.firstName && each.lastName)) {
      throw refuse('160075', 'firstName and lastName or firm name are required', role);
    }
  }
  if (internationalGroup(country) === undefined) {
    throw refuse(
      '030013',
      'There was no valid international price group for the provided country, date, mail class, and mail class.',
    );
  }
  if (['CA', 'GB'].includes(country) && !/^[A-Z]/i.test(to.postalCode ?? '')) {
    throw refuse(
      '160197',
      `required to begin with an alphabetical character for countryISOAlpha2Code ${country}`,
      'internationalAddress.postalCode',
    );
  }
  const heaviest = internationalMaximum(piece.mailClass) ?? 0;
  if (piece.weight > heaviest) {
    throw refuse(
      '160272',
      `weight cannot exceed ${heaviest} pounds when mail class is ${piece.mailClass}`,
      'InternationalPackageDescription.weight',
    );
  }
  if (piece.rateIndicator !== undefined && piece.packagingType !== undefined) {
    throw refuse(
      '160287',
      'cannot include packagingType with rateIndicator',
      'packageDescription.packagingType',
    );
  }
  if (body.imageInfo.imageType === 'LABEL_BROKER' && world.environment === 'TEST') {
    throw refuse(
      '160124',
      "'LABEL_BROKER' is not a supported imageType in the TEM environment",
      'imageInfo.imageType',
    );
  }
  if (!['PDF', 'ZPL203DPI', 'ZPL300DPI', 'NONE'].includes(body.imageInfo.imageType)) {
    throw refuse(
      '160024',
      'currently only PDF, TIFF, ZPL300DPI, ZPL203DPI and NONE are supported.',
      'imageInfo.imageType',
    );
  }
  checkServices(body);
  checkCustoms(body);
}

function checkServices({ packageDescription: piece, customsForm: customs }: InternationalForm) {
  const services = piece.extraServices;
  const value = piece.packageOptions?.packageValue;
  const insured = services.includes(930) || services.includes(931);
  const some = (codes: number[]) => services.filter((code) => codes.includes(code));
  const field = 'packageDescription.extraServices';
  if (some(tracking).length > 1) {
    throw refuse(
      '160052',
      `only one tracking option may be selected from [${some(tracking).join(', ')}]`,
      field,
    );
  }
  if (some(hazards).length > 1) {
    throw refuse('160261', 'only one Hazmat Service Code can be used, but more than one was found.', field);
  }
  const isFirstClass = piece.mailClass === 'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE';
  if (isFirstClass && insured) {
    throw refuse(
      '160053',
      'only [480, 481, 482, 483, 484, 486, 487, 488, 813, 820, 826, 857, 955] are supported for this Mail Class',
      field,
    );
  }
  if (insured && !value) {
    throw refuse(
      '160200',
      'required with extra service 930 or 931',
      'InternationalPackageOptions.packageValue',
    );
  }
  if (isFirstClass && (value ?? 0) > 400) {
    throw refuse(
      '160201',
      'cannot exceed $400 for FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE',
      'packageOptions.packageValue',
    );
  }
  if (some([813, 826]).length > 0 && customs.customsContentType !== 'DANGEROUS_GOODS') {
    throw refuse(
      '160240',
      "customsContentType must be 'DANGEROUS_GOODS' for extra services Radioactive Materials Package (813) or Biological Materials (826)",
      'customsForm.customsContentType',
    );
  }
  if (
    piece.packageOptions?.nonDeliveryOption === 'REDIRECT' &&
    piece.packageOptions.redirectAddress === undefined
  ) {
    throw refuse(
      '160203',
      'required with nonDeliveryOption of REDIRECT',
      'InternationalPackageOptions.redirectAddress',
    );
  }
}

function checkCustoms({ packageDescription: piece, customsForm: customs }: InternationalForm) {
  if (customs.restrictionType === 'OTHER' && !customs.restrictionComments) {
    throw refuse('160236', 'required when restrictionType is OTHER', 'customsForm.restrictionComments');
  }
  if (customs.customsContentType === 'OTHER' && !customs.contentComments) {
    throw refuse('160237', 'required when customsContentType is OTHER', 'customsForm.contentComments');
  }
  if (
    customs.customsContentType === 'CREMATED_REMAINS' &&
    piece.mailClass !== 'PRIORITY_MAIL_EXPRESS_INTERNATIONAL'
  ) {
    throw refuse(
      '160233',
      "currently only packageDescription.mailClass 'PRIORITY_MAIL_EXPRESS_INTERNATIONAL' is supported for customsForm.customsContentType 'CREMATED_REMAINS'",
      'packageDescription.mailClass, customsForm.customsContentType',
    );
  }
  let weight = 0;
  for (const item of customs.contents) {
    const contents = 'InternationalCustomsFormPackageContents';
    if (empty.test(item.itemDescription.trim())) {
      throw refuse(
        '160050',
        "cannot be any of the following: 'None', 'Not Applicable', 'N/A', 'Null', 'Gift', or 'Merchandise",
        'contents.itemDescription',
      );
    }
    if (countryName(item.countryofOrigin) === undefined) {
      throw refuse(
        '160253',
        `${item.countryofOrigin} is not a valid Country Code`,
        `${contents}.countryOfOrigin`,
      );
    }
    // The deprecated pair, of one item, does too.
    const each = item.itemTotalWeight ?? (item.itemWeight && item.itemWeight * item.itemQuantity);
    if (each === undefined) throw refuse('160198', 'must not be null', `${contents}.itemTotalWeight`);
    if (item.itemTotalValue === undefined && item.itemValue === undefined) {
      throw refuse('160199', 'must not be null', `${contents}.itemTotalValue`);
    }
    weight += each;
  }
  // Sums of decimals miss by their last digit.
  if (weight > piece.weight + 1e-9) {
    throw refuse(
      '160205',
      `total weight of all of the content items: ${weight} cannot be more than the total weight: ${piece.weight} of the package`,
      'InternationalPackageDescription.weight',
    );
  }
}
