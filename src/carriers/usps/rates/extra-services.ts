import type { Address } from '../../../domain/address.ts';
import { ProviderError } from '../../../domain/errors.ts';
import type { ShipmentOptions } from '../../../domain/rate.ts';
import type { Direction } from './direction.ts';

/** Shipment options as USPS extra services. */
export interface ExtraServices {
  /** The codes of each option. A request lists all of them, and each mail class offers those that it has. */
  readonly services: readonly (readonly number[])[];
  /** US dollars. */
  readonly packageValue?: number;
}

/** No adult signature there (160026), nor any at military posts (160130) and in the associated states (160137). */
const unsignedStates = new Set(['AA', 'AE', 'AP', 'FM', 'MH', 'PW']);
/** Insured up to $500 only (160025). */
const militaryStates = new Set(['AA', 'AE', 'AP']);

/**
 * Maps options to codes. Throws REJECTED for an option that USPS lacks at the destination. Saturday delivery needs no
 * code: within the United States Saturday is a delivery day at no charge.
 *
 * Guess: Priority Mail Express has 981 and 925 in place of the common codes. The documents tell it by the names alone,
 * "Signature Requested (PRIORITY_MAIL_EXPRESS only)" and "Priority Mail Express Merchandise Insurance". Where a class
 * has both, its own comes first.
 *
 * Guess: a request for all classes may list codes that only one of them has.
 *
 * A label's `physicalSignatureRequired` is omitted: it requires one of these codes (160095), not they it.
 */
export function toExtraServices(
  options: ShipmentOptions = {},
  direction: Direction,
  to: Address,
): ExtraServices {
  const { signature, adultSignature, insuredValue } = options;
  requireAvailable(options, direction, to);
  const value = insuredValue ? Number(insuredValue.amount) : undefined;
  const insurance = (value ?? 0) > 500 ? 931 : 930;
  return {
    services: [
      ...(adultSignature ? [[922]] : signature ? [[981, 921]] : []),
      ...(value === undefined ? [] : [direction === 'international' ? [insurance] : [925, insurance]]),
    ],
    packageValue: value,
  };
}

function requireAvailable(options: ShipmentOptions, direction: Direction, to: Address): void {
  const { signature, adultSignature, insuredValue, saturdayDelivery } = options;
  const unavailable = (message: string, ...field: string[]) =>
    new ProviderError('REJECTED', message, {
      field: ['options', ...field],
      hint: 'Omit it, or choose another carrier.',
    });
  const signatureOption = adultSignature ? 'adultSignature' : signature ? 'signature' : undefined;
  if (direction === 'international') {
    if (signatureOption)
      throw unavailable('USPS has no signature on delivery for international parcels', signatureOption);
    if (saturdayDelivery)
      throw unavailable('USPS has no Saturday delivery for international parcels', 'saturdayDelivery');
  }
  if (signatureOption && unsignedStates.has(to.state ?? ''))
    throw unavailable(`USPS has no signature on delivery in ${to.state}`, signatureOption);
  if (insuredValue && insuredValue.currencyCode !== 'USD')
    throw unavailable('USPS insures in US dollars', 'insuredValue', 'currencyCode');
  if (insuredValue && Number(insuredValue.amount) > 500 && militaryStates.has(to.state ?? ''))
    throw unavailable('USPS insures up to 500 dollars to military and diplomatic posts', 'insuredValue');
}
