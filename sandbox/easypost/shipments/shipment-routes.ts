import { requireEndShipper } from '../addresses/end-shippers.ts';
import { missingParameter, notFound, unprocessable } from '../api-error.ts';
import { idOf, isBlank, listOf, textOf, unwrap } from '../fields.ts';
import type { Files } from '../files.ts';
import { created, ok, type Api } from '../http.ts';
import { page } from '../pagination.ts';
import { readLabelFormat, requireLabel, requireUnpurchased, type PurchaseLabel } from './label-purchase.ts';
import type { LabelRefunds } from './label-refunds.ts';
import { fee, insuranceFee, readInsurance } from './purchase-rules.ts';
import { renderRate, type RenderShipment } from './shipment-json.ts';
import type { Shipments } from './shipments.ts';

interface Resources {
  shipments: Shipments;
  files: Files;
  labelRefunds: LabelRefunds;
  purchaseLabel: PurchaseLabel;
  renderShipment: RenderShipment;
}

export function addShipmentRoutes(api: Api, resources: Resources) {
  addQuoteRoutes(api, resources);
  addPurchaseRoutes(api, resources);
  addLabelRoutes(api, resources);
}

/** Creation, reading and rating. */
function addQuoteRoutes({ state, addRoute, limitList }: Api, resources: Resources) {
  const { shipments, purchaseLabel, renderShipment } = resources;

  addRoute('POST', '/v2/shipments', ({ caller, body }) => {
    const fields = unwrap(body, 'shipment');
    const entry = shipments.create(caller, fields);
    const service = textOf(fields, 'service');
    if (!service) return created(renderShipment(entry), 'shipments');
    // A purchase in one call names a service and the one carrier account that offers it.
    const rate = entry.body.rates.find((each) => each.service === service);
    if (listOf(fields, 'carrier_accounts').length !== 1) {
      throw unprocessable(
        'SHIPMENT.INVALID_PARAMS',
        'A purchase in one call needs exactly one carrier account.',
      );
    }
    if (rate === undefined) {
      throw unprocessable(
        'SHIPMENT.RATES.UNAVAILABLE',
        'The requested service has no rate for this shipment.',
      );
    }
    purchaseLabel(caller, entry, rate, fields.insurance);
    return created(renderShipment(entry, { initialTracker: true }), 'shipments');
  });

  addRoute('GET', '/v2/shipments', ({ caller, query }) => {
    limitList(caller);
    const includesUnpurchased = String(query.purchased ?? 'true') === 'false';
    const rows = shipments.list(caller).filter(({ body }) => includesUnpurchased || body.label !== null);
    return page(state, rows, query, 'shipments', (entry) => renderShipment(entry));
  });

  addRoute('GET', '/v2/shipments/:id', ({ caller, id }) => ok(renderShipment(shipments.get(caller, id))));

  addRoute('POST', '/v2/shipments/:id/rerate', ({ caller, id }) => {
    const entry = shipments.get(caller, id);
    shipments.quote(entry);
    return ok({ rates: entry.body.rates.map((rate) => renderRate(entry, rate)) });
  });

  addRoute('GET', '/v2/rates/:id', ({ caller, id }) => {
    const entry = shipments.findByRate(caller, id);
    // Guess: a rate that a rerate replaced is a 404.
    const rate = entry?.body.rates.find((each) => each.id === id);
    if (entry === undefined || rate === undefined) throw notFound();
    return ok(renderRate(entry, rate));
  });
}

/** Purchase, insurance and refund of a label. */
function addPurchaseRoutes({ state, addRoute }: Api, resources: Resources) {
  const { shipments, purchaseLabel, labelRefunds, renderShipment } = resources;

  addRoute('POST', '/v2/shipments/:id/buy', ({ caller, id, body }) => {
    const entry = shipments.get(caller, id);
    if (isBlank(body.rate)) throw missingParameter('rate');
    const endShipper = textOf(body, 'end_shipper_id');
    if (endShipper) requireEndShipper(state, endShipper);
    requireUnpurchased(entry.body);
    const rate = entry.body.rates.find((each) => each.id === idOf(body.rate));
    if (rate === undefined) {
      throw unprocessable(
        'SHIPMENT.MISSING_RATE',
        'The rate does not belong to this shipment or is no longer valid.',
      );
    }
    purchaseLabel(caller, entry, rate, body.insurance);
    return ok(renderShipment(entry, { initialTracker: true }));
  });

  addRoute('POST', '/v2/shipments/:id/insure', ({ caller, id, body }) => {
    const entry = shipments.get(caller, id);
    requireLabel(entry.body);
    if (entry.body.insurance !== null) {
      throw unprocessable(
        'SHIPMENT.INSURANCE.ALREADY_PURCHASED',
        'Insurance was already purchased for this shipment.',
      );
    }
    if (isBlank(body.amount)) throw missingParameter('amount');
    const insured = readInsurance(body.amount, null);
    if (insured !== null) {
      entry.body.insurance = insured;
      entry.body.fees.push(fee('InsuranceFee', insuranceFee(insured)));
      shipments.save(entry);
    }
    return ok(renderShipment(entry));
  });

  addRoute('POST', '/v2/shipments/:id/refund', ({ caller, id }) => {
    const entry = shipments.get(caller, id);
    labelRefunds.request(entry);
    return ok(renderShipment(entry));
  });
}

function addLabelRoutes({ addRoute }: Api, { shipments, files, renderShipment }: Resources) {
  addRoute('GET', '/v2/shipments/:id/label', ({ caller, id, query }) => {
    const entry = shipments.get(caller, id);
    const label = requireLabel(entry.body);
    const format = readLabelFormat(String(query.file_format ?? 'PNG'));
    if (format !== label.format && label.format !== 'PNG') {
      throw unprocessable('SHIPMENT.POSTAGE.FORMAT_UNAVAILABLE', 'Only PNG labels can be converted.');
    }
    if (label.files[format] === undefined) {
      label.files[format] = files.publish('postage_label', format, { labels: [label.design] });
      shipments.save(entry);
    }
    return ok(renderShipment(entry));
  });
}
