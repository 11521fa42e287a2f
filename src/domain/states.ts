/** Names of the states and provinces that addresses are written with, by country and code; the first is the official one. */
const names: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // States, the District of Columbia, territories, freely associated states and military regions (USPS, Publication 28).
  US: {
    AA: 'Armed Forces Americas, Armed Forces of the Americas, Armed Forces the Americas',
    AE: 'Armed Forces Europe, Armed Forces Africa, Armed Forces Canada, Armed Forces Middle East',
    AK: 'Alaska',
    AL: 'Alabama',
    AP: 'Armed Forces Pacific',
    AR: 'Arkansas',
    AS: 'American Samoa, Samoa',
    AZ: 'Arizona',
    CA: 'California',
    CO: 'Colorado',
    CT: 'Connecticut',
    DC: 'District of Columbia, Washington DC',
    DE: 'Delaware',
    FL: 'Florida',
    FM: 'Federated States of Micronesia, Micronesia',
    GA: 'Georgia',
    GU: 'Guam',
    HI: 'Hawaii',
    IA: 'Iowa',
    ID: 'Idaho',
    IL: 'Illinois',
    IN: 'Indiana',
    KS: 'Kansas',
    KY: 'Kentucky',
    LA: 'Louisiana',
    MA: 'Massachusetts',
    MD: 'Maryland',
    ME: 'Maine',
    MH: 'Marshall Islands, Republic of the Marshall Islands',
    MI: 'Michigan',
    MN: 'Minnesota',
    MO: 'Missouri',
    MP: 'Northern Mariana Islands, Northern Marianas, Mariana Islands, Commonwealth of the Northern Mariana Islands',
    MS: 'Mississippi',
    MT: 'Montana',
    NC: 'North Carolina',
    ND: 'North Dakota',
    NE: 'Nebraska',
    NH: 'New Hampshire',
    NJ: 'New Jersey',
    NM: 'New Mexico',
    NV: 'Nevada',
    NY: 'New York',
    OH: 'Ohio',
    OK: 'Oklahoma',
    OR: 'Oregon',
    PA: 'Pennsylvania',
    PR: 'Puerto Rico, Estado Libre Asociado de Puerto Rico',
    PW: 'Palau, Republic of Palau',
    RI: 'Rhode Island',
    SC: 'South Carolina',
    SD: 'South Dakota',
    TN: 'Tennessee',
    TX: 'Texas',
    UT: 'Utah',
    VA: 'Virginia',
    VI: 'Virgin Islands, United States Virgin Islands, Virgin Islands of the US',
    VT: 'Vermont',
    WA: 'Washington',
    WI: 'Wisconsin',
    WV: 'West Virginia',
    WY: 'Wyoming',
  },
  CA: {
    AB: 'Alberta',
    BC: 'British Columbia',
    MB: 'Manitoba',
    NB: 'New Brunswick, Nouveau-Brunswick',
    NL: 'Newfoundland and Labrador, Newfoundland, Terre-Neuve-et-Labrador',
    NS: 'Nova Scotia, Nouvelle-Écosse',
    NT: 'Northwest Territories, Territoires du Nord-Ouest',
    NU: 'Nunavut',
    ON: 'Ontario',
    PE: 'Prince Edward Island, Île-du-Prince-Édouard',
    QC: 'Quebec',
    SK: 'Saskatchewan',
    YT: 'Yukon, Yukon Territory',
  },
};

const codes = new Map(
  Object.entries(names).flatMap(([country, states]) =>
    Object.entries(states).flatMap(([code, text]) =>
      [code, ...text.split(', ')].map((name) => [keyOf(country, name), code] as const),
    ),
  ),
);

/** Ignores case, accents, punctuation, and a leading "US": "D.C.", "québec", "U.S. Armed Forces – Pacific". */
function keyOf(country: string, name: string): string {
  const plain = name.normalize('NFD').replace(/[\p{M}.]/gu, '').toUpperCase(); // prettier-ignore
  const words = plain.replace(/[^A-Z]+/g, ' ').trim();
  return `${country} ${words.replace(/^US /, '')}`;
}

/** Returns the two-letter code of a US or Canadian state by its code or name in any case; undefined where it is unknown. */
export function stateCode(country: string, state: string): string | undefined {
  // Most are written as codes.
  return codes.get(`${country} ${state}`) ?? codes.get(keyOf(country, state));
}
