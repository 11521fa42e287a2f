import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { movableClock } from '../../sandbox/clock.ts';
import { easypostSandboxKey, startEasyPost, type EasyPostSandbox } from '../../sandbox/easypost/index.ts';
import { signatures } from '../../sandbox/easypost/webhooks/signatures.ts';
import { openStore } from '../../sandbox/store.ts';

/**
 * Recorded requests and responses of EasyPost. Each request is sent to the emulated EasyPost, whose response must have the
 * recorded status, and the same fields of the same types. A field that is null or an empty list in either is not compared.
 */
const samples = new URL('../../../shared/contracts/easypost/samples/', import.meta.url);

/**
 * Differences that every sample may have. `+` is a field that the sample lacks, because EasyPost added it later; `-` is a
 * field that the response lacks, because the recorded object was created with other options.
 */
const expectedDifferences: readonly RegExp[] = [
  /^\+.*billing_type$/,
  /^\+.*delivery_evidence$/,
  /^\+.*tracking_details\[\]\.est_delivery_date$/,
  /^-(.*\.)?options\.(label_format|invoice_number)$/,
  /^-.*\[\].*verifications\.(zip4|delivery)$/,
];

/** Other differences by sample, each with its reason. The test fails for one that is not listed or does not occur. */
const deviations: Record<string, Record<string, string>> = {};

type Json = null | string | number | boolean | Json[] | { [key: string]: Json };
type Fields = { [key: string]: Json };

interface Case {
  sample: string;
  /** The state of the objects that the sample's ids refer to. */
  given?:
    | 'bad address'
    | 'blank address'
    | 'quoted'
    | 'purchased'
    | 'tracked'
    | 'end shipper'
    | 'picked up'
    | 'manifested'
    | 'batched';
  international?: boolean;
  key?: string;
}

