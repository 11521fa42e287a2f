import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import type { CallOptions, LabelApi, PreparedRequest, LabelReference } from '../../adapter.ts';
import type { EasyPost } from '../client.ts';
import { refuseUndeclared } from '../shipments/customs.ts';
import { unreadable } from '../errors.ts';
import { boughtOrder, buyOrder, orderedOrder, orderOrder } from '../shipments/orders.ts';
import { askRefund, readRefund } from './refunds.ts';
import { boughtShipment, buyShipment, orderedShipment, orderShipment } from '../shipments/shipments.ts';
import { fromBought, shipmentState } from './purchased-label.ts';

const format = z.enum(['PDF', 'PNG', 'ZPL']);
/** One parcel is a shipment, several are an order of shipments. */
const ordered = z.union([orderedShipment.extend({ format }), orderedOrder.extend({ format })]);
/** Once a shipment was kept without the service that was bought of it. */
const known = z.union([ordered, z.object({ shipment: z.string(), format: format.default('PDF') })]);

export function createLabelApi(easypost: EasyPost): LabelApi {
  const knownBy = ({ request }: PreparedRequest) => known.parse(request);
  return {
    async prepare(order, call) {
      refuseUndeclared(order.request);
      const { parcels } = order.request;
      const chosen = await (parcels.length === 1 ? orderShipment : orderOrder)(easypost, order, call);
      const prepared = { attemptId: randomUUID(), request: { ...chosen, format: order.format } };
      return parcels.map(() => prepared);
    },
    async buy(prepared, call) {
      const chosen = ordered.parse(prepared.request);
      const bought =
        'order' in chosen
          ? await buyOrder(easypost, chosen, call)
          : [await buyShipment(easypost, chosen, call)];
      return bought.map((each) => fromBought(each, chosen.format));
    },
    async reconcile(prepared, call) {
      const chosen = knownBy(prepared);
      const bought =
        'order' in chosen
          ? await boughtOrder(easypost, chosen, call)
          : await boughtShipment(easypost, chosen, call);
      return bought && [bought].flat().map((each) => fromBought(each, chosen.format));
    },
    void: (sold, call) => askRefund(easypost, shipmentOf(sold), call),
    refund: (sold, call) => readRefund(easypost, shipmentOf(sold), call),
    labelSource: (sold, format) => (format === 'PNG' ? undefined : `${shipmentOf(sold)}:${format}`),
    // Ids, a price and names of services.
    redact: (request) => known.parse(request),
    fetchDocument: async (source, call) =>
      easypost.download(new URL(await addressOf(source, call)), call.signal),
  };

  function shipmentOf({ reference, prepared }: LabelReference): string {
    const chosen = knownBy(prepared);
    const shipment = reference ?? ('shipment' in chosen ? chosen.shipment : undefined);
    if (shipment === undefined) throw new TypeError('a parcel of an order is known by its shipment');
    return shipment;
  }

  /** A file that lies somewhere, or one that is converted now: `shp_...:ZPL`. */
  async function addressOf(source: string, call: CallOptions): Promise<string> {
    const [, shipment, format] = /^(shp_\w+):(PDF|ZPL)$/.exec(source) ?? [];
    if (!shipment || !format) return source;
    const path = `/shipments/${shipment}/label?file_format=${format}`;
    const { postage_label } = await easypost.ask(shipmentState, { path }, call.signal);
    const address = format === 'PDF' ? postage_label?.label_pdf_url : postage_label?.label_zpl_url;
    if (!address) throw unreadable('a converted label');
    return address;
  }
}
