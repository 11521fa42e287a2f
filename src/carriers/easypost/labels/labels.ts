import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import type { CallOptions, LabelApi } from '../../adapter.ts';
import type { LabelReference } from '../../../domain/label.ts';
import type { PreparedRequest } from '../../../domain/prepared-request.ts';
import type { EasyPostClient } from '../client.ts';
import { unreadable } from '../errors.ts';
import { requireCustoms } from '../shipments/customs-form.ts';
import { buyOrder, findPurchasedOrder, orderPurchase, prepareOrder } from './order-purchase.ts';
import { fromPurchasedShipment, purchasedShipment } from './purchased-label.ts';
import { fetchRefund, requestRefund } from './refunds.ts';
import {
  buyShipment,
  findPurchasedShipment,
  prepareShipment,
  shipmentPurchase,
} from './shipment-purchase.ts';

const format = z.enum(['PDF', 'PNG', 'ZPL']);
/** A prepared request: a shipment for one parcel, an order for several. */
const purchase = z.union([shipmentPurchase.extend({ format }), orderPurchase.extend({ format })]);
/** A request as the ledger keeps it. Earlier versions kept a shipment without its service. */
const storedPurchase = z.union([purchase, z.object({ shipment: z.string(), format: format.default('PDF') })]);
const parseStored = ({ request }: PreparedRequest) => storedPurchase.parse(request);

export function createLabelApi(client: EasyPostClient): LabelApi {
  return {
    async prepare(labelRequest, call) {
      requireCustoms(labelRequest.request);
      const { parcels } = labelRequest.request;
      const prepare = parcels.length === 1 ? prepareShipment : prepareOrder;
      const request = { ...(await prepare(client, labelRequest, call)), format: labelRequest.format };
      const prepared = { attemptId: randomUUID(), request };
      return parcels.map(() => prepared);
    },
    async buy(prepared, call) {
      const request = purchase.parse(prepared.request);
      const shipments =
        'order' in request
          ? await buyOrder(client, request, call)
          : [await buyShipment(client, request, call)];
      return shipments.map((shipment) => fromPurchasedShipment(shipment, request.format));
    },
    async reconcile(prepared, call) {
      const request = parseStored(prepared);
      const found =
        'order' in request
          ? await findPurchasedOrder(client, request, call)
          : await findPurchasedShipment(client, request, call);
      return found && [found].flat().map((shipment) => fromPurchasedShipment(shipment, request.format));
    },
    void: (label, call) => requestRefund(client, shipmentOf(label), call),
    refund: (label, call) => fetchRefund(client, shipmentOf(label), call),
    // A PNG has a URL of its own, which EasyPost returns at the purchase only.
    labelSource: (label, format) => (format === 'PNG' ? undefined : `${shipmentOf(label)}:${format}`),
    // A request has no personal data: ids, a price and names of services.
    redact: (request) => storedPurchase.parse(request),
    fetchDocument: async (source, call) =>
      client.download(new URL(await toUrl(client, source, call)), call.signal),
  };
}

function shipmentOf({ reference, prepared }: LabelReference): string {
  const request = parseStored(prepared);
  const shipment = reference ?? ('shipment' in request ? request.shipment : undefined);
  if (shipment === undefined) throw new TypeError('a label of an order needs the reference of its shipment');
  return shipment;
}

/** Returns the URL of a document. A source like `shp_...:ZPL` is a label that EasyPost converts now. */
async function toUrl(client: EasyPostClient, source: string, call: CallOptions): Promise<string> {
  const [, shipment, format] = /^(shp_\w+):(PDF|ZPL)$/.exec(source) ?? [];
  if (!shipment || !format) return source;
  const path = `/shipments/${shipment}/label?file_format=${format}`;
  const { postage_label } = await client.request(purchasedShipment, { path }, call.signal);
  const url = format === 'PDF' ? postage_label?.label_pdf_url : postage_label?.label_zpl_url;
  if (!url) throw unreadable('a converted label');
  return url;
}
