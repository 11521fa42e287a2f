import { countryName } from '../addresses/countries.ts';

/** Price groups by distance. Guess: USPS has finer groups, different for each class. */
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

/** The United States, and the countries with domestic USPS service. */
const domestic = new Set(['US', 'PR', 'VI', 'GU', 'AS', 'MP', 'FM', 'MH', 'PW', 'UM']);

/** The price group of a country; 11 for any other country; undefined for a domestic or unknown one. */
export function internationalGroup(country: string): number | undefined {
  const code = country.toUpperCase();
  if (domestic.has(code) || countryName(code) === undefined) return undefined;
  return byCountry.get(code) ?? 11;
}
