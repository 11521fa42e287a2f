import { z } from 'zod';

import {
  addressChanges,
  type Address,
  type AddressMessage,
  type Verification,
} from '../../../domain/address.ts';
import { joinUrbanization, splitUrbanization, takeUrbanization } from '../../../domain/urbanization.ts';
import { parseJson } from '../../../domain/json.ts';
import type { CallOptions } from '../../adapter.ts';
import { mapOutcomes } from '../../map-outcomes.ts';
import type { EasyPostClient } from '../client.ts';
import { toProviderError, unreadable } from '../errors.ts';
import { optionalText } from '../readable.ts';
import { addressSchema, toAddress } from './address-fields.ts';

const verificationError = z.object({
  code: optionalText,
  field: optionalText,
  message: optionalText,
  suggestion: optionalText,
});
const deliveryCheck = z.object({
  success: z.boolean(),
  errors: z.array(verificationError).nullish(),
  details: z
    .object({ latitude: z.number().nullish(), longitude: z.number().nullish() })
    .nullish()
    .catch(undefined),
});
const verifiedAddress = addressSchema.extend({
  verifications: z.object({ delivery: deliveryCheck.optional() }),
});
const verificationFailure = z.object({
  error: z.object({ code: z.literal('ADDRESS.VERIFY.FAILURE'), errors: z.array(verificationError).min(1) }),
});

/** Verifies addresses, one a call. Each call creates an address at EasyPost. */
export const verifyAddresses =
  (client: EasyPostClient) => (addresses: readonly Address[], call: CallOptions) =>
    mapOutcomes(addresses, async (address): Promise<Verification> => {
      const json = { address: toAddress(address), verify: true };
      // Repeatable, since a second address is harmless.
      const request = { method: 'POST', path: '/addresses', json, repeatable: true } as const;
      const response = await client.send(request, call.signal);
      const body = parseJson(response.body.toString('utf8'));
      // A strict verification is refused where the address is not found, which is a result all the same.
      const failure = verificationFailure.safeParse(body);
      if (failure.success) {
        return { status: 'UNDELIVERABLE', messages: failure.data.error.errors.map(fromVerificationError) };
      }
      if (response.status < 200 || response.status > 299) {
        throw toProviderError(response, client.clock.now());
      }
      const parsed = verifiedAddress.safeParse(body);
      if (!parsed.success) throw unreadable('an address', parsed.error);
      return fromVerifiedAddress(parsed.data, address);
    });

/**
 * EasyPost reports `success` together with errors. A missing apartment number leaves the building deliverable; with any
 * other error the address was not found, even if `success` is true.
 */
function fromVerifiedAddress(verified: z.infer<typeof verifiedAddress>, requested: Address): Verification {
  const { delivery } = verified.verifications;
  if (delivery === undefined) return { status: 'UNVERIFIED', messages: [] };
  const messages = (delivery.errors ?? []).map(fromVerificationError);
  const onlyUnitMissing = messages.every((message) => message.code?.startsWith('E.SECONDARY_INFORMATION.'));
  if (!delivery.success || !onlyUnitMissing) return { status: 'UNDELIVERABLE', messages };

  const standardized: Address = {
    name: requested.name,
    company: verified.company || requested.company,
    street1: verified.street1,
    street2: verified.street2 || undefined,
    city: verified.city,
    state: verified.state,
    postalCode: verified.zip,
    country: verified.country,
    phone: requested.phone,
    email: requested.email,
    residential: verified.residential,
  };
  const address = requested.urbanization
    ? takeUrbanization(standardized, requested.urbanization)
    : splitUrbanization(standardized);
  return {
    status: messages.length > 0 ? 'AMBIGUOUS' : isCorrected(requested, address) ? 'CORRECTED' : 'VERIFIED',
    address,
    messages,
    latitude: delivery.details?.latitude ?? undefined,
    longitude: delivery.details?.longitude ?? undefined,
  };
}

function fromVerificationError(error: z.infer<typeof verificationError>): AddressMessage {
  const { code, field, message, suggestion } = error;
  return {
    code: code ?? undefined,
    field: fromField(field),
    message: message ?? code ?? 'EasyPost gives no reason.',
    suggestion: suggestion ?? undefined,
  };
}

/** A second line moved into the first, or a ZIP+4 added to a ZIP, completes an address and does not correct it. */
function isCorrected(requested: Address, verified: Address): boolean {
  const inOneLine = (given: Address) => {
    const address = joinUrbanization(given);
    return {
      ...address,
      street1: [address.street1, address.street2].filter(Boolean).join(' '),
      street2: undefined,
      postalCode: address.country === 'US' ? address.postalCode?.slice(0, 5) : address.postalCode,
    };
  };
  return addressChanges(inOneLine(requested), inOneLine(verified)).some(
    (change) => change.from !== null && change.from !== '',
  );
}

function fromField(field: string | null | undefined): string | undefined {
  if (!field || field === 'address') return undefined;
  return field === 'zip' ? 'postalCode' : field;
}
