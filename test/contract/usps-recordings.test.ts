import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import type { LabelRequest, PreparedRequest } from '../../src/carriers/adapter.ts';
import type { Address } from '../../src/domain/address.ts';
import type { Customs } from '../../src/domain/customs.ts';
import type { Parcel } from '../../src/domain/parcel.ts';
import type { Offer, Quote, RateRequest } from '../../src/domain/rate.ts';
import type { Tracking } from '../../src/domain/tracking.ts';
import {
  call,
  describeContract,
  failure,
  good,
  openUsps,
  readContract,
  runThrough,
  startReplay,
  uspsSamples,
  type Loose,
  type Opened,
  type Replay,
  type Reply,
} from './shared.ts';

/** Samples that no call of ours meets, each with its reason. A pattern excuses a family. */
const excused: Readonly<Record<string, string>> = {
  'containers.*': 'no operation of ours: containers',
  'error.400.price-no-sku.request.json':
    'prices come from Shipping Options; the refusal itself is replayed there',
  'international-prices.*': 'no operation of ours: prices abroad come from Shipping Options too',
  'locations.*': 'no operation of ours: locations',
  'oauth.revoke.request.json': 'client credentials are renewed, and never revoked',
  'oauth.token.refresh.request.json':
    'client credentials have no refresh token; the answer itself is replayed',
  'payments.payment-account.*': 'no operation of ours: what an account holds shows at purchase',
  'pickup.*': 'met in handover.test.ts',
  'prices.*': 'no operation of ours: prices come from Shipping Options, with their commitments',
  'scan-forms.*': 'met in handover.test.ts',
  'service-standards.*': 'no operation of ours: commitments come with the prices',
  'tracking.v3.notifications.request.json': 'no operation of ours: USPS is asked, and mails nobody',
  'tracking.v3.summary.legacy-shape.*': 'details are asked for always, since a summary has no status',
};

const samples = runThrough(uspsSamples, excused);
const textOf = (name: string) => readContract(`usps/samples/${samples.run(name)}`);
const sampleOf = <T = Loose>(name: string) => JSON.parse(textOf(name)) as T;

const paths = {
  token: '/oauth2/v3/token',
  payment: '/payments/v3/payment-authorization',
  address: '/addresses/v3/address',
  cityState: '/addresses/v3/city-state',
  options: '/shipments/v3/options/search',
  label: '/labels/v3/label',
  track: /^\/tracking\/v3\/tracking\//,
  batch: '/tracking/v3r2/tracking',
};

