import { createClient, RatesDocument, type AddressInput, type RatesQuery } from '@parcelgraph/client';

export type Rate = NonNullable<RatesQuery['rates']>['rates'][number];

/** What every shop's adapter is configured with. */
export interface ShopOptions {
  /** Parcelgraph's GraphQL endpoint, and the key of the shop's tenant. */
  readonly url: string;
  readonly apiKey: string;
  readonly from: AddressInput;
  /** The box that orders are sent in, in inches. */
  readonly box: { readonly length: number; readonly width: number; readonly height: number };
  /** How long a quote may take. An account that has not answered by then is left out. Default: the adapter's. */
  readonly deadlineMs?: number;
}

/** Time for the way there and back, beside the deadline of the accounts. */
const marginMs = 400;

export const openClient = ({ url, apiKey }: ShopOptions) => createClient({ url, apiKey, retries: 0 });

/**
 * Asks for the rates of an order in one box, the cheapest first. Whatever happens, it returns within `deadlineMs` and the
 * margin: the rates of those that answered, or none.
 */
export async function quote(
  options: ShopOptions,
  to: AddressInput,
  grams: number,
  deadlineMs: number,
): Promise<readonly Rate[]> {
  const parcel = {
    weight: { value: Math.max(grams, 1), unit: 'GRAM' as const },
    dimensions: { ...options.box, unit: 'INCH' as const },
  };
  const result = await openClient(options).query(
    RatesDocument,
    { input: { from: options.from, to, parcels: [parcel], deadlineMs } },
    { signal: AbortSignal.timeout(deadlineMs + marginMs) },
  );
  return (result.ok && result.data.rates?.rates) || [];
}

/** Converts an amount to the minor unit of its currency without rounding: `7.55` USD is 755. */
export function minorUnits({ amount, currencyCode }: Rate['price']): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: currencyCode });
  const digits = format.resolvedOptions().maximumFractionDigits!;
  const [whole, fraction = ''] = amount.split('.');
  return Number(whole! + fraction.padEnd(digits, '0').slice(0, digits));
}

export const rateName = ({ carrier, service }: Rate) =>
  service.name.startsWith(carrier) ? service.name : `${carrier} ${service.name}`;

export const rateCode = ({ account, service }: Rate) => `${account.id}:${service.code}`;
