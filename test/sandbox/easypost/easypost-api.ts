import { afterEach, beforeEach } from 'vitest';
import { movableClock, type MovableClock } from '../../../sandbox/clock.ts';
import {
  easypostSandboxKey,
  startEasyPost,
  type EasyPostOptions,
  type EasyPostSandbox,
} from '../../../sandbox/easypost/index.ts';
import { openStore, type Store } from '../../../sandbox/store.ts';

/** The fields of a response that the tests read; a response has some of them. */
export interface Body {
  id: string;
  created_at: string;
  error: { code: string; errors: { code: string }[] };
  address: Body;
  addresses: Body[];
  shipments: Body[];
  trackers: Body[];
  has_more: boolean;
  street1: string;
  zip: string;
  verifications: { delivery: object };
  rates: Rate[];
  messages: { type: string; message: string }[];
  usps_zone: number | null;
  status: string;
  tracking_code: string;
  selected_rate: Rate;
  insurance: string | null;
  fees: { type: string; amount: string }[];
  forms: object[];
  refund_status: string | null;
  to_address: object;
  postage_label: { label_url: string; label_zpl_url: string; label_file_type: string };
  result: { carrier: string; service: string; time_in_transit: Record<string, number> }[];
  tracker: Body;
  tracking_details: { datetime: string }[];
  public_url: string;
  state: string;
  label_url: string;
  pickup_rates: { service: string }[];
  confirmation: string | null;
  events: Body[];
  description: string;
  payloads: { response_code: number }[];
  webhooks: { disabled_at: string | null }[];
}

export interface Rate {
  id: string;
  carrier: string;
  service: string;
  rate: string;
  list_rate: string | null;
  retail_rate: string | null;
}

export const sanFrancisco = {
  name: 'Jack Sparrow',
  street1: '388 Townsend St',
  street2: 'Apt 20',
  city: 'San Francisco',
  state: 'CA',
  zip: '94107',
  country: 'US',
  phone: '5555555555',
};
export const redondoBeach = {
  name: 'Elizabeth Swan',
  street1: '179 N Harbor Dr',
  city: 'Redondo Beach',
  state: 'CA',
  zip: '90277',
  country: 'US',
  phone: '5555555555',
};
export const invalidAddress = {
  company: 'Acme',
  street1: '000 unknown street',
  city: 'Not A City',
  state: 'ZZ',
  zip: '00001',
  country: 'US',
};
export const canada = {
  name: 'Sawyer Bateman',
  street1: '1A Larkspur Cres.',
  city: 'St. Albert',
  state: 'AB',
  zip: 'T8N 2M4',
  country: 'CA',
};
export const parcel = { length: 10, width: 8, height: 4, weight: 15.4 };
export const domesticShipment = { from_address: sanFrancisco, to_address: redondoBeach, parcel };
export const second = 1000;
export const minute = 60 * second;
export const day = 24 * 60 * minute;

/** The emulated EasyPost of the current test, with its clock and its storage. */
export let easypost: EasyPostSandbox;
export let clock: MovableClock;
let store: Store;

/** Starts the emulated EasyPost before each test of a file, and closes it afterwards. */
export function setUpEasyPost(): void {
  beforeEach(async () => {
    clock = movableClock('2025-03-07T16:46:17Z');
    store = openStore();
    easypost = await startEasyPost({ clock, store });
  });
  afterEach(() => easypost.close());
}

/** Starts the emulated EasyPost again with other options, on the same clock and storage by default. */
export async function restart(options: Partial<EasyPostOptions>) {
  await easypost.close();
  easypost = await startEasyPost({ clock, store, ...options });
}

export const basic = (key: string) => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;

export async function call(
  method: string,
  path: string,
  body?: unknown,
  authorization: string | null = basic(easypostSandboxKey),
) {
  const response = await fetch(easypost.url + path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(authorization !== null && { authorization }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Body };
}

/** Returns the id of the USPS account; the list of carrier accounts is a bare array. */
export const uspsAccount = async () =>
  (JSON.parse((await call('GET', '/v2/carrier_accounts')).text) as { id: string }[])[0]!.id;

export const quote = async (shipment: object = domesticShipment) =>
  (await call('POST', '/v2/shipments', { shipment })).body;
export const rateOf = (shipment: { rates: Rate[] }, service: string) =>
  shipment.rates.find((rate) => rate.service === service)!;

export async function buy(
  service = 'GroundAdvantage',
  shipment: object = domesticShipment,
  fields: object = {},
) {
  const quoted = await quote(shipment);
  const rate = { id: rateOf(quoted, service).id };
  return call('POST', `/v2/shipments/${quoted.id}/buy`, { rate, ...fields });
}
