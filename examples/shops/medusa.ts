// Medusa 2: a provider of the fulfilment module. In the shop: class extends AbstractFulfillmentProviderService, with the
// methods of this object, and ModuleProvider(Modules.FULFILLMENT, { services: [...] }).
// https://docs.medusajs.com/resources/references/fulfillment/provider
import {
  ShipmentPurchaseDocument,
  ShipmentsDocument,
  ShipmentVoidDocument,
  type ShipmentStateFragment,
} from '@parcelgraph/client';

import { openClient, quote, type ShopOptions } from './quote.ts';

/** Medusa sets no limit; a customer waits. */
const defaultDeadlineMs = 5_000;

export interface MedusaAddress {
  readonly first_name?: string | null;
  readonly last_name?: string | null;
  readonly company?: string | null;
  readonly address_1?: string | null;
  readonly address_2?: string | null;
  readonly city?: string | null;
  readonly province?: string | null;
  readonly postal_code?: string | null;
  readonly country_code?: string | null;
  readonly phone?: string | null;
}
/** Medusa's weights have no unit; this shop's are grams. */
type Items = readonly { readonly quantity: number; readonly variant?: { readonly weight?: number | null } }[];
interface Order {
  readonly shipping_address?: MedusaAddress;
  readonly items?: Items;
}
/** `service` is the option's service; without one the cheapest is sold. */
type OptionData = Readonly<Record<string, unknown>> & { readonly service?: string };

export function medusaFulfillment(options: ShopOptions) {
  const rateOf = async ({ shipping_address: to = {}, items = [] }: Order, service?: string) => {
    const grams = items.reduce((sum, { quantity, variant }) => sum + quantity * (variant?.weight ?? 0), 0);
    const address = {
      name: [to.first_name, to.last_name].filter(Boolean).join(' '),
      company: to.company,
      street1: to.address_1,
      street2: to.address_2,
      city: to.city,
      state: to.province,
      postalCode: to.postal_code,
      country: (to.country_code ?? '').toUpperCase(),
      phone: to.phone,
    };
    const rates = await quote(options, address, grams, options.deadlineMs ?? defaultDeadlineMs);
    const rate = rates.find((each) => service === undefined || each.service.code === service);
    if (rate === undefined) throw new Error('no carrier has a rate for this order now');
    return rate;
  };
  return {
    getFulfillmentOptions: async () => [{ id: 'parcelgraph' }, { id: 'parcelgraph-return', is_return: true }],
    canCalculate: async () => true,
    validateOption: async () => true,
    validateFulfillmentData: async (_: OptionData, data: object) => data,
    /** Medusa's amounts are in the major unit. */
    async calculatePrice(option: OptionData, _: object, context: Order) {
      const { price } = await rateOf(context, option.service);
      return { calculated_amount: Number(price.amount), is_calculated_price_tax_inclusive: false };
    },
    /** Buys the label of a fulfilment, once, however often Medusa's workflow repeats this step. */
    async createFulfillment(
      data: OptionData,
      _: unknown,
      order: Order,
      fulfillment: { readonly id: string },
    ) {
      const client = openClient(options);
      const found = await client.query(ShipmentsDocument, {
        filter: { reference: fulfillment.id, status: ['PURCHASED'] },
      });
      if (!found.ok) throw new Error(found.failure.message);
      const [purchased] = found.data.shipments!.nodes;
      if (purchased) return fulfilled(data, purchased);
      const rate = await rateOf(order, data.service);
      const bought = await client.mutate(ShipmentPurchaseDocument, {
        input: { idempotencyKey: `medusa-${fulfillment.id}`, rateId: rate.id, reference: fulfillment.id },
      });
      if (!bought.ok) throw new Error(bought.failure.message);
      return fulfilled(data, bought.data.shipmentPurchase!.shipment!);
    },
    async cancelFulfillment({ shipmentId }: { readonly shipmentId?: string }) {
      if (shipmentId === undefined) return {};
      const voided = await openClient(options).mutate(ShipmentVoidDocument, { input: { id: shipmentId } });
      if (!voided.ok) throw new Error(voided.failure.message);
      return {};
    },
  };
}

const fulfilled = (data: OptionData, { id, parcels }: ShipmentStateFragment) => ({
  data: { ...data, shipmentId: id },
  labels: parcels.map(({ trackingNumber, label }) => ({
    tracking_number: trackingNumber ?? '',
    tracking_url: '',
    label_url: label?.url ?? '',
  })),
});
