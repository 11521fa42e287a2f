import type { Address } from '../../../domain/address.ts';
import { ProviderError } from '../../../domain/errors.ts';
import type { RateRequest } from '../../../domain/rate.ts';

/** How a parcel goes: USPS has prices, labels and names of its own for each. */
export type Direction = 'outbound' | 'return' | 'international';

export function directionOf({ from, to, options }: Pick<RateRequest, 'from' | 'to' | 'options'>): Direction {
  if (from.country !== 'US') {
    throw new ProviderError('NOT_SUPPORTED', 'USPS takes parcels in the United States only', {
      field: ['from', 'country'],
      hint: 'Send from a US address, or by a carrier of that country.',
    });
  }
  if (to.country === 'US') return options?.isReturn ? 'return' : 'outbound';
  if (options?.isReturn) {
    throw new ProviderError('NOT_SUPPORTED', 'USPS has return labels within the United States only', {
      field: ['options', 'isReturn'],
      hint: 'Leave it out to send the parcel abroad like any other.',
    });
  }
  return 'international';
}

/** Places with a country code of their own that have a ZIP Code and are delivered to like a state. */
export const places: ReadonlySet<string> = new Set(['PR', 'VI', 'GU', 'AS', 'MP', 'FM', 'MH', 'PW']);

export function atHome(address: Address): Address {
  return places.has(address.country ?? '') ? { ...address, state: address.country, country: 'US' } : address;
}
