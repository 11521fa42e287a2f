import type { PurchaseIntent } from '../../../src/workflows/purchases.ts';
import { parcelPrice } from './providers.ts';

export const tenant = 'tenant';
let keys = 0;

/** So many parcels of what a model provider sells as `ticket`, wanted under a key of its own. */
export function intentOf(ticket: string, parcels: number): PurchaseIntent {
  const price = { amount: `${parcelPrice * parcels}.00`, currencyCode: 'USD' };
  const address = { country: 'US', postalCode: '20260' };
  return {
    tenantId: tenant,
    mutation: 'shipmentPurchase',
    idempotencyKey: `key-${(keys += 1)}`,
    inputHash: ticket,
    by: { actor: 'key:1', requestId: 'request' },
    rateHash: ticket,
    account: { id: 'account', provider: 'usps', environment: 'TEST' },
    request: {
      request: { from: address, to: address, parcels: Array.from({ length: parcels }, () => ({})), shipDate: '2026-11-18' },
      offer: { carrier: 'USPS', service: { code: 'X', name: 'X' }, price, providerRef: ticket },
      from: address,
      to: address,
      format: 'PDF',
      quotedAt: 0,
      maxPrice: price,
    },
  } as unknown as PurchaseIntent; // prettier-ignore
}
