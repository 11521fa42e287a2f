import { countryName } from '../addresses/countries.ts';

/** Price groups, near to far. Guess: the real ones are finer, and each class has its own. */
const groups: Record<number, string> = {
  1: 'CA',
  2: 'MX',
  3: 'GB IE',
  4: 'FR DE BE NL LU AT CH LI IT ES PT DK SE NO FI IS MC SM VA AD MT',
  5: 'JP KR TW HK MO SG CN',
  6: 'AU NZ',
  7: 'PL CZ SK HU SI HR EE LV LT RO BG GR CY UA RS BA ME MK AL MD TR',
  8: 'BS BM JM HT DO CU KY BB TT AG LC VC GD DM KN AW CW SX BQ MQ GP TC VG AI MS GT BZ HN SV NI CR PA',
  9: 'BR AR CL CO PE EC UY PY BO VE GY SR GF FK',
  10: 'IN PK BD LK NP TH VN PH MY ID KH LA MM BN MN KZ UZ GE AM AZ IL AE SA QA KW BH OM JO LB EG',
};
const byCountry = new Map(
  Object.entries(groups).flatMap(([group, codes]) =>
    codes.split(' ').map((code): [string, number] => [code, Number(group)]),
  ),
);

/** The United States and what they deliver as their own. */
const domestic = new Set(['US', 'PR', 'VI', 'GU', 'AS', 'MP', 'FM', 'MH', 'PW', 'UM']);

/** The price group of a country; the rest of the world is 11. Undefined where no parcel goes abroad. */
export function internationalGroup(country: string): number | undefined {
  const code = country.toUpperCase();
  if (domestic.has(code) || countryName(code) === undefined) return undefined;
  return byCountry.get(code) ?? 11;
}
