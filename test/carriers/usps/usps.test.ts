import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openStore } from '../../../sandbox/store.ts';
import {
  startUsps,
  uspsSandboxClient,
  uspsSandboxNumbers,
  uspsTrackingNumber,
  type UspsClient,
  type UspsSandbox,
} from '../../../sandbox/usps/index.ts';
import type { LabelRequest } from '../../../src/carriers/adapter.ts';
import type { UspsOptions } from '../../../src/carriers/usps/credentials.ts';
import { toLineWeights } from '../../../src/carriers/usps/labels/customs.ts';
import { usps } from '../../../src/carriers/usps/index.ts';
import type { Address } from '../../../src/domain/address.ts';
import type { Customs } from '../../../src/domain/customs.ts';
import { ProviderError } from '../../../src/domain/errors.ts';
import { weightIn } from '../../../src/domain/measure.ts';
import type { Parcel } from '../../../src/domain/parcel.ts';
import type { RateRequest } from '../../../src/domain/rate.ts';
import { openConnections, timeout } from '../../../src/transport/http.ts';
import { uspsCredentials } from '../../support/adapters.ts';
import { receiver, sender, box, testClock } from '../../support/test-server.ts';
import { memoryQuotas, memoryTokens } from '../../support/stores.ts';
import { conformance, orderFor } from '../conformance.ts';

const noon = '2026-11-18T18:00:00Z';
const call = { signal: new AbortController().signal };
const tracking = /\/tracking\//;

/** The adapter in front of an emulated USPS, on one clock. */
async function open(
  options: {
    client?: Partial<UspsClient>;
    credentials?: object;
    tracking?: UspsOptions['tracking'];
    priceType?: UspsOptions['priceType'];
    switches?: Partial<UspsSandbox['switches']>;
    quota?: number;
  } = {},
) {
  const clock = testClock(noon);
  const client = { ...uspsSandboxClient, ...options.client };
  const emulator = await startUsps({
    clock,
    store: openStore(),
    clients: [client],
    quota: options.quota ?? 10_000,
    ...options.switches,
  });
  const connections = openConnections();
  const carrier = usps.createAdapter(
    {
      key: 'account',
      clientKey: 'client',
      environment: 'TEST',
      baseUrl: emulator.url,
      credentials: uspsCredentials(client, options.credentials),
      options: { tracking: options.tracking ?? 'auto', priceType: options.priceType ?? 'COMMERCIAL' },
      quota: { default: options.quota ?? 10_000 },
    },
    { send: timeout(connections.send), tokens: memoryTokens(), quotas: memoryQuotas(), clock },
  );
  return {
    clock,
    carrier,
    emulator,
    numbers: {
      known: [uspsSandboxNumbers.delivered, uspsSandboxNumbers.inTransit],
      unknown: uspsSandboxNumbers.unknown,
    },
    paths: {
      verify: /\/addresses\//,
      quote: /\/options\//,
      track: tracking,
      buy: /\/labels\/v3\/label$/,
      void: /\/label\/\d+$/,
      pickup: /\/carrier-pickup$/,
      cancel: /\/carrier-pickup\/WTC/,
      manifest: /\/scan-form$/,
    },
    charges: () => emulator.charges(),
    close: async () => {
      await connections.close();
      await emulator.close();
    },
  };
}

const unreadable = 'USPS finds neither a pickup nor a SCAN form by anything that a lost answer leaves';
conformance('USPS', open, {
  'a lost answer to a pickup is recalled': unreadable,
  'a lost answer to a manifest is recalled': unreadable,
});

/** As many numbers as wanted, all on their way. */
function parcels(emulator: UspsSandbox, count: number): { trackingNumber: string }[] {
  return Array.from({ length: count }, (_, index) => {
    const trackingNumber = uspsTrackingNumber(5_000 + index);
    emulator.parcel({ trackingNumber });
    return { trackingNumber };
  });
}

