import { notFound } from '../api-error.ts';
import { openCollection, type Entry } from '../collection.ts';
import { isoTimeWithOffset } from '../dates.ts';
import { unwrap } from '../fields.ts';
import { ok, type Api } from '../http.ts';
import { page } from '../pagination.ts';
import type { EasyPostState } from '../state.ts';
import { verifyAddress, type Address, type Addresses } from './addresses.ts';

const kind = 'end-shipper';

/** End shippers: the companies that purchases name as the actual shipper. */
export function addEndShipperRoutes({ state, addRoute, limitList }: Api, addresses: Addresses) {
  const endShippers = openCollection<Address>(state, kind, 'es');
  addRoute('POST', '/v2/end_shippers', ({ caller, body }) => {
    const address = addresses.findOrAdd(caller, unwrap(body, 'address'), 'address').body;
    const entry = endShippers.add(caller, verifyAddress(address, null).verified);
    return { status: 201, body: render(entry) };
  });
  addRoute('GET', '/v2/end_shippers', ({ caller, query }) => {
    limitList(caller);
    return page(state, endShippers.list(caller), query, 'end_shippers', render);
  });
  addRoute('PUT', '/v2/end_shippers/:id', ({ caller, id, body }) => {
    const entry = endShippers.get(caller, id);
    const address = addresses.findOrAdd(caller, unwrap(body, 'address'), 'address').body;
    entry.body = verifyAddress(address, null).verified;
    endShippers.save(entry);
    return ok(render(entry));
  });
  addRoute('GET', '/v2/end_shippers/:id', ({ caller, id }) => ok(render(endShippers.get(caller, id))));
}

/** Throws `NOT_FOUND` for an unknown end shipper. */
export function requireEndShipper({ store }: EasyPostState, id: string) {
  if (store.get(`easypost/${kind}`, id) === undefined) throw notFound();
}

function render(entry: Entry<Address>) {
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
