import { grouped } from '../../printing/number-groups.ts';
import type { FormDesign } from '../../printing/forms.ts';
import type { LabelDesign } from '../../printing/label.ts';
import type { Addresses } from '../addresses/addresses.ts';
import { missingParameter, unprocessable } from '../api-error.ts';
import { newId, type Entry } from '../collection.ts';
import { isFields, listOf, textOf, unwrap, type Fields } from '../fields.ts';
import type { Files } from '../files.ts';
import { created, type Api } from '../http.ts';
import { addressLines } from './label-design.ts';
import { requireLabel } from './label-purchase.ts';
import type { RenderShipment } from './shipment-json.ts';
import type { Shipment } from './shipment.ts';
import type { Shipments } from './shipments.ts';

interface Resources {
  addresses: Addresses;
  shipments: Shipments;
  files: Files;
  renderShipment: RenderShipment;
}

/** Further forms of a purchased shipment. Of the documented ones the sandbox draws those that were recorded. */
export function addFormRoutes({ state, addRoute }: Api, resources: Resources) {
  const { shipments, files, renderShipment } = resources;
  addRoute('POST', '/v2/shipments/:id/forms', ({ caller, id, body }) => {
    const entry = shipments.get(caller, id);
    const label = requireLabel(entry.body);
    const fields = unwrap(body, 'form');
    const type = textOf(fields, 'type');
    if (!type) throw missingParameter('type');
    const path =
      type === 'label_qr_code'
        ? files.publish('form', 'PNG', { labels: [codeDesign(label.design)] })
        : type === 'return_packing_slip'
          ? files.publish('form', 'PDF', { form: packingSlip(entry, fields, resources.addresses) })
          : undefined;
    // Guess: the code and the wording.
    if (path === undefined) {
      throw unprocessable('SHIPMENT.INVALID_PARAMS', `The form ${type} is not available for this shipment.`);
    }
    entry.body.forms.push({ id: newId('form'), made: state.clock.now(), type, path });
    shipments.save(entry);
    return created(renderShipment(entry), 'shipments');
  });
}

/** What a counter prints a label from: in place of the QR code, the label's barcode and its number. */
const codeDesign = (label: LabelDesign): LabelDesign => ({ ...label, title: 'SHOW THIS CODE', details: [] });

function packingSlip(entry: Entry<Shipment>, fields: Fields, addresses: Addresses): FormDesign {
  const { to, from, label } = entry.body;
  const lines = listOf(fields, 'line_items').filter(isFields);
  const product = (line: Fields) => (isFields(line.product) ? line.product : {});
  return {
    title: 'RETURN PACKING SLIP',
    blocks: [
      { heading: 'FROM', lines: addressLines(addresses.get(entry, from).body) },
      { heading: 'RETURN TO', lines: addressLines(addresses.get(entry, to).body) },
      {
        heading: 'RETURN',
        lines: [textOf(fields, 'barcode') ?? '', `Tracking ${grouped(label!.tracking_code)}`],
      },
    ],
    table: {
      columns: [
        { heading: 'Units', share: 1, align: 'right' },
        { heading: 'Item', share: 6 },
        { heading: 'Barcode', share: 3 },
      ],
      rows: lines.map((line) => [
        textOf(line, 'units') ?? '',
        textOf(product(line), 'title') ?? '',
        textOf(product(line), 'barcode') ?? '',
      ]),
    },
  };
}
