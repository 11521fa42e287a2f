import { z } from 'zod';

import { outcome, ProviderError } from '../../../domain/errors.ts';
import type { Money } from '../../../domain/money.ts';
import type { CallOptions } from '../../adapter.ts';
import type { LabelRequest } from '../../../domain/label.ts';
import type { EasyPostClient } from '../client.ts';
import { shipmentRef, toShipmentRef, type ShipmentRef } from '../rates/provider-ref.ts';
import type { Service } from '../shipments/rate.ts';
import { insuranceFee, insuredValueOf } from '../shipments/insurance.ts';
import { createShipment, fetchRates, rerate } from '../shipments/shipments.ts';
import {
  carrierAccountsOf,
  isAsQuoted,
  labelFormatOf,
  rejectHigherPrice,
  selectRate,
} from './price-check.ts';
import { isOfService, isSold, purchasedShipment, type PurchasedShipment } from './purchased-label.ts';
import { followedBy } from '../../../transport/call-plan.ts';

/** The request to buy one label. `insurance` is the insured value in US dollars, `limit` the highest price with its cost. */
export const shipmentPurchase = shipmentRef.extend({
  insurance: z.string(),
  limit: z.object({ amount: z.string(), currencyCode: z.string() }),
});
export type ShipmentPurchase = z.infer<typeof shipmentPurchase>;

/** EasyPost does not say how long rates are valid. A quote of this age or less is bought without a check. */
const quoteFreshForMs = 15 * 60 * 1000;

/** The new rates of a shipment, buying it, and both once more. */
const purchaseCalls = { calls: 4, when: 'the service is sold at an allowed price' };
const purchaseAgain = { calls: 2, when: 'the rate has expired, or a label was bought before' };

/** Prepares the purchase of one label. Throws PRICE_CHANGED where its price is above the maximum. */
export async function prepareShipment(
  client: EasyPostClient,
  labelRequest: LabelRequest,
  call: CallOptions,
): Promise<ShipmentPurchase> {
  const insurance = insuredValueOf(labelRequest.request);
  const ref = await selectShipment(client, labelRequest, call);
  return { ...ref, insurance, limit: labelRequest.maxPrice };
}

/** Selects the shipment and rate to buy: those quoted, unless the quote is old or shared, or the request adds to it. */
async function selectShipment(
  client: EasyPostClient,
  labelRequest: LabelRequest,
  call: CallOptions,
): Promise<ShipmentRef> {
  const { request, from, to, reference, maxPrice, quotedAt } = labelRequest;
  const quoted = shipmentRef.parse(labelRequest.offer.providerRef);
  const insurance = insuranceFee(insuredValueOf(request));
  if (quoted.shared || !isAsQuoted(labelRequest)) {
    const options = {
      reference,
      carrierAccounts: carrierAccountsOf(quoted),
      labelFormat: labelFormatOf(labelRequest),
    };
    const shipment = await followedBy(
      createShipment(client, { ...request, from, to }, options, call),
      purchaseCalls,
    );
    return toShipmentRef(shipment.id, selectRate(shipment.rates, quoted, maxPrice, insurance));
  }
  if (client.clock.now() - quotedAt < quoteFreshForMs) return quoted;
  const rates = await followedBy(fetchRates(client, quoted.shipment, call), purchaseCalls);
  const rate = rates.find(({ id }) => id === quoted.rate);
  if (rate === undefined) return requote(client, quoted, maxPrice, insurance, call);
  rejectHigherPrice(rate, maxPrice, insurance);
  return quoted;
}

/** Replaces rates that expired, and selects the same service under the same maximum price. */
async function requote(
  client: EasyPostClient,
  { shipment, ...service }: ShipmentRef,
  maxPrice: Money,
  insurance: Money | undefined,
  call: CallOptions,
): Promise<ShipmentRef> {
  const rates = await rerate(client, shipment, call);
  return toShipmentRef(shipment, selectRate(rates, service, maxPrice, insurance));
}

/**
 * Buys a shipment. EasyPost sells one label a shipment, so a shipment that was already purchased with the same service
 * is read back. A rate that expired is replaced once.
 */
export async function buyShipment(
  client: EasyPostClient,
  purchase: ShipmentPurchase,
  call: CallOptions,
  mayRequote = true,
): Promise<PurchasedShipment> {
  const request = {
    method: 'POST',
    path: `/shipments/${purchase.shipment}/buy`,
    json: { rate: { id: purchase.rate }, insurance: purchase.insurance },
    timeoutMs: 60_000,
  } as const;
  try {
    return await followedBy(client.request(purchasedShipment, request, call.signal), purchaseAgain);
  } catch (error) {
    const code = error instanceof ProviderError ? error.providerCode : undefined;
    if (code === 'SHIPMENT.POSTAGE.EXISTS') {
      const existing = await outcome(() => fetchShipment(client, purchase.shipment, call));
      // The existing label may be this one.
      if (existing instanceof ProviderError) throw uncertain(existing);
      if (!isSold(existing)) throw uncertain(error as ProviderError);
      if (isOfService(existing, purchase)) return existing;
      throw otherServicePurchased(error as ProviderError);
    }
    if (code === 'SHIPMENT.MISSING_RATE' && mayRequote) {
      const ref = await requote(client, purchase, purchase.limit, insuranceFee(purchase.insurance), call);
      return buyShipment(client, { ...purchase, ...ref }, call, false);
    }
    throw error;
  }
}

/**
 * Reads a shipment, and returns it where the requested service was purchased; undefined where nothing was. Throws where
 * its label is of another service: any rate of a quote may have been bought here or in EasyPost's dashboard.
 */
export async function findPurchasedShipment(
  client: EasyPostClient,
  purchase: Pick<ShipmentPurchase, 'shipment'> & Partial<Service>,
  call: CallOptions,
): Promise<PurchasedShipment | undefined> {
  const shipment = await fetchShipment(client, purchase.shipment, call);
  if (!isSold(shipment)) return undefined;
  if (isOfService(shipment, purchase)) return shipment;
  throw new ProviderError('UNREADABLE', 'the EasyPost shipment has a label of another service', {
    hint: 'Look up the shipment in the EasyPost dashboard, then resolve it by hand: npm run purchases.',
    refused: false,
  });
}

const fetchShipment = (client: EasyPostClient, id: string, call: CallOptions): Promise<PurchasedShipment> =>
  client.request(purchasedShipment, { path: `/shipments/${id}` }, call.signal);

const otherServicePurchased = ({ providerCode, providerMessage }: ProviderError) =>
  new ProviderError('REJECTED', 'another service of this shipment has been purchased at EasyPost', {
    hint: 'A quote buys one label: ask for rates again.',
    providerCode,
    providerMessage,
  });

const uncertain = (cause: ProviderError) =>
  new ProviderError(cause.code, cause.message, { ...cause, refused: false, cause });
