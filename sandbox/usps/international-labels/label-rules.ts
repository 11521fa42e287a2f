import { countryName } from '../addresses/countries.ts';
import type { InternationalLabelRequest } from './label-schema.ts';
import { internationalGroup } from '../prices/international-groups.ts';
import { internationalMaximum } from '../prices/international-prices.ts';
import { dateAt } from '../addresses/places.ts';
import { countryMaximum } from './weight-limits.ts';
import { businessError } from '../errors.ts';
import type { UspsState } from '../state.ts';

export const internationalVersion = '/international-labels/v3/';
export const internationalLabelError = (code: string, detail: string, parameter?: string) =>
  businessError(internationalVersion, code, detail, parameter);

/** Item descriptions that USPS rejects. */
const meaninglessDescription = /^(none|not applicable|n\/a|null|gift|merchandise)$/i;
const tracking = [480, 481, 482, 483, 484, 486, 487, 488];
const hazards = [813, 820, 826];

/** Throws the first business rule of the error workbook that the request of an international label breaks. */
export function checkInternationalLabel(state: UspsState, body: InternationalLabelRequest) {
  checkMailingDate(state, body);
  checkAddresses(body);
  checkSize(body);
  checkOptions(state, body);
  checkServices(body);
  checkCustoms(body);
}

function checkMailingDate(
  state: UspsState,
  { packageDescription: piece, fromAddress }: InternationalLabelRequest,
) {
  const origin = piece.inductionZIPCode ?? fromAddress.ZIPCode;
  const now = state.clock.now();
  if (piece.mailingDate < dateAt(now, origin) || piece.mailingDate > dateAt(now + 7 * 86_400_000, origin)) {
    throw internationalLabelError(
      '160001',
      'cannot be in the past or more than 45 days in the future',
      'packageDescription.mailingDate',
    );
  }
}

function checkAddresses({ packageDescription: piece, toAddress, fromAddress }: InternationalLabelRequest) {
  for (const [role, each] of Object.entries({ toAddress, fromAddress })) {
    if (!each.firm && !(each.firstName && each.lastName)) {
      throw internationalLabelError('160075', 'firstName and lastName or firm name are required', role);
    }
  }
  const country = toAddress.countryISOAlpha2Code.toUpperCase();
  if (internationalGroup(country) === undefined) {
    throw internationalLabelError(
      '030013',
      'There was no valid international price group for the provided country, date, mail class, and mail class.',
    );
  }
  if (['CA', 'GB'].includes(country) && !/^[A-Z]/i.test(toAddress.postalCode ?? '')) {
    throw internationalLabelError(
      '160197',
      `required to begin with an alphabetical character for countryISOAlpha2Code ${country}`,
      'internationalAddress.postalCode',
    );
  }
  const maximumPounds = internationalMaximum(piece.mailClass) ?? 0;
  if (piece.weight > maximumPounds) {
    throw internationalLabelError(
      '160272',
      `weight cannot exceed ${maximumPounds} pounds when mail class is ${piece.mailClass}`,
      'InternationalPackageDescription.weight',
    );
  }
}

/** Limits of the International Mail Manual, 251.2 and the country listings, which prices are quoted without. */
function checkSize({ packageDescription: piece, toAddress }: InternationalLabelRequest) {
  const { mailClass, weight, length, width, height } = piece;
  const isFirstClass = mailClass === 'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE';
  const isTooLarge = isFirstClass && (Math.max(length, width, height) > 24 || length + width + height > 36);
  const isTooHeavy = weight > (countryMaximum(mailClass, toAddress.countryISOAlpha2Code) ?? Infinity);
  if (isTooLarge || isTooHeavy) {
    throw internationalLabelError('160054', 'Shipping not supported for given package options');
  }
}

function checkOptions(state: UspsState, { packageDescription: piece, imageInfo }: InternationalLabelRequest) {
  if (piece.rateIndicator !== undefined && piece.packagingType !== undefined) {
    throw internationalLabelError(
      '160287',
      'cannot include packagingType with rateIndicator',
      'packageDescription.packagingType',
    );
  }
  if (imageInfo.imageType === 'LABEL_BROKER' && state.environment === 'TEST') {
    throw internationalLabelError(
      '160124',
      "'LABEL_BROKER' is not a supported imageType in the TEM environment",
      'imageInfo.imageType',
    );
  }
  if (!['PDF', 'ZPL203DPI', 'ZPL300DPI', 'NONE'].includes(imageInfo.imageType)) {
    throw internationalLabelError(
      '160024',
      'currently only PDF, TIFF, ZPL300DPI, ZPL203DPI and NONE are supported.',
      'imageInfo.imageType',
    );
  }
}

