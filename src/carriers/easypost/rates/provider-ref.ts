import { z } from 'zod';

import { serviceOf, serviceSchema, type Rate } from '../shipments/rate.ts';

/** `Offer.providerRef` of one parcel: the quoted shipment, its rate and the rate's service. */
export const shipmentRef = serviceSchema.extend({ shipment: z.string(), rate: z.string() });
export type ShipmentRef = z.infer<typeof shipmentRef>;

/** `Offer.providerRef` of several parcels. An order is bought by the names of carrier and service, not by a rate. */
export const orderRef = serviceSchema.extend({ order: z.string() });
export type OrderRef = z.infer<typeof orderRef>;

export const toShipmentRef = (shipment: string, rate: Rate): ShipmentRef => ({
  shipment,
  rate: rate.id,
  ...serviceOf(rate),
});

export const toOrderRef = (order: string, rate: Rate): OrderRef => ({ order, ...serviceOf(rate) });