const cases: readonly Case[] = [
  { sample: 'address.create' },
  { sample: 'address.create.verify-array-param' },
  { sample: 'address.create.verify-carrier-ups' },
  { sample: 'address.create.verify-failed-not-raised' },
  { sample: 'address.create.verify-ok' },
  { sample: 'address.create.verify-ok-with-secondary-info-warning' },
  { sample: 'address.create-and-verify.ok' },
  { sample: 'address.create-and-verify.ok-with-warning' },
  { sample: 'address.create-and-verify.failure' },
  { sample: 'address.verify.ok' },
  { sample: 'address.verify.failure', given: 'bad address' },
  { sample: 'address.verify.failure-input-invalid', given: 'blank address' },
  { sample: 'address.list' },
  { sample: 'any.error-403-apikey-inactive', key: 'not-a-real-key' },
  { sample: 'any.error-404-not-found' },
  { sample: 'parcel.create' },
  { sample: 'customs-info.create' },
  { sample: 'customs-item.create' },
  { sample: 'end-shipper.create' },
  { sample: 'shipment.create' },
  { sample: 'shipment.create.by-ids' },
  { sample: 'shipment.create.empty-objects' },
  { sample: 'shipment.create.international-us-ca', international: true },
  { sample: 'shipment.create.many-carriers-many-messages' },
  { sample: 'shipment.create.missing-parameter' },
  { sample: 'shipment.create.no-rate-response-message' },
  { sample: 'shipment.create.one-call-buy' },
  { sample: 'shipment.create.one-call-buy-insurance-zero' },
  { sample: 'shipment.create.tax-identifiers' },
  { sample: 'shipment.create.ups-and-usps-rates-with-messages' },
  { sample: 'shipment.create.upstream-too-many-requests-message' },
  { sample: 'shipment.retrieve', given: 'quoted' },
  { sample: 'shipment.rerate', given: 'quoted' },
  { sample: 'shipment.rerate.international-us-ca', given: 'quoted', international: true },
  { sample: 'shipment.buy', given: 'quoted' },
  { sample: 'shipment.buy.with-insurance', given: 'quoted' },
  { sample: 'shipment.buy.with-end-shipper', given: 'end shipper' },
  { sample: 'shipment.buy.international-us-ca', given: 'quoted', international: true },
  { sample: 'shipment.insure', given: 'purchased' },
  { sample: 'shipment.label-convert-zpl', given: 'purchased' },
  { sample: 'shipment.label.error-postage-required', given: 'quoted' },
  { sample: 'shipment.refund', given: 'purchased' },
  { sample: 'shipment.refund.error-unavailable', given: 'quoted' },
  { sample: 'shipment.list', given: 'purchased' },
  { sample: 'rate.retrieve', given: 'quoted' },
  { sample: 'shipment.smartrate', given: 'quoted' },
  { sample: 'beta.rates.stateless' },
  { sample: 'tracker.create.new-201' },
  { sample: 'tracker.create.EZ1000000001', given: 'tracked' },
  { sample: 'tracker.create.EZ2000000002-in-transit' },
  { sample: 'tracker.create.EZ4000000004-delivered' },
  { sample: 'tracker.create.EZ5000000005-return-to-sender' },
  { sample: 'tracker.create.EZ7000000007-unknown' },
  { sample: 'tracker.batch-retrieve', given: 'tracked' },
  { sample: 'tracker.retrieve', given: 'tracked' },
  { sample: 'tracker.list', given: 'purchased' },
  { sample: 'tracker.delete', given: 'tracked' },
  { sample: 'order.create' },
  { sample: 'order.create.error-to-address-required' },
  { sample: 'order.buy' },
  { sample: 'insurance.create' },
  { sample: 'insurance.refund' },
  { sample: 'refund.create', given: 'purchased' },
  { sample: 'refund.create.error-tracking-codes-invalid' },
  { sample: 'refund.list' },
  { sample: 'pickup.create', given: 'purchased' },
  { sample: 'pickup.create.error-min-datetime-required', given: 'purchased' },
  { sample: 'pickup.buy', given: 'purchased' },
  { sample: 'pickup.cancel', given: 'picked up' },
  { sample: 'pickup.list' },
  { sample: 'scan-form.create', given: 'purchased' },
  { sample: 'scan-form.create.error-already-manifested', given: 'manifested' },
  { sample: 'scan-form.retrieve', given: 'manifested' },
  { sample: 'scan-form.list' },
  { sample: 'batch.create' },
  { sample: 'batch.buy.error-423-creating' },
  { sample: 'batch.buy', given: 'batched' },
  { sample: 'batch.retrieve-after-buy', given: 'batched' },
  { sample: 'batch.label.error-not-purchased', given: 'batched' },
  { sample: 'batch.label', given: 'manifested' },
  { sample: 'batch.scan-form', given: 'manifested' },
  { sample: 'webhook.create' },
  { sample: 'webhook.create.error-url-required' },
  { sample: 'webhook.update' },
  { sample: 'webhook.delete' },
  { sample: 'event.list' },
  { sample: 'event.retrieve' },
  { sample: 'event.payloads.list' },
  { sample: 'event.payload.error-not-found' },
];

const clock = movableClock('2025-03-07T16:46:17Z');
let easypost: EasyPostSandbox | undefined;

beforeAll(async () => {
  easypost = await startEasyPost({ clock, store: openStore() });
});
afterAll(() => easypost?.close());

describe('the emulated EasyPost responds in the form of the recording', () => {
  test.for(cases)('$sample', async ({ sample, given, international = false, key }, { skip }) => {
    if (!existsSync(samples)) {
      console.warn(
        'The recorded samples are not on this machine, so the emulated EasyPost is not compared with them.',
      );
      skip('no recorded samples');
    }
    const read = (part: string) =>
      JSON.parse(readFileSync(new URL(`${sample}.${part}.json`, samples), 'utf8')) as Fields;
    const { method, path, query, body } = read('request') as { [key: string]: string } & {
      query: Fields;
      body: Json;
    };
    const recorded = read('response');

    const ids = await prepare(given, international);
    const params = new URLSearchParams(query as Record<string, string>).toString();
    const response = await call(
      method!,
      replaceIds(path!, ids) + (params && !params.startsWith('before') ? `?${params}` : ''),
      replaceIdsIn(body, ids),
      key,
    );

    expect(response.status).toBe(recorded.status);
    const location = (recorded.headers as Fields).location as string | undefined;
    if (location !== undefined) expect(response.location).toMatch(location.split('_')[0]!);
    const found = differences(recorded.body!, response.body).filter(
      (each) => !expectedDifferences.some((pattern) => pattern.test(each)),
    );
    expect(found.sort()).toEqual(Object.keys(deviations[sample] ?? {}).sort());
    if (recorded.status !== 200 && recorded.status !== 201) {
      expect((response.body as { error: Fields }).error.code).toBe(
        (recorded.body as { error: Fields }).error.code,
      );
    }
  });
});