describe('USPS prices', () => {
  const request = { from: sender, to: receiver, parcels: [box as never], shipDate: '2026-11-18' };
  const priority = async ({ carrier }: Awaited<ReturnType<typeof open>>) => {
    const [quote] = await carrier.quote!([request], call);
    if (quote instanceof ProviderError) throw quote;
    return quote!.offers.find(({ service }) => service.code === 'PRIORITY_MAIL')!;
  };

  it('are commercial unless the account says retail or has a contract, with retail beside them', async () => {
    const subjects = await Promise.all(
      (['COMMERCIAL', 'RETAIL', 'CONTRACT'] as const).map((priceType) =>
        open({ priceType, client: { contractAccount: uspsSandboxClient.accountNumber } }),
      ),
    );
    const [commercial, retail, contract] = await Promise.all(subjects.map(priority));
    expect(commercial).toMatchObject({ priceType: 'COMMERCIAL', retailPrice: retail!.price });
    expect(retail).toMatchObject({ priceType: 'RETAIL', retailPrice: retail!.price });
    expect(contract).toMatchObject({ priceType: 'CONTRACT', retailPrice: retail!.price });
    expect(Number(contract!.price.amount)).toBeLessThan(Number(commercial!.price.amount));
    const { labels } = subjects[2]!.carrier;
    const [prepared] = await labels!.prepare(orderFor(request, contract!), call);
    const [sold] = await labels!.buy(prepared!, call);
    expect(sold!.price).toEqual(contract!.price);
    await Promise.all(subjects.map(({ close }) => close()));
  });

  it('of a class that the contract does not have are those that USPS publishes, and say so', async () => {
    const subject = await open({ priceType: 'CONTRACT', client: { contractAccount: uspsSandboxClient.accountNumber } }); // prettier-ignore
    const priced = (mailClass: string, priceType: string) => {
      const ingredients = { processingCategory: 'MACHINABLE', rateIndicator: 'SP', destinationEntryFacilityType: 'NONE' }; // prettier-ignore
      const warnings = [{ warningCode: '001', warningDescription: 'Contract rate not found for request. Published rate returned.' }]; // prettier-ignore
      const rates = [{ description: '', price: 9, priceType, mailClass, ...ingredients, warnings }];
      return { mailClass, rateOptions: [{ totalBasePrice: 9, rates, extraServices: [] }] };
    };
    const shippingOptions = [
      priced('USPS_GROUND_ADVANTAGE', 'CONTRACT'),
      priced('PRIORITY_MAIL', 'COMMERCIAL'),
      priced('PRIORITY_MAIL_EXPRESS', 'RETAIL'),
    ];
    subject.emulator.spoil({ path: /options/, answer: { status: 200, body: { pricingOptions: [{ priceType: 'CONTRACT', shippingOptions }] } } }); // prettier-ignore
    expect(await subject.carrier.quote!([request], call)).toMatchObject([
      { offers: [{ priceType: 'CONTRACT' }, { priceType: 'COMMERCIAL' }, { priceType: 'RETAIL' }] },
    ]);
    await subject.close();
  });

  it('of a contract want the account that it is with', async () => {
    const subject = await open({ priceType: 'CONTRACT', credentials: { accountNumber: undefined } });
    await expect(priority(subject)).rejects.toMatchObject({ code: 'REJECTED', providerCode: '160154' });
    await subject.close();
  });
});

