/** Words of street lines by their abbreviation: directions, street suffixes and units (Publication 28, appendices C1, C2). */
const streetWords = new Map(
  Object.entries({
    N: 'NORTH',
    S: 'SOUTH',
    E: 'EAST',
    W: 'WEST',
    NE: 'NORTHEAST',
    NW: 'NORTHWEST',
    SE: 'SOUTHEAST',
    SW: 'SOUTHWEST',
    ALY: 'ALLEY',
    AVE: 'AVENUE AV',
    BLVD: 'BOULEVARD BLV',
    CIR: 'CIRCLE',
    CT: 'COURT',
    CV: 'COVE',
    XING: 'CROSSING',
    DR: 'DRIVE',
    EXPY: 'EXPRESSWAY',
    FWY: 'FREEWAY',
    HTS: 'HEIGHTS',
    HWY: 'HIGHWAY',
    LN: 'LANE',
    PKWY: 'PARKWAY',
    PL: 'PLACE',
    PLZ: 'PLAZA',
    PT: 'POINT',
    RD: 'ROAD',
    SQ: 'SQUARE',
    ST: 'STREET STR',
    TER: 'TERRACE',
    TRL: 'TRAIL',
    TPKE: 'TURNPIKE',
    APT: 'APARTMENT',
    BLDG: 'BUILDING',
    DEPT: 'DEPARTMENT',
    FL: 'FLOOR',
    RM: 'ROOM',
    STE: 'SUITE',
  }).map(([short, full]) => [short, full.split(' ')] as const),
);

/** Returns true where a street line of an answer differs from the caller's by standard abbreviations alone. */
export const abbreviatesStreet = (answer: string, given: string) =>
  matchWords(answer, given, (short, full) => streetWords.get(short)?.includes(full) ?? false);

/**
 * Returns true where a city of an answer is the caller's with some words shortened: "CORP CHRISTI". USPS shortens names
 * of more than 13 letters by dropping letters.
 */
export const abbreviatesCity = (answer: string, given: string) =>
  matchWords(answer, given, (short, full) => {
    let at = 0;
    for (const letter of full) if (letter === short[at]) at += 1;
    return short[0] === full[0] && at === short.length;
  });

function matchWords(
  answer: string,
  given: string,
  isShort: (short: string, full: string) => boolean,
): boolean {
  const [short, full] = [wordsOf(answer), wordsOf(given)];
  return (
    short.length === full.length &&
    short.every((word, index) => word === full[index] || isShort(word, full[index]!))
  );
}

const wordsOf = (text: string) => text.toUpperCase().replace(/[.,]/g, ' ').trim().split(/\s+/);
