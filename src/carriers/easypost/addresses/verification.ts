import { z } from 'zod';

import {
  addressChanges,
  normalizeAddress,
  type Address,
  type AddressMessage,
  type Verification,
} from '../../../domain/address.ts';
import { parseJson } from '../../../domain/json.ts';
import type { CallOptions } from '../../adapter.ts';
import { fanOut } from '../../fan-out.ts';
import type { EasyPost } from '../client.ts';
import { failureOf, unreadable } from '../errors.ts';

const words = z.string().nullish();
const problem = z.object({ code: words, field: words, message: words, suggestion: words });
const check = z.object({
  success: z.boolean(),
  errors: z.array(problem).nullish(),
  details: z
    .object({ latitude: z.number().nullish(), longitude: z.number().nullish() })
    .nullish()
    .catch(undefined),
});
/** An address as EasyPost shows it. */
export const place = z.object({
  name: words,
  company: words,
  street1: words,
  street2: words,
  city: words,
  state: words,
  zip: words,
  country: words,
  phone: words,
  email: words,
  residential: z.boolean().nullish(),
});
const verified = place.extend({ verifications: z.object({ delivery: check.optional() }) });
const unverifiable = z.object({
  error: z.object({ code: z.literal('ADDRESS.VERIFY.FAILURE'), errors: z.array(problem).min(1) }),
});

/** EasyPost makes an address of each one it verifies, one a call. */
export const verifyAddresses = (easypost: EasyPost) => (addresses: readonly Address[], call: CallOptions) =>
  fanOut(addresses, async (address): Promise<Verification> => {
    const json = { address: toAddress(address), verify: true };
    // A second address made by a repeated call is harmless.
    const request = { method: 'POST', path: '/addresses', json, repeatable: true } as const;
    const answer = await easypost.send(request, call.signal);
    const body = parseJson(answer.body.toString('utf8'));
    // A strict verification refuses to make what it can't find; that answers the question all the same.
    const refused = unverifiable.safeParse(body);
    if (refused.success) {
      return { status: 'UNDELIVERABLE', messages: refused.data.error.errors.map(fromError) };
    }
    if (answer.status < 200 || answer.status > 299) throw failureOf(answer, easypost.clock.now());
    const made = verified.safeParse(body);
    if (!made.success) throw unreadable('an address', made.error);
    return fromVerified(address, made.data);
  });

export function toAddress(address: Address) {
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

export function fromAddress({ zip, country, ...told }: z.infer<typeof place>): Address {
  return normalizeAddress({
    ...told,
    postalCode: zip,
    country: country && /^[A-Z]{2}$/.test(country) ? country : undefined,
  });
}

/**
 * EasyPost says `success` beside errors: a missing flat keeps the building deliverable, while an address that was not
 * found is none whatever `success` says.
 */
function fromVerified(asked: Address, answer: z.infer<typeof verified>): Verification {
  const { delivery } = answer.verifications;
  if (delivery === undefined) return { status: 'UNVERIFIED', messages: [] };
  const messages = (delivery.errors ?? []).map(fromError);
  const onlyUnit = messages.every((message) => message.code?.startsWith('E.SECONDARY_INFORMATION.'));
  if (!delivery.success || !onlyUnit) return { status: 'UNDELIVERABLE', messages };

  const address: Address = {
    name: asked.name,
    company: answer.company || asked.company,
    street1: answer.street1,
    street2: answer.street2 || undefined,
    city: answer.city,
    state: answer.state,
    postalCode: answer.zip,
    country: answer.country,
    phone: asked.phone,
    email: asked.email,
    residential: answer.residential,
  };
  return {
    status: messages.length > 0 ? 'AMBIGUOUS' : isCorrected(asked, address) ? 'CORRECTED' : 'VERIFIED',
    address,
    messages,
    latitude: delivery.details?.latitude ?? undefined,
    longitude: delivery.details?.longitude ?? undefined,
  };
}

function fromError({ code, field, message, suggestion }: z.infer<typeof problem>): AddressMessage {
  return {
    code: code ?? undefined,
    field: ourField(field),
    message: message ?? code ?? 'EasyPost does not say what is wrong.',
    suggestion: suggestion ?? undefined,
  };
}

/** The second line moved into the first, or a ZIP+4 put behind five digits, completes rather than corrects. */
function isCorrected(asked: Address, address: Address): boolean {
  const inOneLine = (each: Address) => ({
    ...each,
    street1: [each.street1, each.street2].filter(Boolean).join(' '),
    street2: undefined,
    postalCode: each.country === 'US' ? each.postalCode?.slice(0, 5) : each.postalCode,
  });
  return addressChanges(inOneLine(asked), inOneLine(address)).some(
    (change) => change.from !== null && change.from !== '',
  );
}

/** EasyPost's names of address fields, and ours. */
function ourField(field: string | null | undefined): string | undefined {
  if (!field || field === 'address') return undefined;
  return field === 'zip' ? 'postalCode' : field;
}
