import { ProviderError } from '../../../domain/errors.ts';
import type { RateRequest } from '../../../domain/rate.ts';

/** The direction of a parcel. Each has its own prices, label endpoints and product names at USPS. */
export type Direction = 'outbound' | 'return' | 'international';

/**
 * Returns the direction of a shipment whose addresses are rewritten by `toUsAddress`. Throws NOT_SUPPORTED for one that
 * starts outside the United States, and for an international return.
 */
export function directionOf({ from, to, options }: Pick<RateRequest, 'from' | 'to' | 'options'>): Direction {
  if (from.country !== 'US') {
    throw new ProviderError('NOT_SUPPORTED', 'USPS accepts parcels in the United States only', {
      field: ['from', 'country'],
      hint: 'Send from a US address, or by a carrier of that country.',
    });
  }
  if (to.country === 'US') return options?.isReturn ? 'return' : 'outbound';
  if (options?.isReturn) {
    throw new ProviderError('NOT_SUPPORTED', 'USPS has return labels within the United States only', {
      field: ['options', 'isReturn'],
      hint: 'Omit it to send the parcel as an ordinary international one.',
    });
  }
  return 'international';
}
