import {
  created,
  idOf,
  isFields,
  isTruthy,
  notFound,
  ok,
  refused,
  textOf,
  unwrap,
  wrongType,
  type Drawn,
  type Fields,
  type On,
} from '../http.ts';
import { page } from '../pagination.ts';
import { upper, verify, type Finding, type Place, type Verdict } from './verification.ts';
import { isoTimeWithOffset, openCollection, type Entry, type Owner, type EasyPostState } from '../state.ts';

export interface Address extends Place {
  phone: string | null;
  email: string | null;
  carrier_facility: string | null;
  residential: boolean | null;
  federal_tax_id: string | null;
  state_tax_id: string | null;
  verifications: Fields;
}

/** The address book of every user. */
export interface Addresses {
  /** One that was named by id, or a new one; nothing for a blank. */
  take(owner: Owner, given: unknown, field: string): Entry<Address>;
  find(owner: Owner, id: string): Entry<Address>;
  /** Corrects a destination in place when its label is bought, which the recordings of 2025 show. */
  correct(entry: Entry<Address>): void;
  render(entry: Entry<Address>): Drawn;
}

export function addresses(world: EasyPostState, on: On, limitList: (owner: Owner) => void): Addresses {
  const book = openCollection<Address>(world, 'address', 'adr');

  const add = (owner: Owner, fields: Fields) => book.add(owner, read(fields));
  const find = (owner: Owner, id: string) => {
    const entry = book.find(owner, id);
    if (entry === undefined) throw notFound();
    return entry;
  };
  /** Recorded: what a correction emptied is an empty text in the first answer and null in later ones. */
  const keep = (owner: Owner, address: Address): Drawn => {
    const entry = book.add(owner, { ...address, street2: address.street2 || null });
    return { ...render(entry), street2: address.street2 };
  };
  const verified = (owner: Owner, address: Address, carrier: string | null) => {
    const { verdict, checked } = check(address, carrier);
    if (!verdict.success) throw verificationFailed(verdict.findings);
    return keep(owner, checked);
  };

  on('POST', '/v2/addresses', ({ caller, body }) => {
    const fields = unwrap(body, 'address', { bare: true });
    const address = read(fields);
    const carrier = textOf(body, 'verify_carrier');
    if (isTruthy(body.verify_strict)) return created(verified(caller, address, carrier), 'addresses');
    const { checked } = isTruthy(body.verify) ? check(address, carrier) : { checked: address };
    return created(keep(caller, checked), 'addresses');
  });
  on('POST', '/v2/addresses/create_and_verify', ({ caller, body }) => {
    const address = read(unwrap(body, 'address', { bare: true }));
    const answer = verified(caller, address, textOf(body, 'verify_carrier'));
    return { ...ok({ address: answer }), location: `/api/v2/addresses/${answer.id}` };
  });
  on('GET', '/v2/addresses', ({ caller, query }) => {
    limitList(caller);
    return page(world, book.list(caller), query, 'addresses', render);
  });
  on('GET', '/v2/addresses/:id', ({ caller, id }) => ok(render(find(caller, id))));
  // The recordings answer with a new address under a new id and leave the asked one as it was.
  on('GET', '/v2/addresses/:id/verify', ({ caller, id, query }) => {
    const answer = verified(caller, find(caller, id).body, textOf(query, 'carrier') || null);
    return { ...ok({ address: answer }), location: `/api/v2/addresses/${answer.id}` };
  });

  return {
    take(owner, given, field) {
      const id = idOf(given);
      if (id !== undefined) return find(owner, id);
      if (!isFields(given)) throw wrongType(field, 'an object');
      return add(owner, given);
    },
    find,
    correct(entry) {
      const { verdict, checked } = check(entry.body, null);
      if (!verdict.success || (entry.body.country ?? 'US') !== 'US') return;
      entry.body = checked;
      book.save(entry);
    },
    render,
  };
}

/** Guess: a country left out is the United States. */
const read = (fields: Fields): Address => ({
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

const render = (entry: Entry<Address>): Drawn => ({
  id: entry.id,
  object: 'Address',
  created_at: isoTimeWithOffset(entry.created),
  updated_at: isoTimeWithOffset(entry.updated),
  ...entry.body,
  mode: entry.mode,
});

/** A verification and the address as it is afterwards: corrected, or as it was with the reasons beside it. */
export function check(address: Address, carrier: string | null): { verdict: Verdict; checked: Address } {
  const own = verify(address);
  // A carrier's check calls an address good that it has not found: recorded with UPS.
  const verdict: Verdict =
    carrier === null || own.success
      ? own
      : {
          success: true,
          findings: own.findings,
          corrected: {
            ...upper(address, 'name', 'company', 'street1', 'city', 'state'),
            street2: '',
            residential: null,
          },
          details: { latitude: null, longitude: null, time_zone: null },
        };
  const { success, findings: errors } = verdict;
  const verifications = {
    ...((address.country ?? 'US') === 'US' && { zip4: { success, errors, details: null } }),
    delivery: { success, errors, details: verdict.details ?? {} },
    ...(carrier !== null && { verify_carrier: carrier.toLowerCase() }),
  };
  return { verdict, checked: { ...address, ...verdict.corrected, verifications } };
}

const verificationFailed = (findings: Finding[]) =>
  refused('ADDRESS.VERIFY.FAILURE', 'Unable to verify address.', findings);
