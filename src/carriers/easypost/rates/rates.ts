import type { Address } from '../../../domain/address.ts';
import { ProviderError } from '../../../domain/errors.ts';
import type { Money } from '../../../domain/money.ts';
import type { Quote, RateRequest } from '../../../domain/rate.ts';
import type { CallOptions } from '../../adapter.ts';
import { mapOutcomes } from '../../map-outcomes.ts';
import type { EasyPostClient } from '../client.ts';
import { fromCarrier, fromService } from '../service-codes.ts';
import { insuranceFee, insuredValueOf, isInsurable } from '../shipments/insurance.ts';
import { createOrder, splitRates } from '../shipments/orders.ts';
import { priceOf, type Rate } from '../shipments/rate.ts';
import { createShipment, type RatedShipment } from '../shipments/shipments.ts';
import { createCarrierAccountFilter } from './carrier-accounts.ts';
import { fromMessages, fromRates, isRequested, nothingOffered, unreadableRate } from './offers.ts';
import { toOrderRef, toShipmentRef } from './provider-ref.ts';

type CarrierAccounts = readonly string[] | undefined;

/**
 * Quotes requests, one a call. Each call creates a shipment, or an order for several parcels. Where quotes are `shared`,
 * the purchase of a rate creates another one.
 */
export const quoteRates = (client: EasyPostClient, shared?: true) => {
  const withAccountsOf = createCarrierAccountFilter(client);
  return (requests: readonly RateRequest[], call: CallOptions) =>
    mapOutcomes(requests, (request) =>
      withAccountsOf(request.carriers, (carrierAccounts) =>
        request.parcels.length === 1
          ? quoteShipment(client, request, carrierAccounts, call, shared)
          : quoteOrder(client, request, carrierAccounts, call, shared),
      ),
    );
};

/**
 * Returns what a quote depends on: the whole request but the persons' names, phone numbers and emails. Street and company
 * may decide whether a carrier adds its residential surcharge.
 */
export const priceFactors = ({ from, to, ...request }: RateRequest) => ({
  ...request,
  from: withoutContact(from),
  to: withoutContact(to),
});

const withoutContact = ({ name, phone, email, ...address }: Address) => address;

async function quoteShipment(
  client: EasyPostClient,
  request: RateRequest,
  carrierAccounts: CarrierAccounts,
  call: CallOptions,
  shared?: true,
): Promise<Quote> {
  const shipment = await createShipment(client, request, { carrierAccounts }, call);
  const insurance = insuranceFee(insuredValueOf(request));
  const insurable = shipment.rates.filter((rate) => isInsurable(rate, insurance));
  const foreign = shipment.rates.filter((rate) => !isInsurable(rate, insurance));
  return toQuote(
    request,
    { ...shipment, rates: insurable },
    (rate) => toShipmentRef(shipment.id, rate, shared),
    foreign.filter(isRequested(request)).map(uninsurableService),
    insurance,
  );
}

async function quoteOrder(
  client: EasyPostClient,
  request: RateRequest,
  carrierAccounts: CarrierAccounts,
  call: CallOptions,
  shared?: true,
): Promise<Quote> {
  const order = await createOrder(client, request, { carrierAccounts }, call);
  const { purchasable, ambiguous, partial } = splitRates(order);
  const parts = [order, ...order.shipments];
  const rated = {
    rates: purchasable,
    unreadable: parts.flatMap((part) => part.unreadable),
    messages: parts.flatMap((part) => part.messages),
    usps_zone: order.shipments[0]!.usps_zone,
  };
  const requested = isRequested(request);
  return toQuote(request, rated, (rate) => toOrderRef(order.id, rate, shared), [
    ...ambiguous.filter(requested).map(ambiguousService),
    ...partialServices(partial.filter(requested)),
  ]);
}

/** Maps rates of the requested carriers. A quote of all carriers is never empty without a failure. */
function toQuote(
  request: RateRequest,
  { rates, unreadable, messages, usps_zone }: Omit<RatedShipment, 'id'>,
  toProviderRef: (rate: Rate) => unknown,
  furtherFailures: Quote['failures'],
  insurance?: Money,
): Quote {
  const requested = isRequested(request);
  const offers = fromRates(rates.filter(requested), usps_zone, toProviderRef, insurance);
  const failures = [
    ...fromMessages(messages.filter(requested)),
    ...unreadable.filter(requested).map(unreadableRate),
    ...furtherFailures,
  ];
  const isExplained = request.carriers !== undefined || offers.length + failures.length > 0;
  return { offers, failures: isExplained ? failures : [nothingOffered()] };
}

function uninsurableService(rate: Rate): ProviderError {
  const { currencyCode } = priceOf(rate);
  return new ProviderError(
    'REJECTED',
    `${serviceName(rate)} is priced in ${currencyCode}, and its insurance in USD`,
    { field: ['options', 'insuredValue'], hint: 'Ask for rates without insurance.' },
  );
}

const serviceName = ({ carrier, service }: Rate) => fromService(fromCarrier(carrier), service).name;
const alone = 'ask for rates of each parcel alone.';

function ambiguousService(rate: Rate): ProviderError {
  return new ProviderError(
    'REJECTED',
    `${serviceName(rate)} is sold by several carrier accounts of this EasyPost account, or in several currencies`,
    { hint: `Parcels that are bought together can’t name one of them: ${alone}` },
  );
}

/** Returns one failure for each carrier that does not sell a service for all parcels. */
function partialServices(rates: readonly Rate[]): ProviderError[] {
  return [...Map.groupBy(rates, ({ carrier }) => fromCarrier(carrier))].map(([carrier, services]) => {
    const names = [...new Set(services.map(serviceName))].join(', ');
    return new ProviderError('REJECTED', `${carrier} does not sell each parcel by ${names}`, {
      hint: `Parcels that are bought together go by one service: ${alone}`,
    });
  });
}
