import type { z } from 'zod';
import { countryName } from '../addresses/countries.ts';
import type { customsForm } from './label-schema.ts';
import { hasCustoms, isMilitary, placeOf } from '../addresses/places.ts';
import { businessError } from '../errors.ts';
import type { UspsSwitches } from '../state.ts';

/** Customs forms of labels, whose fields are all optional on a return label. */
export type CustomsForm = Partial<z.infer<typeof customsForm>>;

interface Shipped {
  from: string;
  to: string;
  weight: number;
  services: number[];
  imageType: string;
  labelType: string;
  returnLabel: boolean;
  holdForPickup: boolean | undefined;
  parcelLocker: boolean | undefined;
}

/** What the error workbook has against a domestic label that passes customs, or should. */
export function checkCustoms(
  version: string,
  shipped: Shipped,
  form: CustomsForm | undefined,
  { missingTariff }: UspsSwitches,
) {
  const refuse = (code: string, detail: string, parameter: string) =>
    businessError(version, code, detail, parameter);
  for (const [role, zip, other] of [
    ['toAddress', shipped.to, shipped.from],
    ['fromAddress', shipped.from, shipped.to],
  ] as const) {
    if (form !== undefined) break;
    if (isMilitary(zip)) throw refuse('160120', 'Military ZIP Code requires a customs form', role);
    if (hasCustoms(zip) && placeOf(zip)?.state !== placeOf(other)?.state) {
      throw refuse('160140', `Customs form data required ${role} ZIP code ${zip}`, 'zip5');
    }
  }
  checkServices(shipped, refuse);
  if (form === undefined) return;
  if (form.restrictionType === 'OTHER' && !form.restrictionComments) {
    throw refuse(
      '160018',
      'restrictionComments is required when restrictionType is OTHER',
      'customsForm.restrictionComments',
    );
  }
  if (form.customsContentType === 'OTHER' && !form.contentComments) {
    throw refuse(
      '160019',
      'contentComments are required when contentType is OTHER',
      'customsForm.contentComments',
    );
  }
  const contents = form.contents ?? [];
  const named = contents.every((item) => item.HSTariffNumber || (item.itemCategory && item.itemSubcategory));
  if (missingTariff === 'refused' && !named) {
    throw refuse(
      '160055',
      'customsForm.contents requires an itemDescription, itemCategory, and itemSubcategory when HSTariffNumber is blank',
      'customsForm.contents',
    );
  }
  const weight = contents.reduce((sum, item) => sum + item.itemTotalWeight, 0);
  // Sums of decimals miss by their last digit.
  if (weight > shipped.weight + 1e-9) {
    throw refuse(
      '160021',
      `total weight of all of the content items: ${weight} cannot be more than the total weight: ${shipped.weight} of the package`,
      'packageDescription.weight',
    );
  }
  for (const { countryofOrigin: country } of contents) {
    if (country !== undefined && countryName(country) === undefined) {
      throw refuse('160141', `${country} is not a valid Country Code`, 'countryOfOrigin');
    }
  }
  if (!['PDF', 'TIFF', 'ZPL203DPI', 'ZPL300DPI', 'NONE'].includes(shipped.imageType)) {
    throw refuse(
      '160024',
      'currently only PDF, TIFF, ZPL300DPI, ZPL203DPI and NONE are supported.',
      'imageInfo.imageType',
    );
  }
  if (shipped.labelType !== '4X6LABEL') {
    throw refuse(
      '160264',
      "currently only imageInfo.labelType '4X6LABEL' is supported with customsForm",
      'imageInfo.labelType',
    );
  }
  if (shipped.returnLabel) {
    throw refuse(
      '160260',
      'imageInfo.returnLabel cannot be true for labels with Customs Forms. Please make a separate Return Label request',
      'imageInfo.returnLabel',
    );
  }
  if (shipped.holdForPickup) {
    throw refuse(
      '160127',
      'Hold for Pickup cannot be requested when customs forms are required',
      'toAddress.holdForPickup',
    );
  }
  if (shipped.parcelLocker) {
    throw refuse(
      '160071',
      'Packages that require customs forms are not eligible to be shipped to a Smart Locker',
      'customsForm',
    );
  }
}

/** Extra services that are not to be had at military post offices and in freely associated states. */
function checkServices(
  { to, services }: Shipped,
  refuse: (code: string, detail: string, parameter: string) => Error,
) {
  const has = (...codes: number[]) => services.some((code) => codes.includes(code));
  const no = (code: string, detail: string) => refuse(code, detail, 'packageDescription.extraServices');
  const associated = ['FM', 'MH', 'PW'].includes(placeOf(to)?.state ?? '');
  if (!isMilitary(to) && !associated) return;
  if (has(912, 913, 924, 922, 923)) {
    throw no(
      '160026',
      'ExtraServices: [912, 913, 924, 922, 923] are not valid at APO/FPO/DPO/FAS locations.',
    );
  }
  if (associated && has(921)) throw no('160137', 'ExtraService: [921] is not valid at FAS locations');
  if (associated) return;
  if (has(931)) throw no('160025', 'ExtraService: [931] is not valid at APO/FPO/DPO locations.');
  if (has(957)) {
    throw no(
      '160027',
      'ExtraService: [957] is not supported to the APO/FPO/PTFAS destination address provided.',
    );
  }
  if (has(480, 481, 482, 483, 484, 485, 486, 487, 488, 489, 921, 934)) {
    throw no(
      '160130',
      'ExtraServices: [480-489, 921, 934] are not valid at the APO/FPO/DPO address provided',
    );
  }
}
