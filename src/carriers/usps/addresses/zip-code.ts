/** Splits a postal code into the ZIP code and the four digits of ZIP+4; undefined for what is missing. */
export function splitZip(postalCode: string | null | undefined): [string | undefined, string | undefined] {
  const digits = postalCode?.replace(/\D/g, '') ?? '';
  return [digits.slice(0, 5) || undefined, digits.slice(5, 9) || undefined];
}
