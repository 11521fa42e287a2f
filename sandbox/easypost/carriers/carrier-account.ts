import type { LabelFormat } from '../label-formats.ts';
import type { Service } from './services.ts';

/** A carrier account and its price list. */
export interface CarrierAccount {
  id: string;
  carrier: string;
  /** The `type` in `GET /carrier_accounts`. */
  type: string;
  readable: string;
  billing: 'easypost' | 'carrier';
  maxOunces: number;
  /** The longest side, in inches. */
  maxLength: number;
  /** Length and girth together, in inches. */
  maxLengthAndGirth: number;
  /** Delivers to overseas military and diplomatic post offices. */
  servesMilitary: boolean;
  /** Cubic inches per pound of dimensional weight, for parcels larger than a cubic foot. */
  inchesPerPound: number;
  domestic: readonly Service[];
  international: readonly Service[];
  /** Flat rates by package name and service: rate, list, retail. */
  flat: Record<string, Record<string, readonly [string, string, string | null]>>;
  /** Surcharges by `options.delivery_confirmation`. */
  confirmations: Record<string, string>;
  /** Formats that the carrier makes labels in. Default: all. */
  labelFormats?: readonly LabelFormat[];
  /** Default: 4x6. */
  labelSize?: string;
  /** Error message of an account that never rates. */
  failure?: string;
}
