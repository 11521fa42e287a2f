import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import type { Address } from '../../../domain/address.ts';
import { dateAt } from '../../../domain/calendar.ts';
import { ProviderError } from '../../../domain/errors.ts';
import type { LabelFormat, PurchasedLabel } from '../../../domain/shipment.ts';
import type { ExternalShipment } from '../../../domain/external-shipment.ts';
import { addressSchema, fromAddress } from '../addresses/address-fields.ts';
import {
  formatOf,
  fromPurchasedShipment,
  postageLabel,
  purchasedShipment,
  withoutPrice,
} from '../labels/purchased-label.ts';
import { fromRefundedShipment } from '../labels/refunds.ts';
import type { ShipmentPurchase } from '../labels/shipment-purchase.ts';
import { toShipmentRef } from '../rates/provider-ref.ts';
import { amountSchema, optionalText, optionalTime } from '../readable.ts';
import { fromCarrier, fromService } from '../service-codes.ts';
import { priceOf, rateSchema } from '../shipments/rate.ts';
import { fromParcel, parcelSchema } from '../shipments/shipment-request.ts';

const time = z.iso.datetime({ offset: true });
/** A purchased shipment with all that an import needs. What was paid for it is read apart, since it may be unknown. */
const importedShipment = purchasedShipment.extend({
  created_at: time,
  updated_at: optionalTime,
  reference: optionalText,
  is_return: z.boolean().nullish(),
  from_address: addressSchema,
  to_address: addressSchema,
  parcel: parcelSchema,
  insurance: amountSchema.nullish(),
  selected_rate: rateSchema.pick({ carrier: true, service: true }).extend({ currency: optionalText }),
  postage_label: postageLabel.extend({ label_url: z.string(), label_date: optionalTime }),
  refund_status: z.string().nullish(),
  fees: z
    .array(z.object({ type: z.string(), amount: amountSchema, refunded: z.boolean().nullish() }))
    .nullish()
    .catch(undefined),
});
const pricedShipment = purchasedShipment.extend({ selected_rate: rateSchema });
const unpurchased = z.object({ postage_label: z.null().optional() });
type ImportedShipment = z.infer<typeof importedShipment>;
type PricedShipment = z.infer<typeof pricedShipment>;

/** Maps a shipment with a purchased label. Any other is a reason to leave it out. Each shipment of an order is imported alone. */
export function toExternalShipment(value: unknown): ExternalShipment | string {
  if (!unpurchased.safeParse(value).error) return 'shipments without a purchased label';
  const parsed = importedShipment.safeParse(value);
  if (!parsed.success) return `shipments whose ${parsed.error.issues[0]!.path.join('.')} cannot be read`;
  try {
    return fromShipment(parsed.data, pricedShipment.safeParse(value).data);
  } catch (error) {
    if (error instanceof ProviderError) return `shipments that cannot be used: ${error.message}`;
    throw error;
  }
}

function fromShipment(shipment: ImportedShipment, priced: PricedShipment | undefined): ExternalShipment {
  const { selected_rate, from_address, to_address, is_return, postage_label } = shipment;
  const purchased = fromLabel(shipment, priced);
  const carrier = fromCarrier(selected_rate.carrier);
  // EasyPost keeps the outbound addresses of a return.
  const [from, to] = is_return ? [to_address, from_address] : [from_address, to_address];
  const sender = fromAddress(from);
  return {
    reference: shipment.id,
    buyerReference: shipment.reference || undefined,
    createdAt: Date.parse(shipment.created_at),
    carrier,
    service: fromService(carrier, selected_rate.service),
    from: sender,
    to: fromAddress(to),
    parcel: fromParcel(shipment.parcel),
    isReturn: is_return ?? false,
    shipDate: fromLabelDate(postage_label.label_date ?? shipment.created_at, sender),
    prepared: { attemptId: randomUUID(), request: toPurchase(shipment, priced, purchased.label.format) },
    purchased,
    refund: fromRefund(shipment),
  };
}

/** Keeps the label in the format it was made in, or as PDF where we do not support that format. */
function fromLabel(shipment: ImportedShipment, priced: PricedShipment | undefined): PurchasedLabel {
  const format = formatOf(shipment.postage_label.label_url) ?? 'PDF';
  return priced ? fromPurchasedShipment(priced, format) : withoutPrice(shipment, format);
}

/** Midnight in UTC stands for a day without a time. */
const fromLabelDate = (date: string, sender: Address) =>
  date.includes('T00:00:00') ? date.slice(0, 10) : dateAt(sender, Date.parse(date));

/** Returns the request that would have bought the label here; of one with an unknown price, what finds it again. */
function toPurchase(
  { id, insurance }: ImportedShipment,
  priced: PricedShipment | undefined,
  format: LabelFormat,
) {
  if (!priced) return { shipment: id, format };
  return {
    ...toShipmentRef(id, priced.selected_rate),
    insurance: insurance ?? '0',
    limit: priceOf(priced.selected_rate),
    format,
  } satisfies ShipmentPurchase & { format: LabelFormat };
}

/** EasyPost does not return the time of the request; it is at or before the last update. */
function fromRefund(shipment: ImportedShipment): ExternalShipment['refund'] {
  if (!shipment.refund_status) return undefined;
  const requestedAt = new Date(shipment.updated_at ?? shipment.created_at).toISOString();
  return { ...fromRefundedShipment(shipment), requestedAt };
}