function checkServices({ packageDescription: piece, customsForm: customs }: InternationalLabelRequest) {
  const services = piece.extraServices;
  const value = piece.packageOptions?.packageValue;
  const insured = services.includes(930) || services.includes(931);
  const some = (codes: number[]) => services.filter((code) => codes.includes(code));
  const field = 'packageDescription.extraServices';
  if (some(tracking).length > 1) {
    throw internationalLabelError(
      '160052',
      `only one tracking option may be selected from [${some(tracking).join(', ')}]`,
      field,
    );
  }
  if (some(hazards).length > 1) {
    throw internationalLabelError(
      '160261',
      'only one Hazmat Service Code can be used, but more than one was found.',
      field,
    );
  }
  const isFirstClass = piece.mailClass === 'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE';
  if (isFirstClass && insured) {
    throw internationalLabelError(
      '160053',
      'only [480, 481, 482, 483, 484, 486, 487, 488, 813, 820, 826, 857, 955] are supported for this Mail Class',
      field,
    );
  }
  if (insured && !value) {
    throw internationalLabelError(
      '160200',
      'required with extra service 930 or 931',
      'InternationalPackageOptions.packageValue',
    );
  }
  if (isFirstClass && (value ?? 0) > 400) {
    throw internationalLabelError(
      '160201',
      'cannot exceed $400 for FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE',
      'packageOptions.packageValue',
    );
  }
  if (some([813, 826]).length > 0 && customs.customsContentType !== 'DANGEROUS_GOODS') {
    throw internationalLabelError(
      '160240',
      "customsContentType must be 'DANGEROUS_GOODS' for extra services Radioactive Materials Package (813) or Biological Materials (826)",
      'customsForm.customsContentType',
    );
  }
  if (
    piece.packageOptions?.nonDeliveryOption === 'REDIRECT' &&
    piece.packageOptions.redirectAddress === undefined
  ) {
    throw internationalLabelError(
      '160203',
      'required with nonDeliveryOption of REDIRECT',
      'InternationalPackageOptions.redirectAddress',
    );
  }
}

function checkCustoms({ packageDescription: piece, customsForm: customs }: InternationalLabelRequest) {
  if (customs.restrictionType === 'OTHER' && !customs.restrictionComments) {
    throw internationalLabelError(
      '160236',
      'required when restrictionType is OTHER',
      'customsForm.restrictionComments',
    );
  }
  if (customs.customsContentType === 'OTHER' && !customs.contentComments) {
    throw internationalLabelError(
      '160237',
      'required when customsContentType is OTHER',
      'customsForm.contentComments',
    );
  }
  if (
    customs.customsContentType === 'CREMATED_REMAINS' &&
    piece.mailClass !== 'PRIORITY_MAIL_EXPRESS_INTERNATIONAL'
  ) {
    throw internationalLabelError(
      '160233',
      "currently only packageDescription.mailClass 'PRIORITY_MAIL_EXPRESS_INTERNATIONAL' is supported for customsForm.customsContentType 'CREMATED_REMAINS'",
      'packageDescription.mailClass, customsForm.customsContentType',
    );
  }
  let weight = 0;
  for (const item of customs.contents) {
    const contents = 'InternationalCustomsFormPackageContents';
    if (meaninglessDescription.test(item.itemDescription.trim())) {
      throw internationalLabelError(
        '160050',
        "cannot be any of the following: 'None', 'Not Applicable', 'N/A', 'Null', 'Gift', or 'Merchandise",
        'contents.itemDescription',
      );
    }
    if (countryName(item.countryofOrigin) === undefined) {
      throw internationalLabelError(
        '160253',
        `${item.countryofOrigin} is not a valid Country Code`,
        `${contents}.countryOfOrigin`,
      );
    }
    // The deprecated weight of one item is accepted too.
    const totalWeight = item.itemTotalWeight ?? (item.itemWeight && item.itemWeight * item.itemQuantity);
    if (totalWeight === undefined)
      throw internationalLabelError('160198', 'must not be null', `${contents}.itemTotalWeight`);
    if (item.itemTotalValue === undefined && item.itemValue === undefined) {
      throw internationalLabelError('160199', 'must not be null', `${contents}.itemTotalValue`);
    }
    weight += totalWeight;
  }
  // Sums of decimal fractions are inexact in the last digit.
  if (weight > piece.weight + 1e-9) {
    throw internationalLabelError(
      '160205',
      `total weight of all of the content items: ${weight} cannot be more than the total weight: ${piece.weight} of the package`,
      'InternationalPackageDescription.weight',
    );
  }
}
