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

/**
 * Version 3.3.1 has names of its own for fields of 3.2.3, and adds others. Of the letters of its enhanced confirmation only
 * R says more: D and S mean other things than in DPVConfirmation.
 */
const additionalInfo = z
  .object({
    DPVConfirmation: text,
    DPVEnhancedConfirmation: text,
    carrierRoute: text,
    business: text,
    DPVBusiness: text,
    vacant: text,
    DPVVacant: text,
    DPVSeasonal: text,
    DPVThrowback: text,
  })
  .transform((info) => ({
    confirmation: info.DPVEnhancedConfirmation === 'R' ? 'R' : info.DPVConfirmation,
    carrierRoute: info.carrierRoute,
    business: info.DPVBusiness ?? info.business,
    vacant: info.DPVVacant ?? info.vacant,
    seasonal: info.DPVSeasonal,
    throwback: info.DPVThrowback,
  }))
  .nullish()
  .catch(undefined);

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
  additionalInfo,
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
  dpv[additionalInfo?.confirmation ?? '']?.status === 'VERIFIED' &&
  address.ZIPCode === splitZip(requested.postalCode)[0];

/**
 * Delivery point validation: Y all confirmed, R confirmed and not served by USPS, D unit missing, S unit not confirmed, N
 * nothing confirmed.
 */
const dpv: Readonly<Record<string, { status: Verification['status']; message?: AddressMessage }>> = {
  Y: { status: 'VERIFIED' },
  R: {
    status: 'VERIFIED',
    message: {
      code: 'DPV_R',
      message:
        'The address exists, but USPS does not deliver there: ask the recipient for a PO box, or use another carrier.',
    },
  },
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
  const status = dpv[additionalInfo?.confirmation ?? '']?.status ?? 'UNVERIFIED';
  if (status !== 'VERIFIED') return status;
  if (corrections.some(({ code }) => code === '32')) return 'AMBIGUOUS';
  // A ZIP+4 in place of five digits completes the address rather than corrects it.
  const changes = addressChanges(
    { ...requested, postalCode: splitZip(requested.postalCode)[0] },
    { ...address, postalCode: found.ZIPCode },
  );
  return changes.some((change) => change.from !== null) ? 'CORRECTED' : 'VERIFIED';
}

/** Remarks by the flag of `additionalInfo` that is Y. */
const remarks = [
  ['vacant', { code: 'VACANT', message: 'The address is known to be vacant.' }],
  ['seasonal', { code: 'SEASONAL', message: 'The address receives mail in its season only.' }],
  ['throwback', { code: 'THROWBACK', message: 'USPS delivers the mail of this address to a PO box.' }],
] as const;

function messagesOf({ additionalInfo, corrections, warnings }: StandardizedAddress): AddressMessage[] {
  const { confirmation = '', carrierRoute: route = '' } = additionalInfo ?? {};
  const message = dpv[confirmation]?.message;
  return [
    ...(message ? [message] : []),
    ...corrections
      .filter(({ code, text }) => code || text)
      .map(({ code, text }) => ({ code, message: text ?? '' })),
    ...warnings.map((message) => ({ message })),
    ...remarks.flatMap(([flag, remark]) => (additionalInfo?.[flag] === 'Y' ? [remark] : [])),
    ...(confirmation !== 'R' && /^R77[79]$/.test(route)
      ? [{ code: route, message: 'USPS may not deliver to the street here.' }]
      : []),
  ];
}
