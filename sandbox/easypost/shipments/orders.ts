import { Big } from 'big.js';
import type { Addresses } from '../addresses/addresses.ts';
import {
  created,
  isBlank,
  isFields,
  isTruthy,
  listOf,
  notFound,
  ok,
  refused,
  textOf,
  type Fields,
  type On,
} from '../http.ts';
import type { Rate, Shipment, Shipments } from './shipments.ts';
import { head, newId, openCollection, type Entry, type EasyPostState } from '../state.ts';

interface Order {
  to: string;
  from: string;
  shipments: string[];
  /** One id a service, for the sums have ids though nothing can be bought by them. */
  rateIds: Record<string, string>;
  reference: string;
  is_return: boolean;
  options: Fields;
}

/** Several parcels to one place: a shipment each, and rates that are their sums. */
export function orders(world: EasyPostState, on: On, parts: { addresses: Addresses; shipments: Shipments }) {
  const { addresses, shipments } = parts;
  const kept = openCollection<Order>(world, 'order', 'order');

  const find = (owner: Parameters<typeof kept.find>[0], id: string) => {
    const entry = kept.find(owner, id);
    if (entry === undefined) throw notFound();
    return entry;
  };
  const members = (entry: Entry<Order>) => entry.body.shipments.map((id) => shipments.find(entry, id));
  const named = ({ carrier, service, carrier_account_id }: Rate) =>
    [carrier_account_id, carrier, service].join(' ');

  /** What every parcel can go by. */
  function ratesOf(entry: Entry<Order>): Fields[] {
    const all = members(entry);
    return all[0]!.body.rates.flatMap((first) => {
      const same = all.map(({ body }) => body.rates.find((each) => named(each) === named(first)));
      if (same.includes(undefined)) return [];
      const sum = (column: 'rate' | 'list_rate' | 'retail_rate') =>
        same.some((each) => each![column] === null)
          ? null
          : same.reduce((total, each) => total.plus(each![column]!), new Big(0)).toFixed(2);
      entry.body.rateIds[named(first)] ??= newId('rate');
      return {
        ...shipments.renderRate(all[0]!, first),
        id: entry.body.rateIds[named(first)],
        created_at: null,
        updated_at: null,
        rate: sum('rate'),
        list_rate: sum('list_rate'),
        retail_rate: sum('retail_rate'),
      };
    });
  }

  function render(entry: Entry<Order>, fresh = false) {
    const rates = ratesOf(entry);
    const address = (id: string) => addresses.render(addresses.find(entry, id));
    return {
      ...head('Order', entry),
      reference: entry.body.reference,
      is_return: entry.body.is_return,
      options: entry.body.options,
      messages: members(entry).flatMap(({ body }) => body.messages),
      customs_info: null,
      from_address: address(entry.body.from),
      to_address: address(entry.body.to),
      buyer_address: address(entry.body.to),
      return_address: address(entry.body.from),
      shipments: members(entry).map((each) => shipments.render(each, fresh)),
      rates,
    };
  }

  on('POST', '/v2/orders', ({ caller, body }) => {
    const fields = isFields(body.order) ? body.order : {};
    for (const field of ['to_address', 'from_address', 'shipments']) {
      if (isBlank(fields[field])) {
        throw refused(`ORDER.${field.toUpperCase()}.REQUIRED`, `Invalid request, '${field}' is required.`);
      }
    }
    const to = addresses.take(caller, fields.to_address, 'to_address').id;
    const from = addresses.take(caller, fields.from_address, 'from_address').id;
    const given = isFields(fields.options) ? fields.options : {};
    const entry = kept.add(caller, {
      to,
      from,
      shipments: [],
      rateIds: {},
      reference: textOf(fields, 'reference') ?? '',
      is_return: isTruthy(fields.is_return),
      options: { currency: 'USD', payment: { type: 'SENDER' }, ...given },
    });
    entry.body.shipments = listOf(fields, 'shipments').map((each) => {
      const own: Fields = isFields(each) ? each : {};
      const shared = {
        carrier_accounts: fields.carrier_accounts,
        customs_info: fields.customs_info,
        options: given,
      };
      const ends = { to_address: to, from_address: from, is_return: fields.is_return };
      return shipments.create(caller, { ...shared, ...own, ...ends }, entry.id).id;
    });
    const answer = render(entry);
    kept.save(entry);
    return created(answer, 'orders');
  });

  on('GET', '/v2/orders/:id', ({ caller, id }) => ok(render(find(caller, id))));
  on('GET', '/v2/orders/:id/rates', ({ caller, id }) => ok({ rates: ratesOf(find(caller, id)) }));

  on('POST', '/v2/orders/:id/buy', ({ caller, id, body }) => {
    const entry = find(caller, id);
    const [carrier, service] = [textOf(body, 'carrier'), textOf(body, 'service')];
    const chosen: [Entry<Shipment>, Rate][] = members(entry).map((shipment) => {
      const rate = shipment.body.rates.find((each) => each.carrier === carrier && each.service === service);
      // Guess: the code.
      if (rate === undefined)
        throw refused('SHIPMENT.RATES.UNAVAILABLE', 'No rate matches carrier and service.');
      return [shipment, rate];
    });
    for (const [shipment, rate] of chosen) shipments.buy(caller, shipment, rate);
    return ok(render(entry, true));
  });
}
