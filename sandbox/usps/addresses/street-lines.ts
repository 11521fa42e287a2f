/** Upper case without punctuation (Publication 28); `ST` is spelled out as `SAINT`. */
export const standardizeCity = (city: string) => words(city).join(' ').replace(/^ST /, 'SAINT ');

const words = (text: string) => text.toUpperCase().replace(/[.,]/g, ' ').trim().split(/\s+/).filter(Boolean);

/** Common street suffixes of Publication 28, appendix C1. */
const suffixes: Record<string, string> = {
  ALLEY: 'ALY',
  AVENUE: 'AVE',
  AV: 'AVE',
  BOULEVARD: 'BLVD',
  CIRCLE: 'CIR',
  COURT: 'CT',
  COVE: 'CV',
  CROSSING: 'XING',
  DRIVE: 'DR',
  EXPRESSWAY: 'EXPY',
  FREEWAY: 'FWY',
  HEIGHTS: 'HTS',
  HIGHWAY: 'HWY',
  LANE: 'LN',
  PARKWAY: 'PKWY',
  PLACE: 'PL',
  PLAZA: 'PLZ',
  POINT: 'PT',
  ROAD: 'RD',
  SQUARE: 'SQ',
  STREET: 'ST',
  STR: 'ST',
  TERRACE: 'TER',
  TRAIL: 'TRL',
  TURNPIKE: 'TPKE',
};
const suffixWords = new Set([...Object.values(suffixes), 'WAY', 'LOOP', 'ROW', 'PATH']);

const directions: Record<string, string> = {
  NORTH: 'N',
  SOUTH: 'S',
  EAST: 'E',
  WEST: 'W',
  NORTHEAST: 'NE',
  NORTHWEST: 'NW',
  SOUTHEAST: 'SE',
  SOUTHWEST: 'SW',
};
const directionWords = new Set(Object.values(directions));

/** Secondary unit designators of Publication 28, appendix C2. */
const units: Record<string, string> = {
  APARTMENT: 'APT',
  APT: 'APT',
  BUILDING: 'BLDG',
  BLDG: 'BLDG',
  DEPARTMENT: 'DEPT',
  DEPT: 'DEPT',
  FLOOR: 'FL',
  FL: 'FL',
  ROOM: 'RM',
  RM: 'RM',
  SUITE: 'STE',
  STE: 'STE',
  UNIT: 'UNIT',
  '#': '#',
};

/** Separates the street and the unit, in whichever of the two lines they stand. */
export function standardizeStreet(streetAddress: string, secondaryAddress: string | undefined) {
  const line = words(streetAddress.replace(/#/g, ' # '));
  const extra = words((secondaryAddress ?? '').replace(/#/g, ' # '));
  // The guide's example has the direction "NW" in the second line.
  if (extra.length === 1 && directionWords.has(directions[extra[0]!] ?? extra[0]!)) line.push(extra.shift()!);
  const unitAt = line.findIndex(
    (word, index) => index > 1 && units[word] !== undefined && index < line.length - 1,
  );
  if (unitAt > 0) extra.unshift(...line.splice(unitAt));
  const street = line.map((word, index) => {
    if (index === 0 || line.length < 3) return word;
    const next = line[index + 1];
    const last =
      next === undefined || (directionWords.has(directions[next] ?? next) && index === line.length - 2);
    if (directions[word] !== undefined && ((index === 1 && line.length > 3) || next === undefined))
      return directions[word];
    return last ? (suffixes[word] ?? word) : word;
  });
  const secondary = extra.map((word) => units[word] ?? word).join(' ');
  return {
    street: street.join(' ').replace(/^P O BOX/, 'PO BOX'),
    secondary: secondary === '' ? null : secondary,
  };
}

export const streetWithoutSuffix = (street: string) =>
  street
    .replace(/'/g, '')
    .split(' ')
    .filter((word, index) => index === 0 || !(suffixWords.has(word) || directionWords.has(word)))
    .join(' ');

export const directionOf = (street: string) =>
  street
    .split(' ')
    .filter((word) => directionWords.has(word))
    .join(' ');