describeContract('the USPS adapter meets what USPS was recorded or printed to say', () => {
  let replay: Replay;
  const opened: Opened[] = [];
  beforeAll(async () => void (replay = await startReplay()));
  beforeEach(() => {
    replay.reset();
    const token = { access_token: 'a', expires_in: 28799 };
    replay.when('POST', paths.token, { body: token });
    replay.when('POST', paths.payment, { body: { paymentAuthorizationToken: 'p' } });
  });
  afterAll(async () => {
    await Promise.all(opened.map((each) => each.close()));
    await replay.close();
    console.info(`USPS: ${samples.summary()}.`);
  });

  const open = (options?: Parameters<typeof openUsps>[1]) => {
    const made = openUsps(replay.url, options);
    opened.push(made);
    return made;
  };
  const askedOf = (path: string | RegExp) =>
    replay.asked.filter((each) => (typeof path === 'string' ? each.path === path : path.test(each.path)));
  const verify = async (address: Address, { carrier } = open()) => (await carrier.verify([address], call))[0];

  const somewhere: Address = {
    street1: '1 Main St',
    city: 'Chicago',
    state: 'IL',
    postalCode: '60601',
    country: 'US',
  };
  const parcel: Parcel = {
    weight: { value: 2, unit: 'POUND' },
    dimensions: { length: 10, width: 8, height: 4, unit: 'INCH' },
  };
  const request: RateRequest = { from: somewhere, to: somewhere, parcels: [parcel], shipDate: '2026-11-18' };
  const quote = async ({ carrier } = open()) => (await carrier.quote([request], call))[0];
  const prepared: PreparedRequest = { attemptId: 'attempt', request: { body: '{}' } };
  const buy = async ({ carrier } = open()) => {
    const [sold] = await carrier.labels.buy(prepared, call);
    return sold!;
  };

  describe('addresses', () => {
    test('an exact match is asked for as the guide asks, and its ZIP Code is a correction', async () => {
      replay.when('GET', paths.address, { body: sampleOf('addresses.address.exact-match.response.json') });
      const printed = sampleOf('addresses.address.exact-match.request.json');
      const { streetAddress, secondaryAddress, city, state, ZIPCode, ZIPPlus4 } = printed.query;
      const found = good(
        await verify({
          street1: streetAddress,
          street2: secondaryAddress,
          city,
          state,
          postalCode: `${ZIPCode}-${ZIPPlus4}`,
          country: 'US',
        }),
      );
      expect(askedOf(paths.address)[0]).toMatchObject(printed);
      expect(found).toMatchObject({
        status: 'CORRECTED',
        address: {
          street1: '3120 M ST NW',
          city: 'WASHINGTON',
          state: 'DC',
          postalCode: '20007-3704',
          residential: false,
        },
        messages: [],
      });
      expect(found.address!.street2).toBeUndefined();
    });

    test('a state is found by its ZIP Code before the address is asked for', async () => {
      replay.when('GET', paths.cityState, { body: sampleOf('addresses.city-state.response.json') });
      replay.when('GET', paths.address, { body: sampleOf('addresses.address.exact-match.response.json') });
      const printed = sampleOf('addresses.city-state.request.json');
      good(await verify({ street1: '3120 M St', postalCode: printed.query.ZIPCode, country: 'US' }));
      expect(askedOf(paths.cityState)[0]).toMatchObject(printed);
      expect(askedOf(paths.address)[0]!.query).toMatchObject({ city: 'ALPHARETTA', state: 'GA' });
    });

    test('several matches are a verdict on the address rather than a failure', async () => {
      replay.when('GET', paths.address, {
        status: 404,
        body: sampleOf('addresses.error.multiple.response.json'),
      });
      expect(await verify(somewhere)).toEqual({
        status: 'AMBIGUOUS',
        messages: [{ message: 'More than one address was found matching the requested address.' }],
      });
    });

    test('a gateway that misses a field is quoted with the field, not with its generic sentence', async () => {
      const body = sampleOf('error.400.oas-unexpected-query-parameter.response.json');
      replay.when('GET', paths.address, { status: 400, body });
      expect(await failure(await verify(somewhere))).toMatchObject({
        code: 'REJECTED',
        refused: true,
        providerMessage: expect.stringContaining("'secondarayAddress' is unexpected"),
      });
    });

    test('a malformed token is renewed once, unless it is fresh', async () => {
      const body = sampleOf('error.401.malformed-token.response.json');
      replay.when('GET', paths.address, { status: 401, body });
      const usps = open();
      expect(await failure(await verify(somewhere, usps))).toMatchObject({ code: 'CREDENTIALS_REJECTED' });
      expect(askedOf(paths.token)).toHaveLength(1);
      // Refused though it was fresh, it is not shown there again for five minutes.
      usps.clock.advance(6 * 60_000);
      expect(await failure(await verify(somewhere, usps))).toMatchObject({ code: 'CREDENTIALS_REJECTED' });
      expect(askedOf(paths.token)).toHaveLength(2);
      expect(askedOf(paths.address)).toHaveLength(3);
    });
  });

  describe('tokens', () => {
    test('are asked for in a form with the printed fields, and numbers may be text', async () => {
      const answer = sampleOf('oauth.token.client-credentials.response.json');
      replay.when('POST', paths.token, { body: answer });
      replay.when('GET', paths.address, { body: sampleOf('addresses.address.exact-match.response.json') });
      const usps = open();
      good(await verify(somewhere, usps));
      const [asked] = askedOf(paths.token);
      const form = Object.fromEntries(new URLSearchParams(asked!.body));
      const printed = sampleOf('oauth.token.client-credentials.request.json');
      expect(Object.keys(form).sort()).toEqual(Object.keys(printed).sort());
      expect(form.grant_type).toBe(printed.grant_type);
      expect(asked!.headers['content-type']).toBe('application/x-www-form-urlencoded');
      expect(askedOf(paths.address)[0]!.headers.authorization).toBe(`Bearer ${answer.access_token}`);
      // "11111" seconds, as text; the next one is due when they are over.
      usps.clock.advance((Number(answer.expires_in) + 1) * 1000);
      good(await verify(somewhere, usps));
      expect(askedOf(paths.token)).toHaveLength(2);
    });

    test.each(['oauth.token.client-credentials.response.json', 'oauth.token.refresh.response.json'])(
      'the scope of %s decides before a call what can be asked',
      async (name) => {
        replay.when('POST', paths.token, { body: sampleOf(name) });
        replay.when('GET', paths.track, { body: sampleOf('tracking.v3.detail.accepted.response.json') });
        const usps = open({ tracking: 'v3' });
        good((await usps.carrier.track([{ trackingNumber: '9400109104250532908587' }], call))[0]);
        expect(await failure(await quote(usps))).toMatchObject({ code: 'SCOPE_MISSING', refused: true });
        expect(askedOf(paths.options)).toHaveLength(0);
      },
    );

    test.each([
      ['oauth.token.error.invalid-client.response.json', 401, 'CREDENTIALS_REJECTED'],
      ['oauth.token.error.unknown-client.response.json', 401, 'CREDENTIALS_REJECTED'],
      ['oauth.token.error.spike-arrest.response.json', 429, 'RATE_LIMITED'],
    ])('that are refused as in %s end the call', async (name, status, code) => {
      const body = sampleOf(name);
      replay.when('POST', paths.token, { status, headers: { 'retry-after': '30' }, body });
      expect(await failure(await verify(somewhere))).toMatchObject({
        code,
        providerCode: body.error,
        providerMessage: body.error_description,
        retryAfterSeconds: 30,
        refused: true,
      });
      expect(askedOf(paths.address)).toHaveLength(0);
    });
  });

  describe('refusals of every shape', () => {
    test.each([
      ['error.403.gateway-fault.response.json', 403, 'ACCOUNT_NOT_AUTHORIZED', 'Raise-Fault-Access-Control'],
      ['error.400.price-no-sku.response.json', 400, 'REJECTED', 'Could not find working sku'],
      ['error.401.insufficient-scope.response.json', 401, 'SCOPE_MISSING', 'OAuth scope'],
      ['error.401.client-not-approved.response.json', 401, 'SCOPE_MISSING', 'client application identifier'],
    ])('%s, met by a quote, is a %s %s', async (name, status, code, words) => {
      replay.when('POST', paths.options, { status, body: sampleOf(name) });
      expect(await failure(await quote())).toMatchObject({
        code,
        refused: true,
        providerMessage: expect.stringContaining(words),
      });
      expect(askedOf(paths.token)).toHaveLength(1);
    });

    test('an app without the batch product tracks one by one from then on', async () => {
      for (const [name, status] of [
        ['error.403.gateway-fault.response.json', 403],
        ['error.401.client-not-approved.response.json', 401],
      ] as const) {
        replay.when('POST', paths.batch, { status, body: sampleOf(name) });
        replay.when('GET', paths.track, { body: sampleOf('tracking.v3.detail.accepted.response.json') });
        const usps = open();
        const questions = [
          { trackingNumber: '9400109104250532908587' },
          { trackingNumber: '9202290317456200135409' },
        ];
        for (let round = 0; round < 2; round++) {
          for (const each of await usps.carrier.track(questions, call))
            expect(good(each).status).toBe('ACCEPTED');
        }
        expect(askedOf(paths.batch)).toHaveLength(1);
        expect(askedOf(paths.track)).toHaveLength(4);
        replay.asked.length = 0;
      }
    });

    test('a label that lacks a field is a refusal that names it, and nothing was bought', async () => {
      const body = sampleOf('error.400.international-label-missing-field.response.json');
      replay.when('POST', paths.label, { status: 400, body });
      const refusal = { code: 'REJECTED', refused: true, providerMessage: expect.stringContaining('[packageDescription]') }; // prettier-ignore
      const usps = open();
      expect(await failure(buy(usps))).toMatchObject(refusal);
      const sent = { fromAddress: { ZIPCode: '20260' }, packageDescription: { mailingDate: '2026-11-18' } };
      const request = { body: JSON.stringify(sent) };
      expect(await usps.carrier.labels.reconcile({ ...prepared, request }, call)).toBeUndefined();
    });

    test.each([400, 403])(
      'a payment that is not enrolled for is none, whether its status is %i',
      async (status) => {
        replay.when('POST', paths.payment, {
          status,
          body: sampleOf('error.payments.not-enrolled.response.json'),
        });
        expect(await failure(buy())).toMatchObject({
          code: 'PAYMENT_NOT_AUTHORIZED',
          refused: true,
          providerMessage: "CRID isn't enrolled in USPS Ship Outbound",
        });
        expect(askedOf(paths.label)).toHaveLength(0);
      },
    );
  });

  describe('rates', () => {
    test('are asked for in the printed form', async () => {
      replay.when('POST', paths.options, { body: { pricingOptions: [] } });
      const printed = sampleOf('shipping-options.domestic.adapter.request.json');
      const { weight, length, width, height, mailingDate } = printed.packageDescription;
      const measured: RateRequest = {
        from: { country: 'US', postalCode: printed.originZIPCode },
        to: { country: 'US', postalCode: printed.destinationZIPCode },
        parcels: [
          {
            weight: { value: weight, unit: 'POUND' },
            dimensions: { length, width, height, unit: 'INCH' },
          },
        ],
        shipDate: mailingDate,
      };
      await open().carrier.quote([measured], call);
      const asked = JSON.parse(askedOf(paths.options)[0]!.body);
      // The longest side first, every class, two price types: the rest is as printed.
      expect(asked.packageDescription).toEqual({ weight, length, width: height, height: width, mailClass: 'ALL_OUTBOUND', mailingDate }); // prettier-ignore
      const { packageDescription: _, pricingOptions, ...places } = printed;
      expect(asked).toMatchObject(places);
      expect(asked.pricingOptions[0].priceType).toBe(pricingOptions[0].priceType);
      const known = new Set([...Object.keys(printed.packageDescription), ...Object.keys(sampleOf('shipping-options.parcel-select.request.json').packageDescription)]); // prettier-ignore
      expect(Object.keys(asked.packageDescription).filter((key) => !known.has(key))).toEqual([]);
    });

    test('a recorded answer holds the cheapest way of each class for a parcel of the sender’s own', async () => {
      // Recorded for retail prices alone; the account's own are asked for first, and read in the same way.
      const recorded = textOf('shipping-options.domestic.all-retail.response.json');
      replay.when('POST', paths.options, {
        body: JSON.parse(recorded.replaceAll('"RETAIL"', '"COMMERCIAL"')),
      });
      const { offers, failures } = good<Quote>(await quote());
      expect(failures).toEqual([]);
      const bare = JSON.parse(recorded).pricingOptions[0].shippingOptions as Loose[];
      for (const offer of offers) {
        const options = bare.find((each) => each.mailClass === offer.service.code).rateOptions as Loose[];
        const own = options.filter(
          ({ rates: [rate] }) =>
            /^(SP|PA|DR|DN|OS|CP)$/.test(rate.rateIndicator) &&
            /^(MACHINABLE|NONSTANDARD)$/.test(rate.processingCategory) &&
            rate.destinationEntryFacilityType === 'NONE',
        );
        const cheapest = Math.min(...own.map((each) => each.totalBasePrice));
        expect(offer).toMatchObject({
          carrier: 'USPS',
          price: { amount: cheapest.toFixed(2), currencyCode: 'USD' },
          zone: '08',
          priceType: 'COMMERCIAL',
        });
        expect(offer.service.name).not.toMatch(/[<&]/);
        expect(offer.estimatedDays).toBeGreaterThan(0);
        expect(offer.estimatedDeliveryDate).toMatch(/^2025-0[56]-\d\d$/);
      }
      const found = offers.map(({ service, price, guaranteed }) => [service.code, price.amount, guaranteed]);
      expect(found).toEqual([
        ['PRIORITY_MAIL_EXPRESS', '457.30', true],
        ['PRIORITY_MAIL', '184.00', false],
        ['USPS_GROUND_ADVANTAGE', '151.85', false],
      ]);
    });

    test('the document’s parcel abroad is offered although it is printed as flats, and one that returns by its product', async () => {
      const { components } = parse(readContract('usps/openapi/shipping-options.yaml'));
      const answerOf = (name: string) => {
        const text = JSON.stringify(components.examples[name].value);
        replay.when('POST', paths.options, {
          body: JSON.parse(text.replaceAll('"CONTRACT"', '"COMMERCIAL"')),
        });
      };
      const { carrier } = open();
      const insured = { insuredValue: { amount: '100.00', currencyCode: 'USD' } };
      const abroad = { ...request, to: { country: 'CA', postalCode: 'K1A 0A9' } };
      answerOf('InternationalOptionsExample');
      const answers = await carrier.quote([abroad, { ...abroad, options: insured }], call);
      const [plain, more] = answers.map((each) => good(each).offers);
      const service = {
        code: 'PRIORITY_MAIL_EXPRESS_INTERNATIONAL',
        name: 'Priority Mail Express International',
      };
      expect(plain).toMatchObject([{ service, price: { amount: '65.64' }, guaranteed: false }]);
      expect(more).toMatchObject([{ service, price: { amount: '85.79' } }]);
      answerOf('DomesticReturnOptionsExample');
      const [back] = await carrier.quote([{ ...request, options: { isReturn: true } }], call);
      expect(good(back).offers).toMatchObject([
        {
          service: {
            code: 'USPS_GROUND_ADVANTAGE',
            name: 'USPS Ground Advantage Return',
            providerCode: 'USPS_GROUND_ADVANTAGE_RETURN_SERVICE',
          },
          price: { amount: '4.65' },
        },
      ]);
    });

    test('an answer without the price type that was asked for is never an empty list without a reason', async () => {
      replay.when('POST', paths.options, {
        body: sampleOf('shipping-options.domestic.all-retail.response.json'),
      });
      expect(await failure(await quote())).toMatchObject({ code: 'REJECTED', refused: true });
    });

    test('rates that name no ingredients of a label can’t be bought, and are not guessed', async () => {
      replay.when('POST', paths.options, { body: sampleOf('shipping-options.parcel-select.response.json') });
      expect(await failure(await quote())).toMatchObject({ code: 'UNREADABLE' });
    });
  });

  describe('labels', () => {
    const image = Buffer.from('%PDF-1.4\n%%EOF\n').toString('base64');
    const multipart = (metadata: string, lineEnd: string): Reply => {
      const boundary = 'a-b_c+d';
      const lines = [
        `--${boundary}`,
        'Content-type: application/json',
        'Content-Disposition: form-data; name="labelMetadata"',
        '',
        metadata,
        `--${boundary}`,
        'Content-Disposition: form-data; filename="labelImage.pdf"; name="labelImage"',
        'Content-type: application/pdf',
        '',
        image,
        `--${boundary}--`,
        '',
      ];
      return {
        headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
        body: lines.join(lineEnd),
      };
    };
    const recorded = 'labels.domestic.ground-advantage.response.multipart.txt';

    test.each(['\n', '\r\n'])('a recorded message is read, whether its lines end in %j', async (lineEnd) => {
      const text = textOf(recorded).replaceAll(/\r?\n/g, lineEnd);
      const boundary = /^--(\S+)/.exec(text)![1]!;
      replay.when('POST', paths.label, {
        headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
        body: text,
      });
      const sold = await buy();
      expect(sold).toMatchObject({
        trackingNumber: '9234690361980900000142',
        price: { amount: '18.76', currencyCode: 'USD' },
        charges: [{ name: 'Postage', amount: { amount: '18.76' } }],
      });
      const { data } = sold.label as Loose;
      expect(data.subarray(0, 5).toString()).toBe('%PDF-');
      expect(data.toString('latin1').trimEnd()).toMatch(/%%EOF$/);
      const [, , printed] = text.split(`--${boundary}`);
      expect(data.equals(Buffer.from(printed!.split(/\r?\n\r?\n/)[1]!, 'base64'))).toBe(true);
    });

    test.each(['\n', '\r\n'])(
      'printed metadata is read within a message whose lines end in %j',
      async (lineEnd) => {
        const metadata = sampleOf('labels.domestic.priority-mail.response.labelMetadata.json');
        replay.when('POST', paths.label, multipart(JSON.stringify(metadata), lineEnd));
        const sold = await buy();
        expect(sold).toMatchObject({ trackingNumber: metadata.trackingNumber, price: { amount: '7.99' } });
        expect(sold.charges).toHaveLength(1);
        expect(Buffer.from((sold.label as { data: Uint8Array }).data).toString()).toBe('%PDF-1.4\n%%EOF\n');
      },
    );

    test('one flat document is read, with the options and fees that it charges', async () => {
      const body = sampleOf('labels.domestic.vendor-json.response.json');
      replay.when('POST', paths.label, {
        headers: { 'content-type': 'application/vnd.usps.labels+json' },
        body,
      });
      const sold = await buy();
      expect(sold.trackingNumber).toBe('123456789012');
      expect(sold.price.amount).toBe('19.20');
      expect(sold.charges.map(({ name, amount }) => `${name} ${amount.amount}`)).toEqual([
        'Postage 10.99',
        'Certified Mail 3.99',
        'Insurance 2.99',
        'Fuel Surcharge 1.23',
      ]);
      expect(Buffer.from((sold.label as { data: Uint8Array }).data)).toEqual(
        Buffer.from(body.labelImage, 'base64'),
      );
    });

    test('a document whose metadata is nested is read too', async () => {
      replay.when('POST', paths.label, { body: sampleOf('labels.return.json-variant.response.json') });
      const sold = await buy();
      expect(sold).toMatchObject({ trackingNumber: '9234690361980900000142', price: { amount: '18.76' } });
      expect(
        Buffer.from((sold.label as { data: Uint8Array }).data)
          .subarray(0, 5)
          .toString(),
      ).toBe('%PDF-');
    });

    /** Bought just now, as the printed piece says. */
    const bought = (piece: Loose) => ({
      offer: { providerRef: { ...piece, ...piece.packageOptions, parcels: [piece] } } as Offer,
      format: 'PDF' as const,
      quotedAt: Date.parse('2026-11-18T18:00:00Z'),
      maxPrice: { amount: '0.00', currencyCode: 'USD' },
    });
    const preparedBody = async (order: LabelRequest): Promise<Loose> => {
      const [made] = await open().carrier.labels.prepare(order, call);
      return JSON.parse((made!.request as { body: string }).body);
    };

    test.each(['ground-advantage', 'postman', 'priority-mail'])(
      'what is sent for the order of %s stands in the printed request',
      async (name) => {
        const printed = sampleOf(`labels.domestic.${name}.request.json`);
        const place = (from: Loose): Address => ({
          name: `${from.firstName} ${from.lastName}`,
          company: from.firm,
          street1: from.streetAddress,
          street2: from.secondaryAddress,
          city: from.city,
          state: from.state,
          postalCode: from.ZIPCode,
          country: 'US',
          phone: from.phone,
        });
        const piece = printed.packageDescription;
        const { length, width, height, weight, mailingDate } = piece;
        const [from, to] = [place(printed.fromAddress), place(printed.toAddress)];
        const order: LabelRequest = {
          request: {
            from,
            to,
            parcels: [
              {
                weight: { value: weight, unit: 'POUND' },
                dimensions: { length, width, height, unit: 'INCH' },
              },
            ],
            shipDate: mailingDate,
          },
          ...bought(piece),
          from,
          to,
          reference: piece.customerReference?.[0].referenceNumber,
        };
        const { imageInfo, toAddress, fromAddress, packageDescription } = await preparedBody(order);
        expect(printed.imageInfo).toMatchObject({ imageType: imageInfo.imageType });
        expect(printed.toAddress).toMatchObject(toAddress);
        expect(printed.fromAddress).toMatchObject(fromAddress);
        // The longest side is the length, whatever the caller of the sample calls it.
        const sides = (each: Loose) => [each.length, each.width, each.height].sort((a, b) => b - a);
        expect(sides(packageDescription)).toEqual(sides(piece));
        expect(piece).toMatchObject({ ...packageDescription, length, width, height });
      },
    );

    test('what is sent for an order abroad stands in the printed request, customs form included', async () => {
      const printed = sampleOf('labels.international.postman.request.json');
      const { toAddress: to, fromAddress: from, packageDescription: piece, customsForm: form } = printed;
      const person = (each: Loose) => ({
        name: `${each.firstName} ${each.lastName}`,
        company: each.firm,
        street1: each.streetAddress,
        street2: each.secondaryAddress || undefined,
        city: each.city,
        phone: each.phone,
        country: each.countryISOAlpha2Code,
      });
      const { length, width, height, weight, mailingDate: shipDate } = piece;
      const sender: Address = { ...person(from), state: from.state, postalCode: `${from.ZIPCode}-${from.ZIPPlus4}` }; // prettier-ignore
      const receiver: Address = { ...person(to), postalCode: to.postalCode };
      const parcels: Parcel[] = [
        { weight: { value: weight, unit: 'POUND' }, dimensions: { length, width, height, unit: 'INCH' } },
      ];
      const items = form.contents.map((item: Loose) => ({
        description: item.itemDescription,
        quantity: item.itemQuantity,
        totalValue: { amount: String(item.itemValue * item.itemQuantity), currencyCode: 'USD' },
        totalWeight: { value: item.itemWeight * item.itemQuantity, unit: 'POUND' },
        hsTariffNumber: item.HSTariffNumber,
        originCountry: item.countryofOrigin,
      }));
      const customs: Customs = { contents: 'GIFT', explanation: form.contentComments, eelPfc: form.AESITN, items }; // prettier-ignore
      const request: RateRequest = { from: sender, to: receiver, parcels, shipDate, customs };
      const made = await preparedBody({ ...bought(piece), request, from: sender, to: receiver });
      expect(printed.imageInfo).toMatchObject(made.imageInfo);
      expect(to).toMatchObject(made.toAddress);
      expect(from).toMatchObject(made.fromAddress);
      expect(piece).toMatchObject(made.packageDescription);
      const { contents, ...head } = made.customsForm;
      expect(form).toMatchObject(head);
      // Printed with the deprecated value and weight of one item, which together outweigh the printed parcel (issue 83).
      const bare = contents.map(({ itemTotalValue: _, itemTotalWeight: __, ...line }: Loose) => line);
      expect(form.contents).toMatchObject(bare);
      expect(contents.map((line: Loose) => line.itemTotalValue)).toEqual([2, 6]);
      const weights = contents.map((line: Loose) => line.itemTotalWeight);
      expect(weights[0] + weights[1]).toBeLessThanOrEqual(weight);
    });

    test('a label abroad has another number, and extra services with other names', async () => {
      const { components } = parse(readContract('usps/openapi/international-labels.yaml'));
      const body = components.examples.InternationalLabelResponseExample.value;
      const path = '/international-labels/v3/international-label';
      const usps = open();
      const abroad = { ...prepared, request: { body: '{}', way: 'international' } };
      replay.when('POST', path, { status: 201, body });
      expect(await usps.carrier.labels.buy(abroad, call)).toMatchObject([
        { trackingNumber: 'EZ000012162US', price: { amount: '286.03' }, charges: [{ name: 'Postage' }] },
      ]);
      body.extraServices[0].price = 1.5;
      expect(await usps.carrier.labels.buy(abroad, call)).toMatchObject([
        { price: { amount: '287.53' }, charges: [{}, { name: 'Hazardous Material' }] },
      ]);
      expect(askedOf(path)[0]!.headers['x-idempotency-key']).toBe('attempt');
    });

    test('a label whose picture can’t be read is printed again when it is wanted', async () => {
      const { components } = parse(readContract('usps/openapi/international-labels.yaml'));
      const usps = open();
      for (const [way, path, number, answered] of [
        ['international', 'international-labels/v3/international-label', 'EZ000012162US', components.examples.LabelReprintResponseExample.value],
        ['outbound', 'labels/v3/label', '9234690361980900000142', sampleOf('labels.return.json-variant.response.json')],
      ] as const) {
        const { labelImage: _, ...withoutPicture } = answered;
        replay.when('POST', `/${path}`, { body: { ...withoutPicture, labelImage: '~' } });
        replay.when('POST', `/${path}-reprint/${number}`, { body: answered });
        const [sold] = await usps.carrier.labels.buy({ ...prepared, request: { body: '{}', way } }, call);
        expect(sold).toMatchObject({ trackingNumber: number, label: { source: `reprint:${number}:PDF` } });
        const file = await usps.carrier.labels.fetchDocument!((sold!.label as { source: string }).source, call);
        expect(Buffer.from(file)).toEqual(Buffer.from(answered.labelImage, 'base64'));
        const [asked] = askedOf(`/${path}-reprint/${number}`);
        expect(JSON.parse(asked!.body)).toEqual({ imageInfo: { imageType: 'PDF', labelType: '4X6LABEL' } });
      }
    }); // prettier-ignore

    test('a return label is read by its own names', async () => {
      const { returnLabelMetadata, returnLabelImage } = sampleOf('labels.return.json-variant.response.json');
      const body = { returnLabelMetadata: { ...returnLabelMetadata, postage: 9.5 }, returnLabelImage };
      replay.when('POST', '/labels/v3/return-label', { body });
      const back = { ...prepared, request: { body: '{}', way: 'return' } };
      expect(await open().carrier.labels.buy(back, call)).toMatchObject([
        {
          trackingNumber: returnLabelMetadata.trackingNumber,
          price: { amount: '9.50' },
          label: { data: Buffer.from(returnLabelImage, 'base64') },
        },
      ]);
    });

    test.each([
      ['labels.cancel.canceled.response.json', { status: 'REFUNDED', voided: true }],
      ['labels.cancel.adapter-mock.response.json', { status: 'REFUNDED', voided: true }],
      [
        'labels.cancel.refund-requested.response.json',
        { status: 'REQUESTED', voided: false, reference: '103789' },
      ],
    ])('what %s says became of a cancelled label', async (name, refund) => {
      const body = sampleOf(name);
      replay.when('DELETE', `${paths.label}/${body.trackingNumber}`, { body });
      const { trackingNumber } = body;
      expect(await open().carrier.labels.void!({ trackingNumber, prepared }, call)).toEqual(refund);
    });

    test('a cancellation of a label that USPS does not find is refused', async () => {
      const body = sampleOf('labels.cancel.error.not-found.response.json');
      replay.when('DELETE', `${paths.label}/92`, { status: 400, body });
      const voided = open().carrier.labels.void!({ trackingNumber: '92', prepared }, call);
      expect(await failure(voided)).toMatchObject({ refused: true, providerMessage: 'Order not found' });
    });

    test('the payment token is asked for with the printed roles, and shown without a scheme', async () => {
      const answer = sampleOf('payments.payment-authorization.eps.response.json');
      replay.when('POST', paths.payment, { body: answer });
      replay.when('POST', paths.label, { body: sampleOf('labels.return.json-variant.response.json') });
      await buy();
      const printed = sampleOf('payments.payment-authorization.eps.request.json');
      const asked = JSON.parse(askedOf(paths.payment)[0]!.body);
      const shape = ({ roles }: Loose) => roles.map((role: Loose) => [role.roleName, role.accountType, Object.keys(role).sort()]); // prettier-ignore
      expect(shape(asked)).toEqual(shape(printed));
      const [label] = askedOf(paths.label);
      expect(label!.headers['x-payment-authorization-token']).toBe(answer.paymentAuthorizationToken);
      expect(label!.headers['x-idempotency-key']).toBe('attempt');
    });
  });

  describe('tracking', () => {
    const details = {
      accepted: 'tracking.v3.detail.accepted.response.json',
      delivered: 'tracking.v3.detail.delivered-parcel-locker.response.json',
      moving: 'tracking.v3.detail.moving-through-network.response.json',
    };
    /** The same detail as the batch product words it (contract, 8.2): in a list, with renamed and nested fields. */
    const asBatch = (detail: Loose) => {
      const { destinationZIP, expectedDeliveryTimeStamp: expected, trackingEvents, ...rest } = detail;
      const events = trackingEvents.map(({ eventZIP, ...event }: Loose) => ({
        ...event,
        eventZIPCode: eventZIP,
      }));
      return {
        ...rest,
        destinationZIPCode: destinationZIP,
        ...(expected ? { deliveryDateExpectation: { expectedDeliveryDate: expected.slice(0, 10) } } : {}),
        trackingEvents: events,
      };
    };
    /** By both products; they must say the same. */
    const trackBoth = async (name: string): Promise<Tracking> => {
      const detail = sampleOf(name);
      replay.when('GET', paths.track, { body: detail });
      replay.when('POST', paths.batch, { body: [asBatch(detail)] });
      const ask = async (tracking: 'v3' | 'v3r2') =>
        good((await open({ tracking }).carrier.track([{ trackingNumber: detail.trackingNumber }], call))[0]);
      const [one, other] = [await ask('v3'), await ask('v3r2')];
      expect(other).toEqual(one);
      return one;
    };
    const instant = (at: string | undefined) => at && new Date(at).toISOString();

    test('a delivered parcel has its state, its events newest first, and their places', async () => {
      const found = await trackBoth(details.delivered);
      expect(found).toMatchObject({
        status: 'DELIVERED',
        statusText: 'Delivered, Parcel Locker',
        carrier: 'USPS',
      });
      expect(found.estimatedDeliveryDate).toBeUndefined();
      expect(found.events).toHaveLength(12);
      expect(found.events[0]).toMatchObject({
        status: 'DELIVERED',
        occurredAtLocal: '2024-11-22T13:58:00',
        carrierCode: '01',
        location: { city: 'HERNANDO', state: 'FL', postalCode: '34442', country: 'US' },
      });
      expect(found.events.map((event) => event.status)).toEqual([
        'DELIVERED', 'OUT_FOR_DELIVERY', 'IN_TRANSIT', 'IN_TRANSIT', 'IN_TRANSIT', 'IN_TRANSIT', 'IN_TRANSIT', 'IN_TRANSIT', 'IN_TRANSIT', 'IN_TRANSIT', 'ACCEPTED', 'PRE_TRANSIT',
      ]); // prettier-ignore
      expect(found.events[3]!.location).toEqual({ city: 'JACKSONVILLE FL DISTRIBUTION CENTER', state: undefined, postalCode: undefined, country: 'US' }); // prettier-ignore
      expect(found.events[4]!.location).toBeUndefined();
    });

    test('the instant of an event is right where the printed one is a day off', async () => {
      const found = await trackBoth(details.moving);
      const printed = sampleOf(details.moving).trackingEvents as Loose[];
      expect(found).toMatchObject({ status: 'IN_TRANSIT', estimatedDeliveryDate: '2024-11-29' });
      expect(found.events.map((event) => instant(event.occurredAt))).toEqual([
        '2024-11-26T07:44:00.000Z',
        '2024-11-26T00:31:00.000Z',
        '2024-11-26T00:26:00.000Z',
        undefined,
      ]);
      expect(printed[1].GMTTimestamp).toBe('2024-11-25T00:31:21Z');
      expect(found.events[3]).toMatchObject({
        status: 'PRE_TRANSIT',
        occurredAtLocal: '2024-11-23T00:00:00',
      });
      // Events are in order only by the instants that are computed.
      const order = found.events.flatMap((event) => (event.occurredAt ? [Date.parse(event.occurredAt)] : []));
      expect(order).toEqual(order.toSorted((a, b) => b - a));
    });

    test('a wall-clock time that is marked as Greenwich’s is not taken for it', async () => {
      const found = await trackBoth(details.accepted);
      expect(found).toMatchObject({ status: 'ACCEPTED', statusText: 'USPS in possession of item' });
      expect(found.events).toHaveLength(1);
      expect(found.events[0]).toMatchObject({
        occurredAtLocal: '2023-08-02T07:31:00',
        location: { city: 'RICHMOND' },
      });
      expect(found.events[0]!.occurredAt).toBeUndefined();
    });

    test('details are asked for as the guide asks', async () => {
      const printed = sampleOf('tracking.v3.detail.accepted.request.json');
      replay.when('GET', paths.track, { body: sampleOf(details.accepted) });
      await open({ tracking: 'v3' }).carrier.track([{ trackingNumber: '9400109104250532908587' }], call);
      const [asked] = askedOf(paths.track);
      expect(asked).toMatchObject({ method: printed.method, query: printed.query });
      expect(asked!.path).toBe(printed.path.replace('{Tracking Number}', '9400109104250532908587'));
    });

    test('a number without an update yet is not found, in words without markup', async () => {
      const body = sampleOf('tracking.v3.error.not-yet-available.response.json');
      replay.when('GET', paths.track, { status: 400, body });
      replay.when('POST', paths.batch, { status: 400, body });
      for (const tracking of ['v3', 'v3r2'] as const) {
        const [found] = await open({ tracking }).carrier.track(
          [{ trackingNumber: '9400109104250532908587' }],
          call,
        );
        const said = await failure(found);
        expect(said).toMatchObject({ code: 'NOT_FOUND', providerCode: '150001', retryable: false });
        expect(said.message).not.toMatch(/[<>&]|reg;/);
        expect(said.hint).toContain('scan');
      }
    });

    test.each([
      ['error.401.client-not-approved.response.json', 'SCOPE_MISSING'],
      ['error.401.insufficient-scope.response.json', 'SCOPE_MISSING'],
    ])('an app refused as in %s hears what it lacks', async (name, code) => {
      replay.when('GET', paths.track, { status: 401, body: sampleOf(name) });
      const usps = open({ tracking: 'v3' });
      usps.clock.advance(120_000);
      const [found] = await usps.carrier.track([{ trackingNumber: '9400109104250532908587' }], call);
      expect(await failure(found)).toMatchObject({ code, refused: true });
      expect(askedOf(paths.token)).toHaveLength(1);
    });
  });

  test('every sample was run or is excused with a reason', () => samples.expectAll());
});
