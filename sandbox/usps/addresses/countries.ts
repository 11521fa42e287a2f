const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
/** Region codes that have a name and are not countries. */
const nonCountries = new Set('AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ'.split(' '));

/** The English name of a country; undefined for an unknown code. */
export const countryName = (code: string) =>
  /^[A-Z]{2}$/.test(code) && !nonCountries.has(code) ? names.of(code) : undefined;
