import { addressErrors, type Address } from './address.ts';
import { dateAt, addDays } from './calendar.ts';
import type { ProviderError, UserError } from './errors.ts';
import { weightIn, type WeightUnit } from './measure.ts';
import type { Money } from './money.ts';
import type { Parcel } from './parcel.ts';
import type { ShippingService } from './rate.ts';
import type { LabelDocument } from './shipment.ts';

export type PickupStatus = 'SCHEDULED' | 'CANCELLED' | 'COMPLETED' | 'FAILED' | 'UNCERTAIN';
export type ManifestStatus = 'CREATING' | 'CREATED' | 'FAILED' | 'UNCERTAIN';

/** A parcel with its label, on its way to the carrier's hands. */
export interface ShippableParcel {
  /** In our words. */
  readonly carrier: string;
  readonly service: ShippingService;
  readonly parcel: Parcel;
  readonly from: Address;
  readonly to: Address;
  readonly isReturn: boolean;
  /** YYYY-MM-DD at the sender's place. */
  readonly shipDate: string;
  readonly trackingNumber: string;
}

/** When and where parcels are to be collected. */
export interface PickupDetails {
  readonly address: Address;
  /** YYYY-MM-DD at that place. */
  readonly date: string;
  /** Wall-clock times at that place, without a zone: 2026-11-20T09:00:00. */
  readonly readyFrom?: string;
  readonly readyUntil?: string;
  /** Where they lie, one of `packageLocations`; FRONT_DOOR when left out. */
  readonly packageLocation?: string;
  readonly instructions?: string;
  /** What it may cost; nothing when left out. */
  readonly maxPrice?: Money;
}

/** A pickup that a carrier has promised. */
export interface ScheduledPickup {
  readonly confirmation?: string;
  /** The day on which the carrier comes, which may be another than was asked for. */
  readonly date: string;
  readonly price?: Money;
  /** What cancelling it needs; JSON, and nobody else reads it. */
  readonly providerRef: unknown;
}

/** A list of parcels that the carrier takes over with one scan. */
export interface CreatedManifest {
  /** The provider's own number. */
  readonly reference?: string;
  /** Undefined while the provider is still making it. */
  readonly form?: LabelDocument;
  /** Why the provider gave up making it, told by `follow`: there is none then, and the parcels are as they were. */
  readonly failure?: ProviderError;
  /** What asking after it needs; JSON, and nobody else reads it. */
  readonly providerRef: unknown;
}

/** Where parcels can lie for the carrier. */
export const packageLocations = [
  'FRONT_DOOR',
  'BACK_DOOR',
  'SIDE_DOOR',
  'KNOCK_ON_DOOR',
  'MAIL_ROOM',
  'OFFICE',
  'PORCH',
  'RECEPTION',
  'MAILBOX',
  'OTHER',
] as const;

/** The most shipments that one pickup or manifest takes. */
export const maxShipments = 1000;
const longestInstructions = 255;
/** How far ahead carriers take appointments. */
const daysAhead = 365;

/** Wishes as a caller gives them, and what they are for. */
export type PickupInput = { readonly [Key in keyof PickupDetails]: PickupDetails[Key] | null } & {
  readonly address: Address;
  readonly date: string;
  readonly shipmentIds: readonly string[];
};

/** Everything that is wrong with an order for a pickup. */
export function pickupErrors(input: PickupInput, now: number, path: readonly string[]): readonly UserError[] {
  const { address, date, packageLocation, instructions, readyFrom, readyUntil, maxPrice } = input;
  const errors = [
    ...addressErrors(address, 'pickup', [...path, 'address']),
    ...shipmentErrors(input.shipmentIds, 'pickup', path),
  ];
  const wrong = (code: 'INVALID' | 'REQUIRED', field: string, message: string) =>
    errors.push({ code, field: [...path, ...field.split('.')], message });

  const today = dateAt(address, now);
  if (date < today) wrong('INVALID', 'date', `is in the past; at that place it is ${today}`);
  if (date > addDays(daysAhead, today)) wrong('INVALID', 'date', 'is more than a year ahead');

  const known: readonly string[] = packageLocations;
  if (packageLocation && !known.includes(packageLocation)) {
    wrong('INVALID', 'packageLocation', `is none of ${packageLocations.join(', ')}`);
  }
  if (packageLocation === 'OTHER' && !instructions?.trim()) {
    wrong('REQUIRED', 'instructions', 'say where the parcels lie when packageLocation is OTHER');
  }
  if ((instructions?.length ?? 0) > longestInstructions) {
    wrong('INVALID', 'instructions', `are longer than ${longestInstructions} characters`);
  }
  for (const [field, time] of [
    ['readyFrom', readyFrom],
    ['readyUntil', readyUntil],
  ] as const) {
    if (time && time.slice(0, 10) !== date)
      wrong('INVALID', field, `is not on ${date}, the day of the pickup`);
  }
  if (readyFrom && readyUntil && readyFrom >= readyUntil) {
    wrong('INVALID', 'readyUntil', 'is not after readyFrom');
  }
  if (maxPrice && Number(maxPrice.amount) < 0) wrong('INVALID', 'maxPrice.amount', 'is less than nothing');
  return errors;
}

/** Everything that is wrong with a list of shipments for a manifest. */
export function manifestErrors(
  input: { readonly shipmentIds: readonly string[] },
  path: readonly string[],
): readonly UserError[] {
  return shipmentErrors(input.shipmentIds, 'manifest', path);
}

function shipmentErrors(ids: readonly string[], what: string, path: readonly string[]): UserError[] {
  const at = (...field: string[]) => [...path, 'shipmentIds', ...field];
  if (ids.length === 0) return [{ code: 'REQUIRED', field: at(), message: `a ${what} needs a shipment` }];
  if (ids.length > maxShipments) {
    return [{ code: 'TOO_MANY', field: at(), message: `a ${what} takes at most ${maxShipments} shipments` }];
  }
  return ids.flatMap((id, index) =>
    ids.indexOf(id) < index
      ? [{ code: 'INVALID' as const, field: at(String(index)), message: 'is named twice' }]
      : [],
  );
}

/** Whether all leave from one address, whoever is named there and however it is spelled. */
export function shareOrigin(parcels: readonly Pick<ShippableParcel, 'from'>[]): boolean {
  return new Set(parcels.map(({ from }) => placeOf(from))).size <= 1;
}

function placeOf({ street1, street2, city, state, postalCode, country }: Address): string {
  // Some know the last four digits of their ZIP code, and some do not.
  const area = country === 'US' ? postalCode?.slice(0, 5) : postalCode;
  return [street1, street2, city, state, area, country].map((part) => part?.toUpperCase()).join('\n');
}

/** What parcels weigh together, in whole units, never less than they do. */
export function totalWeight(parcels: readonly Parcel[], unit: WeightUnit): number {
  const step = 10_000;
  const steps = parcels.map(({ weight }) => Math.round(weightIn(weight, unit, String(1 / step)) * step));
  return Math.ceil(steps.reduce((total, each) => total + each, 0) / step);
}
