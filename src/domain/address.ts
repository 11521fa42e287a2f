import type { UserError } from './errors.ts';
import { stateCode } from './states.ts';
import { splitUrbanization, urbanizationName } from './urbanization.ts';
import { toUsAddress } from './us-address.ts';

/** A postal address with its contact. Every part may be missing; each operation checks the parts that it needs. */
export interface Address {
  readonly name?: string | null;
  readonly company?: string | null;
  readonly street1?: string | null;
  readonly street2?: string | null;
  /** Tells streets of one name in one city of Puerto Rico apart. */
  readonly urbanization?: string | null;
  readonly city?: string | null;
  /** State or province; `normalizeAddress` writes the code of those that `stateCode` knows. */
  readonly state?: string | null;
  readonly postalCode?: string | null;
  /** ISO 3166-1 alpha-2. Null only where a provider names a place without its country. */
  readonly country?: string | null;
  readonly phone?: string | null;
  readonly email?: string | null;
  readonly residential?: boolean | null;
}

export type VerificationStatus = 'VERIFIED' | 'CORRECTED' | 'AMBIGUOUS' | 'UNDELIVERABLE' | 'UNVERIFIED';

/** A provider's verification of one address. */
export interface Verification {
  readonly status: VerificationStatus;
  /** The standardised address; undefined where none was found. */
  readonly address?: Address;
  readonly messages: readonly AddressMessage[];
  readonly latitude?: number;
  readonly longitude?: number;
}

export interface AddressMessage {
  readonly code?: string;
  readonly field?: string;
  readonly message: string;
  readonly suggestion?: string;
}

export interface AddressChange {
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** The parts that a verification may change, in the order in which people write them. */
const standardisedFields = [
  'company',
  'street1',
  'street2',
  'urbanization',
  'city',
  'state',
  'postalCode',
  'country',
] as const;

/**
/**
 * Trims and collapses whitespace, drops empty parts, writes nine-digit ZIP codes with a hyphen, and the code of a US or
 * Canadian state in place of its name; a state that is unknown is left for the provider to judge. A US territory becomes
 * a state, and an urbanization on a street line the part that it is.
 */
export function normalizeAddress(given: Address): Address {
  const address = toUsAddress(given);
  const normalized: Record<string, unknown> = {};
  for (const [part, value] of Object.entries(address) as [string, unknown][]) {
    const text = typeof value === 'string' ? normalizePart(part, value, address.country) : value;
    if (text !== '' && text !== null && text !== undefined) normalized[part] = text;
  }
  return splitUrbanization(normalized as Address);
}

function normalizePart(part: string, value: string, country: Address['country']): string {
  const text = value.trim().replace(/\s+/g, ' ');
  if (part === 'postalCode' && country === 'US') return text.replace(/^(\d{5})[- ]?(\d{4})$/, '$1-$2');
  if (part !== 'state') return text;
  return stateCode(country ?? '', text) ?? (text.length <= 3 ? text.toUpperCase() : text);
}

/** Returns the parts that differ, ignoring case. A company that the verified address leaves out is not a change. */
export function addressChanges(from: Address, to: Address): AddressChange[] {
  return standardisedFields
    .map((field) => ({ field, from: from[field] ?? null, to: to[field] ?? null }))
    .filter(({ field, from, to }) => comparable(field, from) !== comparable(field, to))
    .filter((change) => !(change.field === 'company' && change.to === null));
}

function comparable(field: string, value: string | null): string {
  const text = (value ?? '').toUpperCase();
  return field === 'urbanization' ? urbanizationName(text) : text;
}

/** Postal code formats by country. Postal codes of other countries are only checked for length. */
const postalCodeFormats: Record<string, { pattern: RegExp; example: string }> = {
  US: { pattern: /^\d{5}([- ]?\d{4})?$/, example: '94105 or 94105-1234' },
  CA: { pattern: /^[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d$/i, example: 'K1A 0B1' },
  GB: { pattern: /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i, example: 'SW1A 1AA' },
  DE: { pattern: /^\d{5}$/, example: '10115' },
  FR: { pattern: /^\d{5}$/, example: '75001' },
  AU: { pattern: /^\d{4}$/, example: '2000' },
  JP: { pattern: /^\d{3}-?\d{4}$/, example: '100-0001' },
  MX: { pattern: /^\d{5}$/, example: '06000' },
  NL: { pattern: /^\d{4} ?[A-Z]{2}$/i, example: '1012 AB' },
  BE: { pattern: /^\d{4}$/, example: '1000' },
};

/** The operation that an address is for. */
export type AddressUse = 'verify' | 'quote' | 'label' | 'pickup';

/** Validates an address for an operation and returns every error found. */
export function validateAddress(
  address: Address,
  use: AddressUse,
  path: readonly string[],
): readonly UserError[] {
  const errors: UserError[] = [];
  const required = (field: keyof Address, message: string) =>
    errors.push({ code: 'REQUIRED', field: [...path, field], message });
  const invalid = (field: keyof Address, message: string) =>
    errors.push({ code: 'INVALID', field: [...path, field], message });

  const format = address.country ? postalCodeFormats[address.country] : undefined;
  if (address.postalCode && format && !format.pattern.test(address.postalCode)) {
    invalid('postalCode', `must be a postal code of ${address.country}, such as ${format.example}`);
  } else if (address.postalCode && address.postalCode.length > 12) {
    invalid('postalCode', 'must be at most 12 characters long');
  }
  for (const [field, value] of Object.entries(address)) {
    if (typeof value === 'string' && value.length > 200) {
      invalid(field as keyof Address, `must be at most 200 characters long, and has ${value.length}`);
    }
  }

  if (use === 'verify') {
    if (!address.street1) required('street1', 'a street is needed to verify an address');
    if (!address.postalCode && !(address.city && address.state)) {
      required('postalCode', 'a postal code, or city and state, is needed to verify an address');
    }
    return errors;
  }
  if (!address.postalCode && format) {
    required('postalCode', `a ${use} needs a postal code`);
  }
  if (use === 'label' || use === 'pickup') {
    if (!address.name && !address.company) required('name', `a ${use} needs a name or a company`);
    errors.push(...contactErrors(address, path));
    if (!address.street1) required('street1', `a ${use} needs a street`);
    if (!address.city) required('city', `a ${use} needs a city`);
    if (address.country === 'US' && !address.state) required('state', `a ${use} needs a state`);
  }
  return errors;
}

/** Validates phone and email, which no provider could use: extensions count as digits of the phone. */
function contactErrors({ phone, email }: Address, path: readonly string[]): UserError[] {
  const errors: UserError[] = [];
  const digits = phone?.replace(/\D/g, '').length ?? 0;
  if (phone && (digits < 6 || digits > 20)) {
    const message = `must be a phone number of 6 to 20 digits, and has ${digits}`;
    errors.push({ code: 'INVALID', field: [...path, 'phone'], message });
  }
  if (email && !/^[^\s@]+@[^\s@]+$/.test(email)) {
    const message = 'must be an email address, such as ada@example.com';
    errors.push({ code: 'INVALID', field: [...path, 'email'], message });
  }
  return errors;
}
