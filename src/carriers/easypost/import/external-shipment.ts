import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import type { Address } from '../../../domain/address.ts';
import { dateAt } from '../../../domain/calendar.ts';
import { ProviderError } from '../../../domain/errors.ts';
import type { LabelFormat, PurchasedLabel } from '../../../domain/shipment.ts';
import type { ExternalShipment } from '../../webhooks.ts';
import { fromAddress, place } from '../addresses/verification.ts';
import { fromParcel, shownParcel } from '../shipments/shipment-request.ts';
import { priceOf, rate } from '../rates/offers.ts';
import { fromRefund } from '../labels/refunds.ts';
import { toTicket, type OrderedShipment } from '../shipments/shipments.ts';
import { formatOf, fromBought, shipmentState } from '../labels/purchased-label.ts';
import { fromCarrier, fromService } from '../service-codes.ts';

const words = z.string().nullish();
const time = z.iso.datetime({ offset: true });
/** A shipment whose label was bought. */
const boughtShipment = shipmentState.extend({
  created_at: time,
  updated_at: time.nullish(),
  reference: words,
  is_return: z.boolean().nullish(),
  from_address: place,
  to_address: place,
  parcel: shownParcel,
  insurance: words,
  selected_rate: rate,
  postage_label: z.object({ label_url: z.string(), label_date: time.nullish() }),
  refund_status: words,
  fees: z
    .array(z.object({ type: z.string(), amount: z.string(), refunded: z.boolean().nullish() }))
    .nullish(),
});
type BoughtShipment = z.infer<typeof boughtShipment>;

/** A shipment whose label somebody bought; undefined where it can't be read as one. A parcel of an order stands for itself. */
export function toExternalShipment(told: unknown): ExternalShipment | undefined {
  const parsed = boughtShipment.safeParse(told);
  if (!parsed.success) return undefined;
  try {
    return fromShipment(parsed.data);
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

function fromShipment(shipment: BoughtShipment): ExternalShipment {
  const { selected_rate, from_address, to_address, is_return, postage_label } = shipment;
  const sold = fromSold(shipment);
  const carrier = fromCarrier(selected_rate.carrier);
  // Of a return EasyPost keeps the addresses of the way out.
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
    prepared: { attemptId: randomUUID(), request: toOrdered(shipment, sold.label.format) },
    purchased: sold,
    refund: fromRefunded(shipment),
  };
}

/** The label in the format in which it was made; in one that we have no word for, EasyPost is asked for another. */
function fromSold(shipment: BoughtShipment): PurchasedLabel {
  const made = shipment.postage_label.label_url;
  const format = formatOf(made);
  const sold = fromBought(shipment, format ?? 'PDF');
  return format ? { ...sold, label: { format, source: made } } : sold;
}

/** Midnight in UTC is how a day is written without an hour. */
const fromLabelDate = (date: string, sender: Address) =>
  date.includes('T00:00:00') ? date.slice(0, 10) : dateAt(sender, Date.parse(date));

/** What would have been prepared, had it been bought here. */
const toOrdered = (shipment: BoughtShipment, format: LabelFormat) =>
  ({
    ...toTicket(shipment.id, shipment.selected_rate),
    insurance: shipment.insurance ?? '0',
    limit: priceOf(shipment.selected_rate),
    format,
  }) satisfies OrderedShipment & { format: LabelFormat };

/** EasyPost does not say when it was asked for: not after the last change. */
function fromRefunded(shipment: BoughtShipment): ExternalShipment['refund'] {
  if (!shipment.refund_status) return undefined;
  const requestedAt = new Date(shipment.updated_at ?? shipment.created_at).toISOString();
  return { ...fromRefund(shipment), requestedAt };
}
