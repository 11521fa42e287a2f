import { z } from 'zod';

import { outcome, ProviderError } from '../../../domain/errors.ts';
import type { CallOptions } from '../../adapter.ts';
import type { LabelRequest } from '../../../domain/label.ts';
import type { EasyPostClient } from '../client.ts';
import { orderRef } from '../rates/provider-ref.ts';
import { createOrder, fetchOrder, splitRates } from '../shipments/orders.ts';
import { carrierAccountsOf, isAsQuoted, labelFormatOf, selectRate } from './price-check.ts';
import { isOfService, isSold, purchasedShipment, type PurchasedShipment } from './purchased-label.ts';
import { followedBy, followedOutcome } from '../../../transport/call-plan.ts';

const purchasedOrder = z.object({ shipments: z.array(purchasedShipment) });

/** The request to buy several labels together. `shipments` are ids in the order of the parcels. */
export const orderPurchase = orderRef.extend({ shipments: z.array(z.string()) });
type OrderPurchase = z.infer<typeof orderPurchase>;

/** Buying the order, and reading it back. */
const purchaseCalls = { calls: 2, when: 'the service is sold at an allowed price' };

/**
 * Prepares the purchase of an order. Reads it again, since its price must be allowed and its service must still belong to
 * the carrier account that was quoted.
 */
export async function prepareOrder(
  client: EasyPostClient,
  labelRequest: LabelRequest,
  call: CallOptions,
): Promise<OrderPurchase> {
  const { request, from, to, reference, maxPrice } = labelRequest;
  const quoted = orderRef.parse(labelRequest.offer.providerRef);
  const options = {
    reference,
    carrierAccounts: carrierAccountsOf(quoted),
    labelFormat: labelFormatOf(labelRequest),
  };
  const isReused = !quoted.shared && isAsQuoted(labelRequest);
  const order = await followedBy(
    isReused
      ? fetchOrder(client, quoted.order, call)
      : createOrder(client, { ...request, from, to }, options, call),
    purchaseCalls,
  );
  selectRate(splitRates(order).purchasable, quoted, maxPrice);
  return { ...quoted, order: order.id, shipments: order.shipments.map(({ id }) => id) };
}

/** Buys an order. An order that was already purchased is read back. */
export async function buyOrder(
  client: EasyPostClient,
  purchase: OrderPurchase,
  call: CallOptions,
): Promise<readonly PurchasedShipment[]> {
  const request = {
    method: 'POST',
    path: `/orders/${purchase.order}/buy`,
    json: { carrier: purchase.carrier, service: purchase.service },
    timeoutMs: 60_000,
  } as const;
  const order = await followedOutcome(client.request(purchasedOrder, request, call.signal), {
    calls: 1,
    when: 'the purchase is refused',
  });
  if (!(order instanceof ProviderError)) return sortShipments(order.shipments, purchase);
  if (!order.refused) throw order;
  // Refused for one parcel, EasyPost may have sold the others; refused as purchased before, it has sold all of them.
  const existing = await outcome(() => fetchShipments(client, purchase, call));
  if (existing instanceof ProviderError) throw uncertain(existing.message, order);
  const purchased = existing.filter(isPurchasedAs(purchase));
  if (purchased.length === 0) throw order;
  return requireAll(purchased, existing, order);
}

/** Reads an order, and returns its shipments where all were purchased. Throws UNREADABLE where only some were. */
export async function findPurchasedOrder(
  client: EasyPostClient,
  purchase: OrderPurchase,
  call: CallOptions,
): Promise<readonly PurchasedShipment[] | undefined> {
  const shipments = await fetchShipments(client, purchase, call);
  if (!shipments.some(isSold)) return undefined;
  return requireAll(shipments.filter(isPurchasedAs(purchase)), shipments);
}

async function fetchShipments(client: EasyPostClient, purchase: OrderPurchase, call: CallOptions) {
  const order = await client.request(purchasedOrder, { path: `/orders/${purchase.order}` }, call.signal);
  return sortShipments(order.shipments, purchase);
}

const isPurchasedAs = (purchase: OrderPurchase) => (shipment: PurchasedShipment) =>
  isSold(shipment) && isOfService(shipment, purchase);

function requireAll<T>(purchased: readonly T[], all: readonly T[], cause?: ProviderError): readonly T[] {
  if (purchased.length === all.length) return all;
  throw uncertain(`${purchased.length} of the ${all.length} parcels were purchased with this service`, cause);
}

const sortShipments = (shipments: readonly PurchasedShipment[], purchase: OrderPurchase) =>
  purchase.shipments.map((id) => {
    const found = shipments.find((shipment) => shipment.id === id);
    if (found === undefined) throw uncertain('a parcel is missing in the response');
    return found;
  });

const uncertain = (reason: string, cause?: ProviderError) =>
  new ProviderError('UNREADABLE', `the outcome of the EasyPost order is uncertain: ${reason}`, {
    hint: 'Look up the order in the EasyPost dashboard.',
    providerCode: cause?.providerCode,
    providerMessage: cause?.providerMessage,
    refused: false,
    cause,
  });
