import { z } from 'zod';

import { money, sum, type Money } from '../../../domain/money.ts';
import type { LabelFormat, ShipmentForm, PurchasedLabel } from '../../../domain/shipment.ts';
import { unreadable } from '../errors.ts';
import { isSame, priceOf, rate, serviceOf, type SoldService } from '../rates/offers.ts';

/** A shipment as it stands, bought or not. */
export const shipmentState = z.object({
  id: z.string(),
  tracking_code: z.string().nullish(),
  postage_label: z
    .object({
      label_url: z.string().nullish(),
      label_pdf_url: z.string().nullish(),
      label_zpl_url: z.string().nullish(),
    })
    .nullish(),
  selected_rate: rate.nullish(),
  forms: z.array(z.object({ form_type: z.string().catch('form'), form_url: z.string().nullish() })).nullish(),
  fees: z.array(z.object({ type: z.string(), amount: z.string() })).nullish(),
});
export type ShipmentState = z.infer<typeof shipmentState>;

/**
 * Whether its label is one of this service: what was quoted once has rates of many, and is sold once. Any is where the
 * service is not known.
 */
export const isSold = ({ postage_label, selected_rate }: ShipmentState, wanted: Partial<SoldService>) =>
  Boolean(postage_label && selected_rate) &&
  (wanted.service === undefined || isSame(serviceOf(selected_rate!), wanted));

/** The label is kept as it was made; another format is made of it when it is fetched, and never fails the purchase. */
export function fromBought(shipment: ShipmentState, format: LabelFormat): PurchasedLabel {
  const { tracking_code, postage_label, selected_rate, fees } = shipment;
  const made = postage_label?.label_url;
  const source = format === 'PNG' ? made : `${shipment.id}:${format}`;
  if (!tracking_code || !made || !source || !selected_rate) throw unreadable('a bought shipment');
  const postage = priceOf(selected_rate);
  const charged = (fees ?? [])
    .map((fee) => ({
      name: feeNames[fee.type] ?? fee.type,
      amount: cents(fee.amount, postage.currencyCode),
    }))
    .filter((charge) => Number(charge.amount.amount) !== 0);
  // Guess: postage that the carrier bills itself (`billing_type: carrier`) is no fee of EasyPost's.
  const isBilledByCarrier = !charged.some(({ name }) => name === feeNames.PostageFee);
  const charges = isBilledByCarrier ? [{ name: 'Postage', amount: postage }, ...charged] : charged;
  const [first, ...rest] = charges.map((charge) => charge.amount);
  return {
    trackingNumber: tracking_code,
    reference: shipment.id,
    price: sum(first!, ...rest),
    quotedAmount: postage,
    charges,
    label: { format, source },
    forms: fromForms(shipment.forms ?? []),
  };
}

/** Customs papers and the like, a file each; what was sent to customs electronically has none. */
function fromForms(forms: NonNullable<ShipmentState['forms']>): ShipmentForm[] {
  return forms.flatMap(({ form_type, form_url }) => {
    if (!form_url) return [];
    const words = form_type.replaceAll('_', ' ');
    const format = formatOf(form_url) ?? 'PDF';
    return [
      {
        name: names[form_type] ?? words[0]!.toUpperCase() + words.slice(1),
        document: { format, source: form_url },
      },
    ];
  });
}

const names: Record<string, string> = { cn22: 'CN22' };
const formats: Record<string, LabelFormat> = { pdf: 'PDF', png: 'PNG', zpl: 'ZPL' };

/** Of a file that EasyPost keeps, by its name. */
export const formatOf = (url: string): LabelFormat | undefined =>
  formats[/\.(\w+)$/.exec(url)?.[1]?.toLowerCase() ?? ''];

const feeNames: Record<string, string> = {
  PostageFee: 'Postage',
  LabelFee: 'Label',
  InsuranceFee: 'Insurance',
  TrackerFee: 'Tracking',
};

/** Fees are printed with five decimals, "6.07000"; trailing zeros say nothing. */
export function cents(amount: string, currency: string): Money {
  return money(amount.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''), currency);
}
