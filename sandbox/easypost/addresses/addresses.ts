import { unprocessable, wrongType } from '../api-error.ts';
import { openCollection, type Entry } from '../collection.ts';
import { isoTimeWithOffset } from '../dates.ts';
import { idOf, isFields, isTruthy, textOf, unwrap, type Fields } from '../fields.ts';
import { created, ok, type Api, type ApiObject } from '../http.ts';
import { page } from '../pagination.ts';
import type { EasyPostState, Owner } from '../state.ts';
import { upperCase, verify, type PostalAddress, type VerificationResult } from './verification.ts';

export interface Address extends PostalAddress {
  phone: string | null;
  email: string | null;
  carrier_facility: string | null;
  residential: boolean | null;
  federal_tax_id: string | null;
  state_tax_id: string | null;
  verifications: Fields;
}

/** The stored addresses of all users. */
export interface Addresses {
  add(owner: Owner, address: Address): Entry<Address>;
  /** Returns the address with the given id, or adds the address given in full; `field` is named in errors. */
  findOrAdd(owner: Owner, value: unknown, field: string): Entry<Address>;
  get(owner: Owner, id: string): Entry<Address>;
  list(owner: Owner): Entry<Address>[];
  /** Corrects a destination in place when its label is purchased (recorded in 2025). */
  correct(entry: Entry<Address>): void;
  render(entry: Entry<Address>): ApiObject;
}

export function createAddresses(state: EasyPostState): Addresses {
  const { add, get, list, save } = openCollection<Address>(state, 'address', 'adr');
  return {
    add,
    get,
    list,
    findOrAdd(owner, value, field) {
      const id = idOf(value);
      if (id !== undefined) return get(owner, id);
      if (!isFields(value)) throw wrongType(field, 'an object');
      return add(owner, readAddress(value));
    },
    correct(entry) {
      const { result, verified } = verifyAddress(entry.body, null);
      if (!result.success || (entry.body.country ?? 'US') !== 'US') return;
      entry.body = verified;
      save(entry);
    },
    render,
  };
}

export function addAddressRoutes({ state, addRoute, limitList }: Api, addresses: Addresses) {
  /** Recorded: a field that a correction empties is an empty string in the first response and null afterwards. */
  const addAndRender = (owner: Owner, address: Address): ApiObject => {
    const entry = addresses.add(owner, { ...address, street2: address.street2 || null });
    return { ...render(entry), street2: address.street2 };
  };
  const verifyStrictly = (owner: Owner, address: Address, carrier: string | null) => {
    const { result, verified } = verifyAddress(address, carrier);
    if (!result.success) {
      throw unprocessable('ADDRESS.VERIFY.FAILURE', 'Unable to verify address.', result.errors);
    }
    return addAndRender(owner, verified);
  };
  const wrapped = (address: ApiObject) => ({
    ...ok({ address }),
    location: `/api/v2/addresses/${address.id}`,
  });

  addRoute('POST', '/v2/addresses', ({ caller, body }) => {
    const address = readAddress(unwrap(body, 'address', { bare: true }));
    const carrier = textOf(body, 'verify_carrier');
    if (isTruthy(body.verify_strict)) return created(verifyStrictly(caller, address, carrier), 'addresses');
    const result = isTruthy(body.verify) ? verifyAddress(address, carrier).verified : address;
    return created(addAndRender(caller, result), 'addresses');
  });
  addRoute('POST', '/v2/addresses/create_and_verify', ({ caller, body }) => {
    const address = readAddress(unwrap(body, 'address', { bare: true }));
    return wrapped(verifyStrictly(caller, address, textOf(body, 'verify_carrier')));
  });
  addRoute('GET', '/v2/addresses', ({ caller, query }) => {
    limitList(caller);
    return page(state, addresses.list(caller), query, 'addresses', render);
  });
  addRoute('GET', '/v2/addresses/:id', ({ caller, id }) => ok(render(addresses.get(caller, id))));
  // Recorded: the response is a new address with a new id; the one that was verified does not change.
  addRoute('GET', '/v2/addresses/:id/verify', ({ caller, id, query }) =>
    wrapped(verifyStrictly(caller, addresses.get(caller, id).body, textOf(query, 'carrier') || null)),
  );
}

/** Guess: the default country is the United States. */
const readAddress = (fields: Fields): Address => ({
  name: textOf(fields, 'name'),
  company: textOf(fields, 'company'),
  street1: textOf(fields, 'street1'),
  street2: textOf(fields, 'street2'),
  city: textOf(fields, 'city'),
  state: textOf(fields, 'state'),
  zip: textOf(fields, 'zip'),
  country: textOf(fields, 'country') || 'US',
  phone: textOf(fields, 'phone'),
  email: textOf(fields, 'email'),
  carrier_facility: textOf(fields, 'carrier_facility'),
  residential: typeof fields.residential === 'boolean' ? fields.residential : null,
  federal_tax_id: textOf(fields, 'federal_tax_id'),
  state_tax_id: textOf(fields, 'state_tax_id'),
  verifications: {},
});

const render = (entry: Entry<Address>): ApiObject => ({
  id: entry.id,
  object: 'Address',
  created_at: isoTimeWithOffset(entry.created),
  updated_at: isoTimeWithOffset(entry.updated),
  ...entry.body,
  mode: entry.mode,
});

/** Returns the result of a verification, and the address with its corrections and `verifications`. */
export function verifyAddress(
  address: Address,
  carrier: string | null,
): { result: VerificationResult; verified: Address } {
  const own = verify(address);
  // Recorded with UPS: a carrier's verification succeeds even for an address that it does not find.
  const result: VerificationResult =
    carrier === null || own.success
      ? own
      : {
          success: true,
          errors: own.errors,
          corrected: {
            ...upperCase(address, 'name', 'company', 'street1', 'city', 'state'),
            street2: '',
            residential: null,
          },
          details: { latitude: null, longitude: null, time_zone: null },
        };
  const { success, errors, details } = result;
  const verifications = {
    ...((address.country ?? 'US') === 'US' && { zip4: { success, errors, details: null } }),
    delivery: { success, errors, details: details ?? {} },
    ...(carrier !== null && { verify_carrier: carrier.toLowerCase() }),
  };
  return { result, verified: { ...address, ...result.corrected, verifications } };
}
