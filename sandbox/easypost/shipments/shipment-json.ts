import type { Addresses } from '../addresses/addresses.ts';
import { commonFields, type Entry } from '../collection.ts';
import { isoTime } from '../dates.ts';
import type { Fields } from '../fields.ts';
import type { Files } from '../files.ts';
import { labelFormats, type LabelFormat } from '../label-formats.ts';
import type { ApiObject } from '../http.ts';
import type { Trackers } from '../tracking/trackers.ts';
import type { Customs } from './customs.ts';
import type { LabelRefunds } from './label-refunds.ts';
import { renderParcel, type Parcels } from './parcels.ts';
import type { Label, Rate, Shipment } from './shipment.ts';

/** Renders a shipment. With `initialTracker`, as the response to a purchase does, before the carrier has responded. */
export type RenderShipment = (entry: Entry<Shipment>, options?: { initialTracker?: boolean }) => ApiObject;

export const createShipmentRenderer =
  (resources: {
    addresses: Addresses;
    parcels: Parcels;
    customs: Customs;
    trackers: Trackers;
    files: Files;
    labelRefunds: LabelRefunds;
  }): RenderShipment =>
  (entry, { initialTracker = false } = {}) => {
    const { addresses, parcels, customs, trackers, files, labelRefunds } = resources;
    const { body } = entry;
    const { label } = body;
    const tracker = label === null ? null : trackers.get(entry, label.tracker);
    const progress = tracker === null || initialTracker ? 'unknown' : trackers.progress(tracker).status;
    const address = (id: string) => addresses.render(addresses.get(entry, id));
    const refundStatus = labelRefunds.status(entry);
    return {
      ...commonFields('Shipment', entry),
      is_return: body.is_return,
      messages: body.messages,
      options: body.options,
      reference: body.reference,
      // Recorded: the status is `unknown` until the carrier scans the parcel.
      status: progress === 'pre_transit' ? 'unknown' : progress,
      tracking_code: label?.untracked ? null : (label?.tracking_code ?? null),
      batch_id: body.batch?.id ?? null,
      batch_status: body.batch?.status ?? null,
      batch_message: body.batch?.message ?? null,
      customs_info: body.customs === null ? null : customs.render(customs.get(entry, body.customs)),
      from_address: address(body.from),
      to_address: address(body.to),
      return_address: address(body.returnTo),
      buyer_address: address(body.buyer),
      insurance: body.insurance,
      order_id: body.order,
      parcel: renderParcel(parcels.get(entry, body.parcel)),
      postage_label: label && renderLabel(label, entry.updated, files),
      rates: body.rates.map((rate) => renderRate(entry, rate)),
      refund_status: refundStatus,
      scan_form: body.scanForm,
      selected_rate: label && renderRate(entry, label.rate),
      tracker: label?.untracked
        ? null
        : tracker && (initialTracker ? trackers.renderInitial(tracker) : trackers.render(tracker)),
      usps_zone: body.zone,
      forms: renderForms(entry, files),
      fees: body.fees.map((fee) => ({
        ...fee,
        refunded: refundStatus === 'refunded' && fee.type === 'PostageFee',
      })),
      ...(body.taxIdentifiers.length > 0 && { tax_identifiers: body.taxIdentifiers }),
    };
  };

export function renderRate(entry: Entry<Shipment>, { created, id, ...quote }: Rate): Fields {
  const time = isoTime(created);
  return {
    id,
    object: 'Rate',
    created_at: time,
    updated_at: time,
    mode: entry.mode,
    ...quote,
    shipment_id: entry.id,
  };
}

function renderLabel(label: Label, updated: number, files: Files): Fields {
  const url = (format: LabelFormat) => {
    const path = label.files[format];
    return path === undefined ? null : files.urlOf(path);
  };
  return {
    object: 'PostageLabel',
    id: label.id,
    created_at: isoTime(label.bought),
    updated_at: isoTime(updated),
    date_advance: 0,
    integrated_form: 'none',
    label_date: label.date,
    label_resolution: 300,
    label_size: label.size,
    label_type: 'default',
    label_file_type: labelFormats[label.format].type,
    label_url: url(label.format),
    label_pdf_url: url('PDF'),
    label_zpl_url: url('ZPL'),
    label_epl2_url: url('EPL2'),
    label_file: null,
  };
}

const renderForms = (entry: Entry<Shipment>, files: Files) =>
  entry.body.forms.map(({ id, made, type, path }) => ({
    object: 'Form',
    id,
    created_at: isoTime(made),
    updated_at: isoTime(made),
    mode: entry.mode,
    form_type: type,
    form_url: files.urlOf(path),
    submitted_electronically: type === 'commercial_invoice',
  }));
