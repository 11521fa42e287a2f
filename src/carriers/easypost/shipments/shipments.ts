import { z } from 'zod';

import { outcome, ProviderError } from '../../../domain/errors.ts';
import type { Quote, RateRequest } from '../../../domain/rate.ts';
import type { CallOptions, LabelRequest } from '../../adapter.ts';
import type { EasyPost } from '../client.ts';
import { toInputFields, toShipmentRequest, toAddresses } from './shipment-request.ts';
import {
  accountOf,
  fromMessages,
  fromRates,
  isWanted,
  message,
  rate,
  refuseDearer,
  sameService,
  serviceOf,
  soldService,
  type SoldService,
  type Rate,
} from '../rates/offers.ts';
import { isSold, shipmentState, type ShipmentState } from '../labels/purchased-label.ts';

export const ratedShipment = z.object({
  id: z.string(),
  rates: z.array(rate),
  messages: z.array(message).nullish(),
  usps_zone: z.number().nullish(),
});
type RatedShipment = z.infer<typeof ratedShipment>;
const rerated = z.object({ rates: z.array(rate) });

/** The quoted shipment and its rate: what is bought is what was quoted. */
export const shipmentTicket = soldService.extend({ shipment: z.string(), rate: z.string() });
type ShipmentTicket = z.infer<typeof shipmentTicket>;

/** What is bought, what it is insured for in dollars, and the most that it may cost. */
export const orderedShipment = shipmentTicket.extend({
  insurance: z.string(),
  limit: z.object({ amount: z.string(), currencyCode: z.string() }),
});
export type OrderedShipment = z.infer<typeof orderedShipment>;

/** Rates keep no promise of how long they stand; within this time EasyPost is not asked whether they still do. */
const freshForMs = 15 * 60 * 1000;

export async function quoteShipment(
  easypost: EasyPost,
  request: RateRequest,
  accounts: readonly string[] | undefined,
  call: CallOptions,
): Promise<Quote> {
  const { id, rates, messages, usps_zone } = await createShipment(easypost, request, { accounts }, call);
  return {
    offers: fromRates(rates.filter(isWanted(request)), usps_zone, (each) => toTicket(id, each)),
    failures: fromMessages((messages ?? []).filter(isWanted(request))),
  };
}

export const toTicket = (shipment: string, each: Rate): ShipmentTicket => ({
  shipment,
  rate: each.id,
  ...serviceOf(each),
});

/** What a shipment or an order is made with, beside what is shipped. */
export interface Further {
  /** The buyer's. */
  readonly reference?: string;
  /** The carrier accounts that are asked; all when left out. */
  readonly accounts?: readonly string[];
}

/** A second shipment made by a repeated call costs nothing, and is never bought. */
function createShipment(
  easypost: EasyPost,
  request: RateRequest,
  { reference, accounts }: Further,
  call: CallOptions,
): Promise<RatedShipment> {
  refuseForeignInsurance(request);
  const shipment = {
    ...toAddresses(request),
    ...toShipmentRequest(request, request.parcels[0]!),
    reference,
    carrier_accounts: accounts,
  };
  const post = { method: 'POST', path: '/shipments', json: { shipment }, repeatable: true } as const;
  return easypost.ask(ratedShipment, post, call.signal).catch((error: unknown) => {
    throw toInputFields(error, request);
  });
}

function refuseForeignInsurance({ options }: RateRequest): void {
  if (!options?.insuredValue || options.insuredValue.currencyCode === 'USD') return;
  throw new ProviderError('REJECTED', 'EasyPost insures in US dollars', {
    field: ['options', 'insuredValue', 'currencyCode'],
  });
}

/** The shipment and the rate to buy, at a price that is allowed. */
export async function orderShipment(
  easypost: EasyPost,
  order: LabelRequest,
  call: CallOptions,
): Promise<OrderedShipment> {
  // Zero opts out of what the account may insure by itself; nothing is charged that was not asked for.
  const insurance = order.request.options?.insuredValue?.amount ?? '0';
  return { ...(await ticketOf(easypost, order, call)), insurance, limit: order.maxPrice };
}

