import type { Address } from '../../../domain/address.ts';
import { ProviderError } from '../../../domain/errors.ts';
import { splitZip } from '../addresses/verification.ts';

/** The longest lines of an address that USPS takes. */
const room = { street1: 50, street2: 50, city: 28, state: 40, postalCode: 11 } as const;

/** A line that is too long is refused before it costs a call, and not cut: a cut address is another one. */
export function requireRoom(address: Address, role: 'to' | 'from'): void {
  for (const field of ['street1', 'street2', 'city', 'state', 'postalCode'] as const) {
    if ((address[field]?.length ?? 0) <= room[field]) continue;
    throw new ProviderError('REJECTED', `USPS takes ${room[field]} characters there`, {
      field: [role, field],
      hint: 'Abbreviate it, or put what is no part of the delivery address into the company.',
    });
  }
}

export function toLabelAddress(address: Address) {
  const [ZIPCode, ZIPPlus4] = splitZip(address.postalCode);
  return {
    ...toAddressee(address),
    streetAddress: address.street1!,
    secondaryAddress: address.street2 ?? undefined,
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

/** The carrier finds the place by the address, so a name longer than USPS takes is cut. */
export const shortName = (text: string | null | undefined) => text?.slice(0, 50);

/**
 * A person has a first and a last name, or there is a firm (160075). A name of one word is a firm's, or the first name
 * beside one: the document wants neither name there.
 */
function toAddressee({ name, company }: Address) {
  const parts = (name ?? '').split(' ');
  const lastName = parts.length > 1 ? parts.at(-1) : undefined;
  if (lastName === undefined) {
    return company
      ? { firstName: shortName(name || undefined), firm: shortName(company) }
      : { firm: shortName(name) };
  }
  return {
    firstName: shortName(parts.slice(0, -1).join(' ')),
    lastName: shortName(lastName),
    firm: shortName(company),
  };
}

/** Only serves notices: one that USPS would refuse the label for is left out. */
function toEmail(email: string | null | undefined): string | undefined {
  const taken = /^[\w+&*-]+(\.[\w+&*-]+)*@([a-z\d]([a-z\d-]*[a-z\d])?\.)+[a-z]{2,}$/i;
  return email && email.length <= 50 && taken.test(email) ? email : undefined;
}

/** Ten digits, without the country's; what is no such number is left out rather than refused. */
function toPhone(phone: string | null | undefined): string | undefined {
  const digits = phone?.replace(/\D/g, '').replace(/^1(?=\d{10}$)/, '') ?? '';
  return digits.length === 10 ? digits : undefined;
}

/** Digits with the country's or in its own form. */
function toForeignPhone(phone: string | null | undefined): string | undefined {
  const number = phone?.replace(/[^\d+]/g, '') ?? '';
  return /^(\+[1-9]\d{7,14}|\d{6,15})$/.test(number) ? number : undefined;
}
