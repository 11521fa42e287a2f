import type { PriceType } from '../../../domain/rate.ts';
import type { UspsCredentials, UspsOptions } from '../credentials.ts';

/** The prices that an account is quoted, as a rate request names them. */
export interface Pricing {
  readonly priceType: PriceType;
  /** The account that a contract is with. */
  readonly paymentAccount?: { readonly accountType: string; readonly accountNumber: string };
}

/** Contract prices are those of the account that pays; all other prices need none. */
export function pricingOf(
  { accountType, accountNumber, permitNumber }: UspsCredentials,
  { priceType }: UspsOptions,
): Pricing {
  const number = accountNumber ?? permitNumber;
  if (priceType !== 'CONTRACT' || !accountType || !number) return { priceType };
  return { priceType, paymentAccount: { accountType, accountNumber: number } };
}
