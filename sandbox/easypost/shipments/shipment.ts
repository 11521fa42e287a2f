import type { LabelDesign } from '../../printing/label.ts';
import type { Fields } from '../fields.ts';
import type { LabelFormat } from '../label-formats.ts';
import type { Message, Quote } from '../rates/rates.ts';

export interface Rate extends Quote {
  id: string;
  created: number;
}

export interface Fee {
  object: 'Fee';
  type: string;
  amount: string;
  charged: boolean;
  refunded: boolean;
}

/** A purchased label. */
export interface Label {
  id: string;
  tracking_code: string;
  tracker: string;
  /** The tracking code is shown to nobody. */
  untracked: boolean;
  rate: Rate;
  bought: number;
  date: string;
  size: string;
  format: LabelFormat;
  /** The path of the file in each format that was requested. */
  files: Partial<Record<LabelFormat, string>>;
  design: LabelDesign;
}

export interface ShipmentForm {
  id: string;
  made: number;
  type: string;
  path: string;
}

/** A stored shipment. Addresses, parcel, customs form, order and scan form are referenced by id. */
export interface Shipment {
  to: string;
  from: string;
  returnTo: string;
  buyer: string;
  parcel: string;
  customs: string | null;
  options: Fields;
  reference: string | null;
  is_return: boolean;
  taxIdentifiers: unknown[];
  accounts: string[];
  rates: Rate[];
  messages: Message[];
  zone: number | null;
  insurance: string | null;
  /** True where the shipment was created with `insurance: 0`, which opts out of the default insurance. */
  uninsured: boolean;
  order: string | null;
  /** Which of the several parcels of its order this is. */
  piece: { number: number; total: number } | null;
  batch: { id: string; status: string; message: string | null } | null;
  scanForm: string | null;
  label: Label | null;
  /** The time of the refund request; `scanned` if the carrier had scanned the parcel by then. */
  refund: { asked: number; scanned: boolean } | null;
  fees: Fee[];
  forms: ShipmentForm[];
}
