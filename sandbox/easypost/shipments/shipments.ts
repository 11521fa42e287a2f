import type { Addresses } from '../addresses/addresses.ts';
import { missingParameter } from '../api-error.ts';
import { newId, openCollection, type Entry } from '../collection.ts';
import { isBlank, isFields, isTruthy, listOf, numberOf, textOf, type Fields } from '../fields.ts';
import { quoteRates, readOptions, selectAccounts } from '../rates/rates.ts';
import type { EasyPostState, Owner } from '../state.ts';
import type { Customs } from './customs.ts';
import type { Parcels } from './parcels.ts';
import { readInsurance } from './purchase-rules.ts';
import type { Shipment } from './shipment.ts';

/** The stored shipments of all users. */
export interface Shipments {
  /** Adds a shipment and quotes its rates; `order` is the id of its order. */
  create(owner: Owner, fields: Fields, order?: string | null): Entry<Shipment>;
  find(owner: Owner, id: string): Entry<Shipment> | undefined;
  /** Throws `NOT_FOUND` for an unknown id. */
  get(owner: Owner, id: string): Entry<Shipment>;
  findByRate(owner: Owner, rateId: string): Entry<Shipment> | undefined;
  findByTrackingCode(owner: Owner, code: string): Entry<Shipment> | undefined;
  list(owner: Owner): Entry<Shipment>[];
  save(entry: Entry<Shipment>): void;
  /** Stores a shipment whose label was purchased, and indexes it by its tracking code. */
  savePurchased(entry: Entry<Shipment>): void;
  /** Replaces the rates of a shipment; the previous ones expire. */
  quote(entry: Entry<Shipment>): void;
}

const rateIndex = 'easypost/shipment-by-rate';
const labelIndex = 'easypost/shipment-by-code';

export function createShipments(
  state: EasyPostState,
  resources: { addresses: Addresses; parcels: Parcels; customs: Customs },
): Shipments {
  const { addresses, parcels } = resources;
  const { add, find, get, list, save } = openCollection<Shipment>(state, 'shipment', 'shp');

  function quote(entry: Entry<Shipment>) {
    const { parcel, options, accounts } = entry.body;
    const { receiver, sender } = endsOf(entry, addresses);
    const { quotes, messages, zone } = quoteRates(state, {
      to: receiver.body,
      from: sender.body,
      parcel: parcels.get(entry, parcel).body,
      options,
      accounts: state.accounts.filter(({ id }) => accounts.includes(id)),
    });
    const now = state.clock.now();
    entry.body.rates = quotes.map((each) => ({ id: newId('rate'), created: now, ...each }));
    entry.body.messages = messages;
    entry.body.zone = zone;
    for (const { id } of entry.body.rates) state.store.put(rateIndex, id, entry.id);
    save(entry);
  }
  const findByIndex = (index: string) => (owner: Owner, key: string) => {
    const id = state.store.get<string>(index, key);
    return id === undefined ? undefined : find(owner, id);
  };

  return {
    create(owner, fields, order = null) {
      const entry = add(owner, readShipment(state, owner, fields, order, resources));
      quote(entry);
      return entry;
    },
    find,
    get,
    findByRate: findByIndex(rateIndex),
    findByTrackingCode: findByIndex(labelIndex),
    list,
    save,
    savePurchased(entry) {
      save(entry);
      state.store.put(labelIndex, entry.body.label!.tracking_code, entry.id);
    },
    quote,
  };
}

function readShipment(
  state: EasyPostState,
  owner: Owner,
  fields: Fields,
  order: string | null,
  { addresses, parcels, customs }: { addresses: Addresses; parcels: Parcels; customs: Customs },
): Shipment {
  for (const field of ['to_address', 'from_address', 'parcel']) {
    if (isBlank(fields[field])) throw missingParameter(field);
  }
  const address = (field: string) => addresses.findOrAdd(owner, fields[field], field).id;
  const addressOr = (field: string, fallback: string) => (isBlank(fields[field]) ? fallback : address(field));
  const [to, from] = [address('to_address'), address('from_address')];
  return {
    to,
    from,
    returnTo: addressOr('return_address', from),
    buyer: addressOr('buyer_address', to),
    parcel: parcels.findOrAdd(owner, fields.parcel).id,
    customs: customs.findOrAdd(owner, fields.customs_info),
    options: readOptions(fields.options),
    reference: textOf(fields, 'reference') || null,
    is_return: isTruthy(fields.is_return),
    // Recorded: no response contains the number itself.
    taxIdentifiers: listOf(fields, 'tax_identifiers').map(
      (each) => isFields(each) && { ...each, tax_id: 'HIDDEN' },
    ),
    accounts: selectAccounts(state, fields).map(({ id }) => id),
    rates: [],
    messages: [],
    zone: null,
    insurance: readInsurance(fields.insurance, null),
    // Recorded for a purchase in one call. Guess: it applies to a later purchase, too.
    uninsured: !isBlank(fields.insurance) && numberOf(fields, 'insurance') === 0,
    order,
    piece: null,
    batch: null,
    scanForm: null,
    label: null,
    refund: null,
    fees: [],
    forms: [],
  };
}

/**
 * Returns sender and receiver. A return goes in the opposite direction: `to_address` stays the customer's address and is
 * the sender (docs.easypost.com/docs/shipments/returns).
 */
export function endsOf(entry: Entry<Shipment>, addresses: Addresses) {
  const [to, from] = [addresses.get(entry, entry.body.to), addresses.get(entry, entry.body.from)];
  return entry.body.is_return ? { sender: to, receiver: from } : { sender: from, receiver: to };
}
