import { ProviderError } from '../../../domain/errors.ts';
import type { Quote, RateRequest } from '../../../domain/rate.ts';
import type { CallOptions } from '../../adapter.ts';
import { mapOutcomes } from '../../map-outcomes.ts';
import type { EasyPostClient } from '../client.ts';
import { fromCarrier, fromService } from '../service-codes.ts';
import { insuranceFee, insuredValueOf, isInsurable } from '../shipments/insurance.ts';
import { createOrder, splitRates } from '../shipments/orders.ts';
import { priceOf, type Rate } from '../shipments/rate.ts';
import { createShipment } from '../shipments/shipments.ts';
import { createCarrierAccountFilter } from './carrier-accounts.ts';
import { fromMessages, fromRates, isRequested } from './offers.ts';
import { toOrderRef, toShipmentRef } from './provider-ref.ts';

type CarrierAccounts = readonly string[] | undefined;

/** Quotes requests, one a call. Each call creates a shipment, or an order for several parcels. */
export const quoteRates = (client: EasyPostClient) => {
  const withAccountsOf = createCarrierAccountFilter(client);
  return (requests: readonly RateRequest[], call: CallOptions) =>
    mapOutcomes(requests, (request) =>
      withAccountsOf(request.carriers, (carrierAccounts) =>
        request.parcels.length === 1
          ? quoteShipment(client, request, carrierAccounts, call)
          : quoteOrder(client, request, carrierAccounts, call),
      ),
    );
};

async function quoteShipment(
  client: EasyPostClient,
  request: RateRequest,
  carrierAccounts: CarrierAccounts,
  call: CallOptions,
): Promise<Quote> {
  const shipment = await createShipment(client, request, { carrierAccounts }, call);
  const { id, messages, usps_zone } = shipment;
  const insurance = insuranceFee(insuredValueOf(request));
  const rates = shipment.rates.filter(isRequested(request));
  const insurable = rates.filter((rate) => isInsurable(rate, insurance));
  return {
    offers: fromRates(insurable, usps_zone, (rate) => toShipmentRef(id, rate), insurance),
    failures: [
      ...fromMessages((messages ?? []).filter(isRequested(request))),
      ...rates.filter((rate) => !insurable.includes(rate)).map(uninsurableService),
    ],
  };
}

async function quoteOrder(
  client: EasyPostClient,
  request: RateRequest,
  carrierAccounts: CarrierAccounts,
  call: CallOptions,
): Promise<Quote> {
  const order = await createOrder(client, request, { carrierAccounts }, call);
  const { purchasable, ambiguous } = splitRates(order);
  const messages = [order, ...order.shipments].flatMap((part) => part.messages ?? []);
  const requested = isRequested(request);
  return {
    offers: fromRates(purchasable.filter(requested), order.shipments[0]!.usps_zone, (rate) =>
      toOrderRef(order.id, rate),
    ),
    failures: [
      ...fromMessages(messages.filter(requested)),
      ...ambiguous.filter(requested).map(ambiguousService),
    ],
  };
}

function uninsurableService(rate: Rate): ProviderError {
  const { name } = fromService(fromCarrier(rate.carrier), rate.service);
  const { currencyCode } = priceOf(rate);
  return new ProviderError('REJECTED', `${name} is priced in ${currencyCode}, and its insurance in USD`, {
    field: ['options', 'insuredValue'],
    hint: 'Ask for rates without insurance.',
  });
}

function ambiguousService({ carrier, service }: Rate): ProviderError {
  const { name } = fromService(fromCarrier(carrier), service);
  return new ProviderError(
    'REJECTED',
    `${name} is sold by several carrier accounts of this EasyPost account`,
    {
      hint: 'Parcels that are bought together can’t name the carrier account: ask for rates of each parcel alone.',
    },
  );
}
