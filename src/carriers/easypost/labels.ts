import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import type { Address } from '../../domain/address.ts';
import { outcome, ProviderError } from '../../domain/errors.ts';
import { compareMoney, money, sum, type Money } from '../../domain/money.ts';
import type { LabelFormat, Refund, SoldParcel } from '../../domain/shipment.ts';
import type { Call, LabelDesk, LabelOrder, PreparedLabel } from '../carrier.ts';
import type { EasyPost } from './client.ts';
import { unreadable } from './errors.ts';
import { createShipment, fromShipment, quotedShipment, rate, ticketSchema, toShipment } from './rates.ts';

const boughtShipment = z.object({
  tracking_code: z.string().nullish(),
  id: z.string(),
  postage_label: z
    .object({
      label_url: z.string().nullish(),
      label_pdf_url: z.string().nullish(),
      label_zpl_url: z.string().nullish(),
    })
    .nullish(),
  selected_rate: rate.nullish(),
  fees: z.array(z.object({ type: z.string(), amount: z.string() })).nullish(),
});
/** What is bought, and what it is insured for in dollars. */
const orderedTicket = ticketSchema.extend({
  insurance: z.string().optional(),
  format: z.enum(['PDF', 'PNG', 'ZPL']).default('PDF'),
});
const refundState = z.object({ refund_status: z.string().nullish() });
const shipmentState = boughtShipment.and(quotedShipment);

/** A bought shipment is read back rather than bought again: EasyPost sells one label a shipment. */
export function labelDesk(easypost: EasyPost, isFileHost: (url: URL) => boolean): LabelDesk {
  const shipmentOf = (prepared: PreparedLabel) => orderedTicket.parse(prepared.request);
  return {
    async prepare(order, call) {
      // Zero opts out of what the account may insure by itself; nothing is charged that was not asked for.
      const insurance = order.request.options?.insuredValue?.amount ?? '0';
      const ticket = await toTicket(easypost, order, call);
      return { attempt: randomUUID(), request: { ...ticket, insurance, format: order.format } };
    },
    async buy(prepared, call) {
      const ticket = shipmentOf(prepared);
      const request = {
        method: 'POST',
        path: `/shipments/${ticket.shipment}/buy`,
        json: { rate: { id: ticket.rate }, insurance: ticket.insurance },
        timeoutMs: 60_000,
      } as const;
      try {
        return fromBought(await easypost.ask(boughtShipment, request, call.signal), ticket.format);
      } catch (error) {
        const exists = error instanceof ProviderError && error.providerCode === 'SHIPMENT.POSTAGE.EXISTS';
        const bought = exists ? await readBack(prepared, call) : undefined;
        if (bought) return bought;
        throw error;
      }
    },
    recall: readBack,
    async void({ prepared }, call) {
      const path = `/shipments/${shipmentOf(prepared).shipment}`;
      const request = { method: 'POST', path: `${path}/refund`, json: {} } as const;
      const asked = await outcome(() => easypost.ask(refundState, request, call.signal));
      if (!(asked instanceof ProviderError)) return fromRefund(asked);
      // Asked for before, by a call whose answer was lost: the shipment tells.
      const state = await easypost.ask(refundState, { path }, call.signal);
      if (state.refund_status) return fromRefund(state);
      throw asked;
    },
    async refund({ prepared }, call) {
      const path = `/shipments/${shipmentOf(prepared).shipment}`;
      return fromRefund(await easypost.ask(refundState, { path }, call.signal));
    },
    async document(source, call) {
      const url = new URL(await addressOf(source, call));
      if (!isFileHost(url)) {
        throw new ProviderError(
          'UNREADABLE',
          `EasyPost keeps the label at a host that is not known: ${url.host}`,
        );
      }
      return easypost.download(url, call.signal);
    },
  };

  /** A file that lies somewhere, or one that is converted now: `shp_...:ZPL`. */
  async function addressOf(source: string, call: Call): Promise<string> {
    const [, shipment, format] = /^(shp_\w+):(PDF|ZPL)$/.exec(source) ?? [];
    if (!shipment || !format) return source;
    const path = `/shipments/${shipment}/label?file_format=${format}`;
    const { postage_label } = await easypost.ask(boughtShipment, { path }, call.signal);
    const address = format === 'PDF' ? postage_label?.label_pdf_url : postage_label?.label_zpl_url;
    if (!address) throw unreadable('a converted label');
    return address;
  }

  async function readBack(prepared: PreparedLabel, call: Call): Promise<SoldParcel | undefined> {
    const { shipment } = shipmentOf(prepared);
    const state = await easypost.ask(shipmentState, { path: `/shipments/${shipment}` }, call.signal);
    return state.postage_label ? fromBought(state, shipmentOf(prepared).format) : undefined;
  }
}

