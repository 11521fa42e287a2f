import { describe, expect, it } from 'vitest';

import type { HttpResponse } from '../../../src/transport/http.ts';
import { jsonResponse } from '../../support/intercept.ts';
import { call, openAdapter, type Opened } from './open-adapter.ts';

/**
 * Answers as the live EasyPost gives them, whole, with the fields that nobody reads: the shapes of its recordings, with
 * values of our own. They hold the adapter to what EasyPost says, where the emulated EasyPost may share a misunderstanding
 * with it.
 */
type Answer = readonly [title: string, path: RegExp, answer: HttpResponse, ask: Ask, expected: unknown];
type Ask = (opened: Opened) => Promise<unknown>;

const trackingNumber = '9400100000000000000022';
const prepared = { attemptId: 'a', request: { shipment: 'shp_1', rate: 'rate_1', format: 'PDF' } };
const label = { trackingNumber, reference: 'shp_1', prepared };
const track: Ask = ({ adapter }) => adapter.track!([{ trackingNumber, carrier: 'USPS' }], call);
const readLabel: Ask = ({ adapter }) => adapter.labels!.reconcile(prepared, call);
const voidLabel: Ask = ({ adapter }) => adapter.labels!.void!(label, call);
const readRefund: Ask = ({ adapter }) => adapter.labels!.refund!(label, call);
const readForm: Ask = ({ adapter }) =>
  adapter.manifests!.refresh!({ providerRef: { scanForm: 'sf_1' } }, call);
const failureOf =
  (ask: Ask): Ask =>
  (opened) =>
    ask(opened).catch((error: unknown) => error);

const times = { created_at: '2025-04-07T15:00:20Z', updated_at: '2025-04-07T15:00:21Z' };
const address = {
  id: 'adr_1',
  object: 'Address',
  created_at: '2025-04-07T15:00:20+00:00',
  updated_at: '2025-04-07T15:00:20+00:00',
  name: 'Sally Sender',
  company: null,
  street1: "475 L'Enfant Plaza SW",
  street2: null,
  city: 'Washington',
  state: 'DC',
  zip: '20260',
  country: 'US',
  phone: null,
  email: null,
  mode: 'test',
  carrier_facility: null,
  residential: null,
  federal_tax_id: null,
  state_tax_id: null,
  verifications: {},
};
const rate = {
  id: 'rate_1',
  object: 'Rate',
  ...times,
  mode: 'test',
  service: 'GroundAdvantage',
  carrier: 'USPS',
  rate: '8.12',
  currency: 'USD',
  retail_rate: '10.40',
  retail_currency: 'USD',
  list_rate: '8.60',
  list_currency: 'USD',
  billing_type: 'easypost',
  delivery_days: 4,
  delivery_date: null,
  delivery_date_guaranteed: false,
  est_delivery_days: 4,
  shipment_id: 'shp_1',
  carrier_account_id: 'ca_1',
};
const tracker = {
  id: 'trk_1',
  object: 'Tracker',
  mode: 'production',
  tracking_code: trackingNumber,
  status: 'delivered',
  status_detail: 'arrived_at_destination',
  ...times,
  signed_by: null,
  weight: 12.5,
  est_delivery_date: '2025-04-10T00:00:00Z',
  shipment_id: 'shp_1',
  carrier: 'USPS',
  tracking_details: [
    {
      object: 'TrackingDetail',
      message: 'Origin Acceptance',
      description: 'Origin Acceptance',
      status: 'in_transit',
      status_detail: 'received_at_origin_facility',
      datetime: '2025-04-07T21:10:00Z',
      source: 'USPS',
      carrier_code: 'OA',
      tracking_location: {
        object: 'TrackingLocation',
        city: 'WASHINGTON',
        state: 'DC',
        country: null,
        zip: '20260',
      },
    },
    {
      object: 'TrackingDetail',
      message: 'Delivered, In/At Mailbox',
      description: null,
      status: 'delivered',
      status_detail: 'arrived_at_destination',
      datetime: '2025-04-10T18:30:00Z',
      source: 'USPS',
      carrier_code: '01',
      tracking_location: {
        object: 'TrackingLocation',
        city: 'SAN FRANCISCO',
        state: 'CA',
        country: 'US',
        zip: '94107',
      },
    },
  ],
  carrier_detail: {
    object: 'CarrierDetail',
    service: 'Ground Advantage',
    container_type: null,
    est_delivery_date_local: '2025-04-10',
    est_delivery_time_local: null,
    origin_location: 'WASHINGTON DC, 20260',
    origin_tracking_location: null,
    destination_location: 'SAN FRANCISCO CA, 94107',
    destination_tracking_location: null,
    guaranteed_delivery_date: null,
    alternate_identifier: null,
    initial_delivery_attempt: null,
  },
  finalized: true,
  is_return: false,
  public_url: 'https://track.easypost.com/abc',
  fees: [],
};
const fee = (type: string, amount: string, refunded = false) => ({
  object: 'Fee',
  type,
  amount,
  charged: true,
  refunded,
});
const shipment = {
  id: 'shp_1',
  object: 'Shipment',
  ...times,
  is_return: false,
  messages: [],
  mode: 'test',
  options: { currency: 'USD', payment: { type: 'SENDER' }, date_advance: 0 },
  reference: null,
  status: 'unknown',
  tracking_code: trackingNumber,
  batch_id: null,
  batch_status: null,
  batch_message: null,
  customs_info: null,
  from_address: address,
  to_address: { ...address, id: 'adr_2', name: 'Rita Receiver' },
  buyer_address: { ...address, id: 'adr_2' },
  return_address: address,
  insurance: null,
  order_id: null,
  parcel: {
    id: 'prcl_1',
    object: 'Parcel',
    ...times,
    length: 10,
    width: 8,
    height: 4,
    predefined_package: null,
    weight: 12.5,
    mode: 'test',
  },
  postage_label: {
    object: 'PostageLabel',
    id: 'pl_1',
    ...times,
    date_advance: 0,
    integrated_form: 'none',
    label_date: '2025-04-07T15:00:20Z',
    label_resolution: 300,
    label_size: '4x6',
    label_type: 'default',
    label_file_type: 'image/png',
    label_url: 'https://easypost-files.s3.us-west-2.amazonaws.com/files/postage_label/20250407/e81.png',
    label_pdf_url: null,
    label_zpl_url: null,
    label_epl2_url: null,
    label_file: null,
  },
  rates: [rate],
  refund_status: null as string | null,
  scan_form: null,
  selected_rate: rate,
  tracker: { ...tracker, status: 'unknown', tracking_details: [] },
  usps_zone: 8,
  forms: [],
  fees: [fee('LabelFee', '0.00000'), fee('PostageFee', '8.12000')],
};
const scanForm = {
  id: 'sf_1',
  object: 'ScanForm',
  ...times,
  tracking_codes: [trackingNumber],
  address,
  status: 'created',
  message: null as string | null,
  form_url: 'https://easypost-files.s3.us-west-2.amazonaws.com/files/scan_form/20250407/e82.pdf' as
    string | null,
  form_file_type: null,
  batch_id: 'batch_1',
  confirmation: null,
};
const dollars = (amount: string) => ({ amount, currencyCode: 'USD' });
const refusal = (status: number, code: string, message: string, headers = {}) =>
  jsonResponse({ error: { code, message, errors: [] } }, { status, headers });

