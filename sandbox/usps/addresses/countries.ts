const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
/** Codes that have names and are no countries. */
const noCountries = new Set('AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ'.split(' '));

/** The English name of a country; undefined for a code that none has. */
export const countryName = (code: string) =>
  /^[A-Z]{2}$/.test(code) && !noCountries.has(code) ? names.of(code) : undefined;
