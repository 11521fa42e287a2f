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
} as const;

/** Throws REJECTED for a line that is too long. It is not truncated, since a truncated address is another address. */
export function requireLengths(address: Address, role: 'to' | 'from'): void {
  for (const field of Object.keys(maxLengths) as (keyof typeof maxLengths)[]) {
    const length = address[field]?.length ?? 0;
    if (length <= maxLengths[field]) continue;
    const message = `USPS accepts up to ${maxLengths[field]} characters of ${field}; it has ${length}`;
    throw new ProviderError('REJECTED', message, {
      field: [role, field],
      hint: 'Abbreviate it, or move what is not part of the delivery address to the company.',
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
    email: toEmail(address.email),
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
    phone: toForeignPhone(address.phone),
  };
}

/** Truncates a name to 50 characters: delivery depends on the address, not on the name. */
export const truncateName = (text: string | null | undefined) => text?.slice(0, 50);

/**
 * USPS requires a first and a last name, or a firm (160075). A name of one word becomes the firm, or the first name
 * where there is a company: the document requires neither name beside a firm.
 */
function toAddressee({ name, company }: Address) {
  const words = (name ?? '').split(' ');
  const lastName = words.length > 1 ? words.at(-1) : undefined;
  if (lastName === undefined) {
    return company
      ? { firstName: truncateName(name || undefined), firm: truncateName(company) }
      : { firm: truncateName(name) };
  }
  return {
    firstName: truncateName(words.slice(0, -1).join(' ')),
    lastName: truncateName(lastName),
    firm: truncateName(company),
  };
}

/** Returns undefined for an email that USPS refuses: it only serves notifications, and must not fail the label. */
function toEmail(email: string | null | undefined): string | undefined {
  const accepted = /^[\w+&*-]+(\.[\w+&*-]+)*@([a-z\d]([a-z\d-]*[a-z\d])?\.)+[a-z]{2,}$/i;
  return email && email.length <= 50 && accepted.test(email) ? email : undefined;
}

/** Returns ten digits, without the country code; undefined for any other number, so that it does not fail the label. */
function toPhone(phone: string | null | undefined): string | undefined {
  const digits = phone?.replace(/\D/g, '').replace(/^1(?=\d{10}$)/, '') ?? '';
  return digits.length === 10 ? digits : undefined;
}

/** Returns digits with or without a country code; undefined for any other number. */
function toForeignPhone(phone: string | null | undefined): string | undefined {
  const number = phone?.replace(/[^\d+]/g, '') ?? '';
  return /^(\+[1-9]\d{7,14}|\d{6,15})$/.test(number) ? number : undefined;
}
