import type { z } from 'zod';
import { countryName } from '../addresses/countries.ts';
import type { customsForm } from './label-schema.ts';
import { hasCustoms, isMilitary, placeOf } from '../addresses/places.ts';
import { businessError } from '../errors.ts';
import type { UspsSwitches } from '../state.ts';

/** The customs form of a label; on a return label all its fields are optional. */
export type CustomsForm = Partial<z.infer<typeof customsForm>>;

interface CustomsShipment {
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

type WorkbookError = (code: string, detail: string, parameter: string) => Error;

/** Throws the first customs rule of the error workbook that a domestic label breaks. */
export function checkCustoms(
  version: string,
  shipment: CustomsShipment,
  form: CustomsForm | undefined,
  switches: UspsSwitches,
) {
  const error: WorkbookError = (code, detail, parameter) => businessError(version, code, detail, parameter);
  if (form === undefined) checkFormNotRequired(shipment, error);
  checkServices(shipment, error);
  if (form === undefined) return;
  checkForm(shipment, form, switches, error);
  checkOptions(shipment, error);
}

/** Throws when an address is a military one, or one of a territory with customs in another state. */
function checkFormNotRequired({ from, to }: CustomsShipment, error: WorkbookError) {
  for (const [role, zip, other] of [
    ['toAddress', to, from],
    ['fromAddress', from, to],
  ] as const) {
    if (isMilitary(zip)) throw error('160120', 'Military ZIP Code requires a customs form', role);
    if (hasCustoms(zip) && placeOf(zip)?.state !== placeOf(other)?.state) {
      throw error('160140', `Customs form data required ${role} ZIP code ${zip}`, 'zip5');
    }
  }
}

function checkForm(
  shipment: CustomsShipment,
  form: CustomsForm,
  { missingTariff }: UspsSwitches,
  error: WorkbookError,
) {
  if (form.restrictionType === 'OTHER' && !form.restrictionComments) {
    throw error(
      '160018',
      'restrictionComments is required when restrictionType is OTHER',
      'customsForm.restrictionComments',
    );
  }
  if (form.customsContentType === 'OTHER' && !form.contentComments) {
    throw error(
      '160019',
      'contentComments are required when contentType is OTHER',
      'customsForm.contentComments',
    );
  }
  const contents = form.contents ?? [];
  const areClassified = contents.every(
    (item) => item.HSTariffNumber || (item.itemCategory && item.itemSubcategory),
  );
  if (missingTariff === 'error' && !areClassified) {
    throw error(
      '160055',
      'customsForm.contents requires an itemDescription, itemCategory, and itemSubcategory when HSTariffNumber is blank',
      'customsForm.contents',
    );
  }
  const weight = contents.reduce((sum, item) => sum + item.itemTotalWeight, 0);
  // Sums of decimal fractions are inexact in the last digit.
  if (weight > shipment.weight + 1e-9) {
    throw error(
      '160021',
      `total weight of all of the content items: ${weight} cannot be more than the total weight: ${shipment.weight} of the package`,
      'packageDescription.weight',
    );
  }
  for (const { countryofOrigin: country } of contents) {
    if (country !== undefined && countryName(country) === undefined) {
      throw error('160141', `${country} is not a valid Country Code`, 'countryOfOrigin');
    }
  }
}

/** Throws when the image or the delivery options of a label have no room for a customs form. */
function checkOptions(shipment: CustomsShipment, error: WorkbookError) {
  if (!['PDF', 'TIFF', 'ZPL203DPI', 'ZPL300DPI', 'NONE'].includes(shipment.imageType)) {
    throw error(
      '160024',
      'currently only PDF, TIFF, ZPL300DPI, ZPL203DPI and NONE are supported.',
      'imageInfo.imageType',
    );
  }
  if (shipment.labelType !== '4X6LABEL') {
    throw error(
      '160264',
      "currently only imageInfo.labelType '4X6LABEL' is supported with customsForm",
      'imageInfo.labelType',
    );
  }
  if (shipment.returnLabel) {
    throw error(
      '160260',
      'imageInfo.returnLabel cannot be true for labels with Customs Forms. Please make a separate Return Label request',
      'imageInfo.returnLabel',
    );
  }
  if (shipment.holdForPickup) {
    throw error(
      '160127',
      'Hold for Pickup cannot be requested when customs forms are required',
      'toAddress.holdForPickup',
    );
  }
  if (shipment.parcelLocker) {
    throw error(
      '160071',
      'Packages that require customs forms are not eligible to be shipped to a Smart Locker',
      'customsForm',
    );
  }
}

/** Throws on extra services that military post offices and freely associated states do not have. */
function checkServices({ to, services }: CustomsShipment, error: WorkbookError) {
  const has = (...codes: number[]) => services.some((code) => codes.includes(code));
  const serviceError = (code: string, detail: string) =>
    error(code, detail, 'packageDescription.extraServices');
  const associated = ['FM', 'MH', 'PW'].includes(placeOf(to)?.state ?? '');
  if (!isMilitary(to) && !associated) return;
  if (has(912, 913, 924, 922, 923)) {
    throw serviceError(
      '160026',
      'ExtraServices: [912, 913, 924, 922, 923] are not valid at APO/FPO/DPO/FAS locations.',
    );
  }
  if (associated && has(921))
    throw serviceError('160137', 'ExtraService: [921] is not valid at FAS locations');
  if (associated) return;
  if (has(931)) throw serviceError('160025', 'ExtraService: [931] is not valid at APO/FPO/DPO locations.');
  if (has(957)) {
    throw serviceError(
      '160027',
      'ExtraService: [957] is not supported to the APO/FPO/PTFAS destination address provided.',
    );
  }
  if (has(480, 481, 482, 483, 484, 485, 486, 487, 488, 489, 921, 934)) {
    throw serviceError(
      '160130',
      'ExtraServices: [480-489, 921, 934] are not valid at the APO/FPO/DPO address provided',
    );
  }
}
