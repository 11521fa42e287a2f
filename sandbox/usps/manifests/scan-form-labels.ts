import type { UspsClient } from '../oauth/clients.ts';
import { businessError } from '../errors.ts';
import type { ScanFormRequest } from './scan-form-schema.ts';
import { labelOf, type Label } from '../labels/purchased-labels.ts';
import type { UspsState } from '../state.ts';

/**
 * Returns the labels of a SCAN form: the named ones, all of which must be eligible, or all eligible labels of a mailer.
 * Throws an error response for an ineligible named label, and when a mailer has no eligible label.
 */
export function eligibleLabels(
  state: UspsState,
  version: string,
  client: UspsClient,
  form: ScanFormRequest,
): Label[] {
  const { shipment } = form;
  if ('trackingNumbers' in shipment) {
    const labels = [...new Set(shipment.trackingNumbers)].map((number) => {
      const label = labelOf(state, number);
      const reason = ineligibility(state, client, form, number, label);
      if (reason !== undefined) throw businessError(version, ...reason);
      return label!;
    });
    if (new Set(labels.map((label) => label.manifestMid)).size > 1) {
      throw businessError(
        version,
        '160165',
        'barcodes cannot be grouped together in a SCAN Form due to Manifest MID mismatch',
        'barcode',
      );
    }
    return labels;
  }
  const labels = state.store
    .all<Label>('usps.label')
    .filter((label) =>
      'MID' in shipment ? label.mid === shipment.MID : label.manifestMid === shipment.manifestMID,
    )
    .filter((label) => ineligibility(state, client, form, label.trackingNumber, label) === undefined);
  if (labels.length > 0) return labels;
  throw businessError(
    version,
    '160037',
    'The SCAN Form could not be created because no labels met the given criteria',
    'mailingDate,entryFacilityZIPCode,destinationEntryFacilityType,shipment',
  );
}

type Ineligibility = [code: string, detail: string, parameter: string];

/** The reason why a label cannot be in a form; undefined for an eligible label. */
function ineligibility(
  state: UspsState,
  client: UspsClient,
  form: ScanFormRequest,
  number: string,
  label: Label | undefined,
): Ineligibility | undefined {
  const barcode = `barcode ${number}`;
  if (label === undefined || label.crid !== client.crid) {
    return ['160039', `${barcode} does not exist`, 'barcode'];
  }
  if (label.scanForm !== undefined) {
    return [
      '160040',
      `${barcode} is already part of another SCAN Form with efn ${label.scanForm}`,
      'scanFormEfn',
    ];
  }
  if (label.status === 'CANCELED') {
    return [
      '160397',
      `${barcode} has been canceled and is not eligible to be added to a SCAN Form`,
      'barcode',
    ];
  }
  if (label.manifested <= state.clock.now()) {
    return ['160398', `${barcode} has manifested and is not eligible to be added to a SCAN Form`, 'barcode'];
  }
  if (label.kind === 'return' || label.status !== 'CREATED') {
    return ['160160', `${barcode} is not eligible for SCAN Form`, 'status'];
  }
  if (label.mailingDate !== form.mailingDate && !form.overwriteMailingDate) {
    return [
      '160006',
      `${barcode} with mailing date [${label.mailingDate}] does not match SCAN Form request mailing date [${form.mailingDate}]`,
      'mailingDate',
    ];
  }
  if (label.origin !== form.entryFacilityZIPCode) {
    return [
      '160161',
      `${barcode} with zip ${label.origin} does not match SCAN Form request zip ${form.entryFacilityZIPCode}`,
      'entryFacilityZipCode',
    ];
  }
  if (label.facility !== form.destinationEntryFacilityType) {
    return [
      '160162',
      `${barcode} with facility type ${label.facility} does not match SCAN Form request facility type ${form.destinationEntryFacilityType}`,
      'destinationEntryFacilityType',
    ];
  }
  if (label.drawing.imageType === 'LABEL_BROKER') {
    return [
      '160163',
      `${barcode} has ImageType of LABEL_BROKER and is not eligible for SCAN Form`,
      'imageType',
    ];
  }
  if (label.services.includes(415)) {
    return ['160164', `${barcode} has Extra Service 415 and is not eligible for SCAN Form`, 'imageType'];
  }
  if (label.parcelLocker) {
    return [
      '160166',
      `${barcode} is a parcel locker delivery and is not eligible for SCAN Form`,
      'parcelLockerDelivery',
    ];
  }
  return undefined;
}
