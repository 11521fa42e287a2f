import Big from 'big.js';
import { z } from 'zod';

import type { Address } from '../../../domain/address.ts';
import type { Customs } from '../../../domain/customs.ts';
import { money } from '../../../domain/money.ts';
import type { ShippingCharge } from '../../../domain/rate.ts';

const amount = z.number().nullish();
const items = z.array(z.object({ dutyPrice: amount, taxPrice: amount })).nullish();

/** Prepaid duties of a quote (`itemQuotes`) or of a label (`itemCosts`). Absent where the country charges none. */
export const dutiesSchema = z
  .object({ packageFee: amount, itemQuotes: items, itemCosts: items })
  .nullish()
  .transform((duties): ShippingCharge[] => {
    const rows = duties?.itemQuotes ?? duties?.itemCosts ?? [];
    const total = (values: readonly (number | null | undefined)[]) =>
      values.reduce<Big>((sum, value) => sum.plus(value ?? 0), new Big(0));
    return [
      { name: 'Duties', amount: money(total(rows.map(({ dutyPrice }) => dutyPrice))) },
      { name: 'Taxes', amount: money(total(rows.map(({ taxPrice }) => taxPrice))) },
      { name: 'Fee for prepaid duties', amount: money(duties?.packageFee ?? 0) },
    ].filter((charge) => Number(charge.amount.amount) !== 0);
  });

/** Asks for the duties in the price, where the sender pays them. */
export function toDutiesRequest(to: Address, customs: Customs | undefined) {
  if (customs?.incoterm !== 'DDP') return {};
  return {
    requestDutiesTaxesFees: true,
    destinationCity: to.city?.slice(0, 28),
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
