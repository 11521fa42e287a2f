import { Big } from 'big.js';
import type { Address, Addresses } from '../addresses/addresses.ts';
import { isUs } from '../addresses/verification.ts';
import { isPrintable } from '../../printing/transliteration.ts';
import { unprocessable } from '../api-error.ts';
import { newId, type Entry } from '../collection.ts';
import { textOf } from '../fields.ts';
import type { Files } from '../files.ts';
import { isLabelFormat } from '../label-formats.ts';
import type { Caller, EasyPostState } from '../state.ts';
import { trackingNumber } from '../tracking/tracking-numbers.ts';
import type { Trackers } from '../tracking/trackers.ts';
import type { Customs } from './customs.ts';
import { invoiceDesign, labelDesign } from './label-design.ts';
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
  customs: Customs;
  trackers: Trackers;
  files: Files;
  shipments: Shipments;
}

/** Purchases the label of a shipment at a rate. */
export type PurchaseLabel = (caller: Caller, entry: Entry<Shipment>, rate: Rate, insurance?: unknown) => void;

export const createPurchase =
  (state: EasyPostState, resources: Resources): PurchaseLabel =>
  (caller, entry, rate, insurance) => {
    const { addresses, parcels, customs, trackers, files, shipments } = resources;
    const shipment = entry.body;
    requireUnpurchased(shipment);
    const format = readLabelFormat(textOf(shipment.options, 'label_format') || 'PNG');
    const account = state.accounts.find(({ id }) => id === rate.carrier_account_id);
    if (account?.labelFormats && !account.labelFormats.includes(format)) {
      throw unprocessable(
        'SHIPMENT.POSTAGE.FORMAT_UNAVAILABLE',
        `The carrier does not make ${format} labels.`,
      );
    }
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
    const printed = {
      shipment,
      rate,
      code,
      insured,
      date: labelDate(shipment.options, now),
      sender: sender.body,
      receiver: receiver.body,
      parcel: parcels.get(entry, shipment.parcel).body,
      customs: needsCustoms(receiver.body, sender.body) ? customs.read(entry, shipment.customs!) : null,
    };
    const design = labelDesign(printed);
    requirePrintable([...design.from, ...design.to, ...(design.customs ?? [])]);
    const tracker = trackers.createForLabel(entry, { code, carrier, service, shipment: entry.id });
    shipment.label = {
      id: newId('pl'),
      tracking_code: code,
      tracker: tracker.id,
      untracked: state.untracked.has(service),
      rate,
      bought: now,
      date: printed.date,
      size: textOf(shipment.options, 'label_size') || account?.labelSize || (international ? '6x4' : '4x6'),
      format,
      files: { [format]: files.publish('postage_label', format, { labels: [design] }) },
      design,
    };
    shipment.insurance = insured;
    shipment.fees = [
      fee('LabelFee', '0'),
      fee('PostageFee', rate.rate),
      ...(insured === null ? [] : [fee('InsuranceFee', insuranceFee(insured))]),
    ];
    if (international) {
      const path = files.publish('form', 'PDF', { form: invoiceDesign(printed) });
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
  if (needsCustoms(receiver, sender) && shipment.customs === null) {
    throw unprocessable(
      'SHIPMENT.CUSTOMS_INFO.REQUIRED',
      'Customs information is required for this shipment.',
    );
  }
}

/** Throws for a text with characters that no label has. Guess: EasyPost transliterates what it can. */
function requirePrintable(lines: readonly string[]) {
  if (lines.every(isPrintable)) return;
  throw unprocessable('SHIPMENT.POSTAGE.ASCII', 'The carrier accepts ASCII characters only.');
}

const needsCustoms = (receiver: Address, sender: Address) =>
  !isUs(receiver) ||
  !isUs(sender) ||
  isOutsideCustomsTerritory(receiver) !== isOutsideCustomsTerritory(sender);

function nextSerial({ store }: EasyPostState): number {
  const serial = (store.get<number>('easypost/serial', 'label') ?? 0) + 1;
  store.put('easypost/serial', 'label', serial);
  return serial;
}
