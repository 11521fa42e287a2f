import { stateCode } from './states.ts';

/** The parts of an address that name its country and state. */
export interface Region {
  readonly state?: string | null;
  readonly country?: string | null;
}

/** Territories and associated states that have ZIP codes: each is a state of US addresses and a country of its own in ISO 3166-1. */
export const territories: ReadonlySet<string> = new Set(['PR', 'VI', 'GU', 'AS', 'MP', 'FM', 'MH', 'PW']);

/**
 * Rewrites an address as USPS writes it: a territory as a state of the US, and a territory or military region by its code.
 * One place then has one form, whichever way it is written.
 */
export function toUsAddress<T extends Region>(address: T): T {
  const { country, state } = address;
  if (country && territories.has(country)) return { ...address, state: country, country: 'US' };
  if (country !== 'US' || !state) return address;
  return { ...address, state: stateCode('US', state) ?? state };
}
