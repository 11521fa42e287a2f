import { Big } from 'big.js';
import type { LabelDesign } from '../../label-image.ts';
import type { Address, Addresses } from '../addresses/addresses.ts';
import { isUs } from '../addresses/verification.ts';
import { unprocessable } from '../api-error.ts';
import { newId, type Entry } from '../collection.ts';
import { textOf } from '../fields.ts';
import { isLabelFormat, type Files } from '../files.ts';
import type { Caller, EasyPostState } from '../state.ts';
import { trackingNumber } from '../tracking/tracking-numbers.ts';
import type { Trackers } from '../tracking/trackers.ts';
import type { Parcels } from './parcels.ts';
import {
  checkAddresses,
  fee,
  insuranceFee,
  isOutsideCustomsTerritory,
  labelDate,
  readInsurance,
} from './purchase-rules.ts';
import type { Label, Rate, Shipment } from './shipment.ts';
import { endsOf, type Shipments } from './shipments.ts';

/** The price of a purchased label with all its fees. */
export interface Charge {
  shipment: string;
  trackingCode: string;
  amount: string;
}

const chargeKind = 'easypost/charge';

export const chargesOf = ({ store }: EasyPostState) => store.all<Charge>(chargeKind);

interface Resources {
  addresses: Addresses;
  parcels: Parcels;
  trackers: Trackers;
  files: Files;
  shipments: Shipments;
}

/** Purchases the label of a shipment at a rate. */
export type PurchaseLabel = (caller: Caller, entry: Entry<Shipment>, rate: Rate, insurance?: unknown) => void;

export const createPurchase =
  (state: EasyPostState, resources: Resources): PurchaseLabel =>
  (caller, entry, rate, insurance) => {
    const { addresses, trackers, files, shipments } = resources;
    const shipment = entry.body;
    requireUnpurchased(shipment);
    const format = readLabelFormat(textOf(shipment.options, 'label_format') || 'PNG');
    const { receiver, sender } = endsOf(entry, addresses);
    const international = !isUs(receiver.body) || !isUs(sender.body);
    checkPurchase(shipment, rate, receiver.body, sender.body);
    const insured = readInsurance(
      insurance ?? shipment.insurance ?? undefined,
      shipment.uninsured ? null : caller.defaultInsurance,
    );
    addresses.correct(receiver);

    const now = state.clock.now();
    const { carrier, service } = rate;
    const code = trackingNumber(carrier, service, international, nextSerial(state));
    const tracker = trackers.createForLabel(entry, { code, carrier, service, shipment: entry.id });
    const design = designLabel(entry, rate, code, resources);
    shipment.label = {
      id: newId('pl'),
      tracking_code: code,
      tracker: tracker.id,
      untracked: state.untracked.has(service),
      rate,
      bought: now,
      date: labelDate(shipment.options, now),
      size: textOf(shipment.options, 'label_size') || (international ? '6x4' : '4x6'),
      format,
      files: { [format]: files.publish('postage_label', format, design) },
      design,
    };
    shipment.insurance = insured;
    shipment.fees = [
      fee('LabelFee', '0'),
      fee('PostageFee', rate.rate),
      ...(insured === null ? [] : [fee('InsuranceFee', insuranceFee(insured))]),
    ];
    if (international) {
      const path = files.publish('form', 'PDF', { ...design, title: 'COMMERCIAL INVOICE' });
      shipment.forms.push({ id: newId('form'), made: now, type: 'commercial_invoice', path });
    }
    shipments.savePurchased(entry);
    const amount = shipment.fees.reduce((sum, each) => sum.plus(each.amount), new Big(0)).toFixed(2);
    state.store.put<Charge>(chargeKind, entry.id, { shipment: entry.id, trackingCode: code, amount });
  };

export function requireUnpurchased({ label }: Shipment) {
  if (label === null) return;
  throw unprocessable('SHIPMENT.POSTAGE.EXISTS', 'Postage already exists for this shipment.');
}

/** Returns the label; throws `SHIPMENT.POSTAGE.REQUIRED` for a shipment without one. */
export function requireLabel({ label }: Shipment): Label {
  if (label !== null) return label;
  throw unprocessable('SHIPMENT.POSTAGE.REQUIRED', 'Postage is required to complete this operation.');
}

export function readLabelFormat(text: string) {
  const format = text.toUpperCase();
  if (isLabelFormat(format)) return format;
  throw unprocessable('SHIPMENT.POSTAGE.INVALID_FORMAT', 'Invalid label format.');
}

function checkPurchase(shipment: Shipment, { carrier }: Rate, receiver: Address, sender: Address) {
  checkAddresses(carrier, receiver, sender);
  const needsCustoms =
    !isUs(receiver) ||
    !isUs(sender) ||
    isOutsideCustomsTerritory(receiver) !== isOutsideCustomsTerritory(sender);
  if (needsCustoms && shipment.customs === null) {
    throw unprocessable(
      'SHIPMENT.CUSTOMS_INFO.REQUIRED',
      'Customs information is required for this shipment.',
    );
  }
}

function nextSerial({ store }: EasyPostState): number {
  const serial = (store.get<number>('easypost/serial', 'label') ?? 0) + 1;
  store.put('easypost/serial', 'label', serial);
  return serial;
}

function designLabel(
  entry: Entry<Shipment>,
  { carrier, service }: Rate,
  code: string,
  { addresses, parcels }: Resources,
): LabelDesign {
  const { parcel, reference, options } = entry.body;
  const { sender, receiver } = endsOf(entry, addresses);
  const zip = receiver.body.zip?.slice(0, 5);
  const { weight } = parcels.get(entry, parcel).body;
  const isUspsBarcode = carrier === 'USPS' && /^9\d{21}$/.test(code);
  return {
    title: `${carrier} ${service}`.toUpperCase(),
    from: addressLines(sender.body),
    to: addressLines(receiver.body),
    trackingNumber: code,
    details: [
      `Weight ${weight} oz`,
      ...(reference === null ? [] : [`Reference ${reference}`]),
      ...['print_custom_1', 'print_custom_2', 'print_custom_3'].flatMap(
        (name) => textOf(options, name) || [],
      ),
    ],
    ...(isUspsBarcode
      ? { barcode: 'gs1-128' as const, ...(zip && { routing: zip }) }
      : { barcode: 'code128' as const }),
  };
}

function addressLines({ name, company, street1, street2, city, state, zip, country }: Address): string[] {
  const cityLine = [city, state, zip].filter(Boolean).join(' ');
  const lines = [name, company, street1, street2, cityLine, country === 'US' ? null : country];
  return lines.filter((line) => !!line) as string[];
}
