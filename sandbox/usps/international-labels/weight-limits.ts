/**
 * Limits in pounds of the country listings of the International Mail Manual, by mail class and country, where they are
 * lower than that of the class. As they were in 2013.
 */
const pounds: Record<string, Record<number, string>> = {
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

/** The most that a parcel of a mail class to a country may weigh, in pounds; undefined where the class alone limits it. */
export function countryMaximum(mailClass: string, country: string): number | undefined {
  const rows = Object.entries(pounds[mailClass] ?? {});
  const found = rows.find(([, countries]) => countries.includes(country.toUpperCase()));
  return found && Number(found[0]);
}
