/** The parts of an address that name its country and state. */
export interface Region {
  readonly state?: string | null;
  readonly country?: string | null;
}

/** Territories and associated states that have ZIP codes: each is a state of US addresses and a country of its own in ISO 3166-1. */
export const territories: ReadonlySet<string> = new Set(['PR', 'VI', 'GU', 'AS', 'MP', 'FM', 'MH', 'PW']);

/** Names of territories, associated states and military regions, with their codes (USPS, Publication 28, appendix B). */
const namedStates: readonly (readonly [RegExp, string])[] = [
  [/^(ESTADO LIBRE ASOCIADO DE )?PUERTO RICO$/, 'PR'],
  [/^(US |UNITED STATES )?VIRGIN ISLANDS( OF THE US)?$/, 'VI'],
  [/^GUAM$/, 'GU'],
  [/^(AMERICAN )?SAMOA$/, 'AS'],
  [/^(COMMONWEALTH OF THE )?(NORTHERN )?MARIANA(S| ISLANDS)$/, 'MP'],
  [/^(FEDERATED STATES OF )?MICRONESIA$/, 'FM'],
  [/^(REPUBLIC OF THE )?MARSHALL ISLANDS$/, 'MH'],
  [/^(REPUBLIC OF )?PALAU$/, 'PW'],
  [/^(US )?ARMED FORCES (OF |THE )*AMERICAS?\b/, 'AA'],
  [/^(US )?ARMED FORCES (OF |THE )*PACIFIC\b/, 'AP'],
  [/^(US )?ARMED FORCES (OF |THE )*(EUROPE|AFRICA|CANADA|MIDDLE EAST)\b/, 'AE'],
];

/**
 * Rewrites an address as USPS writes it: a territory as a state of the US, and a territory or military region by its code.
 * One place then has one form, whichever way it is written.
 */
export function toUsAddress<T extends Region>(address: T): T {
  const { country, state } = address;
  if (country && territories.has(country)) return { ...address, state: country, country: 'US' };
  if (country !== 'US' || !state) return address;
  const name = state.toUpperCase().replaceAll('.', '').replaceAll(/[^A-Z]+/g, ' ').trim(); // prettier-ignore
  const code = namedStates.find(([pattern]) => pattern.test(name))?.[1];
  return code ? { ...address, state: code } : address;
}
