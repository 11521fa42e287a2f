import Big from 'big.js';
import { z } from 'zod';

import { ProviderError } from '../../../domain/errors.ts';
import type { RateRequest } from '../../../domain/rate.ts';
import type { CallOptions } from '../../adapter.ts';
import type { EasyPostClient } from '../client.ts';
import { priceOf, rateMessages, ratesSchema, type Rate } from './rate.ts';
import { toAddresses, toDirectedFields, toShipmentRequest } from './shipment-request.ts';
import { ratedShipment, type CreateOptions } from './shipments.ts';

/** An Order of EasyPost: several shipments that are bought together. Its rates are the sums of its shipments' rates. */
const ratedOrder = z
  .object({
    id: z.string(),
    rates: ratesSchema,
    messages: rateMessages,
    shipments: z.array(ratedShipment).min(1),
  })
  .transform(({ rates, ...order }) => ({ ...order, ...rates }));
export type RatedOrder = z.infer<typeof ratedOrder>;

/** Creates an order. Repeatable, since an order costs nothing until it is bought. */
export function createOrder(
  client: EasyPostClient,
  request: RateRequest,
  { reference, carrierAccounts, labelFormat }: CreateOptions,
  call: CallOptions,
): Promise<RatedOrder> {
  rejectInsurance(request);
  const order = {
    ...toAddresses(request),
    reference,
    // Guess: an order takes carrier accounts as a list of ids, as recorded for a shipment.
    carrier_accounts: carrierAccounts,
    // Guess: zero here opts out of the account's default insurance, as it does when one shipment is bought; buying an
    // order has no such field.
    shipments: request.parcels.map((parcel) => ({
      ...toShipmentRequest(request, parcel, labelFormat),
      reference,
      insurance: '0',
    })),
  };
  const post = { method: 'POST', path: '/orders', json: { order }, repeatable: true } as const;
  return client.request(ratedOrder, post, call.signal).catch((error: unknown) => {
    throw toDirectedFields(error, request);
  });
}

export const fetchOrder = (client: EasyPostClient, order: string, call: CallOptions): Promise<RatedOrder> =>
  client.request(ratedOrder, { path: `/orders/${order}` }, call.signal);

/** The rates of an order, by whether parcels can be bought together at them. */
export interface OrderRates {
  readonly purchasable: readonly Rate[];
  /** One rate of each service that several carrier accounts sell, or that is priced in several currencies. */
  readonly ambiguous: readonly Rate[];
  /** One rate of each service that is sold for some of the parcels only. */
  readonly partial: readonly Rate[];
}

const nameOf = ({ carrier, service }: Rate) => `${carrier} ${service}`;
const sellerOf = (rate: Rate) => `${rate.carrier_account_id ?? ''} ${priceOf(rate).currencyCode}`;

/**
 * Splits the rates of an order. An order is bought by the names of carrier and service, so a service must have one seller
 * and one currency. Rates that EasyPost left at the shipments are summed here.
 */
export function splitRates({ rates, shipments }: RatedOrder): OrderRates {
  const ofShipments = shipments.map((shipment) => Map.groupBy(shipment.rates, nameOf));
  const services = Map.groupBy([...rates, ...shipments.flatMap((shipment) => shipment.rates)], nameOf);
  const summed = new Map(rates.map((rate) => [nameOf(rate), rate]));
  const purchasable: Rate[] = [];
  const ambiguous: Rate[] = [];
  const partial: Rate[] = [];
  for (const [name, all] of services) {
    const parts = ofShipments.flatMap((ofShipment) => ofShipment.get(name)?.slice(0, 1) ?? []);
    const sum = summed.get(name);
    if (new Set(all.map(sellerOf)).size > 1) ambiguous.push(sum ?? all[0]!);
    else if (sum !== undefined) purchasable.push(sum);
    else if (parts.length === shipments.length) purchasable.push(sumRates(parts));
    else partial.push(all[0]!);
  }
  return { purchasable, ambiguous, partial };
}

/** Sums the rates of one service. The parcels arrive when the last one does. */
function sumRates(rates: readonly Rate[]): Rate {
  const total = (column: 'rate' | 'list_rate' | 'retail_rate') =>
    rates.some((rate) => !rate[column])
      ? undefined
      : rates.reduce((sum, rate) => sum.plus(rate[column]!), new Big(0)).toFixed();
  const last = <T extends number | string>(values: readonly (T | null | undefined)[]) =>
    values.reduce((latest, value) =>
      latest == null || value == null ? null : value > latest ? value : latest,
    );
  return {
    ...rates[0]!,
    rate: total('rate')!,
    list_rate: total('list_rate'),
    retail_rate: total('retail_rate'),
    delivery_days: last(rates.map((rate) => rate.delivery_days)),
    delivery_date: last(rates.map((rate) => rate.delivery_date)),
    delivery_date_guaranteed: rates.every((rate) => rate.delivery_date_guaranteed),
  };
}

function rejectInsurance({ options }: RateRequest): void {
  if (!options?.insuredValue) return;
  throw new ProviderError('REJECTED', 'EasyPost does not insure parcels that are bought together', {
    field: ['options', 'insuredValue'],
    hint: 'Ask for rates of each parcel alone, or without insurance.',
  });
}
