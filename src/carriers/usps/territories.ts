import type { Address } from '../../domain/address.ts';

/** Country codes of territories and associated states that have ZIP Codes and are addressed like a state. */
export const territories: ReadonlySet<string> = new Set(['PR', 'VI', 'GU', 'AS', 'MP', 'FM', 'MH', 'PW']);

/** Rewrites an address in a territory as USPS writes it: the territory as the state, and US as the country. */
export function toUsAddress(address: Address): Address {
  return territories.has(address.country ?? '')
    ? { ...address, state: address.country, country: 'US' }
    : address;
}
