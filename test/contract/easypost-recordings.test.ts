import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { fromCarrier, fromService } from '../../src/carriers/easypost/service-codes.ts';
import type { PreparedRequest } from '../../src/carriers/adapter.ts';
import type { Address } from '../../src/domain/address.ts';
import type { Customs } from '../../src/domain/customs.ts';
import { money, sum } from '../../src/domain/money.ts';
import type { Offer, RateRequest } from '../../src/domain/rate.ts';
import { orderFor } from '../carriers/conformance.ts';
import {
  call,
  describeContract,
  easypostSamples,
  failure,
  good,
  openEasyPost,
  readContract,
  runThrough,
  startReplay,
  type Asked,
  type Loose,
  type Opened,
  type Replay,
} from './shared.ts';

/** Samples that no call of ours meets, each with its reason. A pattern excuses a family. */
const excused: Readonly<Record<string, string>> = {
  'address.list*': 'no operation of ours: addresses are made, and never listed',
  'batch.buy': 'no operation of ours: labels are bought one by one, so that each has an answer of its own',
  'batch.create': 'met in handover.test.ts',
  'batch.label': 'no operation of ours: labels are printed one by one',
  'batch.retrieve-after-buy': 'met in handover.test.ts',
  'batch.scan-form': 'met in handover.test.ts',
  'beta.rates.stateless': 'what is quoted must be for sale, and these rates are not',
  'carrier-account.create': 'no operation of ours: carrier accounts are set up at EasyPost',
  'carrier-metadata.*': 'no operation of ours: services are read from rates',
  'claim.create': 'no operation of ours: claims',
  'end-shipper.create': 'no operation of ours: end shippers',
  'event.list': 'no operation of ours yet: events',
  'event.payloads.list': 'no operation of ours yet: events',
  'event.retrieve': 'no operation of ours yet: events',
  'event.retrieve.docs-example.response-body.json': 'no operation of ours yet: events',
  'insurance.*': 'no operation of ours: it insures parcels that were bought elsewhere',
  'luma.promise': 'no operation of ours: the caller chooses the rate',
  'parcel.create': 'a parcel is made with its shipment',
  'pickup.buy': 'met in handover.test.ts',
  'pickup.cancel': 'met in handover.test.ts',
  'pickup.create': 'met in handover.test.ts',
  'pickup.list': 'met in handover.test.ts',
  'rate.retrieve': 'a rate is bought by its id, and not read again',
  'referral-customer.create': 'no operation of ours: customers of partners',
  'referral-customer.list': 'no operation of ours: customers of partners',
  'refund.create': 'a refund is asked for by its shipment, and not by number',
  'refund.list': 'a refund is read from its shipment',
  'scan-form.create': 'met in handover.test.ts',
  'scan-form.list': 'met in handover.test.ts',
  'scan-form.retrieve': 'met in handover.test.ts',
  'shipment.estimated-delivery-date': 'no operation of ours: it tells the middle of what SmartRate tells',
  'shipment.list*': 'run by easypost-webhooks.test.ts',
  'shipment.recommended-ship-date': 'no operation of ours: the day of shipping is asked for, not told',
  'smartrate.*': 'no operation of ours: it prices nothing that could be bought',
  'tracker.delete': 'no operation of ours: trackers are kept',
  'tracker.list*': 'run by easypost-webhooks.test.ts',
  'webhook.create': 'run by easypost-webhooks.test.ts',
  'webhook.delete': 'run by easypost-webhooks.test.ts',
  'webhook.event.*': 'run by easypost-webhooks.test.ts',
  'webhook.list': 'run by easypost-webhooks.test.ts',
  'webhook.update': 'run by easypost-webhooks.test.ts',
};

