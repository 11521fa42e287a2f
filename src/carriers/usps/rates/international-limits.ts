import type { toMeasures } from './packaging.ts';

interface Limits {
  /** Pounds, where the country has no lower limit. */
  readonly pounds: number;
  /** The longest side, in inches. */
  readonly length?: number;
  /** Length, width and height together, in inches. */
  readonly sides?: number;
  /** Length and girth, the way around the other two sides, together, in inches. */
  readonly girth?: number;
}

/**
 * Limits of international classes, which the price API does not check and the label API does (160054). Source:
 * International Mail Manual, 222 (Priority Mail Express International), 232 (Priority Mail International) and 251
 * (First-Class Package International Service).
 */
const limits: Readonly<Record<string, Limits>> = {
  'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE': { pounds: 4, length: 24, sides: 36 },
  PRIORITY_MAIL_INTERNATIONAL: { pounds: 70, girth: 108 },
  PRIORITY_MAIL_EXPRESS_INTERNATIONAL: { pounds: 70 },
};

/**
 * Limits in pounds by country code; those of the countries that are left out are those of the class. Source: the country
 * listings of the International Mail Manual, which name Monaco with France and the Channel Islands and Man with Britain,
 * as the public table of spree_active_shipping copied them in 2013. The manual itself could not be read, and may have
 * raised a limit since.
 */
const countryPounds: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  PRIORITY_MAIL_INTERNATIONAL: {
    22: 'AG AI BS GQ JM MM PN VC',
    44:
      'AL AM AO AR AW BA BB BD BH BM BN BQ BZ CG CL CV CW DJ DM DO DZ ER ES FJ GA GD GE GI GR GT ' +
      'GY HN HU ID IL IN IQ IR KG KI KM KN KR KY KZ LA LC LR LS LY MG MR MS MU MX NA NL NP NR OM ' +
      'PG PH PL RU SB SD SH SR ST SV SX SZ TC TD TM TO TT TW VA VG VU WS ZW',
    55: 'HT TV',
    66:
      'AD AF AT AU BE BF BI BJ BR BT BW BY CA CD CF CH CI CM CN CO CR DK EC EG ET FR GB GF GG GH GL ' +
      'GM GN GP GW HK HR IE IM IT JE JO JP KH KW LB LI LK LU MA MC ML MN MQ MT MV MW MY MZ NC NG NI NO NZ ' +
      'PF PM PT PY RE RW SA SE SG SI SK SL SM SN TH TJ TN TR TZ UA UG UY VE WF YE ZA ZM',
  },
  PRIORITY_MAIL_EXPRESS_INTERNATIONAL: {
    22: 'BS NA',
    33: 'TW',
    44:
      'AM AO AR AU AW BD BH BM BY CM CO DJ DM DZ EG FO GN GQ GW HN IL IQ KY LC LR MT MW MX NR PH ' +
      'PL SY UA UY VC WS ZW',
    55: 'AI NI PG PY VU',
    66:
      'AD AL AT BA BB BE BG BI BJ BN BO BQ BR BT BW BZ CA CD CF CG CH CI CL CN CR CV CW DE DK DO ' +
      'EC EE ER ES ET FI FJ FR GA GB GD GE GF GG GH GP GR GT GY HK HR HT HU ID IE IM IS IT JE JM JO JP KG ' +
      'KH KN KR KW KZ LA LI LK LS LU LV MC MG MK ML MN MQ MR MU MV MY MZ NC NG NL NO NZ OM PA PF PK ' +
      'PT QA RS RW SA SB SC SD SE SG SI SK SL SM SN SV SX SZ TC TD TG TH TJ TM TN TO TR TT TZ UG ' +
      'UZ VA VE VN YE ZA ZM',
    68: 'MA',
    69: 'NP',
  },
};

const poundsByCountry = new Map(
  Object.entries(countryPounds).map(([mailClass, rows]) => [
    mailClass,
    new Map(
      Object.entries(rows).flatMap(([pounds, countries]) =>
        countries.split(' ').map((country) => [country, Number(pounds)] as const),
      ),
    ),
  ]),
);

/** Returns true where a parcel is within the limits of a mail class to a country. */
export function isWithinLimits(
  mailClass: string,
  { weight, length, width, height }: ReturnType<typeof toMeasures>,
  country: string,
): boolean {
  const { pounds, ...sizes }: Limits = limits[mailClass] ?? { pounds: Infinity };
  const [longest, middle, shortest] = [length, width, height].sort((a, b) => b - a) as [number, number, number]; // prettier-ignore
  return (
    weight <= (poundsByCountry.get(mailClass)?.get(country) ?? pounds) &&
    longest <= (sizes.length ?? Infinity) &&
    longest + middle + shortest <= (sizes.sides ?? Infinity) &&
    longest + 2 * (middle + shortest) <= (sizes.girth ?? Infinity)
  );
}
