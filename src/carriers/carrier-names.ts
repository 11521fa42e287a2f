import { createCarrierFinder } from '../domain/carriers.ts';
import type { UserError } from '../domain/errors.ts';
import { parcelNumber, validateTrackingNumber, type ParcelNumber } from '../domain/tracking.ts';
import { providers } from './registry.ts';

/** Returns our name of a carrier that a caller names in our words or in a provider's; undefined where it is unknown. */
export const findCarrier = createCarrierFinder(...providers.map(({ carrierNames = {} }) => carrierNames));

/** Validates the name of a carrier as a caller gave it. */
export function validateCarrier(name: string, path: readonly string[]): UserError[] {
  if (findCarrier(name) !== undefined) return [];
  const message = `unknown carrier ${JSON.stringify(name.slice(0, 40))}; use a name such as USPS, UPS, FedEx or DHL`;
  return [{ code: 'INVALID', field: path, message }];
}

/** Validates a tracking number and a carrier as a caller gave them. */
export function validateParcelNumber(
  input: { readonly trackingNumber: string; readonly carrier?: string | null },
  path: readonly string[],
): readonly UserError[] {
  const errors = validateTrackingNumber(input.trackingNumber, [...path, 'trackingNumber']);
  return input.carrier ? [...errors, ...validateCarrier(input.carrier, [...path, 'carrier'])] : errors;
}

/** Reads a tracking number and a carrier as a caller gave them. A carrier that is unknown keeps its name. */
export function readParcelNumber(trackingNumber: string, carrier?: string | null): ParcelNumber {
  return parcelNumber(trackingNumber, carrier ? (findCarrier(carrier) ?? carrier) : undefined);
}
