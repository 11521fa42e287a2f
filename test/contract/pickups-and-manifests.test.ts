import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { ManifestRequest, PickupRequest } from '../../src/carriers/adapter.ts';
import type { Address } from '../../src/domain/address.ts';
import {
  call,
  describeContract,
  easypostSamples,
  failure,
  openEasyPost,
  openUsps,
  readContract,
  runThrough,
  startReplay,
  uspsSamples,
  type Loose,
  type Opened,
  type Replay,
} from './shared.ts';
import type { LabelledParcel } from '../../src/domain/label.ts';
import type { PreparedRequest } from '../../src/domain/prepared-request.ts';

/** The samples of pickups and manifests; other files test the others. */
const family = /^(pickup|scan-forms?|batch)\./;
const onlyOurs = (samples: typeof uspsSamples) => () => samples().filter(({ name }) => family.test(name));

const parcelOf = (from: Address, trackingNumber: string, reference?: string): LabelledParcel => ({
  carrier: 'USPS',
  service: { code: 'FIRST_CLASS_PACKAGE_SERVICE', name: 'First-Class Package Service' },
  parcel: { weight: { value: 5, unit: 'POUND' } },
  from,
  to: from,
  isReturn: false,
  shipDate: '2026-11-18',
  trackingNumber,
  label: { trackingNumber, reference, prepared: { attemptId: '', request: {} } },
});