/** Keys of our requests that no recorded request has, though EasyPost documents them (README, 5). */
const unrecorded: Readonly<Record<string, string>> = {
  'POST /shipments .shipment.options.label_date':
    'fixes the day of the label; an option in the list of EasyPost',
  'POST /shipments .shipment.customs_info.customs_items[].currency': 'a documented field of a customs item',
  'POST /orders .order.shipments[].insurance':
    'a documented field of a shipment, recorded at POST /shipments',
  'POST /orders .order.shipments[].options': 'a documented field of a shipment, recorded at POST /shipments',
  'POST /orders .order.shipments[].options.label_date': 'as of a shipment',
  'POST /orders .order.shipments[].options.label_format': 'as of a shipment',
  'POST /trackers .tracker.carrier': 'spares EasyPost a guess; documented beside the tracking code',
  'POST /shipments .shipment.from_address.residential': 'a field of every recorded address that was answered',
  'POST /shipments .shipment.to_address.company': 'recorded of other addresses',
};

interface Recorded {
  readonly request: { method: string; path: string; body: Loose };
  readonly response: { status: number; headers: Record<string, string>; body: Loose };
}

const samples = runThrough(easypostSamples, excused);
const read = (name: string): Recorded => {
  const part = (which: string) =>
    JSON.parse(readContract(`easypost/samples/${name}.${which}.json`)) as unknown;
  return { request: part('request'), response: part('response') } as Recorded;
};
const sampleOf = (name: string) => read(samples.run(name));

const shipmentPath = /^\/v2\/shipments\/[^/]+$/;

