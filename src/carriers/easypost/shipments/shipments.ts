import { z } from 'zod';

import type { RateRequest } from '../../../domain/rate.ts';
import type { LabelFormat } from '../../../domain/shipment.ts';
import type { CallOptions } from '../../adapter.ts';
import type { EasyPostClient } from '../client.ts';
import { rejectUninsurable } from './insurance.ts';
import { rateMessages, ratesSchema, type Rate } from './rate.ts';
import { toAddresses, toDirectedFields, toShipmentRequest } from './shipment-request.ts';

/** A Shipment of EasyPost with its rates: one parcel that is not bought yet. */
export const ratedShipment = z
  .object({
    id: z.string(),
    rates: ratesSchema,
    messages: rateMessages,
    usps_zone: z.int().min(0).max(99).nullish().catch(undefined),
  })
  .transform(({ rates, ...shipment }) => ({ ...shipment, ...rates }));
export type RatedShipment = z.infer<typeof ratedShipment>;
const rerateResponse = z.object({ rates: ratesSchema });

/** Options of a new shipment or order. */
export interface CreateOptions {
  /** The buyer's reference. */
  readonly reference?: string;
  /** Ids of the carrier accounts to rate with. Default: all. */
  readonly carrierAccounts?: readonly string[];
  /** Default: the format of quotes. */
  readonly labelFormat?: LabelFormat;
}

/** Creates a shipment of one parcel. Repeatable, since a shipment costs nothing until it is bought. */
export function createShipment(
  client: EasyPostClient,
  request: RateRequest,
  { reference, carrierAccounts, labelFormat }: CreateOptions,
  call: CallOptions,
): Promise<RatedShipment> {
  rejectUninsurable(request);
  const shipment = {
    ...toAddresses(request),
    ...toShipmentRequest(request, request.parcels[0]!, labelFormat),
    reference,
    carrier_accounts: carrierAccounts,
  };
  const post = { method: 'POST', path: '/shipments', json: { shipment }, repeatable: true } as const;
  return client.request(ratedShipment, post, call.signal).catch((error: unknown) => {
    throw toDirectedFields(error, request);
  });
}

export async function fetchRates(
  client: EasyPostClient,
  shipment: string,
  call: CallOptions,
): Promise<readonly Rate[]> {
  return (await client.request(ratedShipment, { path: `/shipments/${shipment}` }, call.signal)).rates;
}

/** Replaces the rates of a shipment by new ones with new ids. */
export async function rerate(
  client: EasyPostClient,
  shipment: string,
  call: CallOptions,
): Promise<readonly Rate[]> {
  const path = `/shipments/${shipment}/rerate`;
  const request = { method: 'POST', path, json: {}, repeatable: true } as const;
  return (await client.request(rerateResponse, request, call.signal)).rates.rates;
}