describe('USPS parcels', () => {
  const small = box as Parcel;
  const request: RateRequest = { from: sender, to: receiver, parcels: [small], shipDate: '2026-11-18' };
  const ottawa: Address = { name: 'Ana Roy', street1: '111 Wellington St', city: 'Ottawa', state: 'ON', postalCode: 'K1A 0A9', country: 'CA' }; // prettier-ignore
  const post: Address = { name: 'Joe Doe', street1: 'PSC 802 Box 74', city: 'APO', state: 'AE', postalCode: '09499', country: 'US' }; // prettier-ignore
  const customs: Customs = {
    contents: 'GIFT',
    items: [{ description: 'Cotton shirt', quantity: 1, totalValue: { amount: '40.00', currencyCode: 'USD' }, totalWeight: { value: 1, unit: 'POUND' }, originCountry: 'US' }],
  }; // prettier-ignore
  const options = /\/options\//;
  let subject: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => void (subject = await open()));
  afterAll(() => subject.close());

  const ask = async (more: Partial<RateRequest>) => {
    const [quote] = await subject.carrier.quote!([{ ...request, ...more }], call);
    if (quote instanceof ProviderError) throw quote;
    return quote!.offers;
  };
  const order = async (more: Partial<RateRequest>, code = 'PRIORITY_MAIL') => {
    const offer = (await ask(more)).find(({ service }) => service.code === code)!;
    return orderFor({ ...request, ...more }, offer);
  };
  const buy = async (wanted: LabelRequest) => {
    const { labels } = subject.carrier;
    const [prepared] = await labels!.prepare(wanted, call);
    const [sold] = await labels!.buy(prepared!, call);
    return { ...sold!, prepared: prepared! };
  };
  const counted = async (path: RegExp, work: () => Promise<unknown>) => {
    const before = subject.emulator.count('POST', path);
    await work();
    return subject.emulator.count('POST', path) - before;
  };
  const insured = (amount: string) => ({ insuredValue: { amount, currencyCode: 'USD' } });

  it('of one kind are asked for once, however many there are', async () => {
    const ounces = { ...small, weight: { value: 1.25, unit: 'POUND' as const } };
    const heavy = { ...small, weight: { value: 9, unit: 'POUND' as const } };
    const boxed = { weight: small.weight, packaging: 'MEDIUM_FLAT_RATE_BOX' };
    expect(await counted(options, () => ask({ parcels: Array.from({ length: 30 }, () => small) }))).toBe(1);
    // Twenty ounces are a pound and a quarter.
    expect(await counted(options, () => ask({ parcels: [small, ounces, heavy] }))).toBe(2);
    const asLarge = { ...small, dimensions: { length: 11, width: 8.5, height: 5.5, unit: 'INCH' as const } };
    expect(await counted(options, () => ask({ parcels: [asLarge, boxed] }))).toBe(2);
    const offers = await ask({ parcels: [small, boxed] });
    expect(offers.map(({ service }) => service)).toMatchObject([
      { code: 'PRIORITY_MAIL', name: 'Priority Mail' },
    ]);
  });

  it('are each bought by a call of their own, whose failures name the parcel', async () => {
    const heavy = { ...small, weight: { value: 9, unit: 'POUND' as const } };
    const prepared = await subject.carrier.labels!.prepare(await order({ parcels: [small, heavy] }), call);
    expect(new Set(prepared.map(({ attemptId }) => attemptId)).size).toBe(2);
    const body = { apiVersion: '/labels/v3', error: { code: '400', message: 'Bad Request', errors: [{ code: '160098', detail: 'Weight', source: { parameter: 'packageDescription.weight, packageDescription.mailClass' } }] } }; // prettier-ignore
    subject.emulator.spoil({ method: 'POST', path: /\/label$/, times: 1, answer: { status: 400, body } });
    await expect(subject.carrier.labels!.buy(prepared[1]!, call)).rejects.toMatchObject({
      field: ['parcels', '1', 'weight'],
    });
  });

  it.each([
    ['too heavy', { weight: { value: 71, unit: 'POUND' } }, ['parcels', '1', 'weight']],
    ['without a size', { weight: box.weight }, ['parcels', '1', 'dimensions']],
    [
      'larger than any service takes',
      { ...box, dimensions: { length: 99, width: 40, height: 40, unit: 'INCH' } },
      ['parcels', '1', 'dimensions'],
    ],
  ])('are refused by their place when one is %s', async (_, parcel, field) => {
    await expect(ask({ parcels: [small, parcel as Parcel] })).rejects.toMatchObject({
      code: 'REJECTED',
      field,
      hint: expect.any(String),
    });
  });

  it('in packaging of USPS’s are offered by its name, at home and abroad', async () => {
    const parcels = [{ weight: small.weight, packaging: 'MEDIUM_FLAT_RATE_BOX' }];
    expect((await ask({ parcels })).map(({ service }) => service)).toEqual([
      {
        code: 'PRIORITY_MAIL',
        name: 'Priority Mail Medium Flat Rate Box',
        providerCode: 'PRIORITY_MAIL',
      },
    ]);
    expect((await ask({ parcels, to: ottawa })).map(({ service }) => service.name)).toEqual([
      'Priority Mail International Medium Flat Rate Box',
    ]);
    expect((await buy(await order({ parcels }))).price.amount).toBe('16.60');
  });

  it('abroad have three services, and insurance where labels have it', async () => {
    const services = async (options?: RateRequest['options']) =>
      (await ask({ to: ottawa, options })).map(({ service }) => service);
    const abroad = [
      {
        code: 'FIRST_CLASS_PACKAGE_INTERNATIONAL_SERVICE',
        name: 'First-Class Package International Service',
        providerCode: 'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE',
      },
      { code: 'PRIORITY_MAIL_INTERNATIONAL', name: 'Priority Mail International' },
      { code: 'PRIORITY_MAIL_EXPRESS_INTERNATIONAL', name: 'Priority Mail Express International' },
    ];
    expect(await services()).toMatchObject(abroad);
    expect(await services(insured('300.00'))).toMatchObject(abroad.slice(1));
    for (const option of ['signature', 'adultSignature', 'saturdayDelivery']) {
      await expect(services({ [option]: true })).rejects.toMatchObject({ field: ['options', option] });
    }
    const heavy = { ...small, weight: { value: 69, unit: 'POUND' as const } };
    await expect(ask({ to: ottawa, parcels: [small, heavy] })).rejects.toMatchObject({
      providerCode: '030020',
      field: ['parcels', '1'],
    });
    const wanted = { to: ottawa, customs, options: insured('300.00') };
    const wish = await order(wanted, 'PRIORITY_MAIL_EXPRESS_INTERNATIONAL');
    const sold = await buy(wish);
    expect(sold.price).toEqual(wish.offer.price);
    expect(sold.charges.map(({ name }) => name)).toEqual(['Postage', 'Insurance <= $500']);
  });

  it.each(['own', 'any'] as const)(
    'are signed for and insured by what each service calls it, where Express has %s services',
    async (expressServices) => {
      const own = await open({ switches: { expressServices } });
      const wished = { ...request, options: { signature: true, ...insured('200.00') } };
      const [quote] = await own.carrier.quote!([wished], call);
      if (quote instanceof ProviderError) throw quote;
      const sold = await Promise.all(
        quote!.offers.map(async (offer) => {
          const [prepared] = await own.carrier.labels!.prepare(orderFor(wished, offer), call);
          const [label] = await own.carrier.labels!.buy(prepared!, call);
          expect(label!.price).toEqual(offer.price);
          const { packageDescription } = JSON.parse((prepared!.request as { body: string }).body) as { packageDescription: object }; // prettier-ignore
          const onTop = offer.charges.slice(1).map(({ name, amount }) => `${name} ${amount.amount}`);
          return [offer.service.code, { ...packageDescription, onTop }] as const;
        }),
      );
      const common = {
        extraServices: [921, 930],
        onTop: ['Signature Confirmation 3.70', 'Insurance <= $500 2.70'],
      };
      const express = { extraServices: [981, 925], onTop: ['Signature Requested (PRIORITY_MAIL_EXPRESS only) 0.00', 'Priority Mail Express Merchandise Insurance 2.70'] }; // prettier-ignore
      expect(Object.fromEntries(sold)).toMatchObject({
        USPS_GROUND_ADVANTAGE: common,
        PRIORITY_MAIL: common,
        PRIORITY_MAIL_EXPRESS: express,
      });
      await own.close();
    },
  );

  it('start in the United States, and what lies beyond the states is a part of them', async () => {
    await expect(ask({ from: ottawa, to: receiver })).rejects.toMatchObject({
      code: 'NOT_SUPPORTED',
      field: ['from', 'country'],
    });
    const sanJuan = { ...receiver, city: 'San Juan', state: undefined, postalCode: '00926', country: 'PR' };
    expect((await ask({ to: sanJuan })).map(({ service }) => service.code)).toContain('PRIORITY_MAIL');
  });

  it('abroad are cancelled at their own desk', async () => {
    const sold = await buy(await order({ to: ottawa, customs }, 'PRIORITY_MAIL_INTERNATIONAL'));
    const { carrier, emulator } = subject;
    const given = { trackingNumber: sold.trackingNumber, prepared: sold.prepared };
    expect(sold.trackingNumber).toMatch(/^[A-Z]{2}\d{9}US$/);
    for (const _ of [1, 2])
      expect(await carrier.labels!.void!(given, call)).toEqual({ status: 'REFUNDED', voided: true });
    expect(emulator.count('DELETE', /^\/international-labels\//)).toBe(2);
  });

  it('whose number never came are cancelled by the key that they were bought under', async () => {
    const { labels } = subject.carrier;
    for (const wanted of [
      await order({}),
      await order({ to: ottawa, customs }, 'PRIORITY_MAIL_INTERNATIONAL'),
    ]) {
      const { prepared } = await buy(wanted);
      const stands = () => subject.emulator.labels().find((each) => each.idempotencyKey === prepared.attemptId)!.status; // prettier-ignore
      expect(stands()).toBe('CREATED');
      for (const _ of [1, 2])
        expect(await labels!.cancelAttempt!(prepared, call)).toEqual({ status: 'REFUNDED', voided: true });
      expect(stands()).toBe('CANCELED');
      const [unknown] = await labels!.prepare(wanted, call);
      await expect(labels!.cancelAttempt!(unknown!, call)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        providerMessage: 'Order not found',
        refused: true,
      });
    }
  });

  it('with a customs form are printed as PDF or ZPL, wherever they go', async () => {
    const far = await order({ to: ottawa, customs }, 'PRIORITY_MAIL_INTERNATIONAL');
    const near = await order({ to: post, customs });
    for (const each of [far, near]) {
      await expect(subject.carrier.labels!.prepare({ ...each, format: 'PNG' }, call)).rejects.toMatchObject({
        field: ['label', 'format'],
      });
      const { label } = await buy({ ...each, format: 'ZPL' });
      expect(Buffer.from((label as { data: Uint8Array }).data).toString()).toMatch(/^\^XA/);
    }
  });

  it('to a military post have a customs form, with the sender for a firm, and no signature', async () => {
    const { labels } = subject.carrier;
    await expect(labels!.prepare(await order({ to: post }), call)).rejects.toMatchObject({
      code: 'REJECTED',
      field: ['customs'],
    });
    const { prepared } = await buy(await order({ to: post, customs }));
    const sent = JSON.parse((prepared.request as { body: string }).body) as object;
    expect(sent).toMatchObject({
      fromAddress: { firstName: 'Sally', lastName: 'Sender', firm: 'Sally Sender' },
      packageDescription: { packageOptions: { nonDeliveryOption: 'RETURN' } },
      customsForm: { customsContentType: 'GIFT', contents: [{ itemTotalWeight: 1 }] },
    });
    for (const [wish, field] of [
      [{ signature: true }, ['options', 'signature']],
      [{ adultSignature: true }, ['options', 'adultSignature']],
      [insured('501.00'), ['options', 'insuredValue']],
    ] as const) {
      await expect(ask({ to: post, options: wish })).rejects.toMatchObject({ field });
    }
  });

  it.each([
    ['an unsayable description', { description: 'Gift' }, {}, ['items', '0', 'description']],
    ['too many in a line', { quantity: 10_000 }, {}, ['items', '0', 'quantity']],
    [
      'another currency',
      { totalValue: { amount: '4.00', currencyCode: 'EUR' } },
      {},
      ['items', '0', 'totalValue', 'currencyCode'],
    ],
    ['an export to be filed', { totalValue: { amount: '2500.01', currencyCode: 'USD' } }, {}, ['eelPfc']],
    ['an endless number', {}, { eelPfc: 'X'.repeat(36) }, ['eelPfc']],
  ])('are not bought with %s on the form', async (_, item, more, field) => {
    const told = { ...customs, items: [{ ...customs.items[0]!, ...item }], ...more };
    const wanted = await order({ to: ottawa, customs: told }, 'PRIORITY_MAIL_INTERNATIONAL');
    const before = subject.emulator.calls.length;
    await expect(subject.carrier.labels!.prepare(wanted, call)).rejects.toMatchObject({
      code: 'REJECTED',
      field: ['customs', ...field],
      hint: expect.any(String),
    });
    expect(subject.emulator.calls.length).toBe(before);
  });

  it('say what their goods are by the number of the Harmonized System where USPS does not look it up', async () => {
    const { emulator } = subject;
    const declare = (hsTariffNumber?: string) => ({ to: post, customs: { ...customs, items: [{ ...customs.items[0]!, hsTariffNumber }] } }); // prettier-ignore
    await buy(await order(declare()));
    emulator.switches.missingTariff = 'refused';
    await expect(buy(await order(declare()))).rejects.toMatchObject({
      providerCode: '160055',
      field: ['customs', 'items'],
      hint: expect.stringContaining('Harmonized System'),
    });
    await buy(await order(declare('6109.10')));
    emulator.switches.missingTariff = 'looked-up';
  });

  it('are quoted for a month ahead, and refused with how far ahead a label is sold', async () => {
    await buy(await order({ shipDate: '2026-11-25' }));
    const wanted = await order({ shipDate: '2026-11-26' });
    await expect(buy(wanted)).rejects.toMatchObject({
      providerCode: '160001',
      field: ['shipDate'],
      hint: expect.stringContaining('7 days ahead'),
    });
  });

  it('are addressed to a firm and to the person there, whose name may be of one word', async () => {
    const addressee = async (to: Partial<Address>) => {
      const { prepared } = await buy(await order({ to: { ...receiver, ...to } }));
      const { toAddress } = JSON.parse((prepared.request as { body: string }).body) as { toAddress: object };
      return toAddress;
    };
    expect(await addressee({ name: 'Cher', company: 'Acme' })).toMatchObject({
      firstName: 'Cher',
      firm: 'Acme',
    });
    expect(await addressee({ name: 'Cher' })).toMatchObject({ firm: 'Cher' });
    expect(await addressee({ name: 'Rita Mae Receiver', company: 'Acme' })).toMatchObject({ firstName: 'Rita Mae', lastName: 'Receiver', firm: 'Acme' }); // prettier-ignore
  });

  it('are exported under the number that they were filed with, or the exemption for small values', async () => {
    const numberOf = async (eelPfc?: string) => {
      const wanted = await order({ to: ottawa, customs: { ...customs, eelPfc } }, 'PRIORITY_MAIL_INTERNATIONAL'); // prettier-ignore
      const [prepared] = await subject.carrier.labels!.prepare(wanted, call);
      return (JSON.parse((prepared!.request as { body: string }).body) as { customsForm: { AESITN: string } }).customsForm.AESITN; // prettier-ignore
    };
    expect(await numberOf()).toBe('NO EEI 30.37(a)');
    expect(await numberOf('NOEEI 30.36')).toBe('NO EEI 30.36');
    expect(await numberOf('AES X20260101123456')).toBe('X20260101123456');
    expect(await numberOf('AES ITN: X20260101123456')).toBe('X20260101123456');
  });

  it('declare lines that weigh no more than the parcel, whatever the units', () => {
    fc.assert(
      fc.property(
        fc.record({ value: fc.double({ min: 0.0001, max: 30_000, noNaN: true }), unit: fc.constantFrom('GRAM' as const, 'OUNCE' as const) }),
        fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 30 }),
        ({ value, unit }, shares) => {
          const total = shares.reduce((sum, share) => sum + share, 0);
          const lines = shares.map((share) => ({ value: (value * share) / total, unit }));
          const parcel = weightIn({ value, unit }, 'POUND', '0.0001');
          const pounds = toLineWeights(lines, parcel);
          expect(pounds.every((each) => each > 0)).toBe(true);
          expect(pounds.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(parcel);
        },
      ),
    );
    expect(toLineWeights([{ value: 1, unit: 'OUNCE' }], 1)).toEqual([0.0625]);
  }); // prettier-ignore

  it('come back by return services, under the product’s code, and are not cancelled', async () => {
    const wish = { from: receiver, to: sender, options: { isReturn: true } };
    expect((await ask(wish)).map(({ service }) => [service.code, service.name])).toEqual([
      ['USPS_GROUND_ADVANTAGE', 'USPS Ground Advantage Return'],
      ['PRIORITY_MAIL', 'Priority Mail Return'],
      ['PRIORITY_MAIL_EXPRESS', 'Priority Mail Express Return'],
    ]);
    const wanted = await order(wish);
    const sold = await buy({ ...wanted, reference: 'RMA 7' });
    expect(sold.price).toEqual(wanted.offer.price);
    expect('data' in sold.label).toBe(true);
    const { labels } = subject.carrier;
    expect(await labels!.reconcile(sold.prepared, call)).toMatchObject([
      { trackingNumber: sold.trackingNumber },
    ]);
    const given = { trackingNumber: sold.trackingNumber, prepared: sold.prepared };
    await expect(labels!.void!(given, call)).rejects.toMatchObject({
      code: 'REJECTED',
      providerCode: '160187',
      refused: true,
      hint: expect.stringContaining('charged when it is used'),
    });
    await expect(ask({ ...wish, to: ottawa })).rejects.toMatchObject({
      code: 'NOT_SUPPORTED',
      field: ['options', 'isReturn'],
    });
  });

  /** A label of an account of its own, whose clock may be moved. */
  const sell = async ({ carrier }: typeof subject) => {
    const [quote] = await carrier.quote!([request], call);
    if (quote instanceof ProviderError) throw quote;
    const wanted = orderFor(request, quote!.offers[0]!);
    const [prepared] = await carrier.labels!.prepare(wanted, call);
    const [sold] = await carrier.labels!.buy(prepared!, call);
    return { wanted, label: { trackingNumber: sold!.trackingNumber, prepared: prepared! } };
  };

  it('are refunded after their manifest by a request, once, though its answer is lost', async () => {
    const own = await open();
    const { label } = await sell(own);
    const { labels } = own.carrier;
    own.clock.advance(3 * 24 * 60 * 60_000);
    own.emulator.spoil({ method: 'DELETE', times: 1, drop: 'after' });
    expect(await labels!.void!(label, call)).toEqual({ status: 'REQUESTED', voided: false });
    expect(own.emulator.count('DELETE', /\/label\//)).toBe(2);
    expect(await labels!.void!(label, call)).toEqual({ status: 'REQUESTED', voided: false });
    await own.close();
  });

  it('on a manifest are taken back a quarter of an hour later, as the refusal says', async () => {
    const own = await open();
    const { wanted, label } = await sell(own);
    const { labels, manifests } = own.carrier;
    const { from, to, offer } = wanted;
    const parcel = { carrier: 'USPS', service: offer.service, from, to, parcel: small, shipDate: request.shipDate, isReturn: false, trackingNumber: label.trackingNumber, label }; // prettier-ignore
    await manifests!.perform(await manifests!.prepare({ parcels: [parcel] }, call), call);
    await expect(labels!.void!(label, call)).rejects.toMatchObject({
      providerCode: '160174',
      hint: expect.stringContaining('in a quarter of an hour'),
    });
    own.clock.advance(15 * 60_000);
    expect(await labels!.void!(label, call)).toMatchObject({ status: 'REQUESTED', voided: false });
    await own.close();
  });

  it('are delivered on Saturdays like on any day, for no charge', async () => {
    expect(await ask({ options: { saturdayDelivery: true } })).toEqual(await ask({}));
  });

  it('that were quoted a quarter of an hour ago are asked for again, and not bought for more than is allowed', async () => {
    const own = await open();
    const [quote] = await own.carrier.quote!([request], call);
    if (quote instanceof ProviderError) throw quote;
    const offer = quote!.offers.find(({ service }) => service.code === 'PRIORITY_MAIL')!;
    const wanted = orderFor(request, offer);
    const cents = { amount: '0.05', currencyCode: 'USD' };
    const asked = () => own.emulator.count('POST', options);
    own.clock.advance(15 * 60_000);
    await own.carrier.labels!.prepare({ ...wanted, maxPrice: cents }, call);
    expect(asked()).toBe(1);
    own.clock.advance(1);
    const [prepared] = await own.carrier.labels!.prepare(wanted, call);
    expect(asked()).toBe(2);
    expect(await own.carrier.labels!.buy(prepared!, call)).toMatchObject([{ quotedAmount: offer.price }]);
    await expect(own.carrier.labels!.prepare({ ...wanted, maxPrice: cents }, call)).rejects.toMatchObject({
      code: 'PRICE_CHANGED',
      message: expect.stringContaining(offer.price.amount),
      hint: expect.stringContaining('maxPrice'),
    });
    const gone = { ...wanted, offer: { ...wanted.offer, service: { code: 'PONY', name: 'Pony Express' } } };
    await expect(own.carrier.labels!.prepare(gone, call)).rejects.toMatchObject({ code: 'REJECTED' });
    expect(asked()).toBe(4);
    expect(own.charges()).toHaveLength(1);
    await own.close();
  });

  it('whose picture was lost are printed again, three times at most', async () => {
    const { carrier, emulator } = subject;
    for (const wanted of [
      await order({}),
      await order({ to: ottawa, customs }, 'PRIORITY_MAIL_INTERNATIONAL'),
      await order({ from: receiver, to: sender, options: { isReturn: true } }),
    ]) {
      const { prepared, trackingNumber, price } = await buy({ ...wanted, format: 'ZPL' });
      const body = { labelMetadata: { trackingNumber, postage: 1 }, labelImage: 'no picture' };
      emulator.spoil({ method: 'POST', path: /label$/, times: 1, answer: { status: 200, body } });
      const [again] = (await carrier.labels!.reconcile(prepared, call))!;
      expect(again).toMatchObject({ trackingNumber, price: { currencyCode: price.currencyCode } });
      const { source } = again!.label as { source: string };
      for (const _ of [1, 2, 3]) {
        const file = await carrier.labels!.fetchDocument!(source, call);
        expect(Buffer.from(file).toString()).toMatch(/^\^XA/);
      }
      await expect(carrier.labels!.fetchDocument!(source, call)).rejects.toMatchObject({
        providerCode: '160382',
      });
    }
  });
});

describe('USPS tracking', () => {
  it('takes 35 numbers a call', async () => {
    const { carrier, emulator, close } = await open();
    const answers = await carrier.track!(parcels(emulator, 71), call);
    expect(answers.filter((answer) => answer instanceof ProviderError)).toEqual([]);
    expect(emulator.count('POST', tracking)).toBe(3);
    await close();
  });

  it.each(['gateway-fault', 'client-invalid', 'not-found'] as const)(
    'asks one by one where the app has no batches, told by %s, and remembers it for a day',
    async (withoutV3r2) => {
      const { carrier, emulator, clock, close } = await open({
        client: { tracking: 'v3' },
        switches: { withoutV3r2 },
      });
      const numbers = parcels(emulator, 3);
      for (const expected of [1, 1]) {
        const answers = await carrier.track!(numbers, call);
        expect(answers.map((answer) => 'events' in answer)).toEqual([true, true, true]);
        expect(emulator.count('POST', tracking)).toBe(expected);
      }
      expect(emulator.count('GET', tracking)).toBe(6);
      clock.advance(24 * 60 * 60 * 1000 + 1);
      await carrier.track!(numbers, call);
      expect(emulator.count('POST', tracking)).toBe(2);
      await close();
    },
  );

  it('never tries batches where the account says v3, nor falls back where it says v3r2', async () => {
    const single = await open({ tracking: 'v3' });
    await single.carrier.track!(parcels(single.emulator, 2), call);
    expect(single.emulator.count('POST', tracking)).toBe(0);
    await single.close();

    const batch = await open({ tracking: 'v3r2', client: { tracking: 'v3' } });
    const answers = await batch.carrier.track!(parcels(batch.emulator, 2), call);
    expect(answers).toMatchObject([{ code: 'SCOPE_MISSING' }, { code: 'SCOPE_MISSING' }]);
    expect(batch.emulator.count('GET', tracking)).toBe(0);
    await batch.close();
  });

  it('tells a number that is not known yet from one that is another mailer’s', async () => {
    const { carrier, close } = await open();
    const answers = await carrier.track!(
      [
        { trackingNumber: uspsSandboxNumbers.noUpdate },
        { trackingNumber: uspsSandboxNumbers.otherMailer },
        { trackingNumber: uspsSandboxNumbers.delivered },
      ],
      call,
    );
    expect(answers).toMatchObject([
      { code: 'NOT_FOUND' },
      { code: 'ACCOUNT_NOT_AUTHORIZED' },
      { status: 'DELIVERED' },
    ]);
    await close();
  });

  it('asks again for the awaited numbers alone when a watched one spoils the batch', async () => {
    const { carrier, emulator, close } = await open({ switches: { foreignInBatch: 'batch' } });
    const [awaited] = parcels(emulator, 1);
    const answers = await carrier.track!(
      [{ trackingNumber: uspsSandboxNumbers.otherMailer, watched: true }, awaited!],
      call,
    );
    expect(answers).toMatchObject([{ code: 'ACCOUNT_NOT_AUTHORIZED' }, { status: 'ACCEPTED' }]);
    expect(emulator.count('POST', tracking)).toBe(2);
    await close();
  });

  it('asks for numbers of our own MID apart from the others when one of those spoils the batch', async () => {
    const { carrier, emulator, close } = await open({ switches: { foreignInBatch: 'batch' } });
    const own = parcels(emulator, 30);
    const foreign = { trackingNumber: uspsSandboxNumbers.otherMailer };
    const answers = await carrier.track!([...own.slice(0, 10), foreign, ...own.slice(10)], call);
    const codes = answers.map((answer) => (answer instanceof ProviderError ? answer.code : answer.status));
    expect(codes).toEqual([...Array(10).fill('ACCEPTED'), 'ACCOUNT_NOT_AUTHORIZED', ...Array(20).fill('ACCEPTED')]); // prettier-ignore
    expect(emulator.count('POST', tracking)).toBe(3);
    // None of them ours, or all: there is nothing to part.
    await carrier.track!([foreign, { trackingNumber: uspsTrackingNumber(9, '907654321') }], call);
    expect(emulator.count('POST', tracking)).toBe(4);
    await close();
  });

  it('names who signed for a parcel', async () => {
    const { carrier, emulator, close } = await open();
    const [signed, left] = parcels(emulator, 2);
    emulator.scan(signed!.trackingNumber, '01', { name: 'R RECEIVER' });
    emulator.scan(left!.trackingNumber, '01');
    expect(await carrier.track!([signed!, left!], call)).toMatchObject([
      { status: 'DELIVERED', signedBy: 'R RECEIVER' },
      { status: 'DELIVERED', signedBy: undefined },
    ]);
    await close();
  });

  it('computes instants from local time and offset, since the printed GMT is a day off across midnight', async () => {
    const { carrier, emulator, close } = await open();
    const trackingNumber = uspsTrackingNumber(77);
    emulator.parcel({ trackingNumber });
    emulator.scan(trackingNumber, '10', { at: Date.parse('2026-11-18T02:31:00Z') });
    const [answer] = await carrier.track!([{ trackingNumber }], call);
    expect(answer).toMatchObject({ events: [{ occurredAt: expect.any(String) }] });
    const { events } = answer as unknown as { events: { occurredAt: string; occurredAtLocal: string }[] };
    expect(new Date(events[0]!.occurredAt).toISOString()).toBe('2026-11-18T02:31:00.000Z');
    expect(events[0]!.occurredAtLocal.slice(0, 10)).toBe('2026-11-17');
    await close();
  });
});

describe('USPS credentials', () => {
  it('asks for one token however many ask at once, and none again while it lasts', async () => {
    const { carrier, emulator, close } = await open();
    await Promise.all(Array.from({ length: 50 }, () => carrier.verify!([receiver], call)));
    await carrier.track!(parcels(emulator, 1), call);
    expect(emulator.count('POST', /\/oauth2\//)).toBe(1);
    await close();
  });

  it('renews thirty minutes ahead of the end, behind the caller’s back', async () => {
    const { carrier, emulator, clock, close } = await open();
    await carrier.verify!([receiver], call);
    clock.advance((28_799 - 30 * 60 - 1) * 1000);
    await carrier.verify!([receiver], call);
    expect(emulator.count('POST', /\/oauth2\//)).toBe(1);
    clock.advance(2_000);
    await carrier.verify!([receiver], call);
    await expect.poll(() => emulator.count('POST', /\/oauth2\//)).toBe(2);
    await close();
  });

  it('shows refused credentials once, and rests', async () => {
    const { carrier, emulator, close } = await open({ credentials: { clientSecret: 'wrong' } });
    for (let turn = 0; turn < 3; turn++) {
      expect(await carrier.verify!([receiver, sender], call)).toMatchObject([
        { code: 'CREDENTIALS_REJECTED', hint: expect.stringContaining('Web Tools') },
        { code: 'CREDENTIALS_REJECTED' },
      ]);
    }
    expect(emulator.calls.length).toBe(1);
    await close();
  });

  it('fails before a call what the token does not cover', async () => {
    const { carrier, emulator, close } = await open({ client: { scopes: ['addresses'] } });
    expect(await carrier.track!([{ trackingNumber: uspsSandboxNumbers.delivered }], call)).toMatchObject([
      { code: 'SCOPE_MISSING' },
    ]);
    expect(emulator.count('POST', tracking)).toBe(0);
    await close();
  });

  it('rests an API that refuses fresh tokens, so that questions without end leave quota for the others', async () => {
    const { carrier, emulator, clock, close } = await open({ quota: 60 });
    const body = { error: { code: '401', message: 'Missing or malformed access token.', errors: [] } };
    const mend = emulator.spoil({ path: /\/addresses\//, answer: { status: 401, body } });
    for (let question = 0; question < 70; question++) {
      expect(await carrier.verify!([receiver], call)).toMatchObject([{ code: 'CREDENTIALS_REJECTED' }]);
      clock.advance(50_000);
    }
    expect(emulator.count('POST', /\/oauth2\//)).toBe(12);
    expect(emulator.count('GET', /\/addresses\//)).toBe(23);
    mend();
    clock.advance(5 * 60_000);
    expect(await carrier.verify!([receiver], call)).toMatchObject([{ status: 'VERIFIED' }]);
    await close();
  });

  it.each(['unsaid', 'payment'])(
    'a label’s 401 that is %s bars no labels: it may be the payment token’s',
    async (said) => {
      const { carrier, emulator, clock, close } = await open();
      const request = { from: sender, to: receiver, parcels: [box as never], shipDate: '2026-11-18' };
      const sell = async () => {
        const [quote] = await carrier.quote!([request], call);
        if (quote instanceof ProviderError) throw quote;
        const [prepared] = await carrier.labels!.prepare(orderFor(request, quote!.offers[0]!), call);
        return carrier.labels!.buy(prepared!, call);
      };
      await sell();
      clock.advance(2 * 60_000);
      const message = said === 'payment' ? 'Invalid payment authorization' : '';
      const mend = emulator.spoil({ method: 'POST', path: /\/label$/, answer: { status: 401, body: { error: { code: '401', message, errors: [] } } } }); // prettier-ignore
      await expect(sell()).rejects.toMatchObject({ refused: true });
      mend();
      expect(await sell()).toHaveLength(1);
      await close();
    },
  );

  it('says what a label lacks: enrolment, or the account’s identifiers', async () => {
    const orderOf = async ({ carrier }: Awaited<ReturnType<typeof open>>) => {
      const request = { from: sender, to: receiver, parcels: [box as never], shipDate: '2026-11-18' };
      const [quote] = await carrier.quote!([request], call);
      if (quote instanceof ProviderError) throw quote;
      return orderFor(request, quote!.offers[0]!);
    };
    for (const options of [{ client: { enrolled: false } }, { credentials: { crid: undefined } }]) {
      const subject = await open(options);
      const { labels } = subject.carrier;
      const [prepared] = await labels!.prepare(await orderOf(subject), call);
      await expect(labels!.buy(prepared!, call)).rejects.toMatchObject({
        code: 'PAYMENT_NOT_AUTHORIZED',
        refused: true,
        hint: expect.any(String),
      });
      expect(subject.emulator.charges()).toEqual([]);
      await subject.close();
    }
  });

  it('takes a refusal for proof that nothing was bought only while the mailing date is good', async () => {
    const { carrier, emulator, clock, close } = await open();
    const request = { from: sender, to: receiver, parcels: [box as never], shipDate: '2026-11-18' };
    const [quote] = await carrier.quote!([request], call);
    if (quote instanceof ProviderError) throw quote;
    const [prepared] = await carrier.labels!.prepare(orderFor(request, quote!.offers[0]!), call);
    const body = { apiVersion: '/labels/v3', error: { code: '400', message: 'Bad Request', errors: [{ code: '160001', detail: 'mailingDate' }] } }; // prettier-ignore
    emulator.spoil({ method: 'POST', path: /\/label$/, answer: { status: 400, body } });
    expect(await carrier.labels!.reconcile(prepared!, call)).toBeUndefined();
    clock.advance(24 * 60 * 60 * 1000);
    await expect(carrier.labels!.reconcile(prepared!, call)).rejects.toMatchObject({ code: 'REJECTED' });
    await close();
  });

  it('stops at the quota before USPS does, and says when it is over', async () => {
    const { carrier, emulator, clock, close } = await open({ quota: 3 });
    const answers = await carrier.verify!([receiver, sender, receiver, sender], call);
    expect(answers.filter((answer) => answer instanceof ProviderError)).toMatchObject([
      { code: 'QUOTA_EXHAUSTED', retryAfterSeconds: expect.any(Number) },
    ]);
    expect(emulator.count('GET', /\/addresses\//)).toBe(3);
    expect(await carrier.quotas!()).toContainEqual({
      api: 'addresses',
      limit: 3,
      remaining: 0,
      resetsAt: expect.any(Number),
    });
    clock.advance(62 * 60 * 1000);
    expect(await carrier.verify!([receiver], call)).toMatchObject([{ status: 'VERIFIED' }]);
    await close();
  });
});
