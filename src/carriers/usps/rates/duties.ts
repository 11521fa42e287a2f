import Big from 'big.js';
import { z } from 'zod';

import type { Address } from '../../../domain/address.ts';
import type { Customs } from '../../../domain/customs.ts';
import { money, sum } from '../../../domain/money.ts';
import type { ShippingCharge } from '../../../domain/rate.ts';
import { dollars } from '../values.ts';

const items = z.array(z.object({ dutyPrice: dollars, taxPrice: dollars })).min(1);
const duties = z.union([
  z.object({ packageFee: dollars, itemQuotes: items }),
  z.object({ packageFee: dollars, itemCosts: items }),
]);

/**
 * Prepaid duties of a quote (`itemQuotes`) or of a label (`itemCosts`). USPS leaves them out where the country charges
 * none. Refuses duties without one of their amounts, since the price would be made up: null is unknown, not 0.
 */
export const dutiesSchema = duties.nullish().transform((prepaid): ShippingCharge[] => {
  if (!prepaid) return [];
  const rows = 'itemQuotes' in prepaid ? prepaid.itemQuotes : prepaid.itemCosts;
  const total = (name: 'dutyPrice' | 'taxPrice') => sum(money(0), ...rows.map((row) => row[name]));
  return [
    { name: 'Duties', amount: total('dutyPrice') },
    { name: 'Taxes', amount: total('taxPrice') },
    { name: 'Fee for prepaid duties', amount: prepaid.packageFee },
  ].filter((charge) => Number(charge.amount.amount) !== 0);
});

/** Asks for the duties in the price, where the sender pays them. */
export function toDutiesRequest(to: Address, customs: Customs | undefined) {
  if (customs?.incoterm !== 'DDP') return {};
  return {
    requestDutiesTaxesFees: true,
    destinationCity: to.city,
    destinationState: /^\w{2}$/.test(to.state ?? '') ? to.state : undefined,
    items: customs.items.map(({ totalValue, quantity, originCountry, hsTariffNumber }, index) => ({
      itemId: String(index + 1),
      itemValue: Math.max(0.01, new Big(totalValue.amount).div(quantity).round(2, Big.roundUp).toNumber()),
      itemQuantity: quantity,
      countryOfOrigin: originCountry,
      HSTariffNumber: hsTariffNumber ?? undefined,
    })),
  };
}
