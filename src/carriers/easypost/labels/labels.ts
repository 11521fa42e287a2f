import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { outcome, ProviderError } from '../../../domain/errors.ts';
import type { CallOptions, LabelApi } from '../../adapter.ts';
import type { LabelReference } from '../../../domain/label.ts';
import { followedBy } from '../../../transport/call-plan.ts';
import { formatOfFile, type LabelFormat } from '../../../domain/shipment.ts';
import type { PreparedRequest } from '../../../domain/prepared-request.ts';
import type { EasyPostClient } from '../client.ts';
import { unreadable } from '../errors.ts';
import { requireCustoms } from '../shipments/customs-form.ts';
import { buyOrder, findPurchasedOrder, orderPurchase, prepareOrder } from './order-purchase.ts';
import { conversionSource, fromPurchasedShipment, purchasedShipment, toLabel } from './purchased-label.ts';
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
/** A request as the ledger keeps it: a label that was imported without its price has neither rate nor service. */
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
    labelSource: (label, format) => conversionSource(shipmentOf(label), format),
    // A request has no personal data: ids, a price and names of services.
    redact: (request) => storedPurchase.parse(request),
    fetchDocument: (source, call) => fetchLabel(client, source, call),
    reprint: (label, format, call) => reprint(client, shipmentOf(label), format, call),
  };
}

function shipmentOf({ reference, prepared }: LabelReference): string {
  const request = parseStored(prepared);
  const shipment = reference ?? ('shipment' in request ? request.shipment : undefined);
  if (shipment === undefined) throw new TypeError('a label of an order needs the reference of its shipment');
  return shipment;
}

const fetchLabel = async (client: EasyPostClient, source: string, call: CallOptions) =>
  client.download(new URL(await toUrl(client, source, call)), call.signal);

/** Converting a label, reading its shipment again where it can't be converted, and downloading it. */
const documentCalls = { calls: 3, when: 'the label exists' };

/** Returns a label in a format: as it was made, or converted, which EasyPost does with PNG alone. */
async function reprint(
  client: EasyPostClient,
  shipment: string,
  format: LabelFormat,
  call: CallOptions,
): Promise<Uint8Array> {
  const { postage_label } = await followedBy(fetchShipment(client, shipment, call), documentCalls);
  if (!postage_label?.label_url) throw unreadable('a label');
  const document = toLabel(shipment, postage_label, format);
  const data = await fetchLabel(client, document.source, call);
  const made = formatOfFile(data);
  if (made === format) return data;
  throw new ProviderError('REJECTED', `EasyPost has this label as ${made ?? document.format} and cannot convert it to ${format}`, { field: ['format'], hint: 'Print the label in the format that it has; buy labels as PNG to convert them later.' }); // prettier-ignore
}

const fetchShipment = (client: EasyPostClient, shipment: string, call: CallOptions) =>
  client.request(purchasedShipment, { path: `/shipments/${shipment}` }, call.signal);

const formatRefusals = new Set(['SHIPMENT.POSTAGE.FORMAT_UNAVAILABLE', 'SHIPMENT.POSTAGE.INVALID_FORMAT']);

/**
 * Returns the URL of a document. A source like `shp_...:ZPL` is a label that EasyPost converts now; one that it refuses to
 * convert is returned as it was made.
 */
async function toUrl(client: EasyPostClient, source: string, call: CallOptions): Promise<string> {
  const [, shipment, format] = /^(shp_\w+):(PDF|PNG|ZPL)$/.exec(source) ?? [];
  if (!shipment || !format) return source;
  const converted =
    format === 'PNG' ? undefined : await convert(client, shipment, format as 'PDF' | 'ZPL', call);
  if (converted) return converted;
  const { postage_label } = await fetchShipment(client, shipment, call);
  if (!postage_label?.label_url) throw unreadable('a label');
  return postage_label.label_url;
}

/** Returns the URL of a label in another format; undefined where EasyPost refuses the conversion. */
async function convert(
  client: EasyPostClient,
  shipment: string,
  format: 'PDF' | 'ZPL',
  call: CallOptions,
): Promise<string | undefined> {
  const path = `/shipments/${shipment}/label?file_format=${format}`;
  const converted = await outcome(() => client.request(purchasedShipment, { path }, call.signal));
  if (!(converted instanceof ProviderError)) {
    const { label_pdf_url, label_zpl_url } = converted.postage_label ?? {};
    return (format === 'PDF' ? label_pdf_url : label_zpl_url) ?? undefined;
  }
  if (formatRefusals.has(converted.providerCode ?? '')) return undefined;
  throw converted;
}
