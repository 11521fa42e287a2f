import { z } from 'zod';

import {
  addressChanges,
  type Address,
  type AddressMessage,
  type Verification,
} from '../../../domain/address.ts';
import type { HttpResponse } from '../../../transport/http.ts';
import { parseBody } from '../client.ts';
import { rowsOf, text } from '../values.ts';
import { abbreviatesCity, abbreviatesStreet } from './abbreviations.ts';
import { splitZip } from './zip-code.ts';

const note = z.object({ code: text, text });
const addressSchema = z.object({
  firm: text,
  address: z.object({
    streetAddress: text,
    secondaryAddress: text,
    city: text,
    state: text,
    ZIPCode: text,
    ZIPPlus4: text,
    urbanization: text,
  }),
  additionalInfo: z
    .object({ DPVConfirmation: text, vacant: text, carrierRoute: text, business: text })
    .nullish()
    .catch(undefined),
  corrections: rowsOf(note),
  warnings: rowsOf(z.string()),
});
type StandardizedAddress = z.infer<typeof addressSchema>;

/** Maps a standardized address to a verification of the requested one. */
export function fromAddressResponse(response: HttpResponse, requested: Address): Verification {
  const standardized = parseBody(addressSchema, response, 'an address');
  const address = toAddress(standardized, requested);
  return { status: statusOf(standardized, requested, address), address, messages: messagesOf(standardized) };
}

function toAddress(standardized: StandardizedAddress, requested: Address): Address {
  const { firm, address, additionalInfo } = standardized;
  // A shorter spelling of the same place is no correction, and the caller's is the one that people read.
  const keepSpelling = (
    answer: string | undefined,
    given: string | null | undefined,
    abbreviates: (answer: string, given: string) => boolean,
  ) =>
    answer &&
    given &&
    answer.length < given.length &&
    isConfirmed(standardized, requested) &&
    abbreviates(answer, given)
      ? given
      : answer;
  return {
    name: requested.name,
    company: firm ?? requested.company,
    street1: keepSpelling(address.streetAddress, requested.street1, abbreviatesStreet),
    street2: keepSpelling(address.secondaryAddress, requested.street2, abbreviatesStreet),
    urbanization: address.urbanization,
    city: keepSpelling(address.city, requested.city, abbreviatesCity),
    state: address.state,
    postalCode: [address.ZIPCode, address.ZIPPlus4].filter(Boolean).join('-') || undefined,
    country: 'US',
    phone: requested.phone,
    email: requested.email,
    residential: additionalInfo?.business ? additionalInfo.business === 'N' : undefined,
  };
}

/** Returns true where USPS found exactly this delivery point, in the ZIP code that the caller gave. */
const isConfirmed = ({ address, additionalInfo }: StandardizedAddress, requested: Address) =>
  additionalInfo?.DPVConfirmation === 'Y' && address.ZIPCode === splitZip(requested.postalCode)[0];

/** Delivery point validation: Y all confirmed, D unit missing, S unit not confirmed, N nothing confirmed. */
const dpv: Readonly<Record<string, { status: Verification['status']; message?: AddressMessage }>> = {
  Y: { status: 'VERIFIED' },
  D: {
    status: 'AMBIGUOUS',
    message: {
      code: 'DPV_D',
      field: 'street2',
      message: 'The building is known; the apartment or suite is missing.',
    },
  },
  S: {
    status: 'AMBIGUOUS',
    message: {
      code: 'DPV_S',
      field: 'street2',
      message: 'The building is known; the apartment or suite is not.',
    },
  },
  N: {
    status: 'UNDELIVERABLE',
    message: { code: 'DPV_N', message: 'USPS does not deliver to this address.' },
  },
};

function statusOf(
  { address: found, additionalInfo, corrections }: StandardizedAddress,
  requested: Address,
  address: Address,
): Verification['status'] {
  if (corrections.some(({ code }) => code === '22')) return 'AMBIGUOUS';
  const status = dpv[additionalInfo?.DPVConfirmation ?? '']?.status ?? 'UNVERIFIED';
  if (status !== 'VERIFIED') return status;
  if (corrections.some(({ code }) => code === '32')) return 'AMBIGUOUS';
  // A ZIP+4 in place of five digits completes the address rather than corrects it.
  const changes = addressChanges(
    { ...requested, postalCode: splitZip(requested.postalCode)[0] },
    { ...address, postalCode: found.ZIPCode },
  );
  return changes.some((change) => change.from !== null) ? 'CORRECTED' : 'VERIFIED';
}

function messagesOf({ additionalInfo, corrections, warnings }: StandardizedAddress): AddressMessage[] {
  const confirmation = dpv[additionalInfo?.DPVConfirmation ?? '']?.message;
  const route = additionalInfo?.carrierRoute ?? '';
  return [
    ...(confirmation ? [confirmation] : []),
    ...corrections
      .filter(({ code, text }) => code || text)
      .map(({ code, text }) => ({ code, message: text ?? '' })),
    ...warnings.map((message) => ({ message })),
    ...(additionalInfo?.vacant === 'Y'
      ? [{ code: 'VACANT', message: 'The address is known to be vacant.' }]
      : []),
    ...(/^R77[79]$/.test(route)
      ? [{ code: route, message: 'USPS may not deliver to the street here.' }]
      : []),
  ];
}