async function call(method: string, path: string, body?: Json, key = easypostSandboxKey) {
  const response = await fetch(easypost!.url + path, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: method === 'GET' || body === null ? undefined : JSON.stringify(body),
  });
  return {
    status: response.status,
    location: response.headers.get('location'),
    body: (await response.json()) as Json,
  };
}

const sender = {
  name: 'Ann Sender',
  street1: '388 Townsend St',
  street2: 'Apt 20',
  city: 'San Francisco',
  state: 'CA',
  zip: '94107',
  country: 'US',
  phone: '5555555555',
};
const receivers = {
  near: { ...sender, street1: '179 N Harbor Dr', street2: null, city: 'Redondo Beach', zip: '90277' },
  international: {
    ...sender,
    street1: '1 Elm St',
    street2: null,
    city: 'St. Albert',
    state: 'AB',
    zip: 'T8N2M4',
    country: 'CA',
  },
};
const customs_info = {
  eel_pfc: 'NOEEI 30.37(a)',
  contents_type: 'gift',
  customs_certify: true,
  customs_signer: 'Ann Sender',
  restriction_type: 'none',
  customs_items: [
    {
      description: 'shirt',
      quantity: 1,
      value: 9.5,
      weight: 5,
      origin_country: 'US',
      hs_tariff_number: '610910',
    },
  ],
};

/** Creates the objects that a sample's ids refer to, and returns their ids by prefix. */
async function prepare(given: Case['given'], international: boolean): Promise<Record<string, string>> {
  const create = async (path: string, body: Json) =>
    (await call('POST', path, body)).body as Fields & { id: string };
  const address =
    {
      'bad address': { ...sender, street1: 'Townsend Street' },
      'blank address': { ...sender, street1: null },
    }[given as string] ?? sender;
  const to = international ? receivers.international : receivers.near;
  const parcel = { length: 10.2, width: 7.8, height: 4.3, weight: 21.2 };
  const shipment = await create('/v2/shipments', {
    shipment: { to_address: to, from_address: sender, parcel, customs_info },
  });
  const service = international ? 'PriorityMailInternational' : 'GroundAdvantage';
  const rate = (shipment.rates as Fields[]).find((each) => each.service === service) as {
    id: string;
    carrier_account_id: string;
  };
  const tracker = await create('/v2/trackers', {
    tracker: { tracking_code: given === 'tracked' ? 'EZ1000000001' : 'EZ3000000003' },
  });
  if (['purchased', 'picked up', 'manifested'].includes(given as string)) {
    await create(`/v2/shipments/${shipment.id}/buy`, { rate: { id: rate.id } });
  }
  const ids: Record<string, string> = {
    adr: (await create('/v2/addresses', { address })).id,
    to_address: (await create('/v2/addresses', { address: to })).id,
    prcl: (await create('/v2/parcels', { parcel })).id,
    cstinfo: (await create('/v2/customs_infos', { customs_info })).id,
    es: (await create('/v2/end_shippers', { address: sender })).id,
    shp: shipment.id,
    rate: rate.id,
    ca: rate.carrier_account_id,
    trk: tracker.id,
    code: ((await call('GET', `/v2/shipments/${shipment.id}`)).body as Fields).tracking_code as string,
  };
  const members = [{ id: shipment.id }];
  const ends = { to_address: to, from_address: sender };
  const insurance = { ...ends, tracking_code: 'EZ6000000006', carrier: 'USPS', amount: '100' };
  ids.order = (await create('/v2/orders', { order: { ...ends, shipments: [{ parcel }] } })).id;
  ids.ins = (await create('/v2/insurances', { insurance })).id;
  ids.hook = (await create('/v2/webhooks', { url: 'http://127.0.0.1:9/' })).id;
  ids.evt = ((await call('GET', '/v2/events')).body as { events: { id: string }[] }).events[0]!.id;
  await call('DELETE', `/v2/webhooks/${ids.hook}`, null);
  ids.hook = (await create('/v2/webhooks', { url: 'http://127.0.0.1:9/' })).id;
  if (given === 'purchased' || given === 'picked up') {
    const hours = { min_datetime: '2025-03-08', max_datetime: '2025-03-08' };
    ids.pickup = (
      await create('/v2/pickups', { pickup: { address: sender, shipment: members[0]!, ...hours } })
    ).id;
  }
  if (given === 'picked up')
    await create(`/v2/pickups/${ids.pickup}/buy`, { carrier: 'USPS', service: 'NextDay' });
  if (given === 'manifested') {
    const form = await create('/v2/scan_forms', { shipments: members });
    ids.sf = form.id;
    ids.batch = form.batch_id as string;
  } else {
    ids.batch = (await create('/v2/batches', { batch: { shipments: members } })).id;
    if (given === 'batched') clock.advance(5000);
  }
  return ids;
}

