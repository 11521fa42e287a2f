import { z } from 'zod';

import {
  addressChanges,
  type Address,
  type AddressMessage,
  type Verification,
} from '../../../domain/address.ts';
import { ProviderError } from '../../../domain/errors.ts';
import type { Response } from '../../../transport/http.ts';
import type { CallOptions } from '../../adapter.ts';
import { fanOut } from '../../fan-out.ts';
import { isOk, read, type Usps } from '../client.ts';
import { failureOf, readFault } from '../errors.ts';
import { atHome } from '../rates/direction.ts';

const words = z.string().nullish();
const standardised = z.object({
  firm: words,
  address: z.object({
    streetAddress: words,
    secondaryAddress: words,
    city: words,
    state: words,
    ZIPCode: words,
    ZIPPlus4: words,
    urbanization: words,
  }),
  additionalInfo: z
    .object({ DPVConfirmation: words, vacant: words, carrierRoute: words, business: words })
    .nullish(),
  corrections: z.array(z.object({ code: words, text: words })).nullish(),
  matches: z.array(z.object({ code: words, text: words })).nullish(),
  warnings: z.array(z.string()).nullish(),
});
type Standardised = z.infer<typeof standardised>;
const cityState = z.object({ city: z.string(), state: z.string() });

/** USPS standardises one US address a call. */
export const verifyAddresses = (usps: Usps) => (addresses: readonly Address[], call: CallOptions) => {
  const places = new Map<string, Promise<Place>>();
  // Addresses of one ZIP code share the question where that is.
  const placeOf = (zip: string) => {
    const known = places.get(zip) ?? askPlace(usps, zip, call);
    places.set(zip, known);
    return known;
  };
  return fanOut(addresses, (address) => verifyOne(usps, address, placeOf, call));
};

async function verifyOne(
  usps: Usps,
  given: Address,
  placeOf: (zip: string) => Promise<Place>,
  call: CallOptions,
): Promise<Verification> {
  const address = atHome(given);
  if (address.country !== 'US') {
    throw new ProviderError(
      'NOT_SUPPORTED',
      'USPS verifies addresses of the United States and its territories only',
      {
        field: ['country'],
      },
    );
  }
  const [zip] = splitZip(address.postalCode);
  if (!address.state && zip === undefined) {
    throw new ProviderError('REJECTED', 'USPS needs the state or the ZIP code of an address', {
      field: ['postalCode'],
      hint: 'Add one of them: the street and the city alone may be in many states.',
    });
  }
  // The address API insists on a state; USPS itself knows it by the ZIP code.
  const place = address.state ? undefined : await placeOf(zip!);
  if (place !== undefined && 'status' in place) return place;
  // What was given stays: a city that does not belong to the ZIP code is for USPS to judge.
  const completed = { ...address, state: address.state || place?.state, city: address.city || place?.city };
  const query = toAddressQuery(completed);
  const answer = await usps.send({ api: 'addresses', path: '/addresses/v3/address', query }, call.signal);
  if (!isOk(answer)) return verdictOn(usps, answer);
  const found = fromStandardised(address, read(standardised, answer, 'an address'));
  return { ...found, address: { ...found.address, country: given.country } };
}

/** A city and its state, or the verdict that there is none of that ZIP code. */
type Place = z.infer<typeof cityState> | Verification;

async function askPlace(usps: Usps, ZIPCode: string, call: CallOptions): Promise<Place> {
  const request = { api: 'addresses', path: '/addresses/v3/city-state', query: { ZIPCode } } as const;
  const answer = await usps.send(request, call.signal);
  return isOk(answer) ? read(cityState, answer, 'a city and state') : verdictOn(usps, answer);
}

/** A refusal that is a verdict on the address; any other is thrown. */
function verdictOn(usps: Usps, answer: Response): Verification {
  const fault = readFault(answer);
  const verdict = fault.shape === 'standard' ? verdictOf(fault) : undefined;
  if (verdict === undefined) throw failureOf(answer, usps.clock.now(), fields);
  return { status: verdict, messages: [{ code: fault.code, message: fault.message }] };
}

