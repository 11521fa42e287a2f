import { z } from 'zod';

import { ProviderError } from '../../../domain/errors.ts';
import type { RateRequest } from '../../../domain/rate.ts';
import type { CallOptions } from '../../adapter.ts';
import type { EasyPostClient } from '../client.ts';
import { rateMessageSchema, rateSchema, type Rate } from './rate.ts';
import { toAddresses, toDirectedFields, toShipmentRequest } from './shipment-request.ts';
import { ratedShipment, type CreateOptions } from './shipments.ts';

/** An Order of EasyPost: several shipments that are bought together. Its rates are the sums of its shipments' rates. */
const ratedOrder = z.object({
  id: z.string(),
  rates: z.array(rateSchema),
  messages: z.array(rateMessageSchema).nullish(),
  shipments: z.array(ratedShipment).min(1),
});
export type RatedOrder = z.infer<typeof ratedOrder>;

/** Creates an order. Repeatable, since an order costs nothing until it is bought. */
export function createOrder(
  client: EasyPostClient,
  request: RateRequest,
  { reference, carrierAccounts }: CreateOptions,
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
      ...toShipmentRequest(request, parcel),
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

/**
 * Splits the rates of an order by whether they can be bought. An order is bought by the names of carrier and service, so
 * a service of several carrier accounts is ambiguous.
 */
export function splitRates({ rates, shipments }: RatedOrder): { purchasable: Rate[]; ambiguous: Rate[] } {
  const allRates = [...rates, ...shipments.flatMap((shipment) => shipment.rates)];
  const isUnique = (rate: Rate) =>
    allRates.every(
      (other) =>
        other.carrier !== rate.carrier ||
        other.service !== rate.service ||
        other.carrier_account_id === rate.carrier_account_id,
    );
  const byService = new Map(rates.map((rate) => [`${rate.carrier} ${rate.service}`, rate]));
  return {
    purchasable: rates.filter(isUnique),
    ambiguous: [...byService.values()].filter((rate) => !isUnique(rate)),
  };
}

function rejectInsurance({ options }: RateRequest): void {
  if (!options?.insuredValue) return;
  throw new ProviderError('REJECTED', 'EasyPost does not insure parcels that are bought together', {
    field: ['options', 'insuredValue'],
    hint: 'Ask for rates of each parcel alone, or without insurance.',
  });
}