async function ticketOf(easypost: EasyPost, order: LabelRequest, call: CallOptions): Promise<ShipmentTicket> {
  const { request, from, to, reference, maxPrice, quotedAt } = order;
  const ticket = shipmentTicket.parse(order.offer.providerRef);
  if (!isAsQuoted(order)) {
    const shipment = await createShipment(
      easypost,
      { ...request, from, to },
      { reference, accounts: accountOf(ticket) },
      call,
    );
    return toTicket(shipment.id, sameService(shipment.rates, ticket, maxPrice));
  }
  if (easypost.clock.now() - quotedAt < freshForMs) return ticket;
  const { rates } = await easypost.ask(ratedShipment, { path: `/shipments/${ticket.shipment}` }, call.signal);
  const known = rates.find(({ id }) => id === ticket.rate);
  if (known === undefined) return rerate(easypost, ticket, maxPrice, call);
  refuseDearer(known, maxPrice);
  return ticket;
}

/** A shipment can't be changed: people or a reference that are added at purchase mean a new one. */
export function isAsQuoted({ request, from, to, reference }: LabelRequest): boolean {
  const people = ['name', 'company', 'phone', 'email'] as const;
  return (
    reference === undefined &&
    people.every(
      (field) =>
        (request.from[field] ?? '') === (from[field] ?? '') &&
        (request.to[field] ?? '') === (to[field] ?? ''),
    )
  );
}

/** Rates that are gone are made anew, under new ids, for the same service under the same limit. */
async function rerate(
  easypost: EasyPost,
  ticket: ShipmentTicket,
  limit: LabelRequest['maxPrice'],
  call: CallOptions,
): Promise<ShipmentTicket> {
  const path = `/shipments/${ticket.shipment}/rerate`;
  const request = { method: 'POST', path, json: {}, repeatable: true } as const;
  const { rates } = await easypost.ask(rerated, request, call.signal);
  return toTicket(ticket.shipment, sameService(rates, ticket, limit));
}

/** EasyPost sells one label a shipment: one that was bought already is read back, where it is what was to be bought. */
export async function buyShipment(
  easypost: EasyPost,
  ordered: OrderedShipment,
  call: CallOptions,
  mayRerate = true,
): Promise<ShipmentState> {
  const request = {
    method: 'POST',
    path: `/shipments/${ordered.shipment}/buy`,
    json: { rate: { id: ordered.rate }, insurance: ordered.insurance },
    timeoutMs: 60_000,
  } as const;
  try {
    return await easypost.ask(shipmentState, request, call.signal);
  } catch (error) {
    const code = error instanceof ProviderError ? error.providerCode : undefined;
    if (code === 'SHIPMENT.POSTAGE.EXISTS') {
      const bought = await outcome(() => boughtShipment(easypost, ordered, call));
      // Not told what was bought: that it may be ours is all we know.
      if (bought instanceof ProviderError) throw inDoubt(bought);
      if (bought) return bought;
      throw soldOtherwise(error as ProviderError);
    }
    if (code === 'SHIPMENT.MISSING_RATE' && mayRerate) {
      const ticket = await rerate(easypost, ordered, ordered.limit, call);
      return buyShipment(easypost, { ...ordered, ...ticket }, call, false);
    }
    throw error;
  }
}

/**
 * The shipment, where what was ordered was bought. One that was quoted has rates of many services, and another of them
 * may have been bought of it, here or in EasyPost's dashboard: that label is somebody else's.
 */
export async function boughtShipment(
  easypost: EasyPost,
  ordered: Pick<OrderedShipment, 'shipment'> & Partial<SoldService>,
  call: CallOptions,
): Promise<ShipmentState | undefined> {
  const { shipment } = ordered;
  const state = await easypost.ask(shipmentState, { path: `/shipments/${shipment}` }, call.signal);
  return isSold(state, ordered) ? state : undefined;
}

const soldOtherwise = ({ providerCode, providerMessage }: ProviderError) =>
  new ProviderError('REJECTED', 'EasyPost has sold another service for this shipment already', {
    hint: 'One label is sold a quote: ask for rates again.',
    providerCode,
    providerMessage,
  });

const inDoubt = (cause: ProviderError) =>
  new ProviderError(cause.code, cause.message, { ...cause, refused: false, cause });
