import { z } from 'zod';

import type { Address, AddressMessage, Verification } from '../../../domain/address.ts';
import { ProviderError } from '../../../domain/errors.ts';
import type { CallOptions } from '../../adapter.ts';
import { mapOutcomes } from '../../map-outcomes.ts';
import { isOk, parseBody, type Usps } from '../client.ts';
import { isPuertoRican } from '../../../domain/urbanization.ts';
import { toUsAddress } from '../../../domain/us-address.ts';
import { fromAddressResponse } from './address-response.ts';
import { fromRefusal } from './refusal.ts';
import { requireState } from './state.ts';
import { splitZip } from './zip-code.ts';
import { followedBy } from '../../../transport/call-plan.ts';

const cityStateSchema = z.object({ city: z.string().min(1), state: z.string().min(1) });

/** The city and state of a ZIP code, or the verification result where USPS has none for it. */
type CityState = z.infer<typeof cityStateSchema> | Verification;

/** Verifies US addresses, one a call. Addresses without a state cost one more call for each distinct ZIP code. */
export const verifyAddresses = (usps: Usps) => (addresses: readonly Address[], call: CallOptions) => {
  const cityStates = new Map<string, Promise<CityState>>();
  const cityStateOf = (zip: string) => {
    const cityState = cityStates.get(zip) ?? fetchCityState(usps, zip, call);
    cityStates.set(zip, cityState);
    return cityState;
  };
  return mapOutcomes(addresses, (address) => verifyOne(usps, address, cityStateOf, call));
};

/** Follows the city and state of each address that lacks them. */
const addressCall = { calls: 1, when: 'USPS knows the ZIP code' };

async function verifyOne(
  usps: Usps,
  given: Address,
  cityStateOf: (zip: string) => Promise<CityState>,
  call: CallOptions,
): Promise<Verification> {
  const address = toUsAddress(given);
  if (address.country !== 'US') {
    throw new ProviderError(
      'NOT_SUPPORTED',
      'USPS verifies addresses of the United States and its territories only',
      { field: ['country'] },
    );
  }
  requireState(address, []);
  const [zip] = splitZip(address.postalCode);
  if (!address.state && zip === undefined) {
    throw new ProviderError('REJECTED', 'USPS requires the state or the ZIP code of an address', {
      field: ['postalCode'],
      hint: 'Add one of them: street and city alone may exist in many states.',
    });
  }
  // The Addresses API requires a state, which the ZIP code determines.
  const cityState = address.state ? undefined : await followedBy(cityStateOf(zip!), addressCall);
  if (cityState !== undefined && 'status' in cityState) return cityState;
  // A given city is kept, for USPS to judge whether it belongs to the ZIP code.
  const completed = {
    ...address,
    state: address.state || cityState?.state,
    city: address.city || cityState?.city,
  };
  const query = toAddressQuery(completed);
  const response = await usps.send({ api: 'addresses', path: '/addresses/v3/address', query }, call.signal);
  if (!isOk(response)) return withMissingPart(fromRefusal(response, usps.clock.now()), completed);
  const verification = withMissingPart(fromAddressResponse(response, address), completed);
  return { ...verification, address: { ...verification.address, country: given.country } };
}

/** Several streets of a city in Puerto Rico may have one name: USPS does not say that the urbanization is missing. */
function withMissingPart(verification: Verification, requested: Address): Verification {
  if (verification.status !== 'AMBIGUOUS' || !isPuertoRican(requested) || requested.urbanization) {
    return verification;
  }
  return { ...verification, messages: [...verification.messages, urbanizationMissing] };
}

const urbanizationMissing: AddressMessage = {
  code: 'URBANIZATION_MISSING',
  field: 'urbanization',
  message: 'The urbanization is missing; in Puerto Rico it tells streets of the same name apart.',
};

async function fetchCityState(usps: Usps, ZIPCode: string, call: CallOptions): Promise<CityState> {
  const request = { api: 'addresses', path: '/addresses/v3/city-state', query: { ZIPCode } } as const;
  const response = await usps.send(request, call.signal);
  return isOk(response)
    ? parseBody(cityStateSchema, response, 'a city and state')
    : fromRefusal(response, usps.clock.now());
}

function toAddressQuery(address: Address): Record<string, string | undefined> {
  const [ZIPCode, ZIPPlus4] = splitZip(address.postalCode);
  return {
    // A longer one is left out: it does not decide about the address, and stays as it was given.
    firm: address.company && address.company.length <= 50 ? address.company : undefined,
    streetAddress: address.street1 ?? undefined,
    secondaryAddress: address.street2 ?? undefined,
    urbanization: address.urbanization ?? undefined,
    city: address.city ?? undefined,
    state: address.state?.toUpperCase(),
    ZIPCode,
    ZIPPlus4,
  };
}