describeContract('USPS pickups and SCAN forms as printed in the guide', () => {
  const samples = runThrough(onlyOurs(uspsSamples), {});
  const textOf = (name: string) => readContract(`usps/samples/${samples.run(name)}`);
  const sampleOf = (name: string) => JSON.parse(textOf(name));
  const root = '/pickup/v3/carrier-pickup';

  let replay: Replay;
  let opened: Opened;
  beforeAll(async () => {
    replay = await startReplay();
    opened = openUsps(replay.url);
  });
  beforeEach(() => {
    replay.reset();
    replay.when('POST', '/oauth2/v3/token', { body: { access_token: 'a', expires_in: 28799 } });
  });
  afterAll(async () => {
    await opened.close();
    await replay.close();
  });
  const asked = () => replay.requests.filter(({ path }) => !path.startsWith('/oauth2/'));

  const addressOf = ({ firstName, lastName, firm, address, contact }: Loose): Address => ({
    name: `${firstName} ${lastName}`,
    company: firm,
    street1: [address.streetAddress, address.streetAddressAbbreviation].filter(Boolean).join(' '),
    street2: address.secondaryAddress,
    city: address.city,
    state: address.state,
    postalCode: [address.ZIPCode, address.ZIPPlus4].filter(Boolean).join('-'),
    country: 'US',
    email: contact?.[0].email,
    phone: contact?.[1].phone,
  });

  test('schedule a pickup at an eligible address and cancel it', async () => {
    const printed = sampleOf('pickup.create.request.json');
    const address = addressOf(printed.pickupAddress);
    const order: PickupRequest = {
      address,
      date: '2026-11-20',
      parcels: [parcelOf(address, '1')],
      packageLocation: printed.pickupLocation.packageLocation,
      instructions: printed.pickupLocation.specialInstructions,
    };
    const eligibility = sampleOf('pickup.eligibility.request.json');
    replay.when('GET', eligibility.path, { body: sampleOf('pickup.eligibility.response.json') });
    const prepared = await opened.carrier.pickups.prepare(order, call);
    expect(asked()).toMatchObject([{ method: 'GET', path: eligibility.path, query: eligibility.query }]);

    replay.when('POST', root, {
      headers: { etag: '"33a64df5"' },
      body: sampleOf('pickup.create.response.json'),
    });
    const scheduled = await opened.carrier.pickups.perform(prepared, call);
    // The day is the one that is answered: printed is one before the day that was asked for.
    expect(scheduled).toMatchObject({ confirmation: '{Confirmation Number}', date: '2023-04-20' });
    const { postalCode: _, province: __, ...place } = printed.pickupAddress.address;
    const sent = JSON.parse(asked()[1]!.body);
    expect(Object.keys(sent).sort()).toEqual(Object.keys(printed).sort());
    expect(sent).toMatchObject({
      ...printed,
      pickupDate: '2026-11-20',
      pickupAddress: {
        ...printed.pickupAddress,
        address: { streetAddress: '4120 Bingham Ave', city: place.city, state: place.state, ZIPCode: place.ZIPCode, ZIPPlus4: place.ZIPPlus4 }, // prettier-ignore
      },
    });

    replay.reset();
    replay.when('POST', '/oauth2/v3/token', { body: { access_token: 'a', expires_in: 28799 } });
    const one = `${root}/{Confirmation Number}`;
    opened.clock.advance(2 * 60 * 60_000);
    const read = sampleOf('pickup.get.response.json');
    // An object as the guide prints it, a list of one as the document says: only its tag is looked at.
    for (const body of [read, [read]]) {
      replay.when('GET', one, { headers: { etag: '"fresh"' }, body });
      replay.when('DELETE', one, { body: '' });
      await opened.carrier.pickups.cancel(scheduled, call);
      const last = asked().slice(-2);
      expect(last.map(({ method }) => method)).toEqual(['GET', 'DELETE']);
      expect(last[1]!.headers['if-match']).toBe('"fresh"');
    }
  });

  const multipart = (name: string) => {
    const text = textOf(name);
    return { type: `multipart/form-data; boundary=${/^--(\S+)/.exec(text)![1]}`, text };
  };

  test.each(['label-shipment', 'mid-shipment'])(
    'read the form of %s from a multipart response',
    async (kind) => {
      const printed = sampleOf(`scan-forms.${kind}.request.json`);
      const address = addressOf(printed.fromAddress);
      const order: ManifestRequest = { parcels: [parcelOf(address, 'XXXXXXXXXXXXXXXXXXXXXX')] };
      const prepared = await opened.carrier.manifests.prepare(order, call);
      const { type, text } = multipart(`scan-forms.${kind}.response.multipart.txt`);
      // One was printed without the commas of its list, which no answer on the wire can lack.
      const body = text.replace(/"(?=\s*\n\s*"X)/g, '",');
      replay.when('POST', '/scan-forms/v3/scan-form', { headers: { 'content-type': type }, body });
      const made = await opened.carrier.manifests.perform(prepared, call);
      expect(made).toMatchObject({ reference: 'XXXXXXXXXXXXXXXXXXXXXXXXXX', form: { format: 'PDF' } });
      const { data } = made.form as { data: Uint8Array };
      expect(Buffer.from(data).subarray(0, 5).toString()).toBe('%PDF-');
      const { headers, body: sent } = asked()[0]!;
      expect(headers['x-payment-authorization-token']).toBeUndefined();
      expect(JSON.parse(sent)).toMatchObject({
        entryFacilityZIPCode: printed.fromAddress.address.ZIPCode,
        destinationEntryFacilityType: printed.destinationEntryFacilityType,
        shipment: { trackingNumbers: ['XXXXXXXXXXXXXXXXXXXXXX'] },
        fromAddress: { firstName: 'Leroy', lastName: 'Brown', firm: 'USPS' },
      });
    },
  );

  test('read a form from a flat response', async () => {
    const flat = sampleOf('scan-forms.vendor-json.response.json');
    const from: Address = { name: 'John Doe', street1: '2700 S Jefferson Ave', city: 'Saint Louis', state: 'MO', postalCode: '63104', country: 'US' }; // prettier-ignore
    const prepared = await opened.carrier.manifests.prepare({ parcels: [parcelOf(from, '1')] }, call);
    replay.when('POST', '/scan-forms/v3/scan-form', { body: flat });
    expect(await opened.carrier.manifests.perform(prepared, call)).toMatchObject({ reference: flat.manifestNumber }); // prettier-ignore
  });

  test('use every sample', () => samples.expectAll());
});

interface Recorded {
  readonly request: { method: string; path: string; query: Record<string, string>; body: Loose };
  readonly response: { status: number; headers: Record<string, string>; body: Loose };
}

