import { Big } from 'big.js';
import type { Addresses } from '../addresses/addresses.ts';
import { unprocessable } from '../api-error.ts';
import { commonFields, newId, openCollection, type Entry } from '../collection.ts';
import { isBlank, isFields, isTruthy, listOf, textOf, type Fields } from '../fields.ts';
import { created, ok, type Api } from '../http.ts';
import type { Owner } from '../state.ts';
import type { PurchaseLabel } from './label-purchase.ts';
import { renderRate, type RenderShipment } from './shipment-json.ts';
import type { Rate, Shipment } from './shipment.ts';
import type { Shipments } from './shipments.ts';

interface Order {
  to: string;
  from: string;
  shipments: string[];
  /** The id of each summed rate by service. No purchase accepts these ids. */
  rateIds: Record<string, string>;
  reference: string;
  is_return: boolean;
  options: Fields;
}

interface Resources {
  addresses: Addresses;
  shipments: Shipments;
  purchaseLabel: PurchaseLabel;
  renderShipment: RenderShipment;
}

/** Orders: several parcels to one address, each a shipment of its own. The rates of an order are sums. */
export function addOrderRoutes({ state, addRoute }: Api, resources: Resources) {
  const { shipments, purchaseLabel } = resources;
  const orders = openCollection<Order>(state, 'order', 'order');

  addRoute('POST', '/v2/orders', ({ caller, body }) => {
    const fields = isFields(body.order) ? body.order : {};
    const entry = orders.add(caller, readOrder(caller, fields, resources));
    const given = listOf(fields, 'shipments');
    entry.body.shipments = given.map((each, index) => {
      const own = shipmentFields(entry.body, fields, isFields(each) ? each : {});
      const shipment = shipments.create(caller, own, entry.id);
      if (given.length > 1) {
        shipment.body.piece = { number: index + 1, total: given.length };
        shipments.save(shipment);
      }
      return shipment.id;
    });
    const rendered = renderOrder(entry, resources);
    orders.save(entry);
    return created(rendered, 'orders');
  });

  addRoute('GET', '/v2/orders/:id', ({ caller, id }) => ok(renderOrder(orders.get(caller, id), resources)));
  addRoute('GET', '/v2/orders/:id/rates', ({ caller, id }) =>
    ok({ rates: sumRates(orders.get(caller, id), shipments) }),
  );

  addRoute('POST', '/v2/orders/:id/buy', ({ caller, id, body }) => {
    const entry = orders.get(caller, id);
    const [carrier, service] = [textOf(body, 'carrier'), textOf(body, 'service')];
    const purchases: [Entry<Shipment>, Rate][] = membersOf(entry, shipments).map((shipment) => {
      const rate = shipment.body.rates.find((each) => each.carrier === carrier && each.service === service);
      // Guess: the code.
      if (rate === undefined)
        throw unprocessable('SHIPMENT.RATES.UNAVAILABLE', 'No rate matches carrier and service.');
      return [shipment, rate];
    });
    for (const [shipment, rate] of purchases) purchaseLabel(caller, shipment, rate);
    return ok(renderOrder(entry, resources, { initialTracker: true }));
  });
}

function readOrder(owner: Owner, fields: Fields, { addresses }: Resources): Order {
  for (const field of ['to_address', 'from_address', 'shipments']) {
    if (isBlank(fields[field])) {
      throw unprocessable(
        `ORDER.${field.toUpperCase()}.REQUIRED`,
        `Invalid request, '${field}' is required.`,
      );
    }
  }
  return {
    to: addresses.findOrAdd(owner, fields.to_address, 'to_address').id,
    from: addresses.findOrAdd(owner, fields.from_address, 'from_address').id,
    shipments: [],
    rateIds: {},
    reference: textOf(fields, 'reference') ?? '',
    is_return: isTruthy(fields.is_return),
    options: { currency: 'USD', payment: { type: 'SENDER' }, ...optionsOf(fields) },
  };
}

const optionsOf = (fields: Fields) => (isFields(fields.options) ? fields.options : {});

/** Returns the fields of one shipment: its own take precedence over the order's, the addresses are the order's. */
const shipmentFields = ({ to, from }: Order, order: Fields, own: Fields): Fields => ({
  carrier_accounts: order.carrier_accounts,
  customs_info: order.customs_info,
  options: optionsOf(order),
  ...own,
  to_address: to,
  from_address: from,
  is_return: order.is_return,
});

const membersOf = (entry: Entry<Order>, shipments: Shipments) =>
  entry.body.shipments.map((id) => shipments.get(entry, id));

const serviceKey = ({ carrier, service, carrier_account_id }: Rate) =>
  [carrier_account_id, carrier, service].join(' ');

/** Sums the rates of all shipments by service. A service that one shipment lacks is left out. */
function sumRates(entry: Entry<Order>, shipments: Shipments): Fields[] {
  const members = membersOf(entry, shipments);
  return members[0]!.body.rates.flatMap((first) => {
    const key = serviceKey(first);
    const rates = members.map(({ body }) => body.rates.find((each) => serviceKey(each) === key));
    if (rates.includes(undefined)) return [];
    const sum = (column: 'rate' | 'list_rate' | 'retail_rate') =>
      rates.some((rate) => rate![column] === null)
        ? null
        : rates.reduce((total, rate) => total.plus(rate![column]!), new Big(0)).toFixed(2);
    entry.body.rateIds[key] ??= newId('rate');
    return {
      ...renderRate(members[0]!, first),
      id: entry.body.rateIds[key],
      created_at: null,
      updated_at: null,
      rate: sum('rate'),
      list_rate: sum('list_rate'),
      retail_rate: sum('retail_rate'),
    };
  });
}

function renderOrder(
  entry: Entry<Order>,
  { addresses, shipments, renderShipment }: Resources,
  options: { initialTracker?: boolean } = {},
) {
  const rates = sumRates(entry, shipments);
  const members = membersOf(entry, shipments);
  const address = (id: string) => addresses.render(addresses.get(entry, id));
  return {
    ...commonFields('Order', entry),
    reference: entry.body.reference,
    is_return: entry.body.is_return,
    options: entry.body.options,
    messages: members.flatMap(({ body }) => body.messages),
    customs_info: null,
    from_address: address(entry.body.from),
    to_address: address(entry.body.to),
    buyer_address: address(entry.body.to),
    return_address: address(entry.body.from),
    shipments: members.map((each) => renderShipment(each, options)),
    rates,
  };
}
