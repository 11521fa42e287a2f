import { z } from 'zod';

import { money, sum, type Money } from '../../../domain/money.ts';
import type { LabelDocument, LabelFormat, PurchasedLabel, ShipmentForm } from '../../../domain/shipment.ts';
import { unreadable } from '../errors.ts';
import { amountSchema } from '../readable.ts';
import { priceOf, rateSchema, serviceOf, type Service } from '../shipments/rate.ts';

const optionalText = z.string().nullish();
export const postageLabel = z.object({
  label_url: optionalText,
  label_file_type: optionalText,
  label_size: optionalText,
  label_pdf_url: optionalText,
  label_zpl_url: optionalText,
});

/** A Shipment of EasyPost with its label. Before the purchase it has neither label nor selected rate. */
export const purchasedShipment = z.object({
  id: z.string(),
  tracking_code: z.string().nullish(),
  postage_label: postageLabel.nullish(),
  selected_rate: rateSchema.nullish(),
  forms: z.array(z.object({ form_type: z.string().catch('form'), form_url: z.string().nullish() })).nullish(),
  fees: z.array(z.object({ type: z.string(), amount: amountSchema })).nullish(),
});
export type PurchasedShipment = z.infer<typeof purchasedShipment>;

/** True where a shipment has anything that only a purchase gives it. */
export const isSold = ({ postage_label, selected_rate, tracking_code }: PurchasedShipment): boolean =>
  Boolean(postage_label || selected_rate || tracking_code);

/** False where a label is of another service: names of carrier, service and account are compared where both sides have them. */
export function isOfService({ selected_rate }: PurchasedShipment, wanted: Partial<Service>): boolean {
  const sold: Partial<Service> = selected_rate ? serviceOf(selected_rate) : {};
  return (['carrier', 'service', 'account'] as const).every(
    (name) => !sold[name] || !wanted[name] || sold[name] === wanted[name],
  );
}

/**
 * Maps a purchased shipment. Label and selected rate prove the sale: letters of USPS have no tracking number. A format
 * other than PNG is converted when the label is fetched, so it never fails the purchase.
 */
export function fromPurchasedShipment(shipment: PurchasedShipment, format: LabelFormat): PurchasedLabel {
  if (!shipment.selected_rate) throw unreadable('a purchased shipment');
  const postage = priceOf(shipment.selected_rate);
  const charges = toCharges(shipment.fees ?? [], postage);
  const [first, ...rest] = charges.map((charge) => charge.amount);
  return {
    ...withoutPrice(shipment, format),
    price: sum(first!, ...rest),
    quotedAmount: sum(
      postage,
      ...charges.filter(({ name }) => name === chargeNames.InsuranceFee).map(({ amount }) => amount),
    ),
    charges,
  };
}

/** Maps a purchased shipment without what was paid for it. */
export function withoutPrice(
  { id, tracking_code, postage_label, forms }: Omit<PurchasedShipment, 'selected_rate'>,
  format: LabelFormat,
): PurchasedLabel {
  if (!postage_label?.label_url) throw unreadable('a purchased shipment');
  return {
    trackingNumber: tracking_code || undefined,
    reference: id,
    charges: [],
    label: toLabel(id, postage_label, format),
    forms: (forms ?? []).flatMap(fromForm),
  };
}

/** The source of a label that EasyPost converts when it is fetched. */
export const conversionSource = (shipment: string, format: LabelFormat) => `${shipment}:${format}`;

/** Returns the label in the wanted format where it has that or converts to it, else as it was made. */
export function toLabel(
  shipment: string,
  label: z.infer<typeof postageLabel>,
  wanted: LabelFormat,
): LabelDocument & { readonly source: string } {
  const url = label.label_url!;
  const made = formatOf(url) ?? formats[label.label_file_type?.split('/')[1] ?? ''];
  const wantedUrl = { PNG: undefined, PDF: label.label_pdf_url, ZPL: label.label_zpl_url }[wanted];
  if (made === wanted) return { format: wanted, source: url };
  if (wantedUrl) return { format: wanted, source: wantedUrl };
  if (made === undefined || isConvertible(made, label.label_size)) {
    return { format: wanted, source: conversionSource(shipment, wanted) };
  }
  return { format: made, source: url };
}

/** Only PNG is converted; a label of another size than 4x6, such as the 4x12 of DHL Express, would be cropped. */
const isConvertible = (made: LabelFormat, size: string | null | undefined) =>
  made === 'PNG' && (!size || ['4x6', '6x4'].includes(size));

/** Guess: EasyPost has no postage fee where the carrier bills the postage itself (`billing_type: carrier`). */
function toCharges(fees: NonNullable<PurchasedShipment['fees']>, postage: Money): PurchasedLabel['charges'] {
  const charges = fees
    .map(({ type, amount }) => ({
      name: chargeNames[type] ?? type,
      amount: fromFeeAmount(amount, postage.currencyCode),
    }))
    .filter(({ amount }) => Number(amount.amount) !== 0);
  const hasPostage = charges.some(({ name }) => name === chargeNames.PostageFee);
  return hasPostage ? charges : [{ name: 'Postage', amount: postage }, ...charges];
}

const chargeNames: Record<string, string> = {
  PostageFee: 'Postage',
  LabelFee: 'Label',
  InsuranceFee: 'Insurance',
  TrackerFee: 'Tracking',
};

/** Removes trailing zeros of a fee, which has five decimals: "6.07000". */
export function fromFeeAmount(amount: string, currency: string): Money {
  return money(amount.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''), currency);
}

/** Maps a customs form or the like. A form that was submitted to customs electronically has no file, and is left out. */
function fromForm({ form_type, form_url }: NonNullable<PurchasedShipment['forms']>[number]): ShipmentForm[] {
  if (!form_url) return [];
  const words = form_type.replaceAll('_', ' ');
  const name = formNames[form_type] ?? words[0]!.toUpperCase() + words.slice(1);
  return [{ name, document: { format: formatOf(form_url) ?? 'PDF', source: form_url } }];
}

const formNames: Record<string, string> = { cn22: 'CN22' };
const formats: Record<string, LabelFormat> = { pdf: 'PDF', png: 'PNG', zpl: 'ZPL' };

/** Returns the format of a file by the extension in its URL. */
export const formatOf = (url: string): LabelFormat | undefined =>
  formats[/\.(\w+)(?:\?|$)/.exec(url)?.[1]?.toLowerCase() ?? ''];
