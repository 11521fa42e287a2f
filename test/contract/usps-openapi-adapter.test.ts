import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { uspsSandboxClient as app } from '../../sandbox/usps/index.ts';
import type { LabelRequest } from '../../src/domain/label.ts';
import type { PreparedRequest } from '../../src/domain/prepared-request.ts';
import { validateAddress, normalizeAddress, type Address } from '../../src/domain/address.ts';
import { validateCustoms, type Customs } from '../../src/domain/customs.ts';
import { ProviderError } from '../../src/domain/errors.ts';
import type { Offer, RateRequest } from '../../src/domain/rate.ts';
import type { HttpRequest } from '../../src/transport/http.ts';
import { openJudge, type Judge } from './openapi.ts';
import { call, describeContract, good, openUsps, readContract, startReplay, type Opened } from './shared.ts';
import { closedParts } from './usps-deviations.ts';
import { labelBody, openSandboxClient, operations, today, type SandboxClient, type SandboxOperation } from './usps-sandbox-client.ts'; // prettier-ignore

describeContract('requests of the USPS adapter match the documents', () => {
  let client: SandboxClient;
  let judge: Judge;
  let opened: Opened;
  const sent: HttpRequest[] = [];
  beforeAll(async () => {
    client = await openSandboxClient();
    judge = openJudge(closedParts);
    const { crid, mid, manifestMid, accountNumber } = app;
    // As the document has it: the number of a line is looked up.
    client.usps.switches.missingTariff = 'looked-up';
    opened = openUsps(client.usps.url, {
      tracking: 'v3',
      clock: client.clock,
      credentials: {
        clientId: app.id,
        clientSecret: app.secret,
        crid,
        mid,
        manifestMid,
        accountNumber,
      },
      sent,
    });
  });
  afterAll(async () => {
    await opened.close();
    await client.close();
  });

  /** The errors of the requests sent since the last call, and their number. */
  const checkSent = () => {
    const judged = sent.splice(0).flatMap(({ method, url, body }) => {
      const operation = Object.values(operations as Record<string, SandboxOperation>).find(
        (each) =>
          each.method.toUpperCase() === method &&
          url.pathname.startsWith(each.url) &&
          (each.path.includes('{') || url.pathname === each.url),
      );
      if (url.pathname === '/oauth2/v3/token') return [];
      if (operation === undefined) return [[`${method} ${url.pathname} is in no document`]];
      return [
        operation.method === 'post'
          ? judge.body(operation, JSON.parse(body!))
          : judge.query(operation, Object.fromEntries(url.searchParams)),
      ];
    });
    return { faults: judged.flat(), count: judged.length };
  };
  const isWellFormed = (outcome: unknown) =>
    !(outcome instanceof ProviderError) || !/OASValidation/.test(outcome.providerMessage ?? '');

  const states = ['CA', 'NY', 'TX', 'DC', 'PR', 'AE', 'ca'];
  const word = fc.oneof(
    { weight: 9, arbitrary: fc.string({ maxLength: 70 }) },
    {
      weight: 9,
      arbitrary: fc.constantFrom('388 Townsend St', '475 L’Enfant Plaza', 'PO Box 1', 'Straße 5'),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
    { weight: 1, arbitrary: fc.constant('北京路 1号') },
  );
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  /** One of the values three times out of four. */
  const mostly = <T>(arbitrary: fc.Arbitrary<T>, ...values: T[]) =>
    fc.oneof({ weight: 1, arbitrary }, { weight: 3, arbitrary: fc.constantFrom(...values) });
  /** The fields in which the adapter refuses a request before a call. */
  const refusable = /^(street1|street2|city|name|company|phone|email|weight|customs)$/;
  const postalCode = fc.oneof(
    fc.stringMatching(/^\d{5}([- ]?\d{4})?$/),
    fc.constantFrom('94107', '94107-1670', '941071670', '00926'),
  );
  const address = fc
    .record({
      name: optional(word),
      company: optional(word),
      street1: word,
      street2: optional(word),
      city: optional(word),
      state: optional(fc.constantFrom(...states)),
      postalCode,
      country: fc.constant('US'),
      phone: optional(mostly(fc.string(), '+1 (415) 555-0100', '555', '0123456789')),
      email: optional(
        mostly(fc.oneof(fc.emailAddress(), fc.string()), 'joe@example.com', 'joe.doe+1@example.com'),
      ),
    })
    .map((each) => normalizeAddress(each));
  const weight = fc.record({
    value: fc.oneof(fc.double({ min: 0.0001, max: 60, noNaN: true }), fc.integer({ min: 1, max: 2000 })),
    unit: fc.constantFrom('GRAM' as const, 'KILOGRAM' as const, 'OUNCE' as const, 'POUND' as const),
  });
  const side = fc.oneof(fc.double({ min: 0.001, max: 100, noNaN: true }), fc.integer({ min: 1, max: 60 }));
  const dimensions = fc.record({
    length: side,
    width: side,
    height: side,
    unit: fc.constantFrom('INCH' as const, 'CENTIMETER' as const),
  });
  /** A weight that every international service accepts. */
  function lightWeight() {
    return fc.record({
      value: fc.oneof(fc.double({ min: 0.001, max: 3.5, noNaN: true }), fc.integer({ min: 1, max: 3 })),
      unit: fc.constantFrom('GRAM' as const, 'OUNCE' as const, 'POUND' as const),
    });
  }
  function smallBox() {
    const side = fc.double({ min: 0.5, max: 12, noNaN: true });
    return fc.record({ length: side, width: side, height: side, unit: fc.constant('INCH' as const) });
  }
  const labelRequest = (request: RateRequest, providerRef: unknown, reference?: string): LabelRequest => {
    const { from, to } = request;
    const price = { amount: '1.00', currencyCode: 'USD' };
    const offer = { providerRef, price } as Offer;
    return {
      request,
      offer,
      from,
      to,
      format: 'PDF',
      reference,
      quotedAt: client.clock.now(),
      maxPrice: price,
    };
  };
  const shipDate = fc.constantFrom('2026-11-18', '2026-11-24', '2027-02-28');
  const within = (need: 'verify' | 'quote' | 'label') => (each: Address) =>
    validateAddress(each, need, []).length === 0;

  test('for any address that the domain accepts for a verification', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(address.filter(within('verify')), { minLength: 1, maxLength: 4 }),
        async (addresses) => {
          const outcomes = await opened.carrier.verify(addresses, call);
          expect(outcomes.every(isWellFormed)).toBe(true);
          const { faults, count } = checkSent();
          expect(faults).toEqual([]);
          expect(count).toBeGreaterThanOrEqual(addresses.length);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('for a quote of any parcel that the domain accepts, in any unit', async () => {
    const request = fc.record({
      from: address.filter(within('quote')),
      to: address.filter(within('quote')),
      parcels: fc.array(fc.record({ weight, dimensions }), { minLength: 1, maxLength: 3 }),
      shipDate,
    });
    await fc.assert(
      fc.asyncProperty(request, async (each) => {
        const [outcome] = await opened.carrier.quote([each], call);
        expect(isWellFormed(outcome)).toBe(true);
        const { faults, count } = checkSent();
        expect(faults).toEqual([]);
        if (count === 0) expect((outcome as ProviderError).field?.at(-1)).toMatch(refusable);
        expect(count).toBeLessThanOrEqual(each.parcels.length);
      }),
      { numRuns: 100 },
    );
  });

  test('for a label of any addresses that the domain accepts, or the adapter rejects them before a call', async () => {
    const order = fc
      .record({
        from: address.filter(within('label')),
        to: address.filter(within('label')),
        parcels: fc.array(fc.record({ weight, dimensions }), { minLength: 1, maxLength: 3 }),
        shipDate,
        mailClass: fc.constantFrom('USPS_GROUND_ADVANTAGE', 'PRIORITY_MAIL', 'PRIORITY_MAIL_EXPRESS'),
        processingCategory: fc.constantFrom('MACHINABLE', 'NONSTANDARD'),
        rateIndicator: fc.constantFrom('SP', 'PA', 'DR', 'DN', 'OS', 'CP'),
        reference: optional(fc.string({ minLength: 1, maxLength: 60, size: 'max' })),
      })
      .map(({ mailClass, processingCategory, rateIndicator, reference, ...request }): LabelRequest => {
        const piece = { processingCategory, rateIndicator, destinationEntryFacilityType: 'NONE' };
        return labelRequest(request, { mailClass, parcels: request.parcels.map(() => piece) }, reference);
      });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(order, async (each) => {
        const prepared = await opened.carrier.labels.prepare(each, call).catch((error: unknown) => error);
        if (prepared instanceof ProviderError) {
          refused++;
          expect(prepared.field?.at(-1)).toMatch(refusable);
          expect(checkSent().count).toBe(0);
          return;
        }
        expect(prepared).toHaveLength(each.request.parcels.length);
        for (const one of prepared as PreparedRequest[]) {
          const bought = await opened.carrier.labels.buy(one, call).catch((error: unknown) => error);
          expect(isWellFormed(bought)).toBe(true);
        }
        const { faults, count } = checkSent();
        expect(faults).toEqual([]);
        expect(count).toBeGreaterThanOrEqual(each.request.parcels.length);
      }),
      { numRuns: 100 },
    );
    expect(refused).toBeGreaterThan(0);
  });

  /** A parcel with its customs declaration, whose items weigh at most as much as the parcel. */
  const declared = fc
    .record({
      parcel: fc.record({ weight: lightWeight(), dimensions: smallBox() }),
      lines: fc.array(
        fc.record({
          description: fc.oneof(
            { weight: 40, arbitrary: fc.string({ minLength: 1, maxLength: 30, size: 'max' }) },
            { weight: 1, arbitrary: fc.string({ minLength: 31, maxLength: 60 }) },
          ).filter((text) => text.trim() !== ''),
          quantity: fc.integer({ min: 1, max: 12_000 }),
          totalValue: fc.record({
            amount: fc.oneof(fc.integer({ min: 1, max: 400_000 }).map((cents) => (cents / 100).toFixed(2)), fc.constant('0.001')),
            currencyCode: fc.constant('USD'),
          }),
          share: fc.integer({ min: 1, max: 1000 }),
          hsTariffNumber: optional(fc.constantFrom('610510', '6105.10.0010')),
          originCountry: fc.constantFrom('US', 'CN', 'VN', 'DE'),
        }),
        { minLength: 1, maxLength: 30 },
      ),
      contents: fc.constantFrom('MERCHANDISE' as const, 'GIFT' as const, 'DOCUMENTS' as const, 'SAMPLE' as const, 'RETURNED_GOODS' as const, 'HUMANITARIAN_DONATION' as const, 'DANGEROUS_GOODS' as const, 'OTHER' as const),
      nonDelivery: optional(fc.constantFrom('RETURN' as const, 'ABANDON' as const)),
      eelPfc: optional(fc.constantFrom('NOEEI 30.36', 'AES X20260101123456')),
    })
    .map(({ parcel, lines, contents, nonDelivery, eelPfc }) => {
      const total = lines.reduce((sum, { share }) => sum + share, 0);
      const { value, unit } = parcel.weight;
      const items = lines.map(({ share, ...line }) => ({ ...line, totalWeight: { value: (value * share) / total, unit } }));
      const customs: Customs = { contents, items, nonDelivery, eelPfc, explanation: contents === 'OTHER' ? 'A thing like no other, which nobody can name' : null };
      return { parcel, customs };
    })
    .filter(({ parcel, customs }) => validateCustoms(customs, [parcel], []).length === 0); // prettier-ignore
  const foreign = fc
    .record({
      name: optional(word),
      company: optional(word),
      street1: word,
      street2: optional(word),
      city: word,
      state: optional(word),
      place: fc.constantFrom(['CA', 'K1A 0A9'], ['GB', 'SW1A 1AA'], ['FR', '75001'], ['JP', '100-0001'], ['BR', '01310-100'], ['AE', undefined], ['NZ', '6011']),
      phone: optional(mostly(fc.string(), '+49 30 901820', '030 901820', '1')),
    })
    .map(({ place: [country, postalCode], ...rest }) => normalizeAddress({ ...rest, country, postalCode }))
    .filter(within('label')); // prettier-ignore
  const from: Address = { name: 'Sally Sender', street1: '4120 Bingham Ave', city: 'Saint Louis', state: 'MO', postalCode: '63116', country: 'US' }; // prettier-ignore
  const military: Address = { name: 'Joe Doe', street1: 'PSC 802 Box 74', city: 'APO', state: 'AE', postalCode: '09499', country: 'US' }; // prettier-ignore
  const guam: Address = { company: 'Acme', street1: '100 Marine Dr', city: 'Barrigada', state: null, postalCode: '96913', country: 'GU' }; // prettier-ignore

  test('for an international label of any shipment that the domain accepts, and USPS sells every offered service', async () => {
    const order = fc.record({
      to: fc.oneof({ weight: 4, arbitrary: foreign }, fc.constant(military), fc.constant(guam)),
      declared,
      insured: optional(fc.integer({ min: 1, max: 400 })),
      reference: optional(fc.string({ minLength: 1, maxLength: 60, size: 'max' })),
      pick: fc.nat(),
      format: fc.constantFrom('PDF' as const, 'ZPL' as const),
    });
    let purchased = 0;
    await fc.assert(
      fc.asyncProperty(order, async ({ to, declared: { parcel, customs }, insured, reference, pick, format }) => {
        const options = insured ? { insuredValue: { amount: `${insured}.00`, currencyCode: 'USD' } } : undefined;
        const request = { from, to, parcels: [parcel], shipDate: today, customs, options };
        const [quoted] = await opened.carrier.quote([request], call);
        if (quoted instanceof ProviderError) {
          expect(quoted.field?.join('.')).toMatch(/^to\.(street1|street2|city|state|name|company|phone)$/);
          expect(checkSent().count).toBe(0);
          return;
        }
        const { offers } = good(quoted);
        const offer = offers[pick % offers.length]!;
        const made = { ...labelRequest(request, offer.providerRef, reference), offer, format };
        const prepared = await opened.carrier.labels.prepare(made, call).catch((error: unknown) => error);
        if (prepared instanceof ProviderError) {
          expect(prepared.field?.join('.')).toMatch(/^to\.(street1|street2|city|state|name|company|phone)$|^reference$|^customs\.(eelPfc|items\.\d+\.(description|quantity))$/);
          expect(checkSent()).toEqual({ faults: [], count: 1 });
          return;
        }
        const [one] = prepared as PreparedRequest[];
        expect(await opened.carrier.labels.buy(one!, call)).toMatchObject([{ price: offer.price, label: { format } }]);
        expect(checkSent().faults).toEqual([]);
        purchased++;
      }),
      { numRuns: 150 },
    );
    expect(purchased).toBeGreaterThan(20);
  }); // prettier-ignore

  test('for a return label of any addresses that the domain accepts', async () => {
    const order = fc
      .record({
        from: address.filter(within('label')),
        to: address.filter(within('label')),
        parcels: fc.array(fc.record({ weight, dimensions }), { minLength: 1, maxLength: 2 }),
        shipDate,
        mailClass: fc.constantFrom('USPS_GROUND_ADVANTAGE_RETURN_SERVICE', 'PRIORITY_MAIL_RETURN_SERVICE', 'PRIORITY_MAIL_EXPRESS_RETURN_SERVICE'),
        rateIndicator: fc.constantFrom('SP', 'PA', 'DR', 'DN', 'OS', 'CP'),
        reference: optional(fc.string({ minLength: 1, maxLength: 60, size: 'max' })),
      })
      .map(({ mailClass, rateIndicator, reference, ...request }) => {
        const piece = { processingCategory: 'MACHINABLE', rateIndicator, destinationEntryFacilityType: 'NONE' };
        const providerRef = { mailClass, parcels: request.parcels.map(() => piece) };
        return labelRequest({ ...request, options: { isReturn: true } }, providerRef, reference);
      });
    let bought = 0;
    await fc.assert(
      fc.asyncProperty(order, async (each) => {
        const prepared = await opened.carrier.labels.prepare(each, call).catch((error: unknown) => error);
        if (prepared instanceof ProviderError) {
          expect(prepared.field?.at(-1)).toMatch(refusable);
          return;
        }
        for (const one of prepared as PreparedRequest[]) {
          bought++;
          expect(isWellFormed(await opened.carrier.labels.buy(one, call).catch((error: unknown) => error))).toBe(true);
        }
        expect(checkSent().faults).toEqual([]);
      }),
      { numRuns: 100 },
    );
    expect(bought).toBeGreaterThan(10);
  }); // prettier-ignore

  test('for any tracking number that the domain accepts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[A-Z0-9]{4,40}$/), async (trackingNumber) => {
        await opened.carrier.track([{ trackingNumber, carrier: 'USPS' }], call);
        expect(checkSent()).toEqual({ faults: [], count: 1 });
      }),
      { numRuns: 50 },
    );
  });

  test('and every documented address error becomes a verification status', async () => {
    const { components } = parse(readContract('usps/openapi/addresses.yaml')) as { components: { examples: Record<string, { value: object }> } }; // prettier-ignore
    const replay = await startReplay();
    const other = openUsps(replay.url);
    replay.when('POST', '/oauth2/v3/token', { body: { access_token: 'a', expires_in: 28799 } });
    const asked = { street1: '1 Main St', city: 'Chicago', state: 'IL', country: 'US' };
    const statuses: Record<string, string> = {};
    for (const [name, { value }] of Object.entries(components.examples)) {
      replay.when('GET', operations.address.url, { status: 404, body: value });
      statuses[name] = good((await other.carrier.verify([asked], call))[0]).status;
    }
    await other.close();
    await replay.close();
    expect(statuses).toMatchObject({
      'Multiple-Addresses-Found': 'AMBIGUOUS',
      'Invalid-City': 'UNDELIVERABLE',
    });
    expect(Object.values(statuses).filter((each) => each === 'UNDELIVERABLE')).toHaveLength(7);
  });

  describe('for a payment authorization', () => {
    test.each([
      ['an account', { accountType: 'EPS', accountNumber: '1000000001' }],
      [
        'a permit',
        { accountType: 'PERMIT', accountNumber: undefined, permitNumber: '12', permitZip: '20260' },
      ],
      ['a meter', { accountType: 'METER', accountNumber: '99' }],
      ['one mailer id for both', { manifestMid: undefined, mid: '123456' }],
    ] as const)('with %s', async (_, credentials) => {
      const asked: HttpRequest[] = [];
      const other = openUsps(client.usps.url, {
        clock: client.clock,
        credentials: { clientId: app.id, clientSecret: app.secret, ...credentials },
        sent: asked,
      });
      const prepared = { attemptId: crypto.randomUUID(), request: { body: JSON.stringify(labelBody()) } };
      await other.carrier.labels.buy(prepared, call).catch(() => {});
      await other.close();
      const roles = asked.find(({ url }) => url.pathname === operations.authorise.url)!.body!;
      expect(judge.body(operations.authorise, JSON.parse(roles))).toEqual([]);
    });
  });
});
