import { z } from 'zod';

import { outcome, ProviderError } from '../../../domain/errors.ts';
import type { Quote, RateRequest } from '../../../domain/rate.ts';
import type { CallOptions, LabelRequest } from '../../adapter.ts';
import type { EasyPost } from '../client.ts';
import { toInputFields, toShipmentRequest, toAddresses } from './shipment-request.ts';
import { accountOf, fromMessages, fromRates, isWanted, message, rate, sameService, serviceOf, soldService, type Rate } from '../rates/offers.ts'; // prettier-ignore
import { isAsQuoted, ratedShipment, type Further } from './shipments.ts';
import { isSold, shipmentState, type ShipmentState } from '../labels/purchased-label.ts';
import { fromCarrier, fromService } from '../service-codes.ts';

/** Its rates are the sums of its shipments' rates. */
const ratedOrder = z.object({
  id: z.string(),
  rates: z.array(rate),
  messages: z.array(message).nullish(),
  shipments: z.array(ratedShipment).min(1),
});
type RatedOrder = z.infer<typeof ratedOrder>;
const orderState = z.object({ shipments: z.array(shipmentState) });

/** An order is bought by the names of carrier and service, not by a rate. */
const orderTicket = soldService.extend({ order: z.string() });

/** What is bought: its shipments in the order of the parcels. */
export const orderedOrder = orderTicket.extend({ shipments: z.array(z.string()) });
type OrderedOrder = z.infer<typeof orderedOrder>;

export async function quoteOrder(
  easypost: EasyPost,
  request: RateRequest,
  accounts: readonly string[] | undefined,
  call: CallOptions,
): Promise<Quote> {
  const order = await createOrder(easypost, request, { accounts }, call);
  const { sold, leftOut } = byName(order);
  const messages = [order, ...order.shipments].flatMap((each) => each.messages ?? []);
  const wanted = isWanted(request);
  return {
    offers: fromRates(sold.filter(wanted), order.shipments[0]!.usps_zone, (each) => ({
      order: order.id,
      ...serviceOf(each),
    })),
    failures: [...fromMessages(messages.filter(wanted)), ...leftOut.filter(wanted).map(ambiguous)],
  };
}

/** A second order made by a repeated call costs nothing, and is never bought. */
function createOrder(
  easypost: EasyPost,
  request: RateRequest,
  { reference, accounts }: Further,
  call: CallOptions,
): Promise<RatedOrder> {
  refuseInsurance(request);
  const order = {
    ...toAddresses(request),
    reference,
    // Guess: by their ids alone, as a shipment is recorded to take them.
    carrier_accounts: accounts,
    // Guess: said here, zero opts out of the account's own insurance as it does at the purchase of one shipment;
    // buying an order has no word for it.
    shipments: request.parcels.map((parcel) => ({
      ...toShipmentRequest(request, parcel),
      reference,
      insurance: '0',
    })),
  };
  const post = { method: 'POST', path: '/orders', json: { order }, repeatable: true } as const;
  return easypost.ask(ratedOrder, post, call.signal).catch((error: unknown) => {
    throw toInputFields(error, request);
  });
}

function refuseInsurance({ options }: RateRequest): void {
  if (!options?.insuredValue) return;
  throw new ProviderError('REJECTED', 'EasyPost does not insure parcels that are bought together', {
    field: ['options', 'insuredValue'],
    hint: 'Ask for rates of each parcel alone, or without insurance.',
  });
}

/** The rates that a name buys, and the names that several carrier accounts would answer to. */
function byName({ rates, shipments }: RatedOrder): { sold: Rate[]; leftOut: Rate[] } {
  const all = [...rates, ...shipments.flatMap((each) => each.rates)];
  const isUnique = (one: Rate) =>
    all.every(
      (each) =>
        each.carrier !== one.carrier ||
        each.service !== one.service ||
        each.carrier_account_id === one.carrier_account_id,
    );
  const named = new Map(rates.map((each) => [`${each.carrier} ${each.service}`, each]));
  return {
    sold: rates.filter(isUnique),
    leftOut: [...named.values()].filter((each) => !isUnique(each)),
  };
}

function ambiguous({ carrier, service }: Rate): ProviderError {
  const { name } = fromService(fromCarrier(carrier), service);
  return new ProviderError(
    'REJECTED',
    `${name} is sold by several carrier accounts of this EasyPost account`,
    {
      hint: 'Parcels that are bought together can’t name the carrier account: ask for rates of each parcel alone.',
    },
  );
}

/** The order to buy, read again: its price must be allowed, and its name still mean the account that was quoted. */
export async function orderOrder(
  easypost: EasyPost,
  order: LabelRequest,
  call: CallOptions,
): Promise<OrderedOrder> {
  const { request, from, to, reference, maxPrice } = order;
  const ticket = orderTicket.parse(order.offer.providerRef);
  const state = isAsQuoted(order)
    ? await easypost.ask(ratedOrder, { path: `/orders/${ticket.order}` }, call.signal)
    : await createOrder(easypost, { ...request, from, to }, { reference, accounts: accountOf(ticket) }, call);
  sameService(byName(state).sold, ticket, maxPrice);
  return { ...ticket, order: state.id, shipments: state.shipments.map(({ id }) => id) };
}

export async function buyOrder(
  easypost: EasyPost,
  ordered: OrderedOrder,
  call: CallOptions,
): Promise<readonly ShipmentState[]> {
  const request = {
    method: 'POST',
    path: `/orders/${ordered.order}/buy`,
    json: { carrier: ordered.carrier, service: ordered.service },
    timeoutMs: 60_000,
  } as const;
  const answer = await outcome(() => easypost.ask(orderState, request, call.signal));
  if (!(answer instanceof ProviderError)) return inOrder(answer.shipments, ordered);
  if (!answer.refused) throw answer;
  // Refused for one parcel, it may have bought the others; and bought before, it is not bought again.
  const bought = await outcome(() => boughtOrder(easypost, ordered, call));
  if (bought instanceof ProviderError) throw inDoubt(bought.message, answer);
  if (bought === undefined) throw answer;
  return bought;
}

/** The shipments of the order, where they were bought; some of them alone are neither bought nor not. */
export async function boughtOrder(
  easypost: EasyPost,
  ordered: OrderedOrder,
  call: CallOptions,
): Promise<readonly ShipmentState[] | undefined> {
  const state = await easypost.ask(orderState, { path: `/orders/${ordered.order}` }, call.signal);
  const shipments = inOrder(state.shipments, ordered);
  const labels = shipments.filter((each) => isSold(each, ordered));
  if (labels.length === 0) return undefined;
  if (labels.length === shipments.length) return shipments;
  throw inDoubt(`${labels.length} of the ${shipments.length} parcels were bought`);
}

const inOrder = (shipments: readonly ShipmentState[], ordered: OrderedOrder) =>
  ordered.shipments.map((id) => {
    const found = shipments.find((each) => each.id === id);
    if (found === undefined) throw inDoubt('a parcel is missing in the answer');
    return found;
  });

const inDoubt = (what: string, cause?: ProviderError) =>
  new ProviderError('UNREADABLE', `EasyPost’s order is in doubt: ${what}`, {
    hint: 'Look at the order in the EasyPost dashboard.',
    providerCode: cause?.providerCode,
    providerMessage: cause?.providerMessage,
    refused: false,
    cause,
  });
