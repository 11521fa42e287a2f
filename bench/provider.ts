import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/**
 * A server with the shapes of EasyPost's answers that spends as little time as possible, so that it is not what the
 * benchmark measures. It checks nothing: `sandbox/` does that. `/calls` answers with the number of calls so far.
 */

const at = '2026-11-20T12:00:00Z';

/** Services with their prices, as test accounts of EasyPost answer a domestic shipment. */
const services = [
  ['Express', '34.15', 1],
  ['Priority', '7.42', 2],
  ['GroundAdvantage', '6.07', 3],
  ['First', '5.62', 3],
] as const;

const contact = {
  object: 'Address',
  created_at: at,
  updated_at: at,
  mode: 'test',
  carrier_facility: null,
  residential: null,
  federal_tax_id: null,
  state_tax_id: null,
};

const address = (id: string, fields: object) => ({ id, ...contact, ...fields, verifications: {} });
const sender = { name: 'Ada Lovelace', company: null, street1: '388 Townsend St', street2: 'Apt 20' };
const ends = {
  from_address: address('adr_1', { ...sender, city: 'San Francisco', state: 'CA', zip: '94107', country: 'US' }), // prettier-ignore
  to_address: address('adr_2', { ...sender, city: 'Redondo Beach', state: 'CA', zip: '90277', country: 'US' }), // prettier-ignore
};

/** The place of a shipment's own id in the text of its answer. */
const placeholder = '#';

const rates = services.map(([service, rate, days], index) => ({
  id: `rate_${placeholder}_${index}`,
  object: 'Rate',
  created_at: at,
  updated_at: at,
  mode: 'test',
  service,
  carrier: 'USPS',
  rate,
  currency: 'USD',
  retail_rate: '39.10',
  retail_currency: 'USD',
  list_rate: '38.34',
  list_currency: 'USD',
  billing_type: 'easypost',
  delivery_days: days,
  delivery_date: null,
  delivery_date_guaranteed: false,
  est_delivery_days: days,
  shipment_id: `shp_${placeholder}`,
  carrier_account_id: 'ca_1',
}));

const shipment = {
  id: `shp_${placeholder}`,
  created_at: at,
  is_return: false,
  messages: [],
  mode: 'test',
  options: { label_format: 'PNG', currency: 'USD', payment: { type: 'SENDER' }, date_advance: 0 },
  reference: null,
  status: 'unknown',
  tracking_code: null,
  updated_at: at,
  customs_info: null,
  ...ends,
  insurance: null,
  order_id: null,
  parcel: { id: 'prcl_1', object: 'Parcel', created_at: at, length: 10, width: 8, height: 4, weight: 20 },
  postage_label: null,
  rates,
  refund_status: null,
  scan_form: null,
  selected_rate: null,
  tracker: null,
  usps_zone: 4,
  return_address: ends.from_address,
  buyer_address: ends.to_address,
  forms: [],
  fees: [],
  object: 'Shipment',
};

const postageLabel = (origin: string) => ({
  object: 'PostageLabel',
  label_file_type: 'image/png',
  label_size: '4x6',
  label_url: `${origin}/label.png`,
});

const purchased = (origin: string, rate: (typeof rates)[number]) => ({
  ...shipment,
  tracking_code: `9400${placeholder}`,
  postage_label: postageLabel(origin),
  selected_rate: rate,
  fees: [
    { object: 'Fee', type: 'LabelFee', amount: '0.00000', charged: true, refunded: false },
    { object: 'Fee', type: 'PostageFee', amount: `${rate.rate}000`, charged: true, refunded: false },
  ],
});

const detail = (message: string, datetime: string) => ({
  object: 'TrackingDetail',
  message,
  description: '',
  status: 'in_transit',
  status_detail: 'arrived_at_facility',
  datetime,
  source: 'USPS',
  carrier_code: null,
  tracking_location: {
    object: 'TrackingLocation',
    city: 'HOUSTON',
    state: 'TX',
    country: null,
    zip: '77063',
  },
});
const details = [1, 2, 3, 4].map((hour) => detail(`Arrived at facility ${hour}`, `2026-11-20T0${hour}:00:00Z`)); // prettier-ignore

const tracker = JSON.stringify({
  id: `trk_${placeholder}`,
  object: 'Tracker',
  mode: 'test',
  tracking_code: placeholder,
  status: 'in_transit',
  status_detail: 'arrived_at_facility',
  created_at: at,
  updated_at: at,
  signed_by: null,
  weight: null,
  est_delivery_date: '2026-11-24T00:00:00Z',
  shipment_id: null,
  carrier: 'USPS',
  tracking_details: details,
  carrier_detail: null,
  fees: [],
});

const delivery = { success: true, errors: [], details: { latitude: 33.8436, longitude: -118.39177 } };

/** A file of the size of a label, of which nobody reads more than its first bytes. */
const label = Buffer.alloc(24_000);
label.write('%PDF-1.4');

interface Received {
  readonly address: object;
  readonly rate: { readonly id: string };
  readonly tracker: { readonly tracking_code: string };
  readonly tracking_codes: readonly string[];
}

/** Answers of one request: by method and path, in the order in which they are tried. */
function answers(
  origin: string,
): readonly (readonly [RegExp, (path: string, body: () => Received) => string | Buffer])[] {
  const quoted = JSON.stringify(shipment);
  const bought = rates.map((rate) => JSON.stringify(purchased(origin, rate)));
  const boughtBy = (rateId: string) => bought[Number(rateId.split('_')[2])]!;
  const pdf = { ...postageLabel(origin), label_pdf_url: `${origin}/label.pdf` };
  const converted = JSON.stringify({ ...shipment, postage_label: pdf });
  const trackerOf = (code: string) => tracker.replaceAll(placeholder, code);
  let shipments = 0;
  return [
    [/^POST \/v2\/shipments$/, () => quoted.replaceAll(placeholder, String((shipments += 1)).padStart(18, '0'))],
    [/^POST \/v2\/shipments\/\w+\/buy$/, (path, body) => boughtBy(body().rate.id).replaceAll(placeholder, path.split(/[_/]/)[4]!)],
    [/^GET \/v2\/shipments\/\w+\/label\?file_format=PDF$/, () => converted],
    [/^GET \/label\.pdf$/, () => label],
    [/^POST \/v2\/trackers$/, (_, body) => trackerOf(body().tracker.tracking_code)],
    [/^POST \/v2\/trackers\/batch$/, (_, body) => `{"trackers":[${body().tracking_codes.map(trackerOf).join()}]}`],
    [/^GET \/v2\/trackers\/trk_/, (path) => trackerOf(path.split('_')[1]!)],
    [
      /^POST \/v2\/addresses$/,
      (_, body) => JSON.stringify({ ...address('adr_3', body().address), verifications: { delivery } }),
    ],
  ]; // prettier-ignore
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

let calls = 0;

const server = createServer((request, response) => {
  if (request.url === '/calls') return void response.end(String(calls));
  calls += 1;
  void textOf(request).then((text) => {
    const line = `${request.method} ${request.url}`;
    const answer = table.find(([pattern]) => pattern.test(line))?.[1];
    // What is measured would be an error otherwise, which the server under test may well handle.
    if (answer === undefined) throw new TypeError(`the benchmark has no answer for ${line}`);
    const body = answer(request.url!, () => JSON.parse(text) as Received);
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
});
await once(server.listen(0, '127.0.0.1'), 'listening');
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const table = answers(origin);
console.log(origin);
