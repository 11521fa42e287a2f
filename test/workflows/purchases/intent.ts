import { parcelPrice } from './providers.ts';
import type { PurchaseIntent } from '../../../src/storage/purchases/claim.ts';

export const tenant = 'tenant';
let keys = 0;

/** Creates an intent to purchase labels from the model provider under a new key; `rate` names the rate. */
export function intentOf(rate: string, parcels: number): PurchaseIntent {
  const price = { amount: `${parcelPrice * parcels}.00`, currencyCode: 'USD' };
  const address = { country: 'US', postalCode: '20260' };
  return {
    tenantId: tenant,
    kind: 'PURCHASE',
    idempotencyKey: `key-${(keys += 1)}`,
    inputHash: rate.replaceAll(' ', '-'),
    by: { actor: 'key:1', requestId: 'request' },
    rateHash: rate,
    account: { id: 'account', provider: 'usps', environment: 'TEST' },
    request: {
      request: { from: address, to: address, parcels: Array.from({ length: parcels }, () => ({})), shipDate: '2026-11-18' },
      offer: { carrier: 'USPS', service: { code: 'X', name: 'X' }, price, providerRef: rate },
      from: address,
      to: address,
      format: 'PDF',
      quotedAt: 0,
      maxPrice: price,
    },
  } as unknown as PurchaseIntent; // prettier-ignore
}