describeContract('the EasyPost adapter meets the recordings of EasyPost', () => {
  let replay: Replay;
  let opened: Opened;
  const asked: Asked[] = [];
  beforeAll(async () => {
    replay = await startReplay();
    opened = openEasyPost(replay.url);
  });
  beforeEach(() => {
    asked.push(...replay.asked);
    replay.reset();
  });
  afterAll(async () => {
    await opened.close();
    await replay.close();
    console.info(`EasyPost: ${samples.summary()}.`);
  });

  const answer = (
    method: string,
    path: string | RegExp,
    { response }: Recorded,
    body = response.body as unknown,
  ) => replay.when(method, path, { status: response.status, headers: contentType(response), body });
  const contentType = ({ headers }: Recorded['response']) =>
    headers['content-type'] ? { 'content-type': headers['content-type'] } : undefined;

  const addressOf = (from: Loose): Address => ({
    name: from.name,
    company: from.company,
    street1: from.street1,
    street2: from.street2,
    city: from.city,
    state: from.state,
    postalCode: from.zip,
    country: from.country,
    phone: from.phone,
    email: from.email,
  });
  const somewhere = addressOf({ street1: '179 N Harbor Dr', city: 'Redondo Beach', state: 'CA', zip: '90277', country: 'US' }); // prettier-ignore
  const anywhere: RateRequest = {
    from: somewhere,
    to: somewhere,
    parcels: [{ weight: { value: 1, unit: 'POUND' } }],
    shipDate: '2026-11-18',
  };

  describe('addresses', () => {
    const verify = async (address: Address) => (await opened.carrier.verify([address], call))[0];

    test.each([
      ['address.create', 'UNVERIFIED'],
      ['address.create.verify-ok', 'VERIFIED'],
      ['address.create.verify-ok-with-secondary-info-warning', 'AMBIGUOUS'],
      ['address.create.verify-array-param', 'UNDELIVERABLE'],
      ['address.create.verify-failed-not-raised', 'UNDELIVERABLE'],
      ['address.create.verify-carrier-ups', 'UNDELIVERABLE'],
      ['address.create-and-verify.ok', 'VERIFIED'],
      ['address.create-and-verify.ok-with-warning', 'AMBIGUOUS'],
    ] as const)('%s is %s', async (name, status) => {
      const sample = sampleOf(name);
      const { body } = sample.response;
      // Verified apart from its creation it is wrapped; we do both in one call.
      answer('POST', '/v2/addresses', sample, body.address ?? body);
      const found = good(await verify(addressOf(sample.request.body.address)));
      expect(found.status).toBe(status);
      const errors = (body.address ?? body).verifications.delivery?.errors ?? [];
      expect(found.messages.map(({ code, message }) => ({ code, message }))).toEqual(
        errors.map(({ code, message }: Loose) => ({ code, message })),
      );
      if (status === 'UNDELIVERABLE' || status === 'UNVERIFIED') return;
      expect(found.address!.street1).toMatch(/^[A-Z0-9 ]+$/);
      expect(found.address!.postalCode).toMatch(/^\d{5}-\d{4}$/);
      expect(found.latitude).toBeCloseTo(
        status === 'VERIFIED' && /harbor/i.test(found.address!.street1!) ? 33.84 : 37.8,
        0,
      );
    });

    test.each([
      'address.create-and-verify.failure',
      'address.verify.failure',
      'address.verify.failure-input-invalid',
    ])('%s, the refusal of a strict verification, is UNDELIVERABLE', async (name) => {
      const sample = sampleOf(name);
      answer('POST', '/v2/addresses', sample);
      const { status, messages } = good(await verify(somewhere));
      expect(status).toBe('UNDELIVERABLE');
      expect(messages.map(({ code, message }) => [code, message])).toEqual(
        sample.response.body.error.errors.map((each: Loose) => [each.code, each.message]),
      );
    });

    test('address.verify.ok is read in the place of the creation, without an id of its own', async () => {
      const sample = sampleOf('address.verify.ok');
      answer('POST', '/v2/addresses', sample, sample.response.body.address);
      expect(good(await verify(somewhere))).toMatchObject({
        status: 'VERIFIED',
        address: { street1: '179 N HARBOR DR', postalCode: '90277-2506', residential: false },
        latitude: 33.8436,
        longitude: -118.39177,
      });
    });
  });

  describe('quotes', () => {
    const quote = async (request: RateRequest) => (await opened.carrier.quote([request], call))[0];
    const names = [
      'shipment.create',
      'shipment.create.by-ids',
      'shipment.create.empty-objects',
      'shipment.create.international-us-ca',
      'shipment.create.many-carriers-many-messages',
      'shipment.create.no-rate-response-message',
      'shipment.create.tax-identifiers',
      'shipment.create.ups-and-usps-rates-with-messages',
      'shipment.create.upstream-too-many-requests-message',
    ];

    test.each(names)('%s holds one offer a service, and each carrier’s own word once', async (name) => {
      const sample = sampleOf(name);
      const { rates, messages, id, usps_zone } = sample.response.body;
      answer('POST', '/v2/shipments', sample);
      const { from_address: from, to_address: to, parcel } = sample.request.body.shipment;
      const request = parcel?.weight
        ? {
            ...anywhere,
            from: addressOf(from),
            to: addressOf(to),
            parcels: [{ weight: { value: parcel.weight, unit: 'OUNCE' as const } }],
          }
        : anywhere;
      const { offers, failures } = good(await quote(request));
      const services = new Map<string, Loose[]>();
      for (const rate of rates) {
        const carrier = fromCarrier(rate.carrier);
        const key = `${carrier} ${fromService(carrier, rate.service).code}`;
        services.set(key, [...(services.get(key) ?? []), rate]);
      }
      expect(offers.map((offer) => `${offer.carrier} ${offer.service.code}`)).toEqual([...services.keys()]);
      for (const offer of offers) {
        const own = services.get(`${offer.carrier} ${offer.service.code}`)!;
        const cheapest = own.reduce((best, each) => (Number(each.rate) < Number(best.rate) ? each : best));
        expect(offer).toMatchObject({
          price: { amount: cheapest.rate, currencyCode: cheapest.currency },
          guaranteed: cheapest.delivery_date_guaranteed ?? false,
          providerRef: { shipment: id, rate: cheapest.id },
        });
        expect(offer.estimatedDays).toBe(cheapest.delivery_days ?? undefined);
        expect(offer.listPrice?.amount).toBe(cheapest.list_rate ?? undefined);
        expect(offer.retailPrice?.amount).toBe(cheapest.retail_rate ?? undefined);
        expect(offer.zone).toBe(offer.carrier === 'USPS' && usps_zone ? `0${usps_zone}` : undefined);
        expect(offer.service.name).not.toMatch(/_|undefined/);
        expect(offer.service.code).toMatch(/^[A-Z0-9_]+$/);
      }
      const said = new Set(messages.map((each: Loose) => `${fromCarrier(each.carrier)} ${each.message}`));
      expect(failures).toHaveLength(said.size);
      for (const each of failures) {
        expect(each).toMatchObject({ code: 'REJECTED', providerCode: 'rate_error' });
        expect(messages.map(({ message }: Loose) => message)).toContain(each.providerMessage);
      }
    });

    test('one service has one code, whichever the account that sells it', async () => {
      const sample = sampleOf('shipment.create');
      answer('POST', '/v2/shipments', sample);
      const { offers } = good(await quote(anywhere));
      const codes = offers.map((offer) => offer.service.code).sort();
      expect(codes).toEqual(['PRIORITY_MAIL', 'PRIORITY_MAIL_EXPRESS', 'USPS_GROUND_ADVANTAGE']);
    });
  });

  test('shipment.smartrate tells every rate of the shipment how long parcels took, in one call', async () => {
    const sample = sampleOf('shipment.smartrate');
    answer('GET', sample.request.path, sample);
    const tickets = sample.response.body.result.map((each: Loose) => ({
      shipment: each.shipment_id,
      // A rerate has replaced the ids of the quote.
      rate: 'rate_1',
      carrier: each.carrier,
      service: each.service,
      account: each.carrier_account_id,
    }));
    const times = (await opened.carrier.transitTimes(tickets, call)).map(good) as Loose[];
    expect(replay.asked).toHaveLength(1);
    expect(times.map((each) => Object.values(each))).toEqual(
      sample.response.body.result.map((each: Loose) => Object.values(each.time_in_transit)),
    );
    expect(Object.keys(times[0])).toEqual(
      Object.keys(sample.response.body.result[0].time_in_transit).map((key) => key.replace('_', '')),
    );
  });

  test('a service is named without its carrier twice', () => {
    const named = (carrier: string, service: string) => {
      const { code, name } = fromService(carrier, service);
      return [code, name];
    };
    expect(named('DPD', 'DPD10:00')).toEqual(['10_00', 'DPD 10:00']);
    expect(named('DPD', 'DPDCLASSIC')).toEqual(['CLASSIC', 'DPD Classic']);
    expect(named('UPS', '2ndDayAirAM')).toEqual(['2ND_DAY_AIR_AM', 'UPS 2nd Day Air AM']);
    expect(named('FedEx', 'FEDEX_2_DAY_AM')).toEqual(['2_DAY_AM', 'FedEx 2 Day AM']);
  });

  describe('labels', () => {
    const preparedOf = (shipment: string, rate = 'rate_1'): PreparedRequest => ({
      attemptId: 'attempt',
      request: {
        ...{ shipment, rate, carrier: 'USPS', service: 'Priority', insurance: '0', format: 'PNG' },
        limit: { amount: '7.42', currencyCode: 'USD' },
      },
    });
    const prepared = preparedOf('shp_1');
    const fees = (body: Loose) =>
      (body.fees as Loose[]).filter((fee) => Number(fee.amount) !== 0).map((fee) => Number(fee.amount));
    const expectSold = (sold: Loose, body: Loose) => {
      expect(sold.trackingNumber).toBe(body.tracking_code);
      expect(sold.charges.map((charge: Loose) => Number(charge.amount.amount))).toEqual(fees(body));
      expect(Number(sold.price.amount)).toBeCloseTo(
        fees(body).reduce((sum, each) => sum + each, 0),
        5,
      );
      expect(sold.charges.find((charge: Loose) => charge.name === 'Postage').amount.amount).toBe(
        body.selected_rate.rate,
      );
      expect(sold.label.source).toBe(body.postage_label.label_url);
      expect(sold.reference).toBe(body.id);
      expect(sold.quotedAmount).toEqual(money(body.selected_rate.rate, body.selected_rate.currency));
    };

    test.each([
      'shipment.buy',
      'shipment.buy.international-us-ca',
      'shipment.buy.with-end-shipper',
      'shipment.buy.with-insurance',
    ])('%s is bought by its rate, and charges what its fees say', async (name) => {
      const sample = sampleOf(name);
      const { path, body } = sample.request;
      answer('POST', path, sample);
      const ordered = preparedOf(path.split('/')[3]!, body.rate.id);
      const [sold] = await opened.carrier.labels.buy(ordered, call);
      expectSold(sold, sample.response.body);
      expect(JSON.parse(replay.asked[0]!.body)).toMatchObject({ rate: { id: body.rate.id } });
    });

    test.each([
      'shipment.create.one-call-buy',
      'shipment.create.one-call-buy-insurance-zero',
      'shipment.form-return-packing-slip',
      'shipment.insure',
      'shipment.label-convert-zpl',
      'shipment.refund',
    ])('%s shows a bought shipment, which is read back after a lost answer', async (name) => {
      const sample = sampleOf(name);
      answer('GET', shipmentPath, sample);
      const { service, carrier_account_id: account } = sample.response.body.selected_rate;
      const ordered = { ...prepared, request: { ...(prepared.request as object), service, account } };
      expectSold((await opened.carrier.labels.reconcile(ordered, call))![0], sample.response.body);
      // Another service of the same shipment is not what was ordered.
      expect(await opened.carrier.labels.reconcile(prepared, call)).toBeUndefined();
    });

    test('shipment.refund is a refund that is asked for', async () => {
      const sample = sampleOf('shipment.refund');
      answer('POST', sample.request.path, sample);
      const label = {
        trackingNumber: sample.response.body.tracking_code,
        prepared: preparedOf(sample.request.path.split('/')[3]!),
      };
      expect(await opened.carrier.labels.void!(label, call)).toEqual({ status: 'REQUESTED', voided: false });
    });

    test('shipment.retrieve shows one that was not bought, so that nothing is recalled', async () => {
      const sample = sampleOf('shipment.retrieve');
      answer('GET', shipmentPath, sample);
      expect(await opened.carrier.labels.reconcile(prepared, call)).toBeUndefined();
    });

    test('people who are named at purchase mean a new shipment, at no more than the quoted price', async () => {
      const sample = sampleOf('shipment.create');
      answer('POST', '/v2/shipments', sample);
      const [quoted] = await opened.carrier.quote([anywhere], call);
      const [offer] = good(quoted).offers;
      const order = {
        ...orderFor(anywhere, offer!),
        from: {
          ...somewhere,
          name: 'Ann Sender',
          phone: '5555555555',
          email: 'ann@example.com',
          residential: true,
        },
        to: { ...somewhere, company: 'Acme' },
        reference: '123',
      };
      const [ordered] = await opened.carrier.labels.prepare(order, call);
      expect(ordered!.request).toEqual({
        ...(offer!.providerRef as object),
        insurance: '0',
        limit: offer!.price,
        format: 'PDF',
      });
      expect(JSON.parse(replay.asked[1]!.body).shipment.reference).toBe(
        sample.request.body.shipment.reference,
      );
    });

    test.each(['shipment.rerate', 'shipment.rerate.international-us-ca'])(
      '%s replaces the rates of a shipment, and the same service is found among them',
      async (name) => {
        const sample = sampleOf(name);
        const { rates } = sample.response.body;
        const [shipment] = new Set<string>(rates.map((each: Loose) => each.shipment_id));
        const gone = (each: Loose) => ({ ...each, id: 'rate_gone' });
        answer('POST', '/v2/shipments', sample, { id: shipment, rates: rates.map(gone) });
        const [quoted] = await opened.carrier.quote([anywhere], call);
        answer('GET', `/v2/shipments/${shipment}`, sample, { id: shipment, rates });
        answer('POST', sample.request.path, sample);
        for (const offer of good(quoted).offers) {
          const order = { ...orderFor(anywhere, offer), quotedAt: 0 };
          const [ordered] = await opened.carrier.labels.prepare(order, call);
          const { rate, service } = ordered!.request as Loose;
          expect(rates.find((each: Loose) => each.id === rate).service).toBe(service);
          expect(service).toBe(offer.service.providerCode);
        }
      },
    );

    test.each(['customs-info.create', 'customs-item.create'])(
      '%s is what a shipment says to the customs',
      async (name) => {
        const sample = sampleOf(name);
        const form = sample.request.body.customs_info ?? sample.request.body;
        const items: Loose[] = form.customs_items ?? [form.customs_item ?? form];
        const customs: Customs = {
          contents: 'MERCHANDISE',
          signer: form.customs_signer,
          items: items.map((item) => ({
            description: item.description,
            quantity: item.quantity,
            totalValue: { amount: String(item.value), currencyCode: 'USD' },
            totalWeight: { value: item.weight, unit: 'OUNCE' as const },
            hsTariffNumber: item.hs_tariff_number,
            originCountry: item.origin_country,
          })),
        };
        answer('POST', '/v2/shipments', sampleOf('shipment.create.international-us-ca'));
        good((await opened.carrier.quote([{ ...anywhere, customs }], call))[0]);
        const said = JSON.parse(replay.asked[0]!.body).shipment.customs_info;
        const { contents_explanation: _, ...recorded } = form;
        if (form.customs_items) {
          const own = items.map((item) => ({ ...item, currency: 'USD' }));
          expect(said).toEqual({ ...recorded, customs_items: own });
        } else {
          expect(said.customs_items).toEqual([{ ...items[0], currency: 'USD' }]);
        }
      },
    );
  });

  describe('several parcels', () => {
    const two: RateRequest = {
      ...anywhere,
      parcels: [10.2, 17.5].map((value) => ({ weight: { value, unit: 'OUNCE' as const } })),
    };
    const quoteOrder = async (sample: Recorded) => {
      answer('POST', '/v2/orders', sample);
      return good((await opened.carrier.quote([two], call))[0]);
    };

    test('order.create offers the sums of what each parcel costs', async () => {
      const sample = sampleOf('order.create');
      const { id, rates, shipments } = sample.response.body;
      const { offers, failures } = await quoteOrder(sample);
      expect(failures).toEqual([]);
      expect(offers).toHaveLength(rates.length);
      for (const offer of offers) {
        const own = shipments.map(
          (each: Loose) => each.rates.find((rate: Loose) => rate.service === offer.service.providerCode).rate,
        );
        expect(offer.price).toEqual(sum(money(own[0]), money(own[1])));
        expect(offer.providerRef).toMatchObject({ order: id, service: offer.service.providerCode });
      }
      const { order } = JSON.parse(replay.asked[0]!.body);
      expect(order.shipments.map((each: Loose) => each.parcel)).toEqual(
        sample.request.body.order.shipments.map((each: Loose) => each.parcel),
      );
    });

    test('order.buy sells a label each, by the names of carrier and service', async () => {
      const sample = sampleOf('order.buy');
      const { body } = sample.response;
      const { offers } = await quoteOrder(sample);
      const offer = offers.find((each: Offer) => each.service.providerCode === 'GroundAdvantage')!;
      answer('GET', `/v2/orders/${body.id}`, sample);
      answer('POST', sample.request.path, sample);
      const ordered = await opened.carrier.labels.prepare(orderFor(two, offer), call);
      expect(ordered).toHaveLength(2);
      const sold = await opened.carrier.labels.buy(ordered[0]!, call);
      expect(JSON.parse(replay.asked.at(-1)!.body)).toEqual(sample.request.body);
      expect(sold.map((each) => [each.trackingNumber, each.reference, each.quotedAmount.amount])).toEqual(
        body.shipments.map((each: Loose) => [each.tracking_code, each.id, each.selected_rate.rate]),
      );
      expect(sum(sold[0]!.price, sold[1]!.price)).toEqual(offer.price);
      expect(await opened.carrier.labels.reconcile(ordered[0]!, call)).toEqual(sold);
    });
  });

  describe('tracking', () => {
    const expectTracked = (found: Loose, body: Loose, status: string) => {
      expect(found).toMatchObject({ status, carrier: 'USPS', reference: body.id });
      expect(found.signedBy).toBe(body.signed_by ?? undefined);
      // Oldest first there, newest first here.
      expect(found.events.map((event: Loose) => event.occurredAt)).toEqual(
        body.tracking_details.map((detail: Loose) => detail.datetime ?? undefined).reverse(),
      );
      expect(found.events.map((event: Loose) => event.description)).toEqual(
        body.tracking_details.map((detail: Loose) => detail.message).reverse(),
      );
      for (const { location } of found.events) {
        if (location) expect(Object.values(location)).not.toContain('');
      }
    };

    test.each([
      ['tracker.create.new-201', 'PRE_TRANSIT'],
      ['tracker.create.EZ1000000001', 'PRE_TRANSIT'],
      ['tracker.create.EZ2000000002-in-transit', 'IN_TRANSIT'],
      ['tracker.create.EZ4000000004-delivered', 'DELIVERED'],
      ['tracker.create.EZ5000000005-return-to-sender', 'RETURNING'],
      ['tracker.create.EZ7000000007-unknown', 'UNKNOWN'],
    ] as const)('%s is %s', async (name, status) => {
      const sample = sampleOf(name);
      answer('POST', '/v2/trackers', sample);
      const { tracking_code } = sample.request.body.tracker;
      const [found] = await opened.carrier.track([{ trackingNumber: tracking_code, carrier: 'USPS' }], call);
      expectTracked(good(found), sample.response.body, status);
      expect(JSON.parse(replay.asked[0]!.body)).toMatchObject({ tracker: { tracking_code } });
    });

    test('tracker.retrieve refreshes the one that was made', async () => {
      const sample = sampleOf('tracker.retrieve');
      const { body } = sample.response;
      answer('GET', sample.request.path, sample);
      const [found] = await opened.carrier.track(
        [{ trackingNumber: body.tracking_code, reference: body.id }],
        call,
      );
      expectTracked(good(found), body, 'PRE_TRANSIT');
    });

    test('tracker.batch-retrieve refreshes many in one call, and what it lacks is asked for alone', async () => {
      const batch = sampleOf('tracker.batch-retrieve');
      const single = sampleOf('tracker.retrieve');
      answer('POST', '/v2/trackers/batch', batch);
      answer('GET', /^\/v2\/trackers\//, single);
      const [known] = batch.response.body.trackers;
      const found = await opened.carrier.track(
        [
          { trackingNumber: known.tracking_code, reference: known.id },
          { trackingNumber: single.response.body.tracking_code, reference: single.response.body.id },
        ],
        call,
      );
      expectTracked(good(found[0]), known, 'PRE_TRANSIT');
      expectTracked(good(found[1]), single.response.body, 'PRE_TRANSIT');
      expect(replay.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
        'POST /v2/trackers/batch',
        `GET /v2/trackers/${single.response.body.id}`,
      ]);
    });
  });

  describe('refusals, each met by a call that we make', () => {
    test.each([
      ['any.error-403-apikey-inactive', 'CREDENTIALS_REJECTED', 'no longer active'],
      ['any.error-403-mode-unauthorized', 'WRONG_ENVIRONMENT', 'production API Key'],
      ['any.error-404-errors-as-strings', 'NOT_FOUND', 'No eligible insurance'],
      ['any.error-404-not-found', 'NOT_FOUND', 'could not be found'],
      ['any.error-409-report-exists', 'REJECTED', 'already exists'],
      ['any.error-500-internal', 'UNAVAILABLE', 'something went wrong'],
      ['batch.buy.error-423-creating', 'UNAVAILABLE', 'being created'],
      ['batch.label.error-not-purchased', 'REJECTED', 'not purchased'],
      ['carrier-account.create.error-registration-fields', 'REJECTED', 'shipping_city must be present'],
      ['event.payload.error-not-found', 'NOT_FOUND', 'could not be found'],
      ['order.create.error-to-address-required', 'REJECTED', "'to_address' is required"],
      ['pickup.buy.error-failed', 'REJECTED', 'Service availability unknown'],
      ['pickup.create.error-min-datetime-required', 'REJECTED', "'min_datetime' is required"],
      ['referral-customer.list.error-401-unauthorized', 'CREDENTIALS_REJECTED', 'not enabled'],
      ['refund.create.error-tracking-codes-invalid', 'REJECTED', 'missing or invalid'],
      ['scan-form.create.error-already-manifested', 'REJECTED', 'already been manifested'],
      ['shipment.create.missing-parameter', 'REJECTED', 'shipment cannot be blank'],
      ['shipment.label.error-postage-required', 'REJECTED', 'Postage is required'],
      ['shipment.refund.error-unavailable', 'REJECTED', 'without a postage label'],
      ['webhook.create.error-url-required', 'REJECTED', 'url must be present'],
    ] as const)('%s is %s', async (name, code, words) => {
      const sample = sampleOf(name);
      const { status, body } = sample.response;
      answer('POST', /./, sample);
      answer('GET', /./, sample);
      const request = { shipment: 'shp_1', rate: 'rate_1', carrier: 'USPS', service: 'Priority', insurance: '0', format: 'PDF', limit: money(1) }; // prettier-ignore
      const prepared: PreparedRequest = { attemptId: 'attempt', request };
      const calls = [
        () => opened.carrier.verify([somewhere], call).then(([first]) => first),
        () => opened.carrier.quote([anywhere], call).then(([first]) => first),
        () => opened.carrier.track([{ trackingNumber: 'EZ1000000001' }], call).then(([first]) => first),
        () => opened.carrier.labels.buy(prepared, call),
      ];
      for (const ask of calls) {
        const said = await failure(ask());
        expect(said).toMatchObject({ code, providerCode: body.error.code, refused: status < 500 });
        expect(said.providerMessage).toContain(words);
        expect(said.providerMessage).not.toMatch(/\[object|undefined/);
      }
      // A passing fault is asked again where that does no harm, and buying never is.
      expect(replay.asked.filter((each) => each.path.endsWith('/buy'))).toHaveLength(1);
      expect(replay.asked).toHaveLength(status === 500 ? 10 : 4);
    });

    test.each([
      ['address.verify.failure-input-invalid', ['street1']],
      // The whole shipment is no field of ours.
      ['shipment.create.missing-parameter', undefined],
    ])('%s names the field, where it is one of ours', async (name, field) => {
      answer('POST', '/v2/shipments', sampleOf(name));
      expect((await failure((await opened.carrier.quote([anywhere], call))[0])).field).toEqual(field);
    });
  });

  test('every key that we send is one that was recorded, or is listed with its reason', () => {
    asked.push(...replay.asked);
    const place = (method: string, path: string) =>
      `${method} ${path.replace(/^\/v2/, '').replace(/\/(shp|trk|adr)_\w+/, '/:id')}`;
    const known = new Set<string>();
    for (const { name } of easypostSamples().filter((each) => !/\.(json)$/.test(each.name))) {
      const { request } = read(name);
      for (const key of keysOf(request.body)) known.add(`${place(request.method, request.path)} ${key}`);
    }
    const sent = new Set(
      asked.flatMap(({ method, path, body }) =>
        body === '' ? [] : keysOf(JSON.parse(body)).map((key) => `${place(method, path)} ${key}`),
      ),
    );
    expect(sent.size).toBeGreaterThan(30);
    const missing = [...sent].filter((key) => !known.has(key)).sort();
    expect(missing.filter((key) => !(key in unrecorded))).toEqual([]);
    expect(Object.keys(unrecorded).filter((key) => !missing.includes(key))).toEqual([]);
  });

  test('every sample was run or is excused with a reason', () => samples.expectAll());
});

/** Paths of all keys in a body; lists count as their rows. */
function keysOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => keysOf(each, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => [
    `${path}.${key}`,
    ...keysOf(each, `${path}.${key}`),
  ]);
}