describeContract('EasyPost pickups and scan forms as recorded', () => {
  const samples = runThrough(onlyOurs(easypostSamples), {
    'batch.buy*': 'labels are bought one by one, so that each has a response of its own',
    'batch.label*': 'labels are printed one by one',
  });
  const sampleOf = (name: string): Recorded => {
    const part = (which: string) =>
      JSON.parse(readContract(`easypost/samples/${samples.run(name)}.${which}.json`)) as unknown;
    return { request: part('request'), response: part('response') } as Recorded;
  };

  let replay: Replay;
  let opened: Opened;
  beforeAll(async () => {
    replay = await startReplay();
    opened = openEasyPost(replay.url);
  });
  beforeEach(() => replay.reset());
  afterAll(async () => {
    await opened.close();
    await replay.close();
  });
  const answer = ({ request, response }: Recorded, path: string | RegExp = request.path) =>
    replay.when(request.method, path, { status: response.status, body: response.body });

  const address: Address = {
    name: 'Jack Sparrow',
    street1: '388 Townsend St',
    street2: 'Apt 20',
    city: 'San Francisco',
    state: 'CA',
    postalCode: '94107',
    country: 'US',
    phone: '5555555555',
    email: 'test@example.com',
  };
  const orderOf = (...shipments: string[]): PickupRequest => ({
    address,
    date: '2025-03-08',
    instructions: 'Pickup at front door',
    parcels: shipments.map((id) => parcelOf(address, id, id)),
  });
  const preparedFor = (pickup: string): PreparedRequest => ({
    attemptId: '',
    request: { pickup, carrier: 'USPS', service: 'NextDay', price: { amount: '0.00', currencyCode: 'USD' }, date: '2025-03-08' }, // prettier-ignore
  });

  describe('a pickup', () => {
    test('is requested and priced', async () => {
      const sample = sampleOf('pickup.create');
      answer(sample);
      const order = orderOf(sample.request.body.pickup.shipment.id);
      const { request } = await opened.carrier.pickups.prepare(order, call);
      expect(JSON.parse(replay.requests[0]!.body)).toEqual(sample.request.body);
      expect(request).toEqual(preparedFor(sample.response.body.id).request);
    });

    test('is bought by carrier and service, and read back unchanged', async () => {
      const sample = sampleOf('pickup.buy');
      answer(sample);
      const { id, confirmation } = sample.response.body;
      const scheduled = await opened.carrier.pickups.perform(preparedFor(id), call);
      expect(JSON.parse(replay.requests[0]!.body)).toEqual(sample.request.body);
      expect(scheduled).toMatchObject({ confirmation, date: '2025-03-08', price: { amount: '0.00' } });
      replay.when('GET', `/v2/pickups/${id}`, { body: sample.response.body });
      expect(await opened.carrier.pickups.reconcile!(preparedFor(id), call)).toEqual(scheduled);
    });

    test('without a purchase is reconciled as not bought', async () => {
      for (const each of sampleOf('pickup.list').response.body.pickups as Loose[]) {
        replay.when('GET', `/v2/pickups/${each.id}`, { body: each });
        expect(await opened.carrier.pickups.reconcile!(preparedFor(each.id), call)).toBeUndefined();
      }
    });

    test('without rates fails with the field date, as recorded for a past day', async () => {
      const [, past] = sampleOf('pickup.list').response.body.pickups as Loose[];
      expect(past.pickup_rates).toEqual([]);
      replay.when('POST', '/v2/pickups', { body: past });
      const said = await failure(opened.carrier.pickups.prepare(orderOf('shp_1'), call));
      expect(said).toMatchObject({ code: 'REJECTED', field: ['date'] });
    });

    test('is canceled, and a second cancellation succeeds', async () => {
      const sample = sampleOf('pickup.cancel');
      answer(sample);
      const { id } = sample.response.body;
      const scheduled = { date: '2025-03-08', providerRef: { pickup: id } };
      await opened.carrier.pickups.cancel(scheduled, call);
      expect(replay.requests).toMatchObject([{ method: 'POST', path: sample.request.path, body: '{}' }]);
      replay.when('POST', sample.request.path, { status: 422, body: { error: { code: 'X.Y', message: 'no', errors: [] } } }); // prettier-ignore
      replay.when('GET', `/v2/pickups/${id}`, { body: sample.response.body });
      await opened.carrier.pickups.cancel(scheduled, call);
      expect(replay.requests.at(-1)).toMatchObject({ method: 'GET' });
    });

    test.each(['pickup.buy.error-failed', 'pickup.create.error-min-datetime-required'])(
      'fails as in %s with EasyPost’s message',
      async (name) => {
        const sample = sampleOf(name);
        answer(sample);
        const id = sample.request.path.split('/')[3] ?? '';
        const tried = name.includes('buy')
          ? opened.carrier.pickups.perform(preparedFor(id), call)
          : opened.carrier.pickups.prepare(orderOf('shp_1'), call);
        const { code, message } = sample.response.body.error;
        expect(await failure(tried)).toMatchObject({
          code: 'REJECTED',
          refused: true,
          providerCode: code,
          providerMessage: message,
        });
      },
    );

    test('of several parcels waits for their batch', async () => {
      const [created, gathering] = [sampleOf('batch.create'), sampleOf('batch.retrieve-after-buy')];
      const purchased = sampleOf('batch.scan-form').response.body;
      answer(created);
      const { id } = created.response.body;
      const states = [gathering.response.body, purchased].map((body) => ({ ...body, id }));
      replay.when(gathering.request.method, `/v2/batches/${id}`, () => ({ body: states.shift() }));
      answer(sampleOf('pickup.create'));
      await opened.carrier.pickups.prepare(orderOf('shp_1', 'shp_2'), call);
      const [first, , , last] = replay.requests;
      expect(replay.requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET', 'POST']);
      expect(JSON.parse(first!.body)).toEqual({ batch: { shipments: [{ id: 'shp_1' }, { id: 'shp_2' }] } });
      expect(JSON.parse(last!.body)).toMatchObject({ pickup: { batch: { id } } });
    });
  });

  describe('a scan form', () => {
    const prepareFor = (id: string, trackingNumber: string) =>
      opened.carrier.manifests.prepare({ parcels: [parcelOf(address, trackingNumber, id)] }, call);

    test('is created from shipments and refreshed', async () => {
      const sample = sampleOf('scan-form.create');
      answer(sample);
      const { id, form_url, tracking_codes } = sample.response.body;
      const [{ id: shipment }] = sample.request.body.scan_form.shipment;
      const prepared = await prepareFor(shipment, tracking_codes[0]);
      const made = await opened.carrier.manifests.perform(prepared, call);
      // Recorded of a client that names the list in the singular; another's is recorded as we send it.
      const refused = sampleOf('scan-form.create.error-already-manifested');
      expect(Object.keys(refused.request.body)).toEqual(['shipments']);
      expect(JSON.parse(replay.requests[0]!.body)).toEqual({ shipments: [{ id: shipment }] });
      expect(made).toMatchObject({ reference: id, form: { format: 'PDF', source: form_url } });

      const read = sampleOf('scan-form.retrieve');
      answer(read);
      const followed = await opened.carrier.manifests.refresh!({ providerRef: { scanForm: read.response.body.id } }, call); // prettier-ignore
      expect(followed.form).toMatchObject({ source: read.response.body.form_url });
    });

    test('of a batch is pending at first', async () => {
      const { scan_form } = sampleOf('batch.scan-form').response.body;
      replay.when('GET', `/v2/scan_forms/${scan_form.id}`, { body: scan_form });
      const found = await opened.carrier.manifests.refresh!(
        { providerRef: { scanForm: scan_form.id } },
        call,
      );
      expect(found).toEqual({ reference: scan_form.id, providerRef: { scanForm: scan_form.id } });
    });

    test('fails for parcels that are in another form', async () => {
      const sample = sampleOf('scan-form.create.error-already-manifested');
      answer(sample);
      const said = await failure(opened.carrier.manifests.perform(await prepareFor('shp_1', '1'), call));
      expect(said).toMatchObject({
        code: 'REJECTED',
        refused: true,
        providerCode: 'SCAN_FORM.CREATE.FAILURE',
      });
    });

    test('is found in the list by its parcels, unless it failed', async () => {
      const sample = sampleOf('scan-form.list');
      answer(sample);
      const [made, failed] = sample.response.body.scan_forms as Loose[];
      const { manifests } = opened.carrier;
      const ours = await prepareFor('shp_1', made.tracking_codes[0]);
      expect(await manifests.reconcile!(ours, call)).toMatchObject({ reference: made.id });
      expect(await manifests.reconcile!(await prepareFor('shp_1', '1'), call)).toBeUndefined();
      expect(Object.keys(replay.requests[0]!.query).sort()).toEqual(['page_size', 'start_datetime']);

      replay.when('GET', `/v2/scan_forms/${failed.id}`, { body: failed });
      const found = await manifests.refresh!({ providerRef: { scanForm: failed.id } }, call);
      expect(found.failure).toMatchObject({ code: 'REJECTED', providerMessage: failed.message });
    });
  });

  test('every sample was run or is excused with a reason', () => samples.expectAll());
});