const answers: readonly Answer[] = [
  ['a tracker of a delivered parcel', /\/trackers$/, jsonResponse(tracker, { status: 201 }), track, [
    {
      status: 'DELIVERED',
      carrier: 'USPS',
      estimatedDelivery: undefined,
      estimatedDeliveryDate: '2025-04-10',
      reference: 'trk_1',
      events: [
        { status: 'DELIVERED', occurredAt: '2025-04-10T18:30:00Z', carrierCode: '01', location: { city: 'SAN FRANCISCO', country: 'US' } },
        { status: 'ACCEPTED', occurredAt: '2025-04-07T21:10:00Z', carrierCode: 'OA', location: { city: 'WASHINGTON', postalCode: '20260' } },
      ],
    },
  ]],
  ['a tracker of an unknown number', /\/trackers$/, refusal(422, 'TRACKER.CREATE.ERROR', 'Unable to create tracker.'), track, [
    { name: 'ProviderError', code: 'REJECTED' },
  ]],
  ['a shipment that was bought', /\/shipments\/shp_1$/, jsonResponse(shipment), readLabel, [
    {
      trackingNumber,
      reference: 'shp_1',
      price: dollars('8.12'),
      quotedAmount: dollars('8.12'),
      charges: [{ name: 'Postage', amount: dollars('8.12') }],
      label: { format: 'PDF', source: 'shp_1:PDF' },
      forms: [],
    },
  ]],
  ['a shipment whose refund was requested', /\/shipments\/shp_1\/refund$/, jsonResponse({ ...shipment, refund_status: 'submitted' }), voidLabel,
    { status: 'REQUESTED', voided: false }],
  ['a shipment that was refunded', /\/shipments\/shp_1$/, jsonResponse({ ...shipment, refund_status: 'refunded', fees: [fee('LabelFee', '0.05000'), fee('PostageFee', '8.12000', true)] }), readRefund,
    { status: 'REFUNDED', voided: true, amount: dollars('8.12') }],
  ['a refund that is refused', /\/shipments\/shp_1(\/refund)?$/, refusal(422, 'SHIPMENT.REFUND.UNAVAILABLE', 'Unable to request refund.'), failureOf(voidLabel),
    { code: 'REJECTED', providerCode: 'SHIPMENT.REFUND.UNAVAILABLE', refused: true }],
  ['a scan form', /\/scan_forms\/sf_1$/, jsonResponse(scanForm), readForm,
    { reference: 'sf_1', form: { format: 'PDF', source: scanForm.form_url } }],
  ['a scan form in creation', /\/scan_forms\/sf_1$/, jsonResponse({ ...scanForm, status: 'creating', form_url: null, tracking_codes: [] }), readForm,
    { reference: 'sf_1', providerRef: { scanForm: 'sf_1' } }],
  ['a scan form that failed', /\/scan_forms\/sf_1$/, jsonResponse({ ...scanForm, status: 'failed', form_url: null, message: 'Labels are of several days.' }), readForm,
    { failure: { code: 'REJECTED', providerMessage: 'Labels are of several days.' } }],
  ['an object that is not there', /\/scan_forms\/sf_1$/, refusal(404, 'NOT_FOUND', 'The requested resource could not be found.'), failureOf(readForm),
    { code: 'NOT_FOUND', refused: true }],
  ['a key that is refused', /\/trackers$/, refusal(401, 'APIKEY.INACTIVE', 'This api key is no longer active.'), track, [
    { code: 'CREDENTIALS_REJECTED', retryable: false },
  ]],
  ['too many calls', /\/trackers$/, refusal(429, 'RATE_LIMITED', 'Too many requests.', { 'retry-after': '60' }), track, [
    { code: 'RATE_LIMITED', retryable: true, retryAfterSeconds: 60 },
  ]],
]; // prettier-ignore

describe('EasyPost answers', () => {
  it.each(answers)('%s', async (_, path, answer, ask, expected) => {
    const opened = await openAdapter();
    opened.intercept(path, async () => answer);
    expect(await ask(opened)).toMatchObject(expected as object);
  });
});
