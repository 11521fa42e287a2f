import { z } from 'zod';

import { serviceOf, serviceSchema, type Rate } from '../shipments/rate.ts';

/** Whether several callers may have the quote, so that a purchase makes a shipment or order of its own. Default: false. */
const shared = z.boolean().optional();

/** `Offer.providerRef` of one parcel: the quoted shipment, its rate and the rate's service. */
export const shipmentRef = serviceSchema.extend({ shipment: z.string(), rate: z.string(), shared });
export type ShipmentRef = z.infer<typeof shipmentRef>;

/** `Offer.providerRef` of several parcels. An order is bought by the names of carrier and service, not by a rate. */
export const orderRef = serviceSchema.extend({ order: z.string(), shared });
export type OrderRef = z.infer<typeof orderRef>;

export const toShipmentRef = (shipment: string, rate: Rate, shared?: true): ShipmentRef => ({
  shipment,
  rate: rate.id,
  ...serviceOf(rate),
  ...(shared && { shared }),
});

export const toOrderRef = (order: string, rate: Rate, shared?: true): OrderRef => ({
  order,
  ...serviceOf(rate),
  ...(shared && { shared }),
});
