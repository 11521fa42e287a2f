import { check, type Address, type Addresses } from '../addresses/addresses.ts';
import type { CarrierAccount } from './carriers.ts';
import { notFound, ok, unwrap, type On } from '../http.ts';
import { isoTimeWithOffset, openCollection, type Entry, type Owner, type EasyPostState } from '../state.ts';

/** Who carries and who is named as the shipper: lists that a purchase refers to. */
export function accounts(
  world: EasyPostState,
  on: On,
  limitList: (owner: Owner) => void,
  addresses: Addresses,
) {
  const endShippers = openCollection<Address>(world, 'end-shipper', 'es');

  // A bare array, unlike every other list.
  on('GET', '/v2/carrier_accounts', ({ caller }) => {
    limitList(caller);
    return ok(world.accounts.map(renderAccount));
  });
  on('GET', '/v2/carrier_accounts/:id', ({ id }) => {
    const account = world.accounts.find((each) => each.id === id);
    if (account === undefined) throw notFound();
    return ok(renderAccount(account));
  });

  on('POST', '/v2/end_shippers', ({ caller, body }) => {
    const given = addresses.take(caller, unwrap(body, 'address'), 'address').body;
    return { status: 201, body: renderEndShipper(endShippers.add(caller, check(given, null).checked)) };
  });
  on('GET', '/v2/end_shippers/:id', ({ caller, id }) => {
    const entry = endShippers.find(caller, id);
    if (entry === undefined) throw notFound();
    return ok(renderEndShipper(entry));
  });
}

const renderAccount = ({ id, type, readable, billing }: CarrierAccount) => ({
  id,
  object: 'CarrierAccount',
  type,
  clone: false,
  created_at: '2025-01-01T00:00:00Z',
  updated_at: '2025-01-01T00:00:00Z',
  description: `${readable} Account`,
  reference: null,
  billing_type: billing,
  readable,
  logo: null,
  fields: [],
  credentials: {},
  test_credentials: {},
});

function renderEndShipper(entry: Entry<Address>) {
  const { name, company, street1, street2, city, state, zip, country, phone, email } = entry.body;
  return {
    id: entry.id,
    object: 'EndShipper',
    mode: entry.mode,
    created_at: isoTimeWithOffset(entry.created),
    updated_at: isoTimeWithOffset(entry.updated),
    name,
    company,
    street1,
    street2,
    city,
    state,
    zip,
    country,
    phone,
    email,
  };
}
