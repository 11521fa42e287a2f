import type { LabelledParcel, LabelRequest } from '../../../src/domain/label.ts';
import type { PreparedRequest } from '../../../src/domain/prepared-request.ts';
import type { ProviderAdapter } from '../../../src/carriers/adapter.ts';
import type { Address } from '../../../src/domain/address.ts';
import { ProviderError, type Outcome } from '../../../src/domain/errors.ts';
import type { Parcel } from '../../../src/domain/parcel.ts';
import type { Offer, Quote, RateRequest } from '../../../src/domain/rate.ts';
import type { LabelDocument, PurchasedLabel } from '../../../src/domain/shipment.ts';
import { box, receiver, sender } from '../../support/test-server.ts';

export const call = { signal: new AbortController().signal };

const shipDate = '2026-11-18';
export const nextDay = '2026-11-19';
const quotedAt = Date.parse(`${shipDate}T18:00:00Z`);

export const lightParcel = box as Parcel;
export const heavyParcel: Parcel = { ...lightParcel, weight: { value: 5, unit: 'POUND' } };

export const rateRequest: RateRequest = { from: sender, to: receiver, parcels: [lightParcel], shipDate };

export const internationalRequest: RateRequest = {
  ...rateRequest,
  from: { ...sender, phone: '2025550100' },
  to: {
    name: 'Ana Roy',
    street1: '111 Wellington St',
    city: 'Ottawa',
    state: 'ON',
    postalCode: 'K1A 0A9',
    country: 'CA',
    phone: '+1 613 555 0100',
  },
  customs: {
    contents: 'MERCHANDISE',
    items: [
      {
        description: 'Cotton shirt',
        quantity: 2,
        totalValue: { amount: '40.00', currencyCode: 'USD' },
        totalWeight: { value: 16, unit: 'OUNCE' },
        hsTariffNumber: '610510',
        originCountry: 'US',
      },
    ],
  },
};

/** Returns a value as the ledger stores it, through JSON. */
export const asStored = <T extends object>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Returns the result of an outcome, or throws its failure. */
export function resultOf<T>(outcome: Outcome<T>): T {
  if (outcome instanceof ProviderError) throw outcome;
  return outcome;
}

export const offerOf = ({ offers }: Quote, serviceCode = 'PRIORITY_MAIL'): Offer =>
  offers.find(({ service }) => service.code === serviceCode)!;

/** Requests a PDF label of an offer, at the quoted price and addresses. */
export function toLabelRequest(request: RateRequest, offer: Offer): LabelRequest {
  const { from, to } = request;
  return { request, offer: asStored(offer), from, to, format: 'PDF', quotedAt, maxPrice: offer.price };
}

/** Quotes a parcel, and requests a Priority Mail label of it. */
export async function quoteLabel(adapter: ProviderAdapter): Promise<LabelRequest> {
  const [quote] = await adapter.quote!([rateRequest], call);
  return toLabelRequest(rateRequest, offerOf(resultOf(quote!)));
}

/** Buys one label. */
export async function buyLabel(
  adapter: ProviderAdapter,
  labelRequest: LabelRequest,
): Promise<{ prepared: PreparedRequest; purchased: PurchasedLabel }> {
  const [prepared] = (await adapter.labels!.prepare(labelRequest, call)).map(asStored);
  const [purchased] = await adapter.labels!.buy(prepared!, call);
  return { prepared: prepared!, purchased: purchased! };
}

/** Buys a label, and returns its parcel as ready for a pickup or a manifest. */
export async function buyParcel(adapter: ProviderAdapter): Promise<LabelledParcel> {
  const labelRequest = await quoteLabel(adapter);
  const { prepared, purchased } = await buyLabel(adapter, labelRequest);
  const { trackingNumber, reference } = purchased;
  return {
    carrier: labelRequest.offer.carrier,
    service: labelRequest.offer.service,
    parcel: lightParcel,
    from: sender,
    to: receiver,
    isReturn: false,
    shipDate,
    trackingNumber,
    label: { trackingNumber, reference, prepared },
  };
}

/** An address where a carrier can pick up: with phone and e-mail. */
export const pickupAddress = (address: Address): Address => ({
  ...address,
  phone: '2025550100',
  email: 'sally@example.com',
});

/** Reads a document, which the provider returned or keeps at a `source`, as Latin-1 text. */
export async function readDocument(
  api: { fetchDocument?(source: string, options: typeof call): Promise<Uint8Array> },
  document: LabelDocument,
): Promise<string> {
  const file = 'data' in document ? document.data : await api.fetchDocument!(document.source, call);
  return Buffer.from(file).toString('latin1');
}
