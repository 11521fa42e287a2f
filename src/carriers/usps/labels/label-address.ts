import type { Address } from '../../../domain/address.ts';
import { ProviderError } from '../../../domain/errors.ts';
import { splitZip } from '../addresses/zip-code.ts';

/** The longest lines of an address that USPS accepts, in characters. */
const maxLengths = {
  street1: 50,
  street2: 50,
  urbanization: 96,
  city: 28,
  state: 40,
  postalCode: 11,
  company: 50,
} as const;

const printedFields = ['name', 'company', 'street1', 'street2', 'urbanization', 'city', 'state'] as const;

/** A letter of another script than Latin. Labels are in Latin letters (International Mail Manual, 122.1). */
export const foreignLetter = /(?![\p{Script=Latin}\p{Script=Common}])\p{L}/u;

/** The longest first name, last name or firm. */
const maxNameLength = 50;

/**
 * Throws REJECTED for what a label has no room for or no letters for, or USPS refuses: long lines and names, other scripts,
 * and a phone or an email in another form. Nothing is truncated, transliterated or left out, since nobody would notice
 * before the parcel is on its way.
 */
export function requireLabelAddress(address: Address, role: 'to' | 'from' | 'address'): void {
  for (const field of Object.keys(maxLengths) as (keyof typeof maxLengths)[]) {
    const length = address[field]?.length ?? 0;
    if (length <= maxLengths[field]) continue;
    const message = `USPS accepts up to ${maxLengths[field]} characters of ${field}; it has ${length}`;
    const hint = 'Abbreviate it, or move what is not part of the delivery address to the company.';
    throw new ProviderError('REJECTED', message, { field: [role, field], hint: field === 'company' ? 'Abbreviate it.' : hint }); // prettier-ignore
  }
  for (const field of printedFields) {
    if (!foreignLetter.test(address[field] ?? '')) continue;
    throw new ProviderError('REJECTED', `USPS prints Latin letters, and ${field} has others`, {
      field: [role, field],
      hint: 'Write it in Latin letters, as the destination country transcribes it.',
    });
  }
  if (splitName(address.name) === undefined) {
    throw new ProviderError('REJECTED', 'USPS accepts up to 50 characters of a first and of a last name', {
      field: [role, 'name'],
      hint: 'Abbreviate it, or move a part of it to the company.',
    });
  }
  if (address.phone?.trim() && toPhone(address.phone) === undefined) {
    throw new ProviderError(
      'REJECTED',
      'USPS accepts a phone number of 6 to 15 digits without an extension',
      {
        field: [role, 'phone'],
        hint: 'Give the digits alone, with or without a country code, or omit the phone.',
      },
    );
  }
  // An address abroad has no field for an email.
  if (address.email && address.country === 'US' && !isAcceptedEmail(address.email)) {
    throw new ProviderError('REJECTED', 'USPS does not accept this email address', {
      field: [role, 'email'],
      hint: 'USPS accepts up to 50 characters: letters, digits and any of _+&*-. before the @. Give another one, or omit it.',
    });
  }
}

export function toLabelAddress(address: Address) {
  const [ZIPCode, ZIPPlus4] = splitZip(address.postalCode);
  return {
    ...toAddressee(address),
    streetAddress: address.street1!,
    secondaryAddress: address.street2 ?? undefined,
    urbanization: address.urbanization ?? undefined,
    city: address.city!,
    state: address.state!,
    ZIPCode,
    ZIPPlus4,
    phone: toPhone(address.phone),
    email: address.email || undefined,
  };
}

const countries = new Intl.DisplayNames('en', { type: 'region' });

export function toForeignAddress(address: Address) {
  const country = address.country!;
  return {
    ...toAddressee(address),
    streetAddress: address.street1!,
    secondaryAddress: address.street2 ?? undefined,
    city: address.city!,
    province: address.state ?? undefined,
    postalCode: address.postalCode ?? undefined,
    country: countries.of(country)!,
    countryISOAlpha2Code: country,
    phone: toPhone(address.phone),
  };
}

/**
 * Splits a name into first and last name, the last word being the last name where both have room. A name of one word is a
 * first name. Undefined where they have no room.
 */
function splitName(name: string | null | undefined): { firstName?: string; lastName?: string } | undefined {
  const words = (name ?? '').split(' ');
  const hasRoom = (text: string) => text.length <= maxNameLength;
  for (let index = words.length - 1; index > 0; index -= 1) {
    const [firstName, lastName] = [words.slice(0, index).join(' '), words.slice(index).join(' ')];
    if (hasRoom(firstName) && hasRoom(lastName)) return { firstName, lastName };
  }
  return words.length === 1 && hasRoom(words[0]!) ? { firstName: words[0] || undefined } : undefined;
}

/**
 * USPS requires a first and a last name, or a firm (160075). A name of one word becomes the firm, or the first name
 * where there is a company: the document requires neither name beside a firm.
 */
function toAddressee({ name, company }: Address) {
  const { firstName, lastName } = splitName(name) ?? {};
  const firm = company ?? undefined;
  return lastName || firm ? { firstName, lastName, firm } : { firm: firstName };
}

/** The pattern of the document, and no hyphen at the end of a part of the domain. */
const isAcceptedEmail = (email: string) =>
  email.length <= 50 && /^[\w+&*-]+(\.[\w+&*-]+)*@([a-z\d]([a-z\d-]*[a-z\d])?\.)+[a-z]{2,}$/i.test(email);

/** Returns digits, of a number in the United States without its country code; undefined for a number in another form. */
function toPhone(phone: string | null | undefined): string | undefined {
  const number = phone?.replace(/[\s().\-/]/g, '').replace(/^\+?1(?=\d{10}$)/, '') ?? '';
  return /^(\+[1-9]\d{7,14}|\d{6,15})$/.test(number) ? number : undefined;
}
