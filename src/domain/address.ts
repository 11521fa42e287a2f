import type { UserError } from './errors.ts';

/** Who and where; every part may be missing, since each operation checks what it needs. */
export interface Address {
  readonly name?: string | null;
  readonly company?: string | null;
  readonly street1?: string | null;
  readonly street2?: string | null;
  readonly city?: string | null;
  /** State or province; of US addresses the two-letter code. */
  readonly state?: string | null;
  readonly postalCode?: string | null;
  /** ISO 3166-1 alpha-2. Null only where a provider gives a place without its country. */
  readonly country?: string | null;
  readonly phone?: string | null;
  readonly email?: string | null;
  readonly residential?: boolean | null;
}

export type VerificationStatus = 'VERIFIED' | 'CORRECTED' | 'AMBIGUOUS' | 'UNDELIVERABLE' | 'UNVERIFIED';

/** What a provider says of one address. */
export interface Verification {
  readonly status: VerificationStatus;
  /** Standardised; undefined where there is none. */
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

/** The parts that a standardisation may change, in the order in which a person writes them. */
const standardised = ['company', 'street1', 'street2', 'city', 'state', 'postalCode', 'country'] as const;

/** Input with blanks trimmed, emptied parts left out, and all nine digits of a ZIP code written as they are printed. */
export function normalizeAddress(address: Address): Address {
  const entries = Object.entries(address).map(([key, value]) => {
    if (typeof value !== 'string') return [key, value ?? undefined] as const;
    const text = value.trim().replace(/\s+/g, ' ');
    if (text === '') return [key, undefined] as const;
    if (key === 'postalCode' && address.country === 'US') {
      return [key, text.replace(/^(\d{5})[- ]?(\d{4})$/, '$1-$2')] as const;
    }
    return [key, key === 'state' && text.length <= 3 ? text.toUpperCase() : text] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** What differs beyond case between what was asked and what is right. */
export function addressChanges(from: Address, to: Address): AddressChange[] {
  return standardised
    .map((field) => ({ field, from: from[field] ?? null, to: to[field] ?? null }))
    .filter((change) => (change.from ?? '').toUpperCase() !== (change.to ?? '').toUpperCase())
    .filter((change) => !(change.field === 'company' && change.to === null));
}

/** How the postal codes of a country look; one that is not here is only checked for length. */
const postalForms: Record<string, { form: RegExp; example: string }> = {
  US: { form: /^\d{5}([- ]?\d{4})?$/, example: '94105 or 94105-1234' },
  CA: { form: /^[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d$/i, example: 'K1A 0B1' },
  GB: { form: /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i, example: 'SW1A 1AA' },
  DE: { form: /^\d{5}$/, example: '10115' },
  FR: { form: /^\d{5}$/, example: '75001' },
  AU: { form: /^\d{4}$/, example: '2000' },
  JP: { form: /^\d{3}-?\d{4}$/, example: '100-0001' },
  MX: { form: /^\d{5}$/, example: '06000' },
  NL: { form: /^\d{4} ?[A-Z]{2}$/i, example: '1012 AB' },
  BE: { form: /^\d{4}$/, example: '1000' },
};

/** Two-letter codes that USPS delivers to: states, the District, territories, freely associated states, military. */
const usStates = new Set(
  (
    'AA AE AK AL AP AR AS AZ CA CO CT DC DE FL FM GA GU HI IA ID IL IN KS KY LA MA MD ME MH MI MN MO MP MS MT ' +
    'NC ND NE NH NJ NM NV NY OH OK OR PA PR PW RI SC SD TN TX UT VA VI VT WA WI WV WY'
  ).split(' '),
);

/** What an operation may need of an address. */
export type AddressUse = 'verify' | 'quote' | 'label' | 'pickup';

/** Everything that is wrong with an address for an operation. */
export function addressErrors(
  address: Address,
  need: AddressUse,
  path: readonly string[],
): readonly UserError[] {
  const errors: UserError[] = [];
  const required = (field: keyof Address, message: string) =>
    errors.push({ code: 'REQUIRED', field: [...path, field], message });
  const invalid = (field: keyof Address, message: string) =>
    errors.push({ code: 'INVALID', field: [...path, field], message });

  const form = address.country ? postalForms[address.country] : undefined;
  if (address.postalCode && form && !form.form.test(address.postalCode)) {
    invalid('postalCode', `is not a postal code of ${address.country}; one looks like ${form.example}`);
  } else if (address.postalCode && address.postalCode.length > 12) {
    invalid('postalCode', 'is too long for a postal code');
  }
  if (address.country === 'US' && address.state && !usStates.has(address.state)) {
    invalid('state', 'is not a two-letter code of a US state or territory, such as CA');
  }
  for (const [field, value] of Object.entries(address)) {
    if (typeof value === 'string' && value.length > 200) invalid(field as keyof Address, 'is too long');
  }

  if (need === 'verify') {
    if (!address.street1) required('street1', 'a street is needed to verify an address');
    if (!address.postalCode && !(address.city && address.state)) {
      required('postalCode', 'a postal code, or city and state, is needed to verify an address');
    }
    return errors;
  }
  if (!address.postalCode && form) {
    required('postalCode', `a ${need} needs a postal code`);
  }
  if (need === 'label' || need === 'pickup') {
    if (!address.name && !address.company) required('name', `a ${need} needs a name or a company`);
    if (!address.street1) required('street1', `a ${need} needs a street`);
    if (!address.city) required('city', `a ${need} needs a city`);
    if (address.country === 'US' && !address.state) required('state', `a ${need} needs a state`);
  }
  return errors;
}
