import type { Address } from './address.ts';

/** A place where a parcel is handed over. */
export interface DropOffLocation {
  readonly name: string;
  readonly address: Address;
  /** The carrier's own word: POST_OFFICE. */
  readonly kind: string;
  /** A line a day, in the place's own time: "MONDAY 08:00-17:00". */
  readonly hours: readonly string[];
  readonly distanceMiles?: number;
}