/**
 * A shipment can't be changed, so people who are named at purchase mean a new one: the same service is found among
 * its rates, for no more than was quoted.
 */
async function toTicket(easypost: EasyPost, order: LabelOrder, call: Call) {
  const { request, offer, from, to, reference } = order;
  const ticket = ticketSchema.parse(offer.ticket);
  if (samePeople(request.from, from) && samePeople(request.to, to) && reference === undefined) return ticket;
  const shipment = await createShipment(
    easypost,
    { ...toShipment({ ...request, from, to }), reference },
    call,
  );
  const { offers } = fromShipment(shipment);
  const same = offers.find(
    ({ carrier, service }) => carrier === offer.carrier && service.code === offer.service.code,
  );
  if (same === undefined) {
    throw new ProviderError('REJECTED', `${offer.service.name} is not sold for this shipment any more`, {
      hint: 'Ask for rates again.',
    });
  }
  if (compareMoney(same.price, offer.price) > 0) throw priceChanged(offer.price, same.price);
  return ticketSchema.parse(same.ticket);
}

const samePeople = (a: Address, b: Address) =>
  (['name', 'company', 'phone', 'email'] as const).every((field) => (a[field] ?? '') === (b[field] ?? ''));

function priceChanged(quoted: Money, now: Money): ProviderError {
  const price = ({ amount, currencyCode }: Money) => `${amount} ${currencyCode}`;
  return new ProviderError(
    'PRICE_CHANGED',
    `the price is ${price(now)} now, it was quoted at ${price(quoted)}`,
    {
      hint: 'Ask for rates again, and buy at the new price.',
    },
  );
}

/** The label is kept as it was made; another format is made of it when it is fetched, and never fails the purchase. */
export function fromBought(shipment: z.infer<typeof boughtShipment>, format: LabelFormat): SoldParcel {
  const { tracking_code, postage_label, selected_rate, fees } = shipment;
  const made = postage_label?.label_url;
  const source = format === 'PNG' ? made : `${shipment.id}:${format}`;
  if (!tracking_code || !made || !source || !selected_rate) throw unreadable('a bought shipment');
  const currency = selected_rate.currency ?? 'USD';
  const charged = (fees ?? [])
    .map((fee) => ({ name: feeNames[fee.type] ?? fee.type, amount: cents(fee.amount, currency) }))
    .filter((charge) => Number(charge.amount.amount) !== 0);
  const charges =
    charged.length > 0 ? charged : [{ name: 'Postage', amount: money(selected_rate.rate, currency) }];
  const [first, ...rest] = charges.map((charge) => charge.amount);
  return {
    trackingNumber: tracking_code,
    price: sum(first!, ...rest),
    charges,
    label: { format, source },
  };
}

/**
 * A refund is decided by the carrier, some two weeks later; who bills on scan has nothing to refund. Guess: such a
 * label is void at once.
 */
function fromRefund({ refund_status }: z.infer<typeof refundState>): Refund {
  switch (refund_status) {
    case 'refunded':
      return { status: 'REFUNDED', voided: true };
    case 'not_applicable':
      return { status: 'NOT_APPLICABLE', voided: true };
    case 'rejected':
      return { status: 'REFUSED', voided: false };
    case 'submitted':
      return { status: 'REQUESTED', voided: false };
    default:
      throw unreadable('a refund');
  }
}

const feeNames: Record<string, string> = {
  PostageFee: 'Postage',
  LabelFee: 'Label',
  InsuranceFee: 'Insurance',
  TrackerFee: 'Tracking',
};

/** Fees are printed with five decimals, "6.07000"; trailing zeros say nothing. */
function cents(amount: string, currency: string): Money {
  return money(amount.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''), currency);
}