function toAddressQuery(address: Address): Record<string, string | undefined> {
  const [ZIPCode, ZIPPlus4] = splitZip(address.postalCode);
  return {
    firm: address.company?.slice(0, 50),
    streetAddress: address.street1 ?? undefined,
    secondaryAddress: address.street2 ?? undefined,
    city: address.city ?? undefined,
    state: address.state?.toUpperCase(),
    ZIPCode,
    ZIPPlus4,
  };
}

export function splitZip(postalCode: string | null | undefined): [string | undefined, string | undefined] {
  const digits = postalCode?.replace(/\D/g, '') ?? '';
  return [digits.slice(0, 5) || undefined, digits.slice(5, 9) || undefined];
}

/** USPS's names of address parameters, and ours. */
const fields = {
  firm: ['company'],
  streetAddress: ['street1'],
  secondaryAddress: ['street2'],
  city: ['city'],
  state: ['state'],
  ZIPCode: ['postalCode'],
  ZIPPlus4: ['postalCode'],
} as const;

/** Refusals that are a verdict on the address, by the words of document and error workbook; codes are 010001 to 010006. */
function verdictOf(fault: { message: string; code?: string }): Verification['status'] | undefined {
  if (/multiple addresses|more than one address/i.test(fault.message)) return 'AMBIGUOUS';
  const unknown =
    /address not found|no match|invalid (state code|city|zip code|delivery address)|(city|state code) in the request is missing or invalid|unverifiable|insufficient (address|to match)/i;
  return unknown.test(fault.message) || /^01000[1-6]$/.test(fault.code ?? '') ? 'UNDELIVERABLE' : undefined;
}

/** What DPV says: all of it confirmed, a unit missing, a unit not confirmed, nothing confirmed. */
const dpv: Record<string, { status: Verification['status']; message?: AddressMessage }> = {
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

function fromStandardised(asked: Address, answer: Standardised): Verification {
  const { address: found, additionalInfo, corrections, warnings } = answer;
  const address: Address = {
    name: asked.name,
    company: answer.firm ?? asked.company,
    street1: found.streetAddress,
    street2: found.secondaryAddress || undefined,
    city: found.city,
    state: found.state,
    postalCode: [found.ZIPCode, found.ZIPPlus4].filter(Boolean).join('-') || undefined,
    country: 'US',
    phone: asked.phone,
    email: asked.email,
    residential: additionalInfo?.business ? additionalInfo.business === 'N' : undefined,
  };
  const confirmation = dpv[additionalInfo?.DPVConfirmation ?? ''];
  const messages: AddressMessage[] = [
    ...(confirmation?.message ? [confirmation.message] : []),
    ...(corrections ?? [])
      .filter((each) => each.code || each.text)
      .map((each) => ({ code: each.code ?? undefined, message: each.text ?? '' })),
    ...(warnings ?? []).map((message) => ({ message })),
    ...(additionalInfo?.vacant === 'Y'
      ? [{ code: 'VACANT', message: 'The address is known to be vacant.' }]
      : []),
    ...(/^R77[79]$/.test(additionalInfo?.carrierRoute ?? '')
      ? [{ code: additionalInfo!.carrierRoute!, message: 'USPS may not deliver to the street here.' }]
      : []),
  ];
  const uncertain = corrections?.some((each) => each.code === '22' || each.code === '32');
  let status = confirmation?.status ?? 'UNVERIFIED';
  if (status === 'VERIFIED' && uncertain) status = 'AMBIGUOUS';
  // A ZIP+4 where five digits were asked completes the address rather than corrects it.
  const corrected = addressChanges(
    { ...asked, postalCode: splitZip(asked.postalCode)[0] },
    {
      ...address,
      postalCode: found.ZIPCode,
    },
  ).some((change) => change.from !== null);
  if (status === 'VERIFIED' && corrected) status = 'CORRECTED';
  return { status, address, messages };
}