const replaceIds = (text: string, ids: Record<string, string>) =>
  text.replace(/\b([a-z]+)_[0-9a-f]{32}\b/g, (id, prefix: string) => ids[prefix] ?? id);

function replaceIdsIn(value: Json, ids: Record<string, string>): Json {
  if (typeof value === 'string')
    return /^94\d{20}$/.test(value) ? (ids.code ?? value) : replaceIds(value, ids);
  if (Array.isArray(value)) return value.map((each) => replaceIdsIn(each, ids));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      replaceIdsIn(each, key === 'to_address' ? { ...ids, adr: ids.to_address! } : ids),
    ]),
  );
}

/** Returns `-path` for a missing field, `+path` for an additional field, and `~path` for another type. */
function differences(recorded: Json, received: Json, path = ''): string[] {
  if (recorded === null || received === null) return [];
  if (Array.isArray(recorded) && Array.isArray(received)) {
    if (recorded.length === 0 || received.length === 0) return [];
    return differences(merged(recorded), merged(received), `${path}[]`);
  }
  if (Array.isArray(recorded) || Array.isArray(received) || typeof recorded !== typeof received)
    return [`~${path}`];
  if (typeof recorded !== 'object' || typeof received !== 'object') return [];
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  return [...new Set([...Object.keys(recorded), ...Object.keys(received)])].flatMap((key) =>
    !(key in received)
      ? `-${at(key)}`
      : !(key in recorded)
        ? `+${at(key)}`
        : differences(recorded[key]!, received[key]!, at(key)),
  );
}

/** Merges the rows of a list into one that has the fields of all. */
function merged(rows: Json[]): Json {
  return rows.reduce((all, row) => {
    if (!isObject(all) || !isObject(row)) return row ?? all;
    const known = Object.entries(row).filter(([key, value]) => value !== null || !(key in all));
    return { ...all, ...Object.fromEntries(known) };
  });
}

const isObject = (value: Json): value is Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

test('the emulated EasyPost signs webhook events as the published vectors do', ({ skip }) => {
  if (!existsSync(samples)) skip('no recorded samples');
  const text = (name: string) =>
    readFileSync(new URL(`webhook.event.tracker-updated.${name}.json`, samples), 'utf8');
  const first = JSON.parse(text('signature-v1')) as {
    secret: string;
    signature_header: Record<string, string>;
  };
  const second = JSON.parse(text('signature-v2.derived')) as { headers: Record<string, string> };
  const headers = signatures(
    first.secret,
    Date.parse(second.headers['X-Timestamp']!),
    second.headers['X-Path']!,
    text('body'),
  );
  const lowerCase = (fields: Record<string, string>) =>
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));
  expect(headers).toEqual(lowerCase({ ...first.signature_header, ...second.headers }));
});
