import { z } from 'zod';

import { normalizeAddress, type Address } from '../../../domain/address.ts';
import { joinUrbanization } from '../../../domain/urbanization.ts';

const optionalText = z.string().nullish();

/** An address in a response of EasyPost. */
export const addressSchema = z.object({
  name: optionalText,
  company: optionalText,
  street1: optionalText,
  street2: optionalText,
  city: optionalText,
  state: optionalText,
  zip: optionalText,
  country: optionalText,
  phone: optionalText,
  email: optionalText,
  residential: z.boolean().nullish(),
});

/** EasyPost has no field for the urbanization, which goes on a street line. */
export function toAddress(given: Address) {
  const address = joinUrbanization(given);
  return {
    name: address.name ?? undefined,
    company: address.company ?? undefined,
    street1: address.street1 ?? undefined,
    street2: address.street2 ?? undefined,
    city: address.city ?? undefined,
    state: address.state ?? undefined,
    zip: address.postalCode ?? undefined,
    country: address.country ?? undefined,
    phone: address.phone ?? undefined,
    email: address.email ?? undefined,
    residential: address.residential ?? undefined,
  };
}

export function fromAddress({ zip, country, ...rest }: z.infer<typeof addressSchema>): Address {
  return normalizeAddress({ ...rest, postalCode: zip, country: fromCountry(country) });
}

/** Leaves out a country that is no ISO 3166-1 alpha-2 code. */
export const fromCountry = (country: string | null | undefined): string | undefined =>
  country && /^[A-Z]{2}$/.test(country) ? country : undefined;
